"""pythonpath-mixes-environments."""

import pytest

from envcheck.facts.snapshot import Package, PackageState, Python, Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.pythonpath_mixes_environments import RULE
from tests.rules.rule_words import judged, told

OWN = "/env/lib/python3.12/site-packages"


def judge(*folders: str) -> list[Outcome]:
    python = Python(version="3.12.1", prefix="/env", base_prefix="/usr", site_folders=(OWN,), python_path=folders)
    return list(RULE.check(Case(Snapshot(python=python))))


def test_packages_of_another_python_version_are_a_warning() -> None:
    (found,) = judge("/opt/tools/lib/python3.8/site-packages")
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING
    assert found.message.endswith("it is of Python 3.8, and this is Python 3.12.")


@pytest.mark.parametrize(
    "folder", ["/opt/tools/lib/python3.12/site-packages/", "/opt/ros/lib/python3/dist-packages", "C:\\Python\\Lib\\site-packages"]
)
def test_packages_of_the_same_or_of_no_version_are_a_hint(folder: str) -> None:
    (found,) = judge(folder)
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO


@pytest.mark.parametrize("folder", ["/home/me/project/src", OWN, OWN + "/", "/usr/lib/python3/dist-packages", "/srv/site-packages-mirror"])
def test_source_folders_and_the_environments_own_pass(folder: str) -> None:
    assert [type(each) for each in judge(folder)] == [Passed]


def test_a_neighbour_whose_name_begins_the_same_is_foreign() -> None:
    assert [type(each) for each in judge("/environment/lib/python3.12/site-packages")] == [Found]


def test_each_folder_is_judged_by_itself() -> None:
    assert [type(each) for each in judge("/a/site-packages", "/src", "/b/site-packages")] == [Found, Found]


def test_it_is_an_error_where_a_program_failed_in_a_file_of_that_folder() -> None:
    folder = "/opt/tools/lib/python3.8/site-packages"
    said = Symptom(kind=SymptomKind.IMPORT_FAILED, text="ImportError", subject="torch", details={"frame": f"{folder}/numpy/__init__.py:1"})
    snapshot = Snapshot(python=Python(version="3.12.1", prefix="/env", python_path=(folder,)), symptoms=(said,))
    (found,) = RULE.check(Case(snapshot))
    assert isinstance(found, Found)
    assert (found.severity, found.symptoms) == (Severity.ERROR, (said,))
    assert "torch" in found.about


def test_of_the_same_version_it_is_only_likely_the_cause_and_unsaid_certain() -> None:
    folder = "/opt/tools/lib/python3.12/site-packages"
    said = Symptom(kind=SymptomKind.IMPORT_FAILED, text=f"ImportError in {folder}/x.py")
    (likely,) = RULE.check(Case(Snapshot(python=Python(version="3.12.1", python_path=(folder,)), symptoms=(said,))))
    (certain,) = judge(folder)
    assert isinstance(likely, Found)
    assert isinstance(certain, Found)
    assert (likely.certainty, likely.would_confirm) == (Certainty.LIKELY, ("the same program with PYTHONPATH unset",))
    assert (certain.certainty, certain.would_confirm) == (Certainty.CERTAIN, ())


def test_it_is_no_cause_of_what_does_not_come_from_it() -> None:
    (found,) = judge("/opt/tools/lib/python3.8/site-packages")
    assert isinstance(found, Found)
    assert found.about == ("/opt/tools/lib/python3.8/site-packages",)


def test_without_the_variable_the_question_does_not_arise() -> None:
    assert [type(each) for each in judge()] == [NotApplicable]


def test_it_is_not_evaluated_where_the_variable_is_not_known() -> None:
    assert [type(each) for each in RULE.check(Case(Snapshot()))] == [NotEvaluated]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("PYTHONPATH=/sw/lib/python3.8/site-packages\n$ python -V\nPython 3.11.6\n", Found),
        ("PYTHONPATH=/sw/lib/python3.8/site-packages\n", NotEvaluated),
        ("PYTHONPATH=/v/lib/python3.11/site-packages\n$ which python\n/v/bin/python\n", Passed),
        ("PYTHONPATH=/home/a/src:/home/a/lib\n", Passed),
        ("Python 3.11.6\n", NotEvaluated),
    ],
)
def test_the_variable_in_a_text(text: str, outcome: type[Outcome]) -> None:
    assert [type(each) for each in RULE.check(Case(read_text(text)))] == [outcome]


MIXED = (
    "Traceback (most recent call last):\n"
    '  File "/v/lib/python3.11/site-packages/torch/__init__.py", line 26, in <module>\n'
    '  File "/sw/lib/python3.8/site-packages/numpy/__init__.py", line 5, in <module>\n'
    "ImportError: cannot import name 'core' from 'numpy'\n"
)


def test_a_traceback_through_the_packages_of_two_pythons() -> None:
    (found,) = RULE.check(Case(read_text(MIXED)))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY
    assert found.subject == "/sw/lib/python3.8/site-packages"


def test_two_folders_of_one_version_are_common() -> None:
    assert not any(isinstance(each, Found) for each in RULE.check(Case(read_text(MIXED.replace("3.8", "3.11")))))


def test_it_is_a_warning_where_it_hides_another_release_of_the_environments_own() -> None:
    folder = "/opt/tools/lib/python3.12/site-packages"
    numpy = Package(name="numpy", version="2.1.0", state=PackageState.OK, location=folder, others=(f"1.26.4 at {OWN}",))
    python = Python(version="3.12.1", prefix="/env", site_folders=(OWN,), python_path=(folder,))
    (found,) = RULE.check(Case(Snapshot(python=python, packages=(numpy,))))
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.CERTAIN)
    assert found.message.endswith(f"and hides the environment's own numpy (1.26.4 at {OWN}) behind numpy 2.1.0.")


def test_what_is_wrong_with_a_package_that_came_from_it_follows() -> None:
    text = (
        "$ echo $PYTHONPATH\n/sw/envs/base/lib/python3.10/site-packages\n$ which python\n/home/u/venv/bin/python\n"
        "Traceback (most recent call last):\n"
        '  File "/home/u/venv/lib/python3.10/site-packages/pandas/__init__.py", line 46, in <module>\n'
        '  File "/sw/envs/base/lib/python3.10/site-packages/numpy/__init__.py", line 5, in <module>\n'
        "ValueError: numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C header, got 88 from PyObject\n"
    )
    first, second = told(judged(read_text(text)))
    assert (first.rule, first.severity) == ("pythonpath-mixes-environments", Severity.ERROR)
    assert (second.rule, second.because_of) == ("numpy-abi-mismatch", (first.id,))
