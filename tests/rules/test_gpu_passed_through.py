"""gpu-passed-through: cards that the host keeps for virtual machines."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Severity
from envcheck.rules.gpu_passed_through import RULE


def judge(*drivers: str | None, symptoms: tuple[dict[str, Any], ...] = (), **facts: Any) -> Any:
    cards = [
        {
            "index": index,
            "vendor": "nvidia",
            "backend": "cuda",
            "name": "Tesla T4",
            "driver": driver,
            "state": "ok" if driver == "nvidia" else "other-driver",
        }
        for index, driver in enumerate(drivers)
    ]
    (outcome,) = RULE.check(Case(msgspec.convert({"accelerators": cards, "symptoms": symptoms, **facts}, Snapshot)))
    return outcome


MISSED = {"kind": "driver-not-found", "text": "Found no NVIDIA driver on your system.", "subject": "torch", "details": {"vendor": "nvidia"}}


def test_it_is_only_told() -> None:
    found = judge("vfio-pci", live=True)
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert "kept for a virtual machine" in found.message


def test_a_program_that_looked_for_it_makes_it_an_error() -> None:
    assert judge("vfio-pci", symptoms=(MISSED,)).severity is Severity.ERROR


def test_beside_a_card_of_the_hosts_own_nothing_is_missed() -> None:
    assert judge("vfio-pci", "nvidia", symptoms=(MISSED,)).severity is Severity.INFO


def test_cards_of_the_host_pass() -> None:
    assert isinstance(judge("nvidia"), Passed)
    assert isinstance(judge(), NotApplicable)
    assert isinstance(judge(None), NotApplicable)


def unseen(**facts: Any) -> Any:
    card = {"index": 0, "vendor": "nvidia", "name": "Tesla T4", "pci_address": "0000:01:00.0"}
    (outcome,) = RULE.check(Case(msgspec.convert({"accelerators": [card], "symptoms": [MISSED], **facts}, Snapshot)))
    return outcome


def test_which_driver_has_the_card_has_to_be_known_where_a_program_missed_it() -> None:
    outcome = unseen(system={"os": "Linux"})
    assert isinstance(outcome, NotEvaluated)
    assert outcome.needs == ("lspci -k",)


@pytest.mark.parametrize(
    "facts",
    [
        {"symptoms": []},
        {"accelerators": [{"index": 0, "vendor": "nvidia", "name": "Tesla T4"}]},  # named, and not seen on the bus
        {"system": {"os": "Windows"}},
        {"system": {"wsl": 2}},
        {"system": {"container": "docker"}},
        {"system": {"job": "4711"}},
        {"nvidia": {"driver_version": "550.54.15"}},
    ],
)
def test_elsewhere_no_card_is_kept_for_a_virtual_machine(facts: dict[str, Any]) -> None:
    assert isinstance(unseen(**facts), NotApplicable)
