from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.cudnn_version_mismatch import RULE, cudnn_version


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def said(loaded: str, built: str, subject: str = "jax", library: str = "cudnn") -> dict[str, Any]:
    return {
        "kind": "loaded-older-than-built",
        "text": f"Loaded runtime CuDNN library: {loaded} but source was compiled with: {built}.",
        "subject": subject,
        "details": {"library": library, "loaded": loaded, "built": built},
    }


@pytest.mark.parametrize(
    ("loaded", "built", "expected"),
    [
        ("8.3.2", "8.8.0", Found),
        ("9.10.1", "9.13.1", Found),  # ten is more than nine
        ("8.5.0", "9.1.0", Found),
        ("9.1.0", "8.9.7", Found),  # another major version never fits
        ("9.13.1", "9.13.1", Passed),
        ("9.13.2", "9.13.1", Passed),
        ("8.9.7", "8.6.0", Found),
        ("8302", "8800", Found),
        ("90100", "91301", Found),
    ],
)
def test_the_loaded_version_is_compared_with_the_one_compiled_with(loaded: str, built: str, expected: type):
    assert isinstance(judge(said(loaded, built))[0], expected)


@pytest.mark.parametrize(
    ("number", "version"), [("90100", "9.1.0"), ("8302", "8.3.2"), ("91301", "9.13.1"), ("7605", "7.6.5"), ("9.1.0", "9.1.0"), ("", "")]
)
def test_cudnns_own_number_is_read_as_people_write_it(number: str, version: str):
    assert cudnn_version(number) == version


def test_a_report_makes_it_likely_and_the_machine_itself_certain():
    assert judge(said("8.3.2", "8.8.0"))[0].would_confirm
    assert judge(said("8.3.2", "8.8.0"), live=True)[0].certainty is Certainty.CERTAIN


def test_the_path_and_the_wheels_are_named_where_they_are_known():
    packages = [{"name": "nvidia-cudnn-cu12", "version": "8.9.2.26", "state": "ok"}]
    (found,) = judge(said("8.3.2", "8.8.0"), variables={"LD_LIBRARY_PATH": "/usr/local/cuda/lib64"}, packages=packages)
    assert any(proof.value == "/usr/local/cuda/lib64" for proof in found.evidence)
    assert "nvidia-cudnn-cu12" in found.remedies[0].steps[0].do


def test_missing_versions_cannot_be_compared():
    assert isinstance(judge(said("", "8.8.0"))[0], NotEvaluated)


def test_other_libraries_and_none_raise_no_question():
    assert isinstance(judge(said("1.0", "2.0", library="nccl"))[0], NotApplicable)
    assert isinstance(judge()[0], NotApplicable)


def test_a_newer_minor_version_that_was_refused_is_exchanged_for_the_one_compiled_with():
    (found,) = judge(said("7301", "7003"))
    assert isinstance(found, Found)
    assert found.remedies[0].steps[0].do.startswith("install cuDNN 7.0 ")


def installed(requires: list[str] | None = None, **versions: str) -> list[Any]:
    packages: list[dict[str, Any]] = [{"name": name.replace("_", "-"), "version": v, "state": "ok"} for name, v in versions.items()]
    for package in packages:
        if package["name"] == "torch" and requires is not None:
            package["requires"] = requires
    return list(RULE.check(Case(msgspec.convert({"packages": packages}, Snapshot))))


@pytest.mark.parametrize("cudnn", ["8.9.2.26", "9.0.0.312"])
def test_a_wheel_that_is_older_than_torchs_own_is_a_warning(cudnn: str):
    (found,) = installed(["nvidia-cudnn-cu12==9.1.0.70"], torch="2.6.0+cu124", nvidia_cudnn_cu12=cudnn)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.CERTAIN)
    assert found.remedies[0].steps[-1].run[-1] == "nvidia-cudnn-cu12==9.1.0.70"


def test_by_the_tables_it_is_likely():
    (found,) = installed(torch="2.6.0", nvidia_cudnn_cu12="8.9.7.29")
    assert found.certainty is Certainty.LIKELY
    (found,) = installed(tensorflow="2.18.0", nvidia_cudnn_cu12="8.9.7.29")
    assert found.certainty is Certainty.LIKELY


def test_a_newer_wheel_of_the_same_major_passes():
    assert [type(outcome) for outcome in installed(torch="2.6.0", nvidia_cudnn_cu12="9.10.2.21")] == [Passed]
    assert [type(outcome) for outcome in installed(jax_cuda12_plugin="0.10.2", nvidia_cudnn_cu12="9.8.0.87")] == [Passed]


def test_a_plugin_of_jax_asks_for_a_range():
    (found,) = installed(jax_cuda12_plugin="0.10.2", nvidia_cudnn_cu12="9.1.0.70")
    assert isinstance(found, Found)
    assert found.about[0] == "jax-cuda12-plugin"


def test_a_variant_whose_pins_no_table_has_is_not_evaluated():
    versions = {"torch": "2.7.0+cu118", "nvidia-cudnn-cu11": "9.1.0.70"}
    packages = [{"name": name, "version": version, "state": "ok"} for name, version in versions.items()]
    assert [type(outcome) for outcome in judge(packages=packages)] == [NotEvaluated]
