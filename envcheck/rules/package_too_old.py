"""package-too-old: an older release of a package than a profile asks for."""

from collections.abc import Iterator

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import by_age, judge
from envcheck.judging.rule import Layer, Manual, Outcome, Rule
from envcheck.judging.software_requirements import required_versions
from envcheck.prescribing.required import change_version
from envcheck.profiles.model import Requirement
from envcheck.report import Area, Remedy

MANUAL = Manual(
    checks="Whether an installed package is at least the release that a profile asks for. A pre-release counts as its release, and what "
    "stands behind a plus (2.8.0+cu126) is no matter here.",
    why="What a document or a program was written for is not in an older release; the failure is then an attribute or an argument that "
    "does not exist.",
    example="torch: 2.6.0; the profile pytorch needs 2.8 or newer.",
    fix="Install a newer release with the command shown. Others in the environment may be tied to the old one: envcheck then says so.",
    ignore_when="Your own code was written for the older release.",
    sources=("https://packaging.python.org/en/latest/specifications/version-specifiers/",),
)


def check(case: Case) -> Iterator[Outcome]:
    """One outcome per package that is installed; what is absent is the matter of another rule."""

    def remedies(requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
        return (change_version(case, requirement),)

    yield from judge(case, by_age(case, required_versions(case), too_new=False), "", remedies)


RULE = Rule(
    name="package-too-old",
    title="A package is older than required",
    area=Area.PACKAGES,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
)
