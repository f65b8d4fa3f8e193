"""module-shadowed: files of one's own in place of installed or standard modules."""

import pytest

from envcheck.facts.snapshot import Import, Package, PackageState, Python, ShadowingFile, Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotEvaluated, Outcome, Passed
from envcheck.report import Severity
from envcheck.rules.module_shadowed import RULE

RANDOM = ShadowingFile(module="random", path="/project/random.py", standard_library=True)
TORCH = ShadowingFile(module="torch", path="/project/torch.py")


def judge(
    *files: ShadowingFile,
    symptoms: tuple[Symptom, ...] = (),
    imports: tuple[Import, ...] = (),
    packages: tuple[Package, ...] = (),
) -> list[Outcome]:
    snapshot = Snapshot(python=Python(shadowing=files), symptoms=symptoms, imports=imports, packages=packages)
    return list(RULE.check(Case(snapshot)))


def test_a_file_with_the_name_of_a_standard_module_is_a_warning() -> None:
    (found,) = judge(RANDOM)
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING
    assert found.message == "/project/random.py is imported in place of the standard module random by programs that run from there."


def test_it_is_an_error_where_a_program_names_the_file() -> None:
    said = Symptom(
        kind=SymptomKind.IMPORT_FAILED, text="ImportError: cannot import name 'x' from 'random' (/project/random.py)", subject="numpy"
    )
    (found,) = judge(RANDOM, symptoms=(said,))
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR
    assert found.symptoms == (said,)


def test_another_file_in_the_text_does_not_make_it_an_error() -> None:
    said = Symptom(kind=SymptomKind.IMPORT_FAILED, text="ImportError: cannot import name 'x' from 'a' (/project/random.py.d/a.py)")
    (found,) = judge(RANDOM, symptoms=(said,))
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING


def test_it_is_an_error_where_the_hidden_framework_fails() -> None:
    (found,) = judge(TORCH, imports=(Import(name="torch", status="failed"),))
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR
    assert found.about == ("torch",)


def test_another_import_that_fails_does_not_make_it_an_error() -> None:
    (found,) = judge(TORCH, imports=(Import(name="torch", status="imported"), Import(name="jax", status="failed")))
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize("name", ["test", "this"])
def test_names_that_no_library_imports_are_left_alone(name: str) -> None:
    assert [type(outcome) for outcome in judge(ShadowingFile(module=name, path=f"/project/{name}", standard_library=True))] == [Passed]


def test_an_editable_installation_is_no_shadow() -> None:
    package = Package(name="torch", state=PackageState.OK, location="/project/pytorch")
    file = ShadowingFile(module="torch", path="/project/pytorch/torch")
    assert [type(outcome) for outcome in judge(file, packages=(package,))] == [Passed]


def test_a_folder_whose_name_only_begins_like_the_installation_is_a_shadow() -> None:
    package = Package(name="torch", state=PackageState.OK, location="/project/py")
    file = ShadowingFile(module="torch", path="/project/pytorch/torch")
    assert [type(outcome) for outcome in judge(file, packages=(package,))] == [Found]


def test_nothing_in_the_way_passes() -> None:
    assert [type(outcome) for outcome in judge()] == [Passed]


def test_it_is_not_evaluated_where_the_folder_was_not_looked_at() -> None:
    assert [type(outcome) for outcome in RULE.check(Case(Snapshot()))] == [NotEvaluated]
