"""Which copy of a CUDA library won over the one that a framework brings, as far as a text or a machine shows it."""

import re
from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Snapshot, Toolkit, known
from envcheck.facts.symptoms import LOADED_IN_VAIN, Symptom
from envcheck.knowledge.cuda_libraries import find_library
from envcheck.parsers.expression import regex

LD_LIBRARY_PATH = "LD_LIBRARY_PATH"
_IN_WHEEL = regex(r"(?:site|dist)-packages")
# Folders that hold the driver's own libraries and none of CUDA's.
_OF_DRIVER = regex(r"/wsl/lib/?$|^/usr/local/nvidia/lib(?:64)?/?$|/lib64-nvidia/?$|^/run/opengl-driver")
_NAMED = regex(r"cuda|conda|mamba|cudnn|hpc_sdk|nvidia|tensorrt", re.IGNORECASE)


class Winner(msgspec.Struct, frozen=True):
    """A file or folder that comes before the framework's own libraries; `fact` is where that stands, `sure` whether it was seen to win."""

    place: str
    fact: str
    sure: bool
    version: str = ""
    own: str = ""  # the copy that would be loaded otherwise


def name_of(library: str) -> str:
    """`/…/libnvJitLink.so.12` → nvjitlink, as toolkits are called; empty where it is none of CUDA's libraries."""
    base = re.split(r"[/\\]", library)[-1]
    if find_library(base) is None:
        return ""
    return re.split(r"\.so|_", base.removeprefix("lib"))[0].lower()


def is_in_wheel(path: str) -> bool:
    """Whether a file lies among the packages of an environment."""
    return _IN_WHEEL.search(path) is not None


def winners(facts: Snapshot, library: str, needed_by: str = "") -> Iterator[Winner]:
    """What took the place of a library, the surest first: a copy that was seen to load, then folders on LD_LIBRARY_PATH."""
    name = name_of(library)
    for toolkit in facts.toolkits:
        path = known(toolkit.path, "")
        if (
            toolkit.name == name
            and toolkit.loaded is True
            and path.startswith("/")
            and not is_in_wheel(path)
            and _elsewhere(path, needed_by)
        ):
            yield _seen(toolkit, path)
    for folder in foreign_folders(facts, name):
        if _elsewhere(f"{folder.rstrip('/')}/x", needed_by):
            yield Winner(folder, f"variables[{LD_LIBRARY_PATH}]", sure=False)


def loaded_in_vain_by_path(facts: Snapshot, symptom: Symptom) -> Winner | None:
    """What came before a library that a program failed to load and does not tell why; None: that is not it, or nothing did."""
    if symptom.details.get("reason") != LOADED_IN_VAIN:
        return None
    found = winners(facts, symptom.details.get("library", ""), symptom.details.get("needed_by", ""))
    return next((winner for winner in found if winner.sure or speaks_of_cuda(winner.place)), None)


def _seen(toolkit: Toolkit, path: str) -> Winner:
    return Winner(
        path, f"toolkits[{toolkit.name}@{path}].loaded", sure=True, version=known(toolkit.version, ""), own=known(toolkit.shadows, "")
    )


def _elsewhere(path: str, needed_by: str) -> bool:
    """A library beside the one that asks for it belongs to it: so it is in a conda environment."""
    return "/" not in needed_by or path.rpartition("/")[0] != needed_by.rpartition("/")[0]


def foreign_folders(facts: Snapshot, name: str = "") -> list[str]:
    """The folders of LD_LIBRARY_PATH that may hold another CUDA than the wheels', those first whose name speaks of CUDA.

    What stands behind the wheel's own folder of the library `name` does not win over it.
    """
    foreign: list[str] = []
    for folder in facts.variables.get(LD_LIBRARY_PATH, "").split(":"):
        if is_in_wheel(folder):
            if name and re.search(rf"/nvidia/(?:{re.escape(name)}|cu\d\d)/", folder):
                break
        elif folder.startswith(("/", "~")) and folder not in foreign and not _OF_DRIVER.search(folder):
            foreign.append(folder)
    return sorted(foreign, key=lambda folder: not speaks_of_cuda(folder))


def speaks_of_cuda(folder: str) -> bool:
    """Whether a folder's name says that CUDA or cuDNN may lie there."""
    return _NAMED.search(folder) is not None
