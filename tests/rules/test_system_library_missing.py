"""system-library-missing."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty
from envcheck.rules.system_library_missing import RULE
from tests.rules.rule_words import said, words


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    facts.setdefault("system", {"os": "Linux"})
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def missed(library: str, subject: str = "", **details: str) -> dict[str, Any]:
    return said("library-not-found", subject, library=library, **details)


@pytest.mark.parametrize(
    ("distribution", "command"),
    [
        ("debian", "sudo apt-get install --yes libgomp1"),
        ("rocky", "sudo dnf install --assumeyes libgomp"),
        ("opensuse-leap", "sudo zypper install libgomp1"),
        ("arch", "sudo pacman --sync --needed gcc-libs"),
        ("alpine", "sudo apk add libgomp"),
    ],
)
def test_each_distribution_has_its_own_package(distribution: str, command: str) -> None:
    (found,) = judge(missed("libgomp.so.1", "lightgbm"), system={"os": "Linux", "distribution_id": distribution})
    assert isinstance(found, Found)
    assert found.message == "lightgbm needs libgomp.so.1 of the operating system, which was not found."
    assert command in words(found)


def test_in_a_container_one_is_root_and_the_image_should_have_it() -> None:
    (found,) = judge(missed("libsndfile.so.1"), system={"os": "Linux", "distribution_id": "debian", "container": "docker"})
    assert "sudo" not in words(found)
    assert "RUN apt-get update && apt-get install --yes libsndfile1" in words(found)


def test_where_the_distribution_is_not_known_all_are_told() -> None:
    (found,) = judge(missed("libSM.so.6"))
    assert all(command in words(found) for command in ("apt-get install --yes libsm6", "dnf install --assumeyes libSM", "apk add libsm"))


def test_opencv_without_windows_is_offered_first() -> None:
    packages = [{"name": "opencv-python", "version": "4.10.0.84", "state": "ok"}]
    (found,) = judge(missed("libGL.so.1"), missed("libgthread-2.0.so.0"), packages=packages)
    assert found.message == "cv2 needs libGL.so.1 and libgthread-2.0.so.0 of the operating system, which were not found."
    first, second = found.remedies
    assert "opencv-python-headless" in " ".join(first.steps[-1].run)
    assert "libgl1 libglib2.0-0" in words(found)
    assert second.manager == "manual"


def test_what_conda_installed_gets_it_from_conda() -> None:
    package = {"name": "opencv-python", "version": "4.10.0", "state": "ok", "manager": "conda"}
    (found,) = judge(missed("libGL.so.1", "cv2"), packages=[package], python={"environment": "conda", "prefix": "/c"})
    assert "conda install --yes --prefix /c --channel conda-forge libgl" in words(found)


def test_on_nixos_no_package_helps() -> None:
    (found,) = judge(missed("libstdc++.so.6", "numpy"), system={"os": "Linux", "distribution_id": "nixos"})
    assert "nix-ld" in words(found)


def test_the_library_of_an_interpreter_is_named_after_it() -> None:
    (found,) = judge(missed("libpython3.10.so.1.0"), system={"os": "Linux", "distribution_id": "ubuntu"})
    assert "apt-get install --yes libpython3.10" in words(found)


def test_any_number_of_ffmpegs_libraries_counts() -> None:
    (found,) = judge(missed("libavutil.so.58", "torchcodec"), system={"os": "Linux", "distribution_id": "ubuntu"})
    assert "apt-get install --yes ffmpeg" in words(found)


def test_what_ldd_does_not_find_is_only_likely_missing() -> None:
    (found,) = judge(missed("libgomp.so.1", reason="ldd"))
    assert (found.certainty, bool(found.would_confirm)) == (Certainty.LIKELY, True)


@pytest.mark.parametrize(
    "symptom",
    [
        missed("libcudart.so.12"),
        missed("libcuda.so.1"),
        missed("libGL.so.1", reason="linker"),
        missed("/venv/lib/python3.11/site-packages/scipy.libs/libgfortran.so.5"),
    ],
)
def test_what_is_not_the_systems_is_not_missed_here(symptom: dict[str, Any]) -> None:
    assert [type(outcome) for outcome in judge(symptom)] == [NotApplicable]


def test_imports_that_went_well_pass() -> None:
    assert [type(outcome) for outcome in judge(imports=[{"name": "torch", "status": "imported"}])] == [Passed]


def test_where_nothing_was_imported_it_is_not_judged() -> None:
    (outcome,) = judge(live=True, packages=[{"name": "torch", "version": "2.0.0", "state": "ok"}])
    assert isinstance(outcome, NotEvaluated)


def test_other_systems_are_no_matter_of_it() -> None:
    (outcome,) = judge(missed("libGL.so.1"), system={"os": "Darwin"})
    assert isinstance(outcome, NotApplicable)
