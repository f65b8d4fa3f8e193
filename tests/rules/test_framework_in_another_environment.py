"""framework-in-another-environment: what stands nearby."""

import pytest

from envcheck.facts.environment import NAMED
from envcheck.facts.snapshot import (
    Completeness,
    Import,
    NearbyEnvironment,
    Observed,
    Package,
    PackageState,
    Python,
    Snapshot,
    System,
)
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.report import Severity
from envcheck.rules.framework_in_another_environment import RULE

ALL = Observed(packages=Completeness.COMPLETE)
NEARBY = NearbyEnvironment(path="/project/.venv", environment="venv", frameworks={"torch": "2.8.0", "tensorflow-cpu": "2.20.0"})
EMPTY = NearbyEnvironment(path="/other")
MISSING = Symptom(kind=SymptomKind.MODULE_NOT_FOUND, text="No module named 'torch'", details={"module": "torch"}, subject="python")
TORCH = Package(name="torch", version="2.8.0", state=PackageState.OK)


def judge(*nearby: NearbyEnvironment, packages: tuple[Package, ...] = (), observed: Observed = ALL, **facts: object) -> list[Outcome]:
    python = Python(executable="/usr/bin/python3", nearby=nearby)
    return list(RULE.check(Case(Snapshot(python=python, packages=packages, observed=observed, **facts))))


def test_a_bare_python_beside_an_environment_with_frameworks_is_a_hint() -> None:
    (found,) = judge(EMPTY, NEARBY)
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert found.message == (
        "/usr/bin/python3 has no tensor framework; torch 2.8.0 and tensorflow-cpu 2.20.0 are installed in /project/.venv."
    )
    assert found.remedies[0].steps[0].run == ("/project/.venv/bin/python",)


def test_a_program_that_missed_torch_makes_it_an_error_that_explains_the_missing_module() -> None:
    (found,) = judge(NEARBY, symptoms=(MISSING,))
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR
    assert found.symptoms == (MISSING,)
    assert found.message == "/usr/bin/python3 does not have torch; torch 2.8.0 is installed in /project/.venv."
    assert "module-not-found" in RULE.explains


def test_it_is_a_hint_where_this_very_environment_was_named() -> None:
    python = Python(executable="/usr/bin/python3", nearby=(NEARBY,), chosen_because=NAMED)
    (found,) = RULE.check(Case(Snapshot(python=python, symptoms=(MISSING,), observed=ALL)))
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert found.message == "/usr/bin/python3 does not have torch; torch 2.8.0 is installed in /project/.venv."


def test_a_framework_that_was_named_and_is_absent_is_found_by_another_of_its_distributions() -> None:
    (found,) = judge(NEARBY, packages=(TORCH,), imports=(Import(name="tensorflow", status="absent"),))
    assert isinstance(found, Found)
    assert found.subject == "tensorflow"
    assert "tensorflow-cpu 2.20.0 is installed in /project/.venv" in found.message


def test_only_the_framework_that_is_absent_was_missed() -> None:
    imports = (Import(name="jax", status="absent"), Import(name="tensorflow", status="imported"))
    assert [type(outcome) for outcome in judge(NEARBY, packages=(TORCH,), imports=imports)] == [Passed]


def test_an_environment_that_has_a_framework_is_asked_nothing() -> None:
    assert [type(outcome) for outcome in judge(NEARBY, packages=(TORCH,))] == [NotApplicable]


def test_empty_neighbours_pass() -> None:
    assert [type(outcome) for outcome in judge(EMPTY)] == [Passed]
    assert [type(outcome) for outcome in judge()] == [Passed]


def test_a_neighbour_with_another_framework_than_the_missing_one_is_no_answer() -> None:
    jax = NearbyEnvironment(path="/jax", frameworks={"jax": "0.7"})
    assert [type(outcome) for outcome in judge(jax, symptoms=(MISSING,))] == [Passed]


def test_a_partial_list_of_packages_leaves_it_open() -> None:
    assert [type(outcome) for outcome in judge(NEARBY, observed=Observed(packages=Completeness.PARTIAL))] == [NotEvaluated]


def test_it_is_not_evaluated_where_nobody_looked_around() -> None:
    assert [type(outcome) for outcome in RULE.check(Case(Snapshot(observed=ALL)))] == [NotEvaluated]


def test_a_users_site_folder_has_no_interpreter_to_name() -> None:
    folder = "/home/me/.local/lib/python3.10/site-packages"
    (found,) = judge(NearbyEnvironment(path=folder, environment="user", frameworks={"torch": "2.1"}))
    assert isinstance(found, Found)
    assert found.remedies[0].summary == f"run the program with Python 3.10, which reads {folder}"


@pytest.mark.parametrize(
    ("nearby", "system", "command"),
    [
        (NearbyEnvironment(path="/x/bin/python3.11", frameworks={"torch": "1"}), "Linux", "/x/bin/python3.11"),
        (NearbyEnvironment(path="/x/python-envs/", frameworks={"torch": "1"}), "Linux", "/x/python-envs/bin/python"),
        (NearbyEnvironment(path="C:\\x", frameworks={"torch": "1"}), "Windows", "C:\\x\\Scripts\\python.exe"),
        (NearbyEnvironment(path="C:\\x", environment="conda", frameworks={"torch": "1"}), "Windows", "C:\\x\\python.exe"),
    ],
)
def test_the_remedy_names_the_interpreter(nearby: NearbyEnvironment, system: str, command: str) -> None:
    (found,) = judge(nearby, system=System(os=system))
    assert isinstance(found, Found)
    assert found.remedies[0].steps[0].run == (command,)
