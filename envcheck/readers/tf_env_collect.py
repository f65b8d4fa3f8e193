"""The sections of TensorFlow's tf_env_collect whose lines have no labels: whether it ran in a container, what pip listed, search paths.

== are we in docker =============================================
Yes
== check pips ===================================================
tensorflow-gpu (1.4.0)                   (pip before 10)                   tensorflow-gpu         2.0.0
== env ==========================================================
LD_LIBRARY_PATH /usr/local/cuda-10.0/lib64:
DYLD_LIBRARY_PATH is unset
"""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text
from envcheck.readers.reported_values import package

_SECTION = regex(r"^\s*== (?P<name>[a-zA-Z][\w /.,()-]{1,70}?) ?=*\s*$")
_ROW = regex(r"^\s*(?P<name>[A-Za-z][\w.-]{1,60})(?: \((?P<old>\d[\w.+]{0,40})\)|\s{2,60}(?P<new>\d[\w.+]{0,40}))\s*$")
_PATH = regex(r"^\s*(?P<name>(?:DY)?LD_LIBRARY_PATH):? (?P<value>/[^\n]{0,2000})$")
_WORDS = ("== check pips", "== are we in docker", "== env")
_MAX_LINES = 40


class TfEnvCollectReader:
    """Reads these three sections; the others have labels, or are outputs of tools."""

    name = "tf_env_collect"

    def recognises(self, text: Text) -> bool:
        """By the heading of one of them with an answer below it."""
        return any(True for _ in _claims(text, set()))

    def read(self, text: Text) -> Evidence:
        """Packages, of those that the script looks for; the container; the search path of libraries."""
        evidence = Evidence(claims=list(_claims(text, text.taken)))
        if any(claim.fact.startswith("packages") for claim in evidence.claims):
            evidence.observed["packages"] = "partial"
        return evidence


def _claims(text: Text, taken: set[int]) -> Iterator[Claim]:
    for heading in text.with_words(*_WORDS):
        if not _SECTION.match(text.lines[heading]):
            continue
        for index in range(heading + 1, min(heading + _MAX_LINES, len(text.lines))):
            line = text.lines[index]
            if line.lstrip().startswith("== "):
                break
            found = list(_line(text.lines[heading], line))
            if found:
                taken.add(index)
            yield from (text.claim(fact, value, index) for fact, value in found)


def _line(heading: str, line: str) -> Iterator[tuple[str, object]]:
    if "docker" in heading:
        if line.strip() == "Yes":
            yield "system.container", "docker"
    elif "pips" in heading:
        row = _ROW.match(line)
        if row:
            yield from package(row["name"].lower().replace("_", "-"))(row["old"] or row["new"])
    else:
        path = _PATH.match(line)
        if path:
            yield f"variables[{path['name']}]", path["value"].rstrip()
