"""framework-import-hangs: deadlines and sleepers in the kernel."""

import pytest

from envcheck.facts.snapshot import Completeness, Import, Observed, Package, PackageState, Python, Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.framework_import_hangs import RULE

TORCH = Package(name="torch", version="2.8.0", state=PackageState.OK)


def judge(status: str | None, *symptoms: Symptom, packages: tuple[Package, ...] = (TORCH,)) -> list[Outcome]:
    imports = (Import(name="torch", status=status, seconds=60.2),) if status else ()
    observed = Observed(packages=Completeness.COMPLETE)
    python = Python(executable="/env/bin/python")
    return list(RULE.check(Case(Snapshot(imports=imports, symptoms=symptoms, packages=packages, observed=observed, python=python))))


def ending(kind: SymptomKind, **details: str) -> Symptom:
    return Symptom(kind=kind, text="import torch did not come back", subject="torch", details=details)


def test_a_passed_limit_is_likely_a_hang_and_says_where_it_stands() -> None:
    (found,) = judge("timed_out", ending(SymptomKind.TIMED_OUT, seconds="60", frame="/env/torch/cuda.py:9 in init"))
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.LIKELY)
    assert found.message == "import torch did not come back within 60 s; it stands at /env/torch/cuda.py:9 in init."
    assert found.remedies[0].steps[0].run == ("envcheck", "doctor", "--python", "/env/bin/python", "--timeout", "301")
    assert found.would_confirm


def test_what_cannot_be_killed_is_certain() -> None:
    (found,) = judge("unkillable", ending(SymptomKind.UNKILLABLE, stage="importing torch"))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert found.message == "import torch hangs and cannot be killed: it sleeps inside the kernel or a driver."


def test_seconds_that_are_no_number_do_no_harm() -> None:
    imports = (Import(name="torch", status="timed_out"),)
    symptom = ending(SymptomKind.TIMED_OUT, seconds="soon")
    (found,) = RULE.check(Case(Snapshot(imports=imports, symptoms=(symptom,))))
    assert isinstance(found, Found)
    assert found.message == "import torch did not come back in time."


@pytest.mark.parametrize("status", ["imported", "failed", "crashed"])
def test_imports_that_come_back_pass(status: str) -> None:
    assert [type(each) for each in judge(status)] == [Passed]


def test_without_frameworks_the_question_does_not_arise() -> None:
    assert [type(each) for each in judge(None, packages=())] == [NotApplicable]
    assert [type(each) for each in judge("absent", packages=())] == [NotApplicable]


def test_it_is_not_evaluated_where_nothing_was_imported() -> None:
    assert [type(each) for each in judge(None)] == [NotEvaluated]
    assert [type(each) for each in RULE.check(Case(Snapshot()))] == [NotEvaluated]
