"""tables-out-of-date: envcheck's own knowledge is older than what it judges."""

import datetime as dt
from collections.abc import Iterator

from envcheck import __version__
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.knowledge import TABLES_DATE
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Proof, Severity

MANUAL = Manual(
    checks="Whether envcheck's tables of releases, drivers and cards were brought up to date within the six months before the facts were "
    "taken.",
    why="Frameworks are released every few weeks. With old tables envcheck does not know the newest ones: it says of more things that they "
    "could not be evaluated, and what it recommends may not be the newest any more. What it finds stays right.",
    example="A report of December 2027 that is judged with tables of November 2026.",
    fix="Upgrade envcheck with what it was installed with: pip, uv or pipx.",
    ignore_when="The machine is kept as it was on purpose, and so is envcheck.",
    sources=("https://github.com/pytorch/pytorch/blob/main/RELEASE.md", "https://peps.python.org/pep-0602/"),
)

_MONTHS = 6


def check(case: Case) -> Iterator[Outcome]:
    """Compares two dates that are given: where the facts have none there is nothing to be said."""
    taken = case.facts.taken
    if not taken:
        yield NotApplicable("it is not known when the facts were taken")
        return
    try:
        day = dt.date.fromisoformat(taken[:10])
    except ValueError:
        yield NotEvaluated("envcheck's tables", "when the facts were taken is no date")
        return
    if day > _months_later(dt.date.fromisoformat(TABLES_DATE), _MONTHS):
        yield _finding(case, day)
    else:
        yield Passed("envcheck's tables", f"of {TABLES_DATE}")


def _months_later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or its last one where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(dt.date(year, month + 1, 1) + dt.timedelta(days=day.day - 1), following - dt.timedelta(days=1))


def _finding(case: Case, day: dt.date) -> Found:
    return Found(
        subject="envcheck's tables",
        message=f"envcheck's tables are of {TABLES_DATE}, more than six months before these facts ({day.isoformat()}): it does not know "
        "what was released since.",
        severity=Severity.INFO,
        evidence=(Proof(fact="tables", value=TABLES_DATE, source=f"envcheck {__version__}"), case.proof("taken", case.facts.taken)),
        remedies=(by_hand("upgrade envcheck, by what it was installed with"),),
    )


RULE = Rule(
    name="tables-out-of-date",
    title="envcheck's tables are old",
    area=Area.CONFIG,
    layer=Layer.COMPUTE,
    manual=MANUAL,
    check=check,
)
