"""tool-too-new: a newer program than a profile allows."""

from collections.abc import Iterator

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import by_age, judge
from envcheck.judging.rule import Layer, Manual, Outcome, Rule
from envcheck.judging.software_requirements import has_tool
from envcheck.prescribing.programs import install_program
from envcheck.profiles.model import Requirement
from envcheck.report import Area, Remedy

MANUAL = Manual(
    checks="Whether a program is not newer than a profile allows: a bound of 21 means all of 21.",
    why="Some programs refuse what they do not know yet: releases of H2O check Java's version when they start, and end with a list of "
    "those they take.",
    example="java: 25.0.3; the profile h2o recommends 21 or older.",
    fix="Install the older version beside the newer one and let JAVA_HOME lead to it.",
    ignore_when="It was tried and works.",
    sources=("https://docs.h2o.ai/h2o/latest-stable/h2o-docs/welcome.html#requirements",),
)


def check(case: Case) -> Iterator[Outcome]:
    """One outcome per program that is found and of which a version is asked."""

    def remedies(requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
        return (install_program(case, requirement),)

    versions = (entry for entry in case.required("tools[") if entry.asked and has_tool(case, entry))
    yield from judge(case, by_age(case, versions, too_new=True), "", remedies)


RULE = Rule(
    name="tool-too-new",
    title="A program is newer than allowed",
    area=Area.SYSTEM,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
)
