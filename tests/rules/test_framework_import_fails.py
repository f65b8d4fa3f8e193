"""framework-import-fails: exceptions of imports, in words."""

import pytest

from envcheck.facts.snapshot import Completeness, Import, Observed, Package, PackageState, Python, Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.report import Severity
from envcheck.rules.framework_import_fails import RULE

ALL = Observed(packages=Completeness.COMPLETE)
TORCH = Package(name="torch", version="2.8.0", state=PackageState.OK, manager="pip")
PIP = Package(name="pip", state=PackageState.OK)


def judge(
    *imports: Import, symptoms: tuple[Symptom, ...] = (), packages: tuple[Package, ...] = (TORCH, PIP), observed: Observed = ALL
) -> list[Outcome]:
    python = Python(executable="/env/bin/python")
    return list(RULE.check(Case(Snapshot(imports=imports, symptoms=symptoms, packages=packages, observed=observed, python=python))))


def said(kind: SymptomKind, text: str, subject: str = "torch", **details: str) -> Symptom:
    return Symptom(kind=kind, text=text, subject=subject, details=details)


FAILED = Import(name="torch", status="failed")


def test_the_exception_is_told_in_its_first_line() -> None:
    words = said(
        SymptomKind.LIBRARY_NOT_FOUND,
        "ImportError: libcudart.so.13: cannot open shared object file\nsecond line",
        library="libcudart.so.13",
    )
    (found,) = judge(FAILED, symptoms=(words,))
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR
    assert found.subject == "torch 2.8.0"
    assert found.message == "import torch fails: ImportError: libcudart.so.13: cannot open shared object file."
    assert found.symptoms == (words,)


def test_words_of_another_import_are_not_taken() -> None:
    other = said(SymptomKind.IMPORT_FAILED, "ImportError: something", subject="tensorflow")
    (found,) = judge(FAILED, symptoms=(other,))
    assert isinstance(found, Found)
    assert found.symptoms == ()
    assert found.message == "import torch fails and says nothing."


def test_a_module_that_nobody_names_is_not_installed_by_its_name() -> None:
    words = said(SymptomKind.MODULE_NOT_FOUND, "ModuleNotFoundError: No module named 'typing_extension'", module="typing_extension")
    (found,) = judge(FAILED, symptoms=(words,))
    assert isinstance(found, Found)
    assert found.remedies[0].manager == "manual"


@pytest.mark.parametrize(("module", "distribution"), [("typing_extensions", "typing-extensions"), ("sklearn.base", "scikit-learn")])
def test_a_missing_module_that_is_known_or_required_is_what_the_remedy_installs(module: str, distribution: str) -> None:
    package = Package(name="torch", version="2.8.0", state=PackageState.OK, manager="pip", requires=("typing_extensions>=4.10", "sympy"))
    words = said(SymptomKind.MODULE_NOT_FOUND, f"ModuleNotFoundError: No module named '{module}'", module=module)
    (found,) = judge(FAILED, symptoms=(words,), packages=(package, PIP))
    assert isinstance(found, Found)
    assert found.remedies[0].steps[-1].run[-2:] == ("install", distribution)
    assert distribution in found.about


def test_a_missing_module_of_its_own_is_a_damaged_installation() -> None:
    words = said(SymptomKind.MODULE_NOT_FOUND, "ModuleNotFoundError: No module named 'torch._C'", module="torch._C")
    (found,) = judge(FAILED, symptoms=(words,))
    assert isinstance(found, Found)
    assert found.remedies[0].steps[-1].run[-3:] == ("--force-reinstall", "--no-deps", "torch==2.8.0")


def test_a_build_from_another_index_is_installed_again_from_there() -> None:
    package = Package(name="torch", version="2.8.0+cu128", state=PackageState.OK)
    (found,) = judge(FAILED, packages=(package, PIP))
    assert isinstance(found, Found)
    command = found.remedies[0].steps[-1].run
    assert command[-1] == "torch==2.8.0"
    assert command[command.index("--index-url") + 1] == "https://download.pytorch.org/whl/cu128"


def test_a_local_version_that_no_index_has_is_not_asked_for() -> None:
    package = Package(name="torch", version="2.8.0a0+git1234567", state=PackageState.OK)
    (found,) = judge(FAILED, packages=(package, PIP))
    assert isinstance(found, Found)
    assert "+" not in found.remedies[0].steps[-1].run[-1]


