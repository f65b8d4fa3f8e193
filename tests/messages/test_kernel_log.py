"""What the kernel's log and the fabric manager's service say of NVIDIA's cards."""

import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages import parse_message
from envcheck.readers.read import read_text

K = SymptomKind
LINES = [
    (
        "[ 2345.678901] NVRM: Xid (PCI:0000:3b:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.",
        K.GPU_XID,
        {"code": "79", "device": "0000:3b:00.0"},
    ),
    ("kernel: NVRM: Xid (0000:81:00): 31, Ch 00000010, engmask 00000101", K.GPU_XID, {"code": "31", "device": "0000:81:00.0"}),
    ("[   49.261458] NVRM: GPU at 0000:01:00.0 has fallen off the bus.", K.GPU_XID, {"code": "79", "device": "0000:01:00.0"}),
    ("NVRM: GPU 0000:01:00.0: GPU has fallen off the bus.", K.GPU_XID, {"code": "79", "device": "0000:01:00.0"}),
    (
        "Dec  2 11:49:53 worker4 kernel: [  885.242168] NVRM: GPU 0000:0a:00.0: RmInitAdapter failed! (0x24:0x72:1568)",
        K.GPU_START_FAILED,
        {"device": "0000:0a:00.0", "reason": "0x24:0x72:1568"},
    ),
    (
        "[Sun Apr 14 12:48:42 2024] NVRM: GPU 0000:81:00.0: rm_init_adapter failed, device minor number 0",
        K.GPU_START_FAILED,
        {"device": "0000:81:00.0"},
    ),
    ("NVRM: rm_init_adapter failed for device bearing minor number 0", K.GPU_START_FAILED, {}),
    (
        (
            "[   38.034696] NVRM: The NVIDIA GPU 0000:01:00.0 (PCI ID: 10de:2330)\n"
            "[   38.034696] NVRM: installed in this system is not supported by the\n"
            "[   38.034696] NVRM: NVIDIA 550.90.07 driver release."
        ),
        K.KERNEL_MODULE_FAILED,
        {"module": "nvidia", "reason": "the card is not supported by this driver", "device": "0000:01:00.0", "pci_id": "10de:2330"},
    ),
    (
        (
            "[    5.559842] NVRM: The NVIDIA GPU 0000:02:00.0 (PCI ID: 10de:2c58)\n"
            "               NVRM: installed in this system requires use of the NVIDIA open kernel modules."
        ),
        K.KERNEL_MODULE_FAILED,
        {"module": "nvidia", "reason": "the card needs the open kernel modules"},
    ),
    (
        "NVRM: This PCI I/O region assigned to your NVIDIA device is invalid:",
        K.KERNEL_MODULE_FAILED,
        {"module": "nvidia", "reason": "the firmware gave the card no address space"},
    ),
    ("[14903.1] PM: suspend exit", K.RESUMED, {"reason": "PM: suspend exit"}),
    ("kernel: PM: hibernation: hibernation exit", K.RESUMED, {"reason": "PM: hibernation: hibernation exit"}),
    ("ACPI: PM: Waking up from system sleep state S3", K.RESUMED, {"reason": "ACPI: PM: Waking up from system sleep state S3"}),
    (
        "systemd-sleep[1991]: System returned from sleep operation 'suspend'.",
        K.RESUMED,
        {"reason": "System returned from sleep operation"},
    ),
    (
        "nv-fabricmanager[3228]: fabric manager NVIDIA GPU driver interface version 530.30.02 don't match with driver version 530.41.03.",
        K.FABRIC_MANAGER_FAILED,
        {"reason": "version", "have": "530.30.02", "need": "530.41.03"},
    ),
    ("systemd[1]: nvidia-fabricmanager.service: Failed with result 'exit-code'.", K.FABRIC_MANAGER_FAILED, {}),
]


@pytest.mark.parametrize(("text", "kind", "details"), LINES)
def test_known_lines(text: str, kind: SymptomKind, details: dict[str, str]) -> None:
    (symptom,) = parse_message(text)
    assert (symptom.kind, symptom.details) == (kind, details)


@pytest.mark.parametrize(
    "text",
    [
        "NVRM: loading NVIDIA UNIX x86_64 Kernel Module  580.95.05",
        "NVRM: GPU at PCI:0000:01:00: GPU-4f644561-a4ec-7c79-3adf-6beb276cb35f",
        "PM: suspend entry (deep)",
        "My GPU has fallen off the bus, what is Xid 79?",
        "nv-fabricmanager[4177]: request to query NVSwitch device information from NVSwitch driver failed with error:WARNING Nothing to do",
        "nvidia-fabricmanager.service: Deactivated successfully.",
    ],
)
def test_lines_that_tell_of_no_trouble(text: str) -> None:
    assert parse_message(text) == []


def test_an_xid_that_is_said_a_thousand_times_is_counted() -> None:
    line = "NVRM: Xid (PCI:0000:01:00): 13, Graphics Exception: ESR 0x405840=0xa2040800\n"
    (symptom,) = parse_message(line * 1000)
    assert (symptom.code, symptom.details["count"]) == (13, "1000")


def test_the_fabric_managers_complaint_states_versions() -> None:
    snapshot = read_text(
        "nv-fabricmanager[1]: fabric manager NVIDIA GPU driver interface version 550.127.05 don't match with driver version 550.120."
    )
    assert (snapshot.nvidia.fabric_manager, snapshot.nvidia.fabric_manager_version) == ("stopped", "550.127.05")
    assert snapshot.nvidia.driver_version == "550.120"
