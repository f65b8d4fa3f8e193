"""package-too-new: versions of installed packages against upper bounds."""

from envcheck.facts.snapshot import Completeness, Observed, Package, PackageState, Python, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.report import Safety
from envcheck.rules.package_too_new import RULE


def judge(version: str | None, operator: Operator, bound: str, name: str = "numpy") -> Outcome:
    package = Package(name=name, state=PackageState.OK, version=version) if version else Package(name=name, state=PackageState.OK)
    requirement = Requirement(fact="packages[numpy].version", operator=operator, level=Level.MUST, bound=bound, profile="lab")
    snapshot = Snapshot(packages=(package,), observed=Observed(packages=Completeness.COMPLETE), python=Python(executable="/env/bin/python"))
    (outcome,) = RULE.check(Case(snapshot, (requirement,)))
    return outcome


def test_a_new_release_is_found_with_the_command_that_replaces_it() -> None:
    found = judge("2.4.0", Operator.AT_MOST, "2.3")
    assert isinstance(found, Found)
    assert found.message == "numpy: 2.4.0; the profile lab needs 2.3 or older."
    assert found.remedies[0].steps[0].run[-2:] == ("install", "numpy<2.4")
    assert found.remedies[0].safety is Safety.UNSAFE


def test_the_whole_series_of_the_bound_passes() -> None:
    assert isinstance(judge("2.3.9", Operator.AT_MOST, "2.3"), Passed)
    assert isinstance(judge("2.4", Operator.AT_MOST, "2.3"), Found)


def test_an_exact_bound_is_missed_from_above_only() -> None:
    found = judge("2.2.0", Operator.EQUALS, "2.1")
    assert isinstance(found, Found)
    assert found.remedies[0].steps[0].run[-1] == "numpy==2.1.*"
    assert isinstance(judge("1.26.4", Operator.EQUALS, "2.1"), NotApplicable)


def test_what_is_not_installed_is_another_rules_matter() -> None:
    assert isinstance(judge("9.0", Operator.AT_MOST, "2.1", name="scipy"), NotApplicable)


def test_an_unknown_version_is_not_evaluated() -> None:
    assert isinstance(judge(None, Operator.AT_MOST, "2.1"), NotEvaluated)
