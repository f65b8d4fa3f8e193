"""fabricmanager-not-running: machines with NVSwitch, whose GPUs wait for their fabric."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty
from envcheck.rules.fabricmanager_not_running import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


def cards(name: str = "NVIDIA H100 80GB HBM3", **more: Any) -> list[dict[str, Any]]:
    return [{"index": index, "vendor": "nvidia", "backend": "cuda", "name": name, **more} for index in range(8)]


NOT_READY = {"kind": "cuda-error", "text": "Error 802: system not yet initialized", "code": 802, "details": {"code": "802"}}
REFUSED = {
    "kind": "fabric-manager-failed",
    "text": "fabric manager NVIDIA GPU driver interface version 530.30.02 don't match with driver version 530.41.03.",
    "details": {"reason": "version", "have": "530.30.02", "need": "530.41.03"},
}
UBUNTU = {"os": "Linux", "distribution_id": "ubuntu", "container": None}


@pytest.mark.parametrize("name", ["NVIDIA H100 80GB HBM3", "NVIDIA A100-SXM4-80GB", "NVIDIA H200", "NVIDIA B200", "A100-SXM4-40GB"])
def test_cudas_word_on_a_machine_with_nvswitch_decides(name: str) -> None:
    found = judge(NOT_READY, accelerators=cards(name))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN


@pytest.mark.parametrize("name", ["NVIDIA H100 PCIe", "NVIDIA A100-PCIE-40GB", "NVIDIA H200 NVL", "NVIDIA L40S"])
def test_elsewhere_it_is_only_likely(name: str) -> None:
    found = judge(NOT_READY, accelerators=cards(name))
    assert found.certainty is Certainty.LIKELY
    assert found.would_confirm


@pytest.mark.parametrize("fabric", ["not-started", "in-progress"])
def test_gpus_that_wait_for_their_fabric_need_no_words(fabric: str) -> None:
    assert isinstance(judge(accelerators=cards(fabric=fabric)), Found)


@pytest.mark.parametrize(
    ("nvidia", "words"),
    [
        ({"fabric_manager": None}, "is not installed"),
        ({"fabric_manager": "stopped"}, "does not run"),
        (
            {"fabric_manager": "stopped", "fabric_manager_version": "535.54.03", "driver_version": "535.183.01"},
            "is 535.54.03, the driver 535.183.01",
        ),
    ],
)
def test_switches_without_the_service_are_found(nvidia: dict[str, Any], words: str) -> None:
    found = judge(accelerators=cards("NVIDIA A100-SXM4-80GB"), nvidia={**nvidia, "nvswitches": 6})
    assert words in found.message


def test_the_services_own_complaint_names_both_versions() -> None:
    assert "is 530.30.02, the driver 530.41.03" in judge(REFUSED).message


def test_the_package_has_exactly_the_drivers_version() -> None:
    nvidia = {"driver_version": "550.54.15", "kernel_module_version": "550.54.15", "fabric_manager": None, "nvswitches": 4}
    install, *_ = judge(NOT_READY, system=UBUNTU, nvidia=nvidia).remedies[0].steps
    assert install.run[-1] == "nvidia-fabricmanager-550=550.54.15*"
    rocky = {"os": "Linux", "distribution_id": "rocky", "distribution_version": "9.4"}
    assert judge(NOT_READY, system=rocky, nvidia=nvidia).remedies[0].steps[0].run[-1] == "nvidia-fabric-manager-550.54.15"


def test_a_stopped_service_is_only_started() -> None:
    nvidia = {"driver_version": "550.54.15", "fabric_manager": "stopped", "fabric_manager_version": "550.54.15"}
    assert judge(NOT_READY, nvidia=nvidia).remedies[0].steps[0].run == ("sudo", "systemctl", "enable", "--now", "nvidia-fabricmanager")


def test_in_a_container_it_is_the_hosts_matter() -> None:
    assert "host" in judge(NOT_READY, system={"container": "docker"}).remedies[0].summary
    down = {"fabric_manager": None, "nvswitches": 6}
    assert isinstance(judge(system={"container": "docker"}, accelerators=cards(), nvidia=down), NotApplicable)


@pytest.mark.parametrize(
    "facts",
    [
        {"accelerators": cards(fabric="completed"), "nvidia": {"nvswitches": 4, "fabric_manager": "stopped"}},
        {"accelerators": cards("NVIDIA A100-SXM4-80GB"), "nvidia": {"nvswitches": 6, "fabric_manager": "running"}},
        {"accelerators": cards(fabric="in-progress"), "builds": {"torch": {"cuda_available": True}}, "nvidia": {"nvswitches": 4}},
    ],
)
def test_a_fabric_that_works_passes(facts: dict[str, Any]) -> None:
    assert isinstance(judge(**facts), Passed)


def test_four_sxm_gpus_without_switches_need_no_service() -> None:
    nvidia = {"nvswitches": 0, "fabric_manager": None}
    assert isinstance(judge(live=True, accelerators=cards("NVIDIA A100-SXM4-40GB")[:4], nvidia=nvidia), NotApplicable)


NO_DEVICE = {"kind": "cuda-error", "text": "no CUDA-capable device is detected", "code": 100, "details": {"code": "100"}}


def test_whether_the_fabric_manager_runs_has_to_be_known_beside_switches() -> None:
    for outcome in (judge(nvidia={"nvswitches": 6}, accelerators=cards()), judge(NO_DEVICE, accelerators=cards())):
        assert isinstance(outcome, NotEvaluated)
        assert outcome.needs == ("systemctl status nvidia-fabricmanager",)


def test_a_service_that_stopped_is_likely_the_reason_for_a_board_of_such_gpus_without_a_device() -> None:
    found = judge(NO_DEVICE, accelerators=cards(), nvidia={"fabric_manager": "stopped"})
    assert isinstance(found, Found)
    assert (found.certainty, found.symptoms[0].code) == (Certainty.LIKELY, 100)
    assert not isinstance(judge(NO_DEVICE, accelerators=cards("NVIDIA L40S"), nvidia={"fabric_manager": "stopped"}), Found)


@pytest.mark.parametrize(
    ("symptoms", "facts"),
    [
        ((), {"accelerators": cards()}),
        ((NO_DEVICE,), {"accelerators": cards("NVIDIA L40S")}),
        ((NO_DEVICE,), {"accelerators": cards(), "system": {"container": "docker"}}),
    ],
)
def test_without_switches_or_anybody_who_misses_a_gpu_nothing_is_asked(symptoms: tuple[dict[str, Any], ...], facts: dict[str, Any]) -> None:
    assert isinstance(judge(*symptoms, **facts), NotApplicable)
