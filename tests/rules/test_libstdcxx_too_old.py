from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.rules.libstdcxx_too_old import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def missing(version: str = "GLIBCXX_3.4.29", library: str = "/usr/lib/x86_64-linux-gnu/libstdc++.so.6", **details: str) -> dict[str, Any]:
    return {
        "kind": "symbol-version-missing",
        "text": f"version `{version}' not found",
        "details": {"version": version, "library": library, **details},
    }


@pytest.mark.parametrize("version", ["GLIBCXX_3.4.20", "GLIBCXX_3.4.29", "GLIBCXX_3.4.32", "CXXABI_1.3.9", "CXXABI_1.3.15"])
def test_a_missing_version_of_libstdcxx_is_found(version: str):
    (found,) = judge(missing(version))
    assert isinstance(found, Found)
    assert version in found.message
    assert "/usr/lib/x86_64-linux-gnu/libstdc++.so.6" in found.message


@pytest.mark.parametrize("version", ["GLIBC_2.28", "OPENSSL_3.0.0", "CURL_OPENSSL_4"])
def test_versions_of_other_libraries_are_passed_over(version: str):
    assert isinstance(judge(missing(version))[0], NotApplicable)


def test_the_system_library_gives_way_to_that_of_conda():
    python = {"environment": "conda", "prefix": "/opt/conda/envs/ml"}
    (found,) = judge(missing(), python=python)
    update, first = found.remedies[0].steps
    assert "libstdcxx-ng" in update.run
    assert "/opt/conda/envs/ml" in update.run
    assert "LD_LIBRARY_PATH=/opt/conda/envs/ml/lib" in first.do


def test_condas_own_old_library_is_updated():
    (found,) = judge(missing(library="/home/me/anaconda3/bin/../lib/libstdc++.so.6"))
    assert found.remedies[0].manager == "conda"


def test_without_conda_it_is_done_by_hand():
    assert judge(missing())[0].remedies[0].manager == "manual"


def test_two_libraries_are_two_findings_and_two_versions_of_one_are_one():
    assert len(judge(missing(), missing("GLIBCXX_3.4.30"), missing(library="/opt/x/libstdc++.so.6"))) == 2


def test_who_needs_it_ties_it_to_a_framework():
    needed_by = "/e/lib/python3.8/site-packages/scipy/optimize/_highs.so"
    assert judge(missing(needed_by=needed_by))[0].about == ("scipy",)


def test_without_the_version_it_cannot_be_judged():
    symptom = {"kind": "symbol-version-missing", "text": "…", "details": {"library": "/lib64/libstdc++.so.6"}}
    assert isinstance(judge(symptom)[0], NotEvaluated)


def test_without_a_symptom_there_is_no_question():
    assert isinstance(judge()[0], NotApplicable)


def test_a_third_folder_comes_off_the_library_path():
    (found,) = judge(
        missing(library="/opt/gcc/7.5.0/lib64/libstdc++.so.6", needed_by="/home/u/.conda/envs/ml/lib/python3.11/site-packages/x.so")
    )
    first, _update = found.remedies[0].steps
    assert first.do.startswith("take /opt/gcc/7.5.0/lib64 off LD_LIBRARY_PATH")
    assert "/home/u/.conda/envs/ml/lib before it" in first.do


@pytest.mark.parametrize(("status", "outcome"), [("imported", Passed), ("failed", NotApplicable)])
def test_an_import_that_ended_well_needed_nothing_else(status: str, outcome: type):
    (told,) = judge(imports=[{"name": "torch", "status": status}])
    assert isinstance(told, outcome)


@pytest.mark.parametrize(
    ("library", "prefix"),
    [
        ("/opt/conda/lib/libstdc++.so.6", "/opt/conda"),
        ("/home/u/miniconda3/envs/x/bin/../lib/libstdc++.so.6", "/home/u/miniconda3/envs/x"),
    ],
)
@pytest.mark.parametrize("needed_by", ["/home/u/project/build/my_ext.so", "/home/u/.cache/torch_extensions/py310_cu121/fused/fused.so", ""])
def test_for_a_module_from_outside_the_environment_its_library_is_updated_and_stays(library: str, prefix: str, needed_by: str):
    (found,) = judge(missing("GLIBCXX_3.4.30", library=library, needed_by=needed_by))
    (remedy,) = found.remedies
    (step,) = remedy.steps
    assert step.run == ("conda", "install", "--yes", "--prefix", prefix, "--channel", "conda-forge", "libstdcxx-ng")
