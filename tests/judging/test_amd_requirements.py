"""What profiles require of GPUs, judged on AMD's cards; and healthy machines of AMD's, which nothing may find fault with."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.amd_cards import amd_gpus, rocm_build, wants_rocm
from envcheck.judging.comparison import Met
from envcheck.judging.engine import diagnose
from envcheck.judging.requirements import compare
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.readers.read import read_text
from envcheck.report import Severity
from envcheck.rules import all_rules

COMPLETE = {"accelerators": "complete", "devices": "complete", "modules": "complete"}
MI300X = {
    "vendor": "amd",
    "backend": "rocm",
    "name": "AMD Instinct MI300X",
    "architecture": "gfx942",
    "driver": "amdgpu",
    "memory_bytes": 206141652992,
    "state": "ok",
}
LAPTOP = {
    "vendor": "amd",
    "backend": "rocm",
    "name": "AMD Radeon 780M Graphics",
    "architecture": "gfx1103",
    "driver": "amdgpu",
    "memory_bytes": 2**29,
    "shared_memory_bytes": 16441004032,
    "integrated": True,
    "unified_memory": True,
}
KFD = {"path": "/dev/kfd", "mode": "crw-rw----", "group": "render"}


def machine(*cards: dict[str, Any], **facts: Any) -> Snapshot:
    numbered = [{"index": index, **card} for index, card in enumerate(cards)]
    base = {"live": True, "taken": "2026-11-21T09:00:00Z", "system": {"os": "Linux"}, "observed": COMPLETE, "accelerators": numbered}
    return msgspec.convert({**base, **facts}, Snapshot)


@pytest.mark.parametrize(
    ("fact", "operator", "value", "met"),
    [
        ("accelerators.memory_bytes", ">=", "24 GB", Met.YES),
        ("accelerators.memory_bytes", ">=", "512 GB", Met.NO),
        ("accelerators.backend", "includes", "rocm", Met.YES),
        ("accelerators.backend", "includes", "cuda", Met.NO),
        ("accelerators.compute_capability", ">=", "7.5", Met.MOOT),
    ],
)
def test_a_profile_is_judged_on_facts(fact: str, operator: str, value: str, met: Met):
    requirement = Requirement(fact=fact, operator=Operator(operator), bound=value, level=Level.MUST, profile="lab")
    assert compare(requirement, machine(MI300X)).met is met


@pytest.mark.parametrize(
    "snapshot",
    [
        pytest.param(
            machine(*[MI300X] * 8, devices=[{**KFD, "accessible": True}], amd={"state": "ok", "rocm_version": "6.4.1"}), id="MI300X"
        ),
        pytest.param(
            machine(
                *[MI300X] * 8,
                devices=[{**KFD, "accessible": True}],
                amd={"state": "ok", "rocm_version": "6.4.1"},
                builds={"torch": {"version": "2.8.0+rocm6.4", "rocm": "6.4", "cuda": None}},
                variables={"HIP_VISIBLE_DEVICES": "0,1"},
            ),
            id="MI300X with torch",
        ),
        pytest.param(
            machine(LAPTOP, devices=[{**KFD, "accessible": False, "member": False, "error": "EACCES"}], amd={"state": "denied"}),
            id="laptop",
        ),
        pytest.param(machine({**LAPTOP, "name": "AMD Radeon RX 580", "architecture": "gfx803"}, amd={"state": "no-kfd"}), id="old desktop"),
        pytest.param(
            machine({"vendor": "amd", "name": "Radeon HD 7870", "driver": "radeon"}, amd={"state": "driver-not-loaded"}), id="radeon"
        ),
        pytest.param(
            machine({**LAPTOP, "driver": "vfio-pci", "state": "other-driver"}, amd={"state": "driver-not-loaded"}), id="passed through"
        ),
    ],
)
def test_a_healthy_machine_is_left_alone(snapshot: Snapshot):
    rules = [rule for rule in all_rules() if rule.name in OWN]
    assert len(rules) == len(OWN)
    assert [found for found in diagnose(snapshot, rules).findings if found.severity is not Severity.INFO] == []


OWN = (
    "amdgpu-not-loaded",
    "gpu-too-old",
    "hsa-override-gfx-version",
    "integrated-gpu-comes-first",
    "kfd-permission",
    "rocm-visible-devices",
)


def test_a_refused_node_is_the_one_cause_of_all_that_follows():
    text = (
        "ROCk module is loaded\nUnable to open /dev/kfd read-write: Permission denied\n"
        'carol is not member of "render" group, the default DRM access group. Users must be a member of it\n'
        "Call returned HSA_STATUS_ERROR_OUT_OF_RESOURCES: The runtime failed to allocate the necessary resources.\n"
        "RuntimeError: No HIP GPUs are available\n"
    )
    report = diagnose(read_text(text), all_rules())
    assert report.findings[0].rule == "kfd-permission"
    assert [finding.rule for finding in report.findings if finding.role.value == "primary"] == ["kfd-permission"]


def test_a_target_is_told_by_the_driver_the_number_or_the_name():
    cards = ({"vendor": "amd", "architecture": "gfx942"}, {"vendor": "amd", "pci_id": "1002:67df"}, {"vendor": "amd", "name": "RX 7600"})
    assert [(gpu.target, gpu.sure) for gpu in amd_gpus(machine(*cards))] == [("gfx942", True), ("gfx803", True), ("gfx1102", True)]
    assert [gpu.target for gpu in amd_gpus(machine({"vendor": "amd"}, {"vendor": "nvidia", "name": "RX 7600"}))] == [None]


def test_who_wants_rocm():
    packages = [{"name": "torch", "version": "2.8.0+rocm6.4", "state": "ok"}]
    assert rocm_build(machine(packages=packages)) == ("torch", "6.4")
    assert wants_rocm(machine(amd={"rocm_version": "6.4.1"}))
    assert not wants_rocm(machine(MI300X))
