"""Facts out of `pip list`, `pip freeze`, `pip show` and `conda list`, and out of a pip command that installs what excludes each other."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.parsers.python.list_rows import ListRow, is_between_rows, parse_conda_row, parse_pip_row
from envcheck.readers.builds import said_of_package
from envcheck.readers.interface import Text, with_short_gaps

_PROMPT = r"(?:^|^[^|\n]{0,160}?[$#%>!\u276f\u279c\u03bb]\s{0,2})\s*(?:sudo )?"
_COMMAND = regex(
    _PROMPT
    + r"(?:\"?\S{0,200}python[\d.]*(?:\.exe)?\"? -m )?(?P<program>pip[\d.]*(?:\.exe)?|uv pip|uv|pdm|poetry|pixi|pipenv run pip|conda|mamba"
    r"|micromamba) (?P<verb>list|freeze|install|show|tree)\b(?P<rest>.*)"
)
# One of these stands in every line that begins a list, or is one by itself.
_STARTS = (
    " list",
    " freeze",
    " install",
    " show",
    " tree",
    "package ",
    "package\t",
    "packages in environment",
    "# name",
    "name: ",
    "using python",
    "default format",
)
_VERBS = (" list", " freeze", " install", " show", " tree")
# Which programs show installed packages by which words; `pip show` has a form of its own.
_LISTERS = {
    **{(program, verb): "pip" for program in ("pip", "uv pip", "pipenv run pip") for verb in ("list", "freeze")},
    **{(program, "list"): "conda" for program in ("conda", "mamba", "micromamba", "pixi")},
    ("uv pip", "tree"): "tree",
    ("poetry", "show"): "described",
    ("pdm", "list"): "pip",
}
# DEPRECATION: The default format will switch to columns in the future. (pip 9, above rows such as `numpy (1.14.2)`)
_PIP_HEADER = regex(
    r"^\s*(?:Package\s+Version\b(?!\s+Build)|DEPRECATION: The default format will switch to columns)", words=("package", "deprecation")
)
_CONDA_HEADER = regex(
    r"^\s*# (?:packages in environment at\b|Name\s+Version\b)|^\s*List of packages in environment:|^\s*Package\s+Version\s+Build\s+Size\b",
    words=("packages in environment", "# name", "package"),
)
# conda search heads its list as conda list does; what it offers is not installed.
_OFFERED = regex(r"^\s*Loading channels: ", words=("loading channels: ",))
_NAME = r"(?P<name>_?[A-Za-z0-9][A-Za-z0-9._-]*)"
# Distributions of one and the same module: a command that names two of them leaves both.
_ONE_MODULE = frozenset(f"onnxruntime{variant}" for variant in ("", "-gpu", "-directml", "-openvino", "-rocm", "-migraphx"))
_SHOWN_NAME = regex(rf"^\s*Name: {_NAME}\s*$", words=("name: ",))
_SHOWN_VERSION = regex(r"^\s*Version: (?P<version>\d[\w.+!-]*)\s*$", words=("version: ",))
_SHOWN_FIELD = regex(r"^\s*(?P<key>[A-Z][A-Za-z-]{2,30}(?: project location)?): ?(?P<value>.{0,400}?)\s*$")
_SHOWN_LINES = 40
_USING = regex(r"^\s*Using Python (?P<version>\d\.\d{1,2}\.\d{1,2}\S{0,10}) environment at: ", words=("using python ",))


class PackageListReader:
    """Reads the lists that package managers print, whole, cut, or filtered by grep."""

    name = "pip and conda lists"

    def recognises(self, text: Text) -> bool:
        """By a word of a header, a command, or `pip show`."""
        return text.has(*_STARTS)

    def read(self, text: Text) -> Evidence:
        """Each distribution with its version; a list is never known to be whole."""
        evidence = Evidence(claims=list(_claims(text, text.taken)))
        if any(claim.fact.startswith("packages") for claim in evidence.claims):
            evidence.observed["packages"] = "partial"
        return evidence


def _claims(text: Text, taken: set[int]) -> Iterator[Claim]:
    lister, fresh = "", False
    starts = frozenset(text.with_words(*_STARTS))
    for index, whole in enumerate(text.lines):
        if not lister and index not in starts:
            continue
        if not whole.strip():
            lister = lister if fresh else ""
            continue
        command = _COMMAND.match(whole) if any(verb in whole for verb in _VERBS) and len(whole) < 1000 else None
        if command is not None:
            program = re.sub(r"[\d.]*(?:\.exe)?$", "", command["program"])
            lister, fresh = _LISTERS.get((program, command["verb"]), ""), True
            if command["verb"] == "install":
                yield from _excluding_each_other(command["rest"], index, text)
            continue
        line = with_short_gaps(whole)
        if _PIP_HEADER.match(line) or _CONDA_HEADER.match(line):
            offered = any(_OFFERED.match(other) for other in text.lines[max(0, index - 2) : index])
            lister, fresh = "" if offered else "pip" if _PIP_HEADER.match(line) else "conda", True
        elif lister and not is_between_rows(line):
            row = parse_conda_row(line) if lister == "conda" else parse_pip_row(line, lister)
            fresh = fresh and row is None
            yield from _row(text, index, lister, row, taken)
            lister = lister if row is not None else ""
        if not lister and "Name: " in whole:
            yield from _shown(text, index, taken)
        elif "Using Python" in whole and (using := _USING.match(whole)):
            yield text.claim("python.version", using["version"], index)


def _row(text: Text, index: int, lister: str, row: ListRow | None, taken: set[int]) -> Iterator[Claim]:
    """The claims of one row, of which `lister` is the sort of list."""
    if row is None:
        return
    taken.add(index)
    if row.version is None:
        if row.by_conda:
            yield text.claim(f"packages[{_normal(row.name)}].manager", "conda", index)
        return
    for fact, value in said_of_package("conda" if lister == "conda" else "pip", row.name, row.version, row.build, row.channel):
        yield text.claim(fact, value, index)
    if row.location:
        yield text.claim(f"packages[{_normal(row.name)}].location", row.location, index)
    if lister == "conda" and row.name == "python" and row.channel != "pypi":
        yield text.claim("python.version", row.version, index)
    if row.by_conda:
        yield text.claim(f"packages[{_normal(row.name)}].manager", "conda", index)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).strip("-").lower()


def _shown(text: Text, index: int, taken: set[int]) -> Iterator[Claim]:
    """`pip show`: a line with the name, the version in the next, and where it lies some lines below."""
    name = _SHOWN_NAME.match(text.lines[index])
    version = _SHOWN_VERSION.match(text.lines[index + 1]) if name and index + 1 < len(text.lines) else None
    if not name or not version:
        return
    taken.update((index, index + 1))
    yield from _row(text, index, "pip", ListRow(name["name"], version["version"]), taken)
    for at in range(index + 2, min(index + _SHOWN_LINES, len(text.lines))):
        field = _SHOWN_FIELD.match(text.lines[at])
        if field is None or field["key"] == "Name":
            break
        taken.add(at)
        if field["key"] == "Location" and field["value"]:
            yield text.claim(f"packages[{_normal(name['name'])}].location", field["value"], at)
        elif field["key"] == "Installer" and field["value"]:
            yield text.claim(f"packages[{_normal(name['name'])}].installer", field["value"], at)


def _excluding_each_other(arguments: str, index: int, text: Text) -> Iterator[Claim]:
    """What a command asked for is not installed for sure, but who asks for two that write the same files has both."""
    words = re.split(r"#|&&|;", arguments, maxsplit=1)[0].split()
    names = {_normal(re.split(r"[=<>~!\[;]", word.strip("'\""))[0]) for word in words if not word.startswith("-")}
    both = sorted(names & _ONE_MODULE)
    for name in both if len(both) > 1 else ():
        yield text.claim(f"packages[{name}].manager", "pip", index, Trust.MENTIONED)
