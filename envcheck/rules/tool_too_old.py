"""tool-too-old: an older program than a profile asks for."""

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
    checks=(
        "Whether a program is at least the version that a profile asks for. Java's old way of counting is understood: 1.8.0_292 is Java 8."
    ),
    why="Spark 4 runs on Java 17 and newer; an older Java ends it with UnsupportedClassVersionError or JAVA_GATEWAY_EXITED. Often a "
    "newer Java is installed, but JAVA_HOME or PATH leads to an old one.",
    example="java: 1.8.0_292; the profile spark-mllib needs 17 or newer.",
    fix="Install a newer version, and see that JAVA_HOME and PATH lead to it.",
    ignore_when="The program is not used on this machine.",
    sources=("https://spark.apache.org/docs/latest/#downloading",),
)


def check(case: Case) -> Iterator[Outcome]:
    """One outcome per program that is found and of which a version is asked."""

    def remedies(requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
        return (install_program(case, requirement),)

    versions = (entry for entry in case.required("tools[") if entry.asked and has_tool(case, entry))
    yield from judge(case, by_age(case, versions, too_new=False), "", remedies)


RULE = Rule(
    name="tool-too-old",
    title="A program is older than required",
    area=Area.SYSTEM,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
)
