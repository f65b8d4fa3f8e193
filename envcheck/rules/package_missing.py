"""package-missing: a profile asks for a package that is not installed."""

from collections.abc import Iterator

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import judge
from envcheck.judging.rule import Layer, Manual, Outcome, Rule
from envcheck.judging.software_requirements import installed
from envcheck.prescribing.required import install_missing
from envcheck.profiles.model import Operator, Requirement
from envcheck.profiles.vocabulary import parse_fact
from envcheck.report import Area, Remedy

MANUAL = Manual(
    checks="Whether the packages that a profile asks for are installed in the examined environment, whatever their version. A "
    "distribution that brings the same import package will do: tensorflow-cpu for tensorflow, xgboost-cpu for xgboost.",
    why=(
        "The package may be in another environment than the one in use; the report's first line says which was examined, and why that one."
    ),
    example="torch: not installed; the profile pytorch needs 2.8 or newer.",
    fix="Install it with the command shown, or examine the environment that has it: envcheck doctor --python PATH.",
    ignore_when="You do without this part of the profile; a profile of your own can leave it out.",
    sources=("https://packaging.python.org/en/latest/tutorials/installing-packages/",),
)


def check(case: Case) -> Iterator[Outcome]:
    """One outcome per package. That a package is absent is known only where all packages were looked at."""

    def remedies(requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
        return (install_missing(case, requirement),)

    yield from judge(case, (entry for entry in case.required("packages[") if _asks_for_presence(case, entry)), "", remedies)


def _asks_for_presence(case: Case, requirement: Requirement) -> bool:
    """A version asks for presence, too; of what is installed another rule judges it."""
    fact = parse_fact(requirement.fact)
    if requirement.operator is Operator.INSTALLED or fact is None:
        return True
    return bool(requirement.asked) and not any(installed(fact, case.facts))


RULE = Rule(
    name="package-missing",
    title="A required package is not installed",
    area=Area.PACKAGES,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset({"module-not-found"}),
)
