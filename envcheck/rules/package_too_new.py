"""package-too-new: a newer release of a package than a profile allows."""

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
    checks="Whether an installed package is not newer than a profile allows: a bound of 2.18 means all of 2.18.",
    why="Plug-ins and compiled extensions are built for one release of their framework, and often say nothing of it in their metadata, "
    "so that pip installs a newer framework beside them.",
    example="tensorflow: 2.21.0; the profile tensorflow-metal needs 2.18 or older.",
    fix="Install an older release with the command shown, best in an environment of its own.",
    ignore_when="The newer release was tried and works.",
    sources=("https://packaging.python.org/en/latest/specifications/version-specifiers/",),
)


def check(case: Case) -> Iterator[Outcome]:
    """One outcome per package that is installed; what is absent is the matter of another rule."""

    def remedies(requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
        return (change_version(case, requirement),)

    yield from judge(case, by_age(case, required_versions(case), too_new=True), "", remedies)


RULE = Rule(
    name="package-too-new",
    title="A package is newer than allowed",
    area=Area.PACKAGES,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
)
