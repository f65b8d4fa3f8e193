"""The packages that frameworks' reports list below a heading of theirs, one to a line, with their versions.

Python dependencies:            INSTALLED VERSIONS              Related packages:             * Packages:
          pip: 20.2.4           pandas           : 1.3.3          accelerate: 1.7.0               - numpy:             1.18.5
        sklearn: 0.23.2         Cython           : None           diffusers: not found            - pyTorch_version:   1.7.1
"""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text
from envcheck.readers.reported_values import package, torch, version_in

_HEADING = regex(
    r"^[\s>*+\u2022#-]{0,40}(?:Python (?:dependencies|deps)|INSTALLED VERSIONS|Related packages|(?:Lightning|[Pp]ackages)"
    r"|\"(?:pip_packages|conda_packages|Packages)\": \[)\s*:?\s*$",
    words=("depend", "deps", "installed versions", "related", "lightning", "packages"),
)
_WORDS = ("python dependencies", "python deps", "installed versions", "related packages", "packages", "lightning")
_ROW = regex(
    r"^\s*(?:[-*+\u2022]\s{1,4})?(?P<name>[A-Za-z][\w.-]{0,60})\s*:\s+"
    r"(?P<value>\d[\w.+!-]{0,60}|None|N/A|not found|not installed)\s*(?:\(.{0,80}\))?$"
)
_QUOTED = regex(r"^\s*\"(?P<name>[A-Za-z][\w.-]{0,60})==(?P<value>\d[\w.+!-]{0,60})\",?\s*$", words=("==",))
# ✅ of Ultralytics: numpy               ✅ 1.26.2>=1.22.2
_CHECKED = regex(r"^\s*(?P<name>[a-z][\w.-]{1,40})\s+\u2705 (?P<value>\d[\w.+]{0,40}?)(?:[<>=!~].{0,100})?$", words=("\u2705",))
_BETWEEN = regex(r"^\s*(?:[-=]{3,}\s*)?$")
# What these lists hold besides distributions.
_OTHER = regex(
    r"^(?:python(?:-bits)?|commit|os(?:-release)?|version|machine|processor|byteorder|lc_all|lang|locale|libhdf5|libnetcdf|executable"
    r"|pytorch_debug|num_threads)$",
    re.IGNORECASE,
)
_MODULES = {
    "sklearn": "scikit-learn", "pytorch_version": "torch", "dateutil": "python-dateutil", "bs4": "beautifulsoup4", "cv2": "opencv-python",
    "pil": "pillow", "yaml": "pyyaml", "skimage": "scikit-image", "lightning_app": "lightning-app",
}  # fmt: skip
_MAX_ROWS = 1000
_LONGEST = 200


class PackageBlockReader:
    """Reads scikit-learn's, pandas', bitsandbytes', Lightning's and stable-diffusion-webui's lists, and what Ultralytics checked."""

    name = "packages of reports"

    def recognises(self, text: Text) -> bool:
        """By one row below a heading."""
        return any(True for _ in _claims(text, set()))

    def read(self, text: Text) -> Evidence:
        """Each package with its version; those that are said to be missing are left out."""
        evidence = Evidence(claims=list(_claims(text, text.taken)))
        evidence.observed["packages"] = "partial"
        return evidence


def _claims(text: Text, taken: set[int]) -> Iterator[Claim]:
    for index in text.with_words(*_WORDS):
        line = text.lines[index]
        if len(line) <= _LONGEST and _HEADING.match(line):
            yield from _below(index, text, taken)
    for index in text.with_words("\u2705"):
        row = _CHECKED.match(text.lines[index]) if len(text.lines[index]) <= _LONGEST else None
        if row:
            yield from _row(row, index, text, taken)


def _below(heading: int, text: Text, taken: set[int]) -> Iterator[Claim]:
    """Rows up to the first line that is none, over a ruler or an empty line before and between them."""
    quoted = "[" in text.lines[heading]
    for index in range(heading + 1, min(heading + _MAX_ROWS, len(text.lines))):
        line = text.lines[index]
        row = (_QUOTED if quoted else _ROW).match(line) if len(line) <= _LONGEST else None
        if row is not None:
            yield from _row(row, index, text, taken)
        elif not _BETWEEN.match(line) and not (len(line) <= _LONGEST and _OTHER.match(line.partition(":")[0].strip(" \t-*"))):
            return


def _row(row: re.Match[str], index: int, text: Text, taken: set[int]) -> Iterator[Claim]:
    written = row["name"].lower()
    if _OTHER.match(written) or version_in(row["value"]) is None:
        return
    taken.add(index)
    name = _MODULES.get(written, re.sub(r"[-_.]+", "-", written))
    facts = torch(row["value"]) if name == "torch" else package(name)(row["value"])
    yield from (text.claim(fact, value, index) for fact, value in facts)
