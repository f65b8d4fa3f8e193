"""package-overwritten: distributions that write the same files."""

import pytest

from envcheck.facts.snapshot import Completeness, Import, Observed, Overwrite, Package, PackageState, Python, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.report import Severity
from envcheck.rules.package_overwritten import RULE

ALL = Observed(packages=Completeness.COMPLETE)


def package(name: str, version: str = "1.0", manager: str = "pip") -> Package:
    return Package(name=name, version=version, state=PackageState.OK, manager=manager)


def judge(
    *packages: Package, overwrites: tuple[Overwrite, ...] = (), imports: tuple[Import, ...] = (), observed: Observed = ALL
) -> list[Outcome]:
    python = Python(executable="/env/bin/python")
    return list(RULE.check(Case(Snapshot(packages=packages, overwrites=overwrites, imports=imports, observed=observed, python=python))))


def test_opencv_twins_are_removed_both_before_one_is_installed() -> None:
    twins = (package("opencv-python", "4.11.0"), package("opencv-python-headless", "4.10.0"), package("pip"))
    overwrite = Overwrite(distributions=("opencv-python", "opencv-python-headless"), files=12, example="cv2/cv2.abi3.so")
    (found,) = judge(*twins, overwrites=(overwrite,))
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING
    assert found.message.startswith("opencv-python 4.11.0 and opencv-python-headless 4.10.0 both bring the module cv2")
    assert [step.run for step in found.remedies[0].steps] == [
        ("/env/bin/python", "-m", "pip", "uninstall", "--yes", "opencv-python", "opencv-python-headless"),
        ("/env/bin/python", "-m", "pip", "install", "opencv-python==4.11.0"),
    ]


def test_of_opencv_the_variant_with_contrib_is_kept_and_headless_only_where_all_are() -> None:
    (found,) = judge(package("opencv-python-headless"), package("opencv-contrib-python-headless"))
    assert isinstance(found, Found)
    assert found.remedies[0].steps[-1].run[-1] == "opencv-contrib-python-headless==1.0"


def test_three_of_a_group_are_all_named() -> None:
    (found,) = judge(package("xgboost"), package("xgboost-cpu"), package("xgboost-cu12"))
    assert isinstance(found, Found)
    assert " all bring the module xgboost" in found.message


@pytest.mark.parametrize(("status", "severity"), [("failed", Severity.ERROR), ("absent", Severity.ERROR), ("imported", Severity.WARNING)])
def test_it_is_an_error_where_the_module_does_not_come_up(status: str, severity: Severity) -> None:
    imports = (Import(name="tensorflow", status=status),)
    (found,) = judge(package("tensorflow"), package("tensorflow-cpu"), imports=imports)
    assert isinstance(found, Found)
    assert found.severity is severity


@pytest.mark.parametrize(
    "packages",
    [
        pytest.param((package("opencv-python"),), id="one alone"),
        pytest.param((package("tensorflow"), package("tensorflow-intel")), id="tensorflow needs its intel part on Windows"),
        pytest.param((package("tensorflow"), package("tensorflow-cpu-aws")), id="and another on ARM"),
        pytest.param((package("tensorflow"), package("tensorflow-gpu", "2.12.0")), id="the empty shell"),
        pytest.param((package("opencv-python", manager="conda"), package("opencv-python-headless", manager="conda")), id="conda's aliases"),
        pytest.param((package("mlflow"), package("mlflow-skinny")), id="mlflow is made of parts"),
        pytest.param((package("onnxruntime"), package("onnxruntime-gpu")), id="ONNX Runtime has its own rule"),
    ],
)
def test_healthy_neighbours_pass(packages: tuple[Package, ...]) -> None:
    assert [type(outcome) for outcome in judge(*packages)] == [Passed]


def test_where_nothing_is_installed_nothing_is_overwritten() -> None:
    assert [type(outcome) for outcome in judge()] == [NotApplicable]
    partial = Observed(packages=Completeness.PARTIAL)
    assert [type(outcome) for outcome in judge(observed=partial)] == [Passed]


@pytest.mark.parametrize(
    ("example", "severity"),
    [
        ("nvidia/cudnn/lib/libcudnn.so.9", Severity.WARNING),
        ("google/api/http_pb2.py", Severity.WARNING),
        ("nvidia/__init__.py", Severity.INFO),
        ("", Severity.WARNING),
        ("tests/__init__.py", None),
        ("examples/train.py", None),
        ("LICENSE", None),
        ("package/README.md", None),
    ],
)
def test_strangers_matter_where_a_program_loads_the_shared_file(example: str, severity: Severity | None) -> None:
    (outcome,) = judge(overwrites=(Overwrite(distributions=("one", "two"), files=3, example=example),))
    assert (outcome.severity if isinstance(outcome, Found) else None) is severity


@pytest.mark.parametrize(
    ("distributions", "found"),
    [
        (("xgboost", "xgboost-cpu"), False),
        (("onnxruntime", "onnxruntime-gpu"), False),
        (("pillow", "opencv-python"), True),
        (("one", "pillow"), True),
    ],
)
def test_files_shared_within_a_group_are_told_once_by_the_group(distributions: tuple[str, ...], found: bool) -> None:
    outcomes = judge(overwrites=(Overwrite(distributions=distributions, files=1, example="shared/core.so"),))
    assert [type(outcome) for outcome in outcomes] == [Found if found else Passed]


def test_the_shell_is_empty_only_in_its_last_release() -> None:
    assert [type(outcome) for outcome in judge(package("tensorflow", "2.11"), package("tensorflow-gpu", "2.11"))] == [Found]
    assert [type(outcome) for outcome in judge(package("tensorflow", "2.12"), package("tf-nightly", "2.12"))] == [Found]


def test_it_is_not_evaluated_where_no_packages_were_looked_for() -> None:
    assert [type(outcome) for outcome in judge(observed=Observed())] == [NotEvaluated]


def test_variants_of_opencv_in_one_release_are_a_hint() -> None:
    (found,) = judge(package("opencv-python", "4.8.0.76"), package("opencv-python-headless", "4.8.1.78"))
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO


@pytest.mark.parametrize(
    "twins", [("cupy-cuda11x", "cupy-cuda12x"), ("faiss-cpu", "faiss-gpu"), ("tensorboard", "tb-nightly"), ("tensorflow", "tensorflow-cpu")]
)
def test_twins_of_several_families(twins: tuple[str, str]) -> None:
    (found,) = judge(*map(package, twins))
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING
