"""package-too-old: versions of installed packages against lower bounds."""

from envcheck.facts.snapshot import Completeness, Observed, Package, PackageState, Python, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.report import Safety
from envcheck.rules.package_too_old import RULE


def judge(version: str | None, operator: Operator, bound: str, name: str = "numpy") -> Outcome:
    package = Package(name=name, state=PackageState.OK, version=version) if version else Package(name=name, state=PackageState.OK)
    requirement = Requirement(fact="packages[numpy].version", operator=operator, level=Level.MUST, bound=bound, profile="lab")
    snapshot = Snapshot(packages=(package,), observed=Observed(packages=Completeness.COMPLETE), python=Python(executable="/env/bin/python"))
    (outcome,) = RULE.check(Case(snapshot, (requirement,)))
    return outcome


def test_an_old_release_is_found_with_the_command_that_replaces_it() -> None:
    found = judge("1.26.4", Operator.AT_LEAST, "2.1")
    assert isinstance(found, Found)
    assert found.message == "numpy: 1.26.4; the profile lab needs 2.1 or newer."
    assert found.remedies[0].steps[0].run[-2:] == ("install", "numpy>=2.1")
    assert found.remedies[0].safety is Safety.UNSAFE
    assert found.about == ("numpy",)


def test_the_bound_itself_passes_with_and_without_a_tag() -> None:
    assert isinstance(judge("2.1.0", Operator.AT_LEAST, "2.1"), Passed)
    assert isinstance(judge("2.1.0+local.3", Operator.AT_LEAST, "2.1"), Passed)
    assert isinstance(judge("2.0.99", Operator.AT_LEAST, "2.1"), Found)


def test_an_exact_bound_is_missed_from_below_only() -> None:
    assert isinstance(judge("1.26.4", Operator.EQUALS, "2.1"), Found)
    assert isinstance(judge("2.2.0", Operator.EQUALS, "2.1"), NotApplicable)
    assert isinstance(judge("2.1.7", Operator.EQUALS, "2.1"), Passed)


def test_what_is_not_installed_is_another_rules_matter() -> None:
    assert isinstance(judge("1.0", Operator.AT_LEAST, "2.1", name="scipy"), NotApplicable)


def test_an_unknown_version_is_not_evaluated() -> None:
    assert isinstance(judge(None, Operator.AT_LEAST, "2.1"), NotEvaluated)
