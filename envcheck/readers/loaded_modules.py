"""CUDA, cuDNN and NCCL as the environment modules of a cluster have loaded them: `module list`."""

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
_MOST_LINES, _LONGEST = 40, 600


class LoadedModuleReader:
    """Reads the list of loaded modules, of Environment Modules and of Lmod."""

    name = "module list"

    def recognises(self, text: Text) -> bool:
        """By its heading."""
        return any(_HEADER.match(text.lines[index]) for index in text.with_words("currently loaded module"))

    def read(self, text: Text) -> Evidence:
        """The versions by the modules' names, which the site has chosen."""
        evidence = Evidence(claims=list(_claims(text)))
        if evidence.claims:
            evidence.observed["toolkits"] = "partial"
        return evidence


def _claims(text: Text) -> Iterator[Claim]:
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
                library = _LIBRARY.match(module)
                if library:
                    name = "cuda" if library["library"].lower().startswith("cuda") else library["library"].lower()
                    yield text.claim(f"toolkits[{name}@module {module}]", {"version": library["version"]}, index, Trust.MENTIONED)
