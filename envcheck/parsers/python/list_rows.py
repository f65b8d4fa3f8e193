"""One row of the lists that package managers print of what is installed.

torch              2.3.1+cu121          torch==2.3.1            numpy (1.14.2)          torch v2.5.1
mypkg              0.1.0   /home/me/mypkg                        -e git+https://host/x.git@0a1b2c#egg=mypkg
numpy @ file:///croot/numpy_and_numpy_base_1708638617955/dist/numpy-1.26.4-cp310-cp310-linux_x86_64.whl#sha256=…
pytorch            2.5.1   py3.11_cuda12.1_cudnn9.1.0_0   pytorch
"""

from __future__ import annotations

from typing import NamedTuple

from envcheck.parsers.expression import regex

_NAME = r"(?P<name>_?[A-Za-z0-9][A-Za-z0-9._-]{0,100})"
_VERSION = r"(?P<version>\d[\w.+!-]{0,80})"
# The name, the version, where an editable one lies, and what `--verbose` and `--outdated` add.
_TABLE = regex(
    rf"^\s*{_NAME}(?:={{2,3}}|\s+){_VERSION}(?:\s+(?:[/~][^\n]{{0,400}}|[A-Za-z]:\\[^\n]{{0,400}}|\d[\w.+!-]{{0,60}}\s+(?:wheel|sdist)))?"
    r"(?:\s+(?:pip|uv|conda))?\s*$"
)
# Of the columns of `--verbose`, the folder of packages; an editable project lies elsewhere.
_LOCATION = regex(r"\s(?P<location>(?:[/~]|[A-Za-z]:\\)[^\n]{0,400}?(?:site|dist)-packages)(?:\s+\w+)?\s*$")
_LEGACY = regex(rf"^\s*{_NAME} \({_VERSION}(?:, [^()\n]{{1,300}})?\)\s*$")
_DIRECT = regex(rf"^\s*{_NAME} @ (?P<url>(?:git\+|hg\+|file:|https?:|ssh:)\S{{1,1000}})\s*$")
_EDITABLE = regex(r"^\s*-e \S")
_TREE = regex(rf"^[\s│├└─|`+\\-]{{0,80}}{_NAME}(?:\[[\w,-]{{1,80}}\])? v{_VERSION}(?: \([^()\n]{{1,80}}\)){{0,3}}\s*$")
# torch        2.2.0    Tensors and Dynamic neural networks in Python with strong GPU acceleration
_DESCRIBED = regex(rf"^\s*{_NAME}\s+(?:\(!\)\s+)?{_VERSION}\s+[A-Z\"'<(\U0001f300-\U0001ffff][^\n]{{3,300}}$")
_FORMS = {"tree": (_TREE,), "described": (_DESCRIBED, _TABLE), "pip": (_TABLE, _LEGACY, _DIRECT)}
_CONDA = regex(
    rf"^\s*{_NAME}\s+(?P<version>\d\S{{0,80}})(?:\s+(?P<build>[\w.]{{1,100}}))?(?:\s+\[\w{{1,30}}\])?(?:\s+(?P<channel>[A-Za-z<][^\s]{{0,200}}))?\s*$"
)
# pytorch   2.4.0   cuda120_py312h26b3cf7_300   27.6 MiB   conda  https://conda.anaconda.org/conda-forge/    (pixi list)
_PIXI = regex(
    rf"^\s*{_NAME}\s+{_VERSION}(?:\s+(?P<build>[\w.]{{1,100}}))?\s+\d[\d.]{{0,12}} ?[KMG]?i?B\s+(?P<kind>conda|pypi)"
    rf"(?:\s+(?P<source>\S{{1,300}}))?"
    r"[^\n]{0,60}$"
)
_WHEEL = regex(r"/(?P<name>[^/#?]{1,100}?)-(?P<version>\d[^/#?-]{0,60})-[^/#?]{1,200}\.whl")
_TAG = regex(r"/v?(?P<version>\d+\.\d[\w.]{0,20})\.(?:tar\.gz|zip)")
# Where conda builds its packages, and leaves the path in what pip believes of them.
_OF_CONDA = regex(
    r"file:///(?:croot/|tmp/build/|opt/conda/conda-bld/|home/conda/feedstock_root/"
    r"|tmp/abs_"
    r"|[A-Za-z]:/[^\s]{0,60}?(?:croot|bld)/|\S{0,80}/croot/)"
)
_BETWEEN = regex(
    r"^\s*(?:[-=─ ]{3,}$|#\s*$|(?:\.{3}|…|\[(?:\.{3}|…)\])\s*$|DEPRECATION: |WARNING: |\[notice\] "
    r"|## |# (?:Editable|Name|To update)|Using Python |You should consider |Warning: )"
)


class ListRow(NamedTuple):
    """A distribution; `version` None where the row does not tell it, `by_conda` where its path is one that only conda's builds have."""

    name: str
    version: str | None
    build: str | None = None
    channel: str | None = None
    by_conda: bool = False
    location: str | None = None


def is_between_rows(line: str) -> bool:
    """A ruler, a notice or an editable installation without a version: the list goes on behind it."""
    return _BETWEEN.match(line) is not None or _EDITABLE.match(line) is not None


def parse_pip_row(line: str, form: str = "pip") -> ListRow | None:
    """A row of pip's or uv's; `form` is "pip", "tree" (uv pip tree) or "described" (poetry show)."""
    if form == "tree":
        line = line.lstrip(" \t│├└─|`+\\-")
    found = next((match for expression in _FORMS[form] if (match := expression.match(line))), None)
    if found is None:
        return None
    if "url" not in found.groupdict():
        place = _LOCATION.search(line)
        return ListRow(found["name"], found["version"], location=place["location"] if place else None)
    from urllib.parse import unquote

    url = unquote(found["url"])
    wheel = _WHEEL.search(url) or _TAG.search(url)
    return ListRow(found["name"], wheel["version"] if wheel else None, by_conda=_OF_CONDA.match(url) is not None)


def parse_conda_row(line: str) -> ListRow | None:
    """A row of conda's, mamba's or pixi's."""
    pixi = _PIXI.match(line)
    if pixi is not None:
        source = pixi["source"] or ""
        channel = "pypi" if pixi["kind"] == "pypi" else source.rstrip("/").rpartition("/")[2] if "://" in source else ""
        return ListRow(pixi["name"], pixi["version"], pixi["build"], channel or None)
    found = _CONDA.match(line)
    return ListRow(found["name"], found["version"], found["build"], found["channel"]) if found is not None else None
