"""wheel-for-another-platform: compiled files that the interpreter cannot load."""

from envcheck.facts.snapshot import Completeness, Import, Observed, Package, PackageState, Snapshot, System
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.messages import parse_message
from envcheck.report import Severity
from envcheck.rules.wheel_for_another_platform import RULE

WRONG = Symptom(
    kind=SymptomKind.WRONG_ARCHITECTURE,
    text="mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64')",
    subject="numpy",
    details={"library": "_multiarray_umath.so", "have": "x86_64", "need": "arm64"},
)


def judge(*symptoms: Symptom, imports: tuple[Import, ...] = (), live: bool = False) -> list[Outcome]:
    packages = (Package(name="numpy", version="2.4.6", state=PackageState.OK),)
    snapshot = Snapshot(symptoms=symptoms, imports=imports, live=live, packages=packages, system=System(machine="arm64"))
    return list(RULE.check(Case(snapshot)))


def test_a_file_of_another_architecture_is_named_with_both() -> None:
    (found,) = judge(WRONG)
    assert isinstance(found, Found)
    assert (
        found.message
        == "numpy cannot load _multiarray_umath.so, which was made for another platform. It is for x86_64, and arm64 is needed."
    )
    assert found.remedies[0].steps[-1].run[-1] == "numpy==2.4.6"
    assert found.symptoms == (WRONG,)
    assert found.severity is Severity.ERROR


def test_without_a_known_package_the_environment_is_to_be_made_anew() -> None:
    (found,) = judge(Symptom(kind=SymptomKind.WRONG_ARCHITECTURE, text="wrong ELF class: ELFCLASS32"))
    assert isinstance(found, Found)
    assert found.remedies[0].manager == "manual"
    assert found.message == "the program cannot load a compiled module, which was made for another platform."


def test_imports_that_met_none_pass() -> None:
    assert [type(each) for each in judge(imports=(Import(name="numpy", status="imported"),))] == [Passed]


def test_an_absent_import_shows_nothing() -> None:
    assert [type(each) for each in judge(imports=(Import(name="numpy", status="absent"),), live=True)] == [NotEvaluated]


def test_an_installed_framework_that_was_not_imported_leaves_it_open() -> None:
    packages = (Package(name="torch", state=PackageState.OK),)
    snapshot = Snapshot(live=True, observed=Observed(packages=Completeness.COMPLETE), packages=packages)
    assert [type(each) for each in RULE.check(Case(snapshot))] == [NotEvaluated]


def test_it_is_not_evaluated_where_nothing_was_imported_here() -> None:
    assert [type(each) for each in judge(live=True)] == [NotEvaluated]


def test_an_environment_without_frameworks_raises_no_question() -> None:
    snapshot = Snapshot(live=True, observed=Observed(packages=Completeness.COMPLETE))
    assert [type(each) for each in RULE.check(Case(snapshot))] == [NotApplicable]


def test_a_text_without_such_words_raises_no_question() -> None:
    assert [type(each) for each in judge()] == [NotApplicable]


def test_a_file_for_glibc_on_a_system_with_musl_needs_another_system() -> None:
    needed_by = "/usr/local/lib/python3.11/site-packages/onnxruntime/capi/x.so"
    (found,) = judge(
        *parse_message(f"Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by {needed_by})")
    )
    assert isinstance(found, Found)
    assert found.message.endswith("It is for glibc, and musl is needed.")
    assert "python:3.12-slim" in found.remedies[0].steps[0].do


def test_windows_number_for_another_architecture_counts_in_any_language() -> None:
    text = "ImportError: DLL load failed while importing _ext: %1 ist keine zulässige Win32-Anwendung."
    (found,) = judge(*parse_message(text, subject="numpy"))
    assert isinstance(found, Found)
    assert found.message == "numpy cannot load _ext, which was made for another platform."
    other = judge(*parse_message("ImportError: DLL load failed while importing _ext: Das angegebene Modul wurde nicht gefunden."))
    assert [type(outcome) for outcome in other] == [NotApplicable]
