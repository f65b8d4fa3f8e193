"""python-too-new: a newer Python than a profile allows."""

from collections.abc import Iterator

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import by_age, judge
from envcheck.judging.rule import Layer, Manual, Outcome, Rule
from envcheck.prescribing.required import another_python
from envcheck.profiles.model import Requirement
from envcheck.report import Area, Remedy

MANUAL = Manual(
    checks="Whether the examined Python is not newer than a profile allows: a bound of 3.13 means all of 3.13.",
    why="Frameworks with compiled parts publish wheels for each Python separately, months after a new one is out. Without a wheel pip "
    'says "No matching distribution found", or tries to compile and fails.',
    example="Python: 3.14.0; the profile tensorflow needs 3.13 or older.",
    fix="Make a new environment with an older Python and install the packages there.",
    ignore_when="The framework is installed and works: somebody built it for this Python.",
    sources=(
        "https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/",
        "https://devguide.python.org/versions/",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """Judges every upper bound on the version of Python."""

    def remedies(_requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
        return (another_python(case),)

    yield from judge(case, by_age(case, case.required("python.version"), too_new=True), "Python", remedies)


RULE = Rule(
    name="python-too-new",
    title="Python is newer than a framework allows",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
)
