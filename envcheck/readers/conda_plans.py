"""Facts out of the plans that conda prints before it changes an environment.

What will be removed is there; what will be installed is there afterwards.
"""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.readers.builds import said_of_package
from envcheck.readers.interface import Text, with_short_gaps

_HEADER = regex(
    r"^\s*The following (?:NEW )?packages will be (?P<verb>REMOVED|INSTALLED|UPDATED|DOWNGRADED|SUPERSEDED|DOWNLOADED)", re.IGNORECASE
)
# py-xgboost-0.90-py37_1
_WHOLE = r"(?P<name>[\w.-]{1,80})-(?P<version>\d[\w.!+]{0,40})-(?P<build>[\w.]{1,60})"
# libxgboost    conda-forge/linux-64::libxgboost-2.1.1-cuda120_h9dfd3e9_1
_ROW = regex(rf"^\s+(?:\S{{1,80}}\s+)?(?:(?P<channel>[\w./-]{{1,100}})::)?{_WHOLE}(?:\s+None)?\s*$")
# py-xgboost: 0.90-py37_1 conda-forge
_OLD_ROW = regex(
    r"^\s+(?P<name>[\w.-]{1,80}): {1,60}(?P<version>\d[\w.!+]{0,40})-(?P<build>[\w.]{1,60})(?:\s+(?P<channel>[\w./-]{1,100}))?\s*$"
)
_TABLE_HEAD = regex(r"^\s+(?:package\s+\|\s+build|-{3,80}\|-{3,80})\s*$")
#     pytorch-1.12.1             |      py3.8_cpu_0       133.8 MB  pytorch
_DOWNLOAD = regex(
    r"^\s+(?P<name>[\w.-]{1,80})-(?P<version>\d[\w.!+]{0,40}) {1,60}\| {0,60}(?P<build>[\w.]{1,60})"
    r"(?:\s+\d[\d.]{0,8} [KMG]?B(?:\s+(?P<channel>[\w./-]{1,100}))?)?\s*$"
)
_LONGEST = 300


class CondaPlanReader:
    """Reads the packages of a plan by name, version and build."""

    name = "conda plans"

    def recognises(self, text: Text) -> bool:
        """By the header of a plan."""
        return any("packages will be " in line and _HEADER.match(line) for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """Believed like a mention: nobody knows whether the plan was carried out."""
        plans = list(_plans(text))
        comes = {row["name"] for verb, row, _ in plans if verb == "INSTALLED"}
        comes_by_name = comes or {row["name"] for verb, row, _ in plans if verb == "DOWNLOADED"}
        evidence = Evidence()
        for verb, row, index in plans:
            if verb == "INSTALLED" or (verb == "DOWNLOADED" and row["name"] not in comes) or row["name"] not in comes_by_name:
                evidence.claims += _claims(text, row, index)
        if evidence.claims:
            evidence.observed["packages"] = "partial"
        return evidence


def _plans(text: Text) -> Iterator[tuple[str, re.Match[str], int]]:
    """Rows of what will be removed, downloaded or installed; those of an update name two versions, and are passed over."""
    verb = ""
    for index, whole in enumerate(text.lines):
        header = _HEADER.match(whole) if "packages will be " in whole else None
        if header is not None:
            verb = header["verb"].upper()
        elif verb in ("REMOVED", "INSTALLED", "DOWNLOADED") and whole.strip():
            line = with_short_gaps(whole) if len(whole) <= _LONGEST else ""
            if verb == "DOWNLOADED" and _TABLE_HEAD.match(line):
                continue
            row = _DOWNLOAD.match(line) if verb == "DOWNLOADED" else _OLD_ROW.match(line) or _ROW.match(line)
            if row is None:
                verb = ""
            else:
                yield verb, row, index


def _claims(text: Text, row: re.Match[str], index: int) -> Iterator[Claim]:
    channel = (row["channel"] or "").rpartition("/")[0] or row["channel"]
    for fact, value in said_of_package("conda", row["name"], row["version"], row["build"], channel):
        yield text.claim(fact, value, index, Trust.MENTIONED)
