"""What the version or the build string of a framework's distribution says of its build, as facts below `builds[name]`."""

import re
from collections.abc import Iterator

from envcheck.parsers.python.build_tag import parse_conda_build, parse_version_tag

# Frameworks whose local tag or build string names the accelerator.
_TAGGED = frozenset(("torch", "torchvision", "torchaudio", "jaxlib", "tensorflow", "onnxruntime-gpu", "xgboost"))
_CONDA_NAMES = {"pytorch": "torch", "pytorch-cpu": "torch", "pytorch-gpu": "torch", "py-xgboost": "xgboost", "py-opencv": "opencv-python"}


def conda_distribution(name: str) -> str:
    """The distribution that a conda package is known as to Python: `pytorch` → torch."""
    return _CONDA_NAMES.get(name, name)


def said_by_version(name: str, version: str) -> dict[str, str | None]:
    """`torch`, `2.4.0+cu121` → its CUDA; empty where the version has no tag."""
    return parse_version_tag(version) if name in _TAGGED else {}


def said_by_build(name: str, build: str) -> dict[str, str | None]:
    """`torch`, `py3.10_cpu_0` → no CUDA; empty where the build string says nothing."""
    return parse_conda_build(build) if name in _TAGGED else {}


def said_of_package(lister: str, name: str, version: str, build: str | None, channel: str | None) -> Iterator[tuple[str, str | None]]:
    """The facts of one line of a list of pip's or conda's; conda lists what pip installed too, as build `pypi_0`."""
    entry: dict[str, str] = {"version": version}
    name = re.sub(r"[-_.]+", "-", name).strip("-").lower()
    by_conda = lister == "conda" and channel != "pypi" and not (build or "").startswith("pypi")
    if by_conda:
        name = conda_distribution(name)
        entry["manager"] = "conda"
        entry.update({key: value for key, value in (("build", build), ("channel", channel)) if value})
    elif lister == "conda":
        entry["manager"] = "pip"
    for fact, words in entry.items():
        yield f"packages[{name}].{fact}", words
    said = said_by_build(name, build or "") if by_conda else said_by_version(name, version)
    for fact, value in said.items():
        yield f"builds[{name}].{fact}", value
