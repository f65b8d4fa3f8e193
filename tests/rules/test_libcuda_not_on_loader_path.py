"""The names under which the loader is asked for the driver's library."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.libcuda_not_on_loader_path import RULE
from tests.rules.rule_words import said, words


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


def missing(library: str, **more: str) -> dict[str, Any]:
    return said("library-not-found", "torch", library=library, **more)


@pytest.mark.parametrize(
    ("symptoms", "facts", "certainty", "remedy"),
    [
        ([missing("libcuda.so", needed_by="libcudnn_cnn_infer.so.8")], {}, "certain", "libcuda.so.1"),
        ([missing("libcuda.so")], {"system": {"wsl": 2}}, "certain", "export LD_LIBRARY_PATH=/usr/lib/wsl/lib"),
        ([missing("libcuda.so.1")], {"nvidia": {"driver_version": "550.54.15"}}, "likely", "libnvidia-compute"),
        ([missing("libcuda.so.1")], {"nvidia": {"libcuda_path": "/opt/x/libcuda.so.1", "libcuda_loadable": False}}, "certain", "/opt/x"),
        (
            [missing("libcuda.so.1")],
            {"nvidia": {"driver_version": "1.2"}, "system": {"distribution_id": "nixos"}},
            "likely",
            "/run/opengl-driver/lib",
        ),
        ([missing("libcuda.so.1")], {"nvidia": {"driver_version": "1.2"}, "system": {"distribution_id": "arch"}}, "likely", "nvidia-utils"),
    ],
)
def test_it_fires(symptoms: list[Any], facts: dict[str, Any], certainty: str, remedy: str) -> None:
    found = judge(*symptoms, **facts)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty(certainty))
    assert remedy in words(found)


def test_without_anybody_who_asks_it_is_a_warning() -> None:
    assert judge(nvidia={"libcuda_path": "/usr/lib/wsl/lib/libcuda.so.1", "libcuda_loadable": False}).severity is Severity.WARNING


@pytest.mark.parametrize(
    ("symptoms", "facts"),
    [
        ([missing("libcuda.so.1")], {"nvidia": {"libcuda_path": None}}),  # there is no driver at all
        ([{**missing("libcuda.so.1"), "subject": "tensorflow"}], {}),  # as at every start without a card
        ([missing("libcuda.so.1")], {"nvidia": {"driver_version": "550.54.15"}, "system": {"container": "docker"}}),
        ([missing("libcuda.so", reason="linker")], {}),
        ([missing("libcudart.so.12")], {"nvidia": {"driver_version": "550.54.15"}}),
        ([missing("libcuda.so.1")], {"system": {"os": "Windows"}}),
        ([], {}),
    ],
)
def test_it_does_not_fire(symptoms: list[Any], facts: dict[str, Any]) -> None:
    assert isinstance(judge(*symptoms, **facts), NotApplicable)


@pytest.mark.parametrize(
    ("speaker", "facts"), [("torch", {}), ("tensorflow", {"accelerators": [{"index": 0, "vendor": "nvidia", "name": "Tesla T4"}]})]
)
def test_whether_the_library_is_there_has_to_be_known(speaker: str, facts: dict[str, Any]) -> None:
    outcome = judge({**missing("libcuda.so.1"), "subject": speaker}, **facts)
    assert isinstance(outcome, NotEvaluated)
    assert outcome.needs == ("ldconfig -p | grep libcuda",)


def test_a_library_that_loads_passes() -> None:
    assert isinstance(judge(nvidia={"libcuda_path": "/usr/lib64/libcuda.so.1", "libcuda_loadable": True}), Passed)


def test_what_the_variable_was_is_written_out_since_no_shell_puts_it_in() -> None:
    nvidia = {"libcuda_path": "/usr/lib/wsl/lib/libcuda.so.1", "libcuda_loadable": False}
    found = judge(nvidia=nvidia, system={"wsl": 2}, variables={"LD_LIBRARY_PATH": "/opt/cuda/lib64"})
    assert "LD_LIBRARY_PATH=/usr/lib/wsl/lib:/opt/cuda/lib64" in words(found)
    assert "$" not in words(found)


def test_only_linux_has_a_file_of_that_name_whatever_else_a_text_speaks_of() -> None:
    assert isinstance(judge(missing("libcuda.so"), system={"os": "Windows"}), Found)
    assert isinstance(judge(missing("libcuda.so.1"), system={"os": "Windows"}), NotApplicable)
