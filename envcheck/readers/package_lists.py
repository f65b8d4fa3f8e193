"""Facts out of `pip list`, `pip freeze`, `pip show` and `conda list`, and out of a pip command that installs what excludes each other."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.readers.builds import said_of_package
from envcheck.readers.interface import Text, with_short_gaps

_PROMPT = r"^\s*(?:[^\s|]{0,80}[$#%>!]\s*|\([\w.-]{1,40}\)\s*\S{0,80}[$#%>]\s*|!\s*)?"
_COMMAND = re.compile(
    _PROMPT
    + r"(?:\S*python[\d.]*(?:\.exe)? -m )?(?P<program>pip[\d.]*|uv pip|conda|mamba|micromamba) (?P<verb>list|freeze|install)\b(?P<rest>.*)"
)
_PIP_HEADER = re.compile(r"^\s*Package\s+Version\b")
_CONDA_HEADER = re.compile(r"^\s*# (?:packages in environment at\b|Name\s+Version\b)|^\s*List of packages in environment:")
# conda search heads its list as conda list does; what it offers is not installed.
_OFFERED = re.compile(r"^\s*Loading channels: ")
_RULER = re.compile(r"^\s*[-─ ]{3,}$|^\s*#\s*$")
# conda has names that begin with an underscore, and the first of every list of an environment does: _libgcc_mutex.
_NAME = r"(?P<name>_?[A-Za-z0-9][A-Za-z0-9._-]*)"
_PIP_ROW = re.compile(rf"^\s*{_NAME}(?:==|\s+)(?P<version>\d[\w.+!-]*)(?:\s+(?P<editable>[/~]\S*|[A-Z]:\\\S*)?(?:\s*pip)?)?\s*$")
_CONDA_ROW = re.compile(rf"^\s*{_NAME}\s+(?P<version>\d\S*)\s+(?P<build>[\w.]+)(?:\s+(?P<channel>\S+))?\s*$")
# Distributions of one and the same module: a command that names two of them leaves both.
_ONE_MODULE = frozenset(f"onnxruntime{variant}" for variant in ("", "-gpu", "-directml", "-openvino", "-rocm", "-migraphx"))
_SHOWN_NAME = re.compile(rf"^\s*Name: {_NAME}\s*$")
_SHOWN_VERSION = re.compile(r"^\s*Version: (?P<version>\d[\w.+!-]*)\s*$")


class PackageListReader:
    """Reads the lists that package managers print, whole, cut, or filtered by grep."""

    name = "pip and conda lists"

    def recognises(self, text: Text) -> bool:
        """By a header, a command, or the first two lines of `pip show`."""
        return any(True for _ in _claims(text, set()))

    def read(self, text: Text) -> Evidence:
        """Each distribution with its version; a list is never known to be whole."""
        evidence = Evidence(claims=list(_claims(text, text.taken)))
        evidence.observed["packages"] = "partial"
        return evidence


def _claims(text: Text, taken: set[int]) -> Iterator[Claim]:
    lister = ""
    for index, whole in enumerate(text.lines):
        line = with_short_gaps(whole)
        command = _COMMAND.match(line) if " list" in line or " freeze" in line or " install" in line else None
        if command is not None:
            lister = "" if command["verb"] == "install" else "pip" if "pip" in command["program"] else "conda"
            if command["verb"] == "install":
                yield from _excluding_each_other(command["rest"], index, text)
        elif _PIP_HEADER.match(line) or _CONDA_HEADER.match(line):
            offered = any(_OFFERED.match(other) for other in text.lines[max(0, index - 2) : index])
            lister = "" if offered else "pip" if _PIP_HEADER.match(line) else "conda"
        elif lister and not _RULER.match(line):
            row = (_CONDA_ROW if lister == "conda" else _PIP_ROW).match(line)
            if row is None:
                lister = ""
            else:
                taken.add(index)
                build, channel = (row["build"], row["channel"]) if lister == "conda" else (None, None)
                yield from _row(text, index, lister, row["name"], row["version"], build, channel)
        if not lister:
            yield from _shown(text, index, taken)


def _row(text: Text, index: int, lister: str, name: str, version: str, build: str | None, channel: str | None) -> Iterator[Claim]:
    for fact, value in said_of_package(lister, name, version, build, channel):
        yield text.claim(fact, value, index)


def _shown(text: Text, index: int, taken: set[int]) -> Iterator[Claim]:
    """`pip show`: a line with the name, and the version in the next."""
    name = _SHOWN_NAME.match(text.lines[index])
    version = _SHOWN_VERSION.match(text.lines[index + 1]) if name and index + 1 < len(text.lines) else None
    if name and version:
        taken.update((index, index + 1))
        yield from _row(text, index, "pip", name["name"], version["version"], None, None)


def _excluding_each_other(arguments: str, index: int, text: Text) -> Iterator[Claim]:
    """What a command asked for is not installed for sure, but who asks for two that write the same files has both."""
    words = re.split(r"#|&&|;", arguments, maxsplit=1)[0].split()
    names = {re.sub(r"[-_.]+", "-", re.split(r"[=<>~!\[;]", word.strip("'\""))[0]).lower() for word in words if not word.startswith("-")}
    both = sorted(names & _ONE_MODULE)
    for name in both if len(both) > 1 else ():
        yield text.claim(f"packages[{name}].manager", "pip", index, Trust.MENTIONED)
