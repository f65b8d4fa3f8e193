"""tool-missing: a program that a profile asks for is not on PATH."""

from collections.abc import Iterator

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import judge
from envcheck.judging.rule import Layer, Manual, Outcome, Rule
from envcheck.judging.software_requirements import has_tool
from envcheck.prescribing.programs import install_program
from envcheck.profiles.model import Operator, Requirement
from envcheck.report import Area, Remedy

MANUAL = Manual(
    checks=("Whether the programs that a profile asks for are found: Java for Spark and H2O, Node.js, Docker, kubectl, the .NET SDK, Git."),
    why="pip installs the Python part only. Without Java, for one, Spark and H2O install without a complaint and fail when they are "
    "first used.",
    example="java: not found; the profile spark-mllib needs 17 or newer.",
    fix="Install the program, in a conda environment best by conda; for Java set JAVA_HOME where several are installed.",
    ignore_when="The program runs elsewhere: Spark on a cluster, Docker on another machine.",
    sources=(
        "https://spark.apache.org/docs/latest/#downloading",
        "https://docs.h2o.ai/h2o/latest-stable/h2o-docs/welcome.html#requirements",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """One outcome per program; of one that is found another rule judges the version."""

    def remedies(requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
        return (install_program(case, requirement),)

    yield from judge(case, (entry for entry in case.required("tools[") if _asks_for_presence(case, entry)), "", remedies)


def _asks_for_presence(case: Case, requirement: Requirement) -> bool:
    return requirement.operator is Operator.INSTALLED or (bool(requirement.asked) and not has_tool(case, requirement))


RULE = Rule(
    name="tool-missing",
    title="A required program is not installed",
    area=Area.SYSTEM,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
)
