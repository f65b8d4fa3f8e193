"""Which cards programs can use, and why not the others."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Accelerator
from envcheck.judging.usable_gpus import is_given_away, why_unusable


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        ({"visible": False}, "it is hidden from programs"),
        ({"state": "no-driver"}, "it has no driver"),
        ({"state": "other-driver", "driver": "vfio-pci"}, "the driver vfio-pci has it"),
        ({"driver": "nouveau"}, "the driver nouveau has it"),
        ({"state": "lost"}, "it no longer answers"),
        ({"state": "denied"}, "this user may not open it"),
        ({"state": "hidden"}, "it is not given to this process"),
        ({"compute_mode": "prohibited"}, "its compute mode forbids programs"),
        ({"mig": "enabled", "mig_devices": []}, "it is in MIG mode and has no instance"),
    ],
)
def test_a_card_that_no_program_can_use_has_a_reason(card: dict[str, Any], reason: str):
    assert why_unusable(msgspec.convert({"index": 0, **card}, Accelerator)) == reason


@pytest.mark.parametrize(
    "card",
    [
        {},
        {"state": "ok"},
        {"visible": True},
        {"mig": "enabled"},
        {"mig": "enabled", "mig_devices": [{}]},
        {"compute_mode": "exclusive-process"},
    ],
)
def test_nothing_is_held_against_the_others(card: dict[str, Any]):
    assert why_unusable(msgspec.convert({"index": 0, **card}, Accelerator)) is None


@pytest.mark.parametrize(("driver", "given"), [("vfio-pci", True), ("xen-pciback", True), ("nouveau", False), (None, False)])
def test_a_card_is_given_away_by_the_drivers_that_lend(driver: str | None, given: bool):
    assert is_given_away(msgspec.convert({"index": 0, "driver": driver}, Accelerator)) is given