NUMPY = Package(name="numpy", version="2.4.6", state=PackageState.OK, manager="pip")
SKLEARN = Package(name="scikit-learn", version="1.9.1", state=PackageState.OK, manager="pip", requires=("numpy>=1.24",))
OF_NUMPY = "ModuleNotFoundError: No module named 'numpy._core._multiarray_umath'"
CIRCULAR = "ImportError: cannot import name 'x' from 'numpy.linalg' (/e/lib/python3.11/site-packages/numpy/linalg/__init__.py)"
FRAME = "/e/lib/python3.11/site-packages/numpy/linalg/__init__.py:3 in <module>"


def both_fail(kind: SymptomKind, text: str, **details: str) -> list[Found]:
    imports = (Import(name="sklearn", status="failed"), Import(name="numpy", status="failed"))
    words = tuple(said(kind, text, subject, **details) for subject in ("sklearn", "numpy"))
    return [each for each in judge(*imports, symptoms=words, packages=(NUMPY, SKLEARN, PIP)) if isinstance(each, Found)]


@pytest.mark.parametrize(
    ("kind", "text", "details"),
    [
        (SymptomKind.MODULE_NOT_FOUND, OF_NUMPY, {"module": "numpy._core._multiarray_umath"}),
        (SymptomKind.IMPORT_FAILED, CIRCULAR, {"frame": FRAME}),
    ],
)
def test_what_fails_as_the_package_that_it_imports_fails_follows_from_it(kind: SymptomKind, text: str, details: dict[str, str]) -> None:
    sklearn, numpy = both_fail(kind, text, **details)
    assert (numpy.subject, numpy.follows, numpy.remedies[0].summary) == ("numpy 2.4.6", (), "install numpy again")
    assert (sklearn.subject, sklearn.follows, sklearn.remedies) == ("scikit-learn 1.9.1", ("numpy 2.4.6",), ())


def test_words_that_name_no_other_package_follow_from_nothing() -> None:
    assert [each.follows for each in both_fail(SymptomKind.IMPORT_FAILED, "OSError: odd")] == [(), ()]


def test_a_missing_part_of_another_installed_package_is_no_reason_to_install_it_once_more() -> None:
    words = said(SymptomKind.MODULE_NOT_FOUND, OF_NUMPY, "sklearn", module="numpy._core._multiarray_umath")
    (found,) = judge(Import(name="sklearn", status="failed"), symptoms=(words,), packages=(NUMPY, SKLEARN, PIP))
    assert isinstance(found, Found)
    assert found.remedies[0].steps[-1].run[-3:] == ("--force-reinstall", "--no-deps", "numpy==2.4.6")


def test_an_exception_without_words_is_told_by_the_one_at_the_end_of_its_chain() -> None:
    long = said(SymptomKind.IMPORT_FAILED, "ImportError:\nIMPORTANT: PLEASE READ THIS FOR ADVICE!", "numpy")
    last = said(SymptomKind.MODULE_NOT_FOUND, OF_NUMPY, "numpy", module="numpy._core._multiarray_umath")
    (found,) = judge(Import(name="numpy", status="failed"), symptoms=(long, last), packages=(NUMPY, PIP))
    assert isinstance(found, Found)
    assert found.message == f"import numpy fails: {OF_NUMPY}."


def test_the_package_in_whose_file_it_was_raised_is_concerned_too() -> None:
    words = said(SymptomKind.IMPORT_FAILED, "AttributeError: x", frame="/env/lib/python3.11/site-packages/sklearn/base.py:3 in <module>")
    (found,) = judge(FAILED, symptoms=(words,))
    assert isinstance(found, Found)
    assert {"torch", "sklearn", "scikit-learn"} <= set(found.about)


def test_what_is_listed_but_has_no_module_is_a_finding() -> None:
    (found,) = judge(Import(name="torch", status="absent"))
    assert isinstance(found, Found)
    assert found.message == "torch 2.8.0 is listed as installed, but there is no module torch to import."


def test_what_is_not_installed_at_all_is_left_to_another_rule() -> None:
    assert [type(each) for each in judge(Import(name="jax", status="absent"))] == [NotApplicable]


def test_an_import_that_comes_up_passes_with_its_version() -> None:
    (passed,) = judge(Import(name="torch", status="imported", version="2.8.0"))
    assert isinstance(passed, Passed)
    assert passed.message == "torch 2.8.0"


def test_a_crash_is_none_of_its_business() -> None:
    assert [type(each) for each in judge(Import(name="torch", status="crashed"))] == [NotApplicable]


def test_without_frameworks_the_question_does_not_arise() -> None:
    assert [type(each) for each in judge(packages=(PIP,))] == [NotApplicable]


def test_it_is_not_evaluated_where_nothing_was_imported() -> None:
    assert [type(each) for each in judge()] == [NotEvaluated]
    assert [type(each) for each in judge(packages=(), observed=Observed())] == [NotEvaluated]
