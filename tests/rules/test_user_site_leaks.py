"""user-site-leaks: ~/.local inside environments."""

import pytest

from envcheck.facts.snapshot import Completeness, Observed, Package, PackageState, Python, Snapshot, UserSite
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.user_site_leaks import RULE
from tests.rules.rule_words import judged, told

FOLDER = "/home/me/.local/lib/python3.10/site-packages"


def package(name: str, location: str, *others: str) -> Package:
    return Package(name=name, version="1.13.1", state=PackageState.OK, location=location, others=others)


def judge(
    *packages: Package, environment: str = "conda", enabled: bool = True, observed: Completeness = Completeness.COMPLETE
) -> list[Outcome]:
    python = Python(environment=environment, prefix="/opt/conda/envs/ml", user_site=UserSite(path=FOLDER, enabled=enabled))
    return list(RULE.check(Case(Snapshot(python=python, packages=packages, observed=Observed(packages=observed)))))


def test_a_copy_that_hides_the_environments_own_is_a_warning() -> None:
    (found,) = judge(package("torch", FOLDER, "2.8.0 at /opt/conda/envs/ml/lib/python3.10/site-packages"), package("six", FOLDER))
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING
    assert found.message.startswith(f"torch 1.13.1 from {FOLDER} hides the environment's own copy of torch (2.8.0 at /opt/conda")
    assert found.remedies[0].steps[0].run[-1] == "PYTHONNOUSERSITE=1"


def test_packages_that_hide_nothing_are_a_hint_frameworks_first() -> None:
    (found,) = judge(package("six", FOLDER), package("torch", FOLDER + "/"))
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert found.message == f"2 packages of {FOLDER} can be imported in this environment too: torch 1.13.1 and six 1.13.1."


def test_the_environments_own_packages_pass() -> None:
    assert [type(each) for each in judge(package("torch", "/opt/conda/envs/ml/lib/python3.10/site-packages"))] == [Passed]


def test_a_folder_that_is_not_read_passes() -> None:
    assert [type(each) for each in judge(package("torch", FOLDER), enabled=False)] == [Passed]


@pytest.mark.parametrize("environment", ["system", "colab"])
def test_for_a_python_without_packages_of_its_own_the_folder_is_the_normal_place(environment: str) -> None:
    assert [type(each) for each in judge(package("torch", FOLDER), environment=environment)] == [NotApplicable]


def test_it_is_not_evaluated_where_the_folder_or_the_packages_are_not_known() -> None:
    assert [type(each) for each in RULE.check(Case(Snapshot()))] == [NotEvaluated]
    assert [type(each) for each in judge(observed=Completeness.PARTIAL)] == [NotEvaluated]


TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "/home/lee/miniconda3/envs/llm/lib/python3.10/site-packages/transformers/__init__.py", line 26, in <module>\n'
    '  File "/home/lee/.local/lib/python3.10/site-packages/huggingface_hub/__init__.py", line 5, in <module>\n'
)


def test_a_traceback_through_the_users_folder_of_a_conda_environment() -> None:
    (found,) = RULE.check(Case(read_text(TRACEBACK + "ImportError: cannot import name 'x' from 'huggingface_hub'\n")))
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.LIKELY)
    assert found.would_confirm


def test_an_error_of_another_kind_makes_it_no_more_than_a_hint() -> None:
    (found,) = RULE.check(Case(read_text(TRACEBACK + "ValueError: bad token\n")))
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.INFO, Certainty.CERTAIN)


def test_the_users_folder_of_the_systems_python_is_its_normal_place() -> None:
    text = TRACEBACK.replace("/home/lee/miniconda3/envs/llm/lib/python3.10/site-packages", "/usr/lib/python3/dist-packages")
    assert not any(isinstance(each, Found) for each in RULE.check(Case(read_text(text + "ImportError: cannot import name 'x'\n"))))


OF_CONDA = "/home/lee/miniconda3/envs/llm/lib/python3.10/site-packages"
OF_USER = "/home/lee/.local/lib/python3.10/site-packages"
HEAD = f'Traceback (most recent call last):\n  File "{OF_CONDA}/pandas/__init__.py", line 46, in <module>\n'


@pytest.mark.parametrize(
    ("file", "error", "follows"),
    [
        (
            "numpy/__init__.py",
            "ValueError: numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C header, got 88 from PyObject",
            "numpy-abi-mismatch",
        ),
        ("torchvision/_meta_registrations.py", "RuntimeError: operator torchvision::nms does not exist", "torch-family-version-mismatch"),
        (
            "flash_attn/flash_attn_interface.py",
            f"ImportError: {OF_USER}/flash_attn_2_cuda.cpython-310-x86_64-linux-gnu.so: undefined symbol: _ZN3c104cuda9SetDeviceEi",
            "compiled-extension-torch-abi-mismatch",
        ),
        ("google/protobuf/descriptor.py", "TypeError: Descriptors cannot be created directly.", "protobuf-descriptors"),
    ],
)
def test_what_is_wrong_with_the_users_copy_follows_from_it(file: str, error: str, follows: str) -> None:
    report = judged(read_text(f'{HEAD}  File "{OF_USER}/{file}", line 5, in <module>\n{error}\n'))
    first, second = told(report)
    assert (first.rule, first.severity) == ("user-site-leaks", Severity.ERROR)
    assert (second.rule, second.because_of) == (follows, (first.id,))
    assert first.remedies[0].steps[0].run == ("conda", "env", "config", "vars", "set", "PYTHONNOUSERSITE=1")
    assert not [step for finding in report.findings for remedy in finding.remedies for step in remedy.steps if "pip" in step.run]


def test_a_list_with_places_tells_a_mismatch_with_the_users_copy() -> None:
    rows = f"torch       2.5.1   {OF_CONDA}   pip\ntorchvision 0.17.2  {OF_USER}   pip\n"
    first, second = told(judged(read_text(f"$ pip list -v\nPackage     Version Location Installer\n---- ---- ---- ----\n{rows}")))
    assert (first.rule, first.severity, second.rule) == ("user-site-leaks", Severity.ERROR, "torch-family-version-mismatch")
