"""package-unwanted: packages that profiles want absent."""

from envcheck.facts.snapshot import Completeness, Observed, Package, PackageState, Python, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.load import load_profile, resolve
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.report import Severity
from envcheck.rules.package_unwanted import RULE


def judge(requirement: Requirement, *names: str, completeness: Completeness = Completeness.COMPLETE) -> Outcome:
    packages = tuple(Package(name=name, state=PackageState.OK, version="1.9.1") for name in names)
    observed = Observed(packages=completeness)
    (outcome,) = RULE.check(
        Case(Snapshot(packages=packages, observed=observed, python=Python(executable="/env/bin/python")), (requirement,))
    )
    return outcome


def unwanted(name: str, why: str = "") -> Requirement:
    return Requirement(fact=f"packages[{name}]", operator=Operator.ABSENT, level=Level.SHOULD, why=why, profile="lab")


def test_what_is_wanted_absent_is_found_with_the_reason_and_the_command() -> None:
    found = judge(unwanted("mxnet", "it has ended"), "mxnet", "pip")
    assert isinstance(found, Found)
    assert found.message == "mxnet 1.9.1 is installed; the profile lab recommends to do without it: it has ended."
    assert found.severity is Severity.WARNING
    assert found.remedies[0].steps[0].run == ("/env/bin/python", "-m", "pip", "uninstall", "--yes", "mxnet")


def test_a_variant_of_it_is_found_too() -> None:
    found = judge(unwanted("mxnet"), "mxnet-cu112")
    assert isinstance(found, Found)
    assert found.message == "mxnet-cu112 1.9.1 is installed; the profile lab recommends to do without it."


def test_the_shipped_profile_of_a_retired_system_is_content_without_it() -> None:
    (requirement,) = resolve([load_profile("mxnet")])
    assert isinstance(judge(requirement, "numpy"), Passed)
    found = judge(requirement, "mxnet")
    assert isinstance(found, Found)
    assert "retired in 2023" in found.message


def test_in_an_incomplete_list_it_is_not_evaluated() -> None:
    assert isinstance(judge(unwanted("mxnet"), "numpy", completeness=Completeness.PARTIAL), NotEvaluated)


def test_presence_is_another_rules_matter() -> None:
    wanted = Requirement(fact="packages[mxnet]", operator=Operator.INSTALLED, level=Level.MUST, profile="lab")
    assert isinstance(judge(wanted, "mxnet"), NotApplicable)
