"""python-too-old: an older Python than a profile asks for."""

from collections.abc import Iterator

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import by_age, judge
from envcheck.judging.rule import Layer, Manual, Outcome, Rule
from envcheck.prescribing.required import another_python
from envcheck.profiles.model import Requirement
from envcheck.report import Area, Remedy

MANUAL = Manual(
    checks="Whether the examined Python is at least as new as a profile asks for. A profile that has its number from a document also "
    "knows what holds today, and that is what counts.",
    why="Every release of a package says which Pythons it is for, and pip passes over those that are not for yours: an old Python gets "
    'old releases without a word, or "No matching distribution found".',
    example="Python: 3.9.18; the profile system-minimum needs 3.10 or newer.",
    fix=(
        "Make a new environment with a newer Python and install the packages there. The Python of an environment is not exchanged in place."
    ),
    ignore_when="The environment is kept for old code on purpose.",
    sources=(
        "https://devguide.python.org/versions/",
        "https://packaging.python.org/en/latest/specifications/core-metadata/#requires-python",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """Judges every lower bound on the version of Python."""

    def remedies(_requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
        return (another_python(case),)

    yield from judge(case, by_age(case, case.required("python.version"), too_new=False), "Python", remedies)


RULE = Rule(
    name="python-too-old",
    title="Python is older than required",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
)
