"""CUDA, cuDNN and NCCL as the environment modules of a cluster have loaded them: `module list`, and `module load cuda/11.7` as typed."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

_HEADER = regex(r"^\s*Currently [Ll]oaded [Mm]odule(?:s|files):")
# The rows have a number before each module: 1) gcc/11.2.0   2) cuda/12.1.1   3) cuDNN/8.9.2.26-CUDA-12.1.1 (g)
_MODULE = regex(r"\b\d{1,3}\)\s{1,4}(?P<name>[A-Za-z][\w.+/-]{0,80})")
_LIBRARY = regex(
    r"^(?:\w{1,20}/)?(?P<library>cuda(?:toolkit|-toolkit)?|cudnn|nccl)/v?(?P<version>\d{1,2}(?:\.\d{1,3}){1,3})", re.IGNORECASE
)
# [kim@login ~]$ module load gcc/11.3.0 cuda/11.7        ml CUDA/12.1.1        module unload cuda
_TYPED = regex(
    r"^\s*(?:[^|\n#]{0,80}[$%>#]\s?)?(?:module|ml)\s(?:-\w\s)?(?P<verb>load|add|swap|switch|unload|rm|purge)?\s?"
    r"(?P<names>[A-Za-z-][\w.+/ -]{0,300})?\s*(?:$|[;&|#])",
    words=("module ", "ml "),
)
_MOST_LINES, _LONGEST = 40, 600


class LoadedModuleReader:
    """Reads the list of loaded modules, of Environment Modules and of Lmod."""

    name = "module list"

    def recognises(self, text: Text) -> bool:
        """By its heading, or a command."""
        return any(True for _ in _claims(text))

    def read(self, text: Text) -> Evidence:
        """The versions by the modules' names, which the site has chosen."""
        evidence = Evidence(claims=list(_claims(text)))
        if evidence.claims:
            evidence.observed["toolkits"] = "partial"
        return evidence


def _typed(text: Text) -> Iterator[Claim]:
    """What commands have loaded and not taken away again."""
    loaded: dict[str, int] = {}
    for index in text.with_words("module ", "ml "):
        line = text.lines[index]
        found = _TYPED.match(line) if len(line) <= _LONGEST else None
        names = (found["names"] or "").split() if found else []
        if found is None or not (found["verb"] or any(_LIBRARY.match(name) for name in names)):
            continue
        if found["verb"] == "purge":
            loaded.clear()
        for name in names:
            gone = name.lstrip("-") if name.startswith("-") or found["verb"] in ("unload", "rm", "swap", "switch") else ""
            loaded = {module: at for module, at in loaded.items() if not gone or module.partition("/")[0] != gone.partition("/")[0]}
            if not name.startswith("-") and found["verb"] in (None, "load", "add", "swap", "switch"):
                loaded[name] = index
    for module, index in loaded.items():
        yield from _of_module(module, index, text)


def _of_module(module: str, index: int, text: Text) -> Iterator[Claim]:
    library = _LIBRARY.match(module)
    if library:
        name = "cuda" if library["library"].lower().startswith("cuda") else library["library"].lower()
        entry = {"version": library["version"], "found_by": [f"module {module}"]}
        yield text.claim(f"toolkits[{name}@module {module}]", entry, index, Trust.MENTIONED)


def _claims(text: Text) -> Iterator[Claim]:
    yield from _typed(text)
    for start in text.with_words("currently loaded module"):
        if not _HEADER.match(text.lines[start]):
            continue
        for index in range(start, min(start + _MOST_LINES, len(text.lines))):
            line = text.lines[index][:_LONGEST]
            modules = [found["name"] for found in _MODULE.finditer(line)]
            if not modules and index > start + 1:
                break
            text.taken.add(index)
            for module in modules:
                yield from _of_module(module, index, text)
