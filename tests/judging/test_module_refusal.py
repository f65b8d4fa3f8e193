"""Why the kernel does not run NVIDIA's module."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.module_refusal import Refusal, proofs_of, refusal

KERNEL = "6.8.0-85-generic"


def reason(*words: str, **facts: Any) -> Refusal:
    symptoms = [{"kind": "kernel-module-failed", "text": word, "details": {"module": "nvidia", "reason": word}} for word in words]
    snapshot = msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)
    found = refusal(snapshot, snapshot.symptoms)
    assert found is not Refusal.UNKNOWN or proofs_of(snapshot, found) == []
    return found


def card(driver: str | None) -> list[dict[str, Any]]:
    return [{"index": 0, "vendor": "nvidia", "driver": driver}]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"accelerators": card("nouveau")}, Refusal.ANOTHER_DRIVER),
        ({"modules": ["nouveau"]}, Refusal.ANOTHER_DRIVER),
        ({"modules": ["nouveau"], "accelerators": card("nvidia")}, Refusal.UNKNOWN),
        ({"nvidia": {"packages_unfinished": ["nvidia-dkms-580"]}}, Refusal.HALF_AN_UPGRADE),
        ({"nvidia": {"package_version": "1:580.95.05-0ubuntu1", "library_version": "575.64.03"}}, Refusal.HALF_AN_UPGRADE),
        ({"nvidia": {"package_version": "580.95.05-1", "library_version": "580.95.05"}}, Refusal.UNKNOWN),
        ({"system": {"secure_boot": True, "kernel": KERNEL}, "nvidia": {"module_kernels": [KERNEL]}}, Refusal.SECURE_BOOT),
        ({"system": {"secure_boot": True}}, Refusal.UNKNOWN),
        ({"system": {"secure_boot": True, "kernel": KERNEL}, "nvidia": {"module_kernels": []}}, Refusal.NO_MODULE),
        ({"system": {"kernel": KERNEL}, "nvidia": {"module_kernels": ["6.8.0-84-generic"]}}, Refusal.NO_MODULE),
        ({"system": {"kernel": KERNEL}, "nvidia": {"module_kernels": [KERNEL]}}, Refusal.UNKNOWN),
        ({}, Refusal.UNKNOWN),
    ],
)
def test_facts_tell_the_reason(facts: dict[str, Any], expected: Refusal):
    assert reason(**facts) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("another driver owns the device", Refusal.ANOTHER_DRIVER),
        ("Required key not available", Refusal.SECURE_BOOT),
        ("Key was rejected by service", Refusal.SECURE_BOOT),
        ("not signed", Refusal.SECURE_BOOT),
        ("not found in directory /lib/modules/6.8.0-45-generic", Refusal.NO_MODULE),
        ("the card is not supported by this driver", Refusal.NOT_SUPPORTED),
        ("the firmware gave the card no address space", Refusal.NO_ADDRESSES),
        ("No such device", Refusal.UNKNOWN),
    ],
)
def test_the_kernels_words_tell_it(words: str, expected: Refusal):
    assert reason(words) is expected
