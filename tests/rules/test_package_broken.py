"""package-broken: metadata that cannot be used."""

from envcheck.facts.snapshot import Completeness, Import, Observed, Package, PackageState, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.report import Severity
from envcheck.rules.package_broken import RULE

ALL = Observed(packages=Completeness.COMPLETE)


def judge(*packages: Package, observed: Observed = ALL, imports: tuple[Import, ...] = ()) -> list[Outcome]:
    return list(RULE.check(Case(Snapshot(packages=packages, observed=observed, imports=imports))))


def broken(name: str, version: str | None = None, manager: str = "pip") -> Package:
    known = {"version": version} if version else {}
    return Package(name=name, state=PackageState.BROKEN, manager=manager, detail="its METADATA is empty", **known)


def test_a_framework_whose_metadata_is_empty_is_an_error_that_says_so() -> None:
    (found,) = judge(broken("torch", "2.8.0"))
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR
    assert found.message == "torch 2.8.0 is installed with metadata that cannot be used: its METADATA is empty."
    assert "torch" in found.about


def test_the_remedy_writes_over_what_pip_cannot_remove() -> None:
    (found,) = judge(broken("torch", "2.8.0"))
    assert isinstance(found, Found)
    command = found.remedies[0].steps[-1].run
    assert command[-3:] == ("--ignore-installed", "--no-deps", "torch==2.8.0")


def test_a_framework_that_was_imported_in_spite_of_it_is_only_a_warning() -> None:
    (found,) = judge(broken("torch"), imports=(Import(name="torch", status="imported"),))
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING


def test_another_framework_that_was_imported_proves_nothing() -> None:
    imports = (Import(name="numpy", status="imported"), Import(name="torch", status="failed"))
    (found,) = judge(broken("torch"), imports=imports)
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR


def test_what_the_system_installed_is_left_to_its_own_manager() -> None:
    (found,) = judge(broken("six", manager="system"), broken("attrs"))
    assert isinstance(found, Found)
    assert found.remedies[0].manager == "manual"


def test_many_others_make_one_warning_with_a_cut_list() -> None:
    outcomes = judge(*(broken(f"package-{number}") for number in range(7)))
    (found,) = outcomes
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING
    assert "package-4 and 2 more are installed" in found.message


def test_what_several_managers_brought_is_left_to_the_person() -> None:
    (found,) = judge(broken("six"), broken("attrs", manager="conda"))
    assert isinstance(found, Found)
    assert found.remedies[0].manager == "manual"


def test_whole_packages_pass() -> None:
    (passed,) = judge(Package(name="torch", state=PackageState.OK, version="2.8.0"))
    assert isinstance(passed, Passed)
    assert passed.message == "the metadata of 1 package can be read"


def test_an_environment_without_packages_has_none_that_could_be_broken() -> None:
    assert [type(outcome) for outcome in judge()] == [NotApplicable]


def test_it_is_not_evaluated_where_no_packages_were_looked_for() -> None:
    assert [type(outcome) for outcome in judge(observed=Observed())] == [NotEvaluated]
