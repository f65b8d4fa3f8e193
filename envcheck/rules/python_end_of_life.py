"""python-end-of-life: a Python that gets no security fixes any more."""

import re
from collections.abc import Iterator

from envcheck.judging.case import Case
from envcheck.judging.gaps import PYTHON_VERSION
from envcheck.judging.rule import Found, Layer, Manual, Outcome, Passed, Rule
from envcheck.knowledge import TABLES_DATE
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Severity

MANUAL = Manual(
    checks="Whether the Python of the environment still gets security fixes, by the published schedule.",
    why="After its end of life a Python gets no fixes, and frameworks stop publishing wheels for it, so that pip silently installs older "
    "releases of everything.",
    example="Python 3.9 has had no fixes since October 2025, and the newest torch for it is older than what the documentation speaks of.",
    fix="Make a new environment with a Python that all the frameworks in use have wheels for.",
    ignore_when="A vendor maintains this Python (the operating system's own, in a long-term release), or a result has to be reproduced.",
    sources=("https://devguide.python.org/versions/",),
)

# The month after which there are no fixes; read from the published schedule on 2026-11-21. Of the coming ones the months are planned.
_ENDS = {
    (2, 7): "2020-01",
    (3, 5): "2020-09",
    (3, 6): "2021-12",
    (3, 7): "2023-06",
    (3, 8): "2024-10",
    (3, 9): "2025-10",
    (3, 10): "2026-10",
    (3, 11): "2027-10",
    (3, 12): "2028-10",
    (3, 13): "2029-10",
    (3, 14): "2030-10",
    (3, 15): "2031-10",
}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def check(case: Case) -> Iterator[Outcome]:
    """Compares with the time at which the facts were taken, or where a text does not tell, with that of the tables.

    The last month itself is not yet the end.
    """
    version = re.match(r"(\d+)\.(\d+)", case.facts.python.version) if isinstance(case.facts.python.version, str) else None
    taken = (case.facts.taken or TABLES_DATE)[:7]
    if version is None:
        yield PYTHON_VERSION
        return
    release = f"{version[1]}.{version[2]}"
    end = _ENDS.get((int(version[1]), int(version[2])))
    if end is not None and taken > end:
        yield _finding(case, release, end)
    else:
        yield Passed(f"Python {release}", f"gets fixes until {_spoken_month(end)}" if end else "newer than the schedule known here")


def _finding(case: Case, release: str, end: str) -> Found:
    return Found(
        subject=f"Python {release}",
        message=f"Python {release} has had no security fixes since {_spoken_month(end)}, and the newest releases of most "
        f"frameworks do not support it.",
        severity=Severity.INFO,
        evidence=(case.proof("python.version", case.facts.python.version),),
        remedies=(by_hand("make an environment with Python 3.12 or newer"),),
    )


def _spoken_month(month: str) -> str:
    """`2025-10` → `October 2025`."""
    year, _, number = month.partition("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


RULE = Rule(
    name="python-end-of-life",
    title="This Python gets no security fixes any more",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
)
