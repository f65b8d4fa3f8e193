"""package-unwanted: a profile says that a package should not be there: it has ended, was renamed, or stands in another one's way."""

from collections.abc import Iterator

from msgspec.structs import replace

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import judge
from envcheck.judging.rule import Found, Layer, Manual, Outcome, Rule
from envcheck.judging.software_requirements import installed
from envcheck.judging.wording import full_stop
from envcheck.prescribing.install import manager_for, uninstall
from envcheck.profiles.model import Operator, Requirement
from envcheck.profiles.vocabulary import parse_fact
from envcheck.report import Area, Remedy, Safety

MANUAL = Manual(
    checks="Whether packages are installed that a profile wants absent.",
    why="Documents name systems that have ended since: MXNet, Theano, TorchServe. pip still installs them, and some then fail as soon as "
    "they are imported. Others were renamed, and both names at once overwrite each other's files.",
    example="mxnet 1.9.1 is installed; the profile mxnet recommends to do without it: the project was retired in 2023.",
    fix="Move to what took its place, then uninstall it.",
    ignore_when="Old code has to run as it is, in an environment of its own.",
    sources=(
        "https://attic.apache.org/projects/mxnet.html",
        "https://github.com/pytorch/serve",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """One outcome per package that is wanted absent."""

    def remedies(requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
        return (_remove(case, requirement),)

    unwanted = (entry for entry in case.required("packages[") if entry.operator is Operator.ABSENT)
    for outcome in judge(case, unwanted, "", remedies):
        yield _explained(outcome) if isinstance(outcome, Found) else outcome


def _explained(found: Found) -> Found:
    """The sentence with the profile's reason: that something is there is no reason by itself."""
    requirement = found.requirement
    why = requirement.why if requirement is not None else ""
    what = found.message.partition(":")[2].partition(";")[0].strip()
    advice = found.message.rpartition(" none of it")[0].partition("; ")[2]
    return replace(found, message=full_stop(f"{what} is installed; {advice} to do without it{f': {why}' if why else ''}"))


def _remove(case: Case, requirement: Requirement) -> Remedy:
    fact = parse_fact(requirement.fact)
    names = [package.name for package in installed(fact, case.facts)] if fact is not None else []
    manager = manager_for(case.facts, names[0]) if names else "pip"
    step = uninstall(case.facts, *names, manager=manager)
    return Remedy(summary=f"uninstall {' and '.join(names)}", manager=manager, safety=Safety.UNSAFE, steps=(step,))


RULE = Rule(
    name="package-unwanted",
    title="A package is installed that a profile wants absent",
    area=Area.PACKAGES,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"retired-package"}),
)
