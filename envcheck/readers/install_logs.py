"""Which distributions an environment has after the installations that a text shows."""

import re

from envcheck.facts.claims import Evidence
from envcheck.parsers.expression import regex
from envcheck.parsers.python.install_log import Step, is_install_log, parse_install_log
from envcheck.readers.builds import said_of_package
from envcheck.readers.interface import Text

# A row of a list below the log is newer than it: `torch  2.4.1`, `torch==2.4.1`, `Name: torch`.
_ROW = regex(r"^\s*(?:Name: )?(?P<name>[A-Za-z0-9][\w.-]{0,100})(?:==| {2,}\d|\s*$)")


class InstallLogReader:
    """Reads what pip and uv have done; asked before the lists, since what was done below them holds."""

    name = "installation logs"

    def recognises(self, text: Text) -> bool:
        """By the words of pip or uv."""
        return is_install_log(text.lines)

    def read(self, text: Text) -> Evidence:
        """Of each distribution the last state, unless a list further down tells of it again."""
        steps, taken = parse_install_log(text.lines)
        text.taken.update(taken)
        evidence = Evidence()
        listed = _listed(text, taken) if steps else {}
        last: dict[str, Step] = {step.name: step for step in steps}
        for name, step in last.items():
            if step.version is None or listed.get(name, -1) > step.line:
                continue
            for fact, value in said_of_package("pip", name, step.version, None, None):
                evidence.claims.append(text.claim(fact, value, step.line))
            if re.match(r"[/~]|[A-Za-z]:\\", step.place or ""):
                evidence.claims.append(text.claim(f"packages[{name}].location", step.place, step.line))
        if evidence.claims:
            evidence.observed["packages"] = "partial"
        return evidence


def _listed(text: Text, taken: set[int]) -> dict[str, int]:
    """The last line in which each distribution begins what may be a row of a list."""
    found: dict[str, int] = {}
    for index, line in enumerate(text.lines):
        row = _ROW.match(line[:200]) if line and index not in taken else None
        if row is not None:
            found[re.sub(r"[-_.]+", "-", row["name"]).lower()] = index
    return found
