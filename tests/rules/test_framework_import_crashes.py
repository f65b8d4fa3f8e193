"""framework-import-crashes: signals, exits and memory."""

import pytest

from envcheck.facts.snapshot import Completeness, Import, Observed, Package, PackageState, Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.framework_import_crashes import RULE

TORCH = Package(name="torch", version="2.8.0", state=PackageState.OK)


def judge(status: str | None, *symptoms: Symptom, packages: tuple[Package, ...] = (TORCH,)) -> list[Outcome]:
    imports = (Import(name="torch", status=status),) if status else ()
    observed = Observed(packages=Completeness.COMPLETE)
    return list(RULE.check(Case(Snapshot(imports=imports, symptoms=symptoms, packages=packages, observed=observed))))


def ending(kind: SymptomKind, **details: str) -> Symptom:
    return Symptom(kind=kind, text="import torch ended", subject="torch", details=details)


@pytest.mark.parametrize(
    ("status", "symptom", "message"),
    [
        (
            "crashed",
            ending(SymptomKind.SIGNAL, signal="SIGILL", stage="importing torch", frame="/torch/x.py:5 in f"),
            "import torch crashed with SIGILL (it met an instruction that this processor does not have), at /torch/x.py:5 in f.",
        ),
        ("crashed", ending(SymptomKind.SIGNAL, signal="SIGRTMIN", stage="importing torch"), "import torch crashed with SIGRTMIN."),
        (
            "crashed",
            ending(SymptomKind.SIGNAL, signal="SIGSEGV", stage="loading"),
            "import torch crashed with SIGSEGV (it touched memory that is not its own), while loading.",
        ),
        (
            "crashed",
            ending(SymptomKind.EXITED, status="3", stage="importing torch"),
            "import torch ended the process with status 3 before it could answer.",
        ),
        (
            "killed_for_memory",
            ending(SymptomKind.KILLED_FOR_MEMORY, resident_bytes="6200000000"),
            "import torch was stopped when it held 6.2 GB, before the machine had no memory left.",
        ),
    ],
)
def test_the_end_is_told_in_words(status: str, symptom: Symptom, message: str) -> None:
    (found,) = judge(status, symptom)
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR
    assert found.message == message
    assert found.symptoms == (symptom,)
    assert found.subject == "torch 2.8.0"


def test_without_a_symptom_the_status_alone_is_told() -> None:
    (found,) = judge("crashed")
    assert isinstance(found, Found)
    assert found.message == "import torch ended the process."


def test_too_much_memory_is_not_cured_by_a_reinstallation() -> None:
    (found,) = judge("killed_for_memory", ending(SymptomKind.KILLED_FOR_MEMORY, resident_bytes="many"))
    assert isinstance(found, Found)
    assert found.message == "import torch was stopped, before the machine had no memory left."
    assert found.remedies[0].manager == "manual"


@pytest.mark.parametrize("status", ["imported", "failed", "timed_out"])
def test_other_ends_pass(status: str) -> None:
    assert [type(each) for each in judge(status)] == [Passed]


def test_without_frameworks_the_question_does_not_arise() -> None:
    assert [type(each) for each in judge(None, packages=())] == [NotApplicable]
    assert [type(each) for each in judge("absent", packages=())] == [NotApplicable]


def test_it_is_not_evaluated_where_nothing_was_imported() -> None:
    assert [type(each) for each in judge(None)] == [NotEvaluated]
    assert [type(each) for each in RULE.check(Case(Snapshot()))] == [NotEvaluated]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (">>> import torch\nSegmentation fault (core dumped)\n", "torch"),
        ('$ python -c "import sklearn"\nAborted (core dumped)\n', "sklearn"),
    ],
)
def test_a_shells_word_below_an_import_is_likely(text: str, subject: str) -> None:
    (found,) = RULE.check(Case(read_text(text)))
    assert isinstance(found, Found)
    assert (found.subject, found.certainty) == (subject, Certainty.LIKELY)


def test_a_crash_of_who_knows_what_is_left_open() -> None:
    assert [type(each) for each in RULE.check(Case(read_text("$ ./train.sh\nSegmentation fault (core dumped)\n")))] == [NotEvaluated]
