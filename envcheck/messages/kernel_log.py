"""What the kernel's log and the system's services say of NVIDIA's cards: events of a card, a card that does not start, sleep, the fabric.

The numbers of Xid events are those of NVIDIA's "XID errors"; the sentences are those that its kernel modules print.
"""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern

_FELL_OFF = "79"
_PLACE = r"(?P<device>(?:[0-9A-Fa-f]{4,8}:)?[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}(?:\.[0-7])?)"


def _placed(_match: re.Match[str], details: Details) -> Details | None:
    """The log leaves the function of the address out, which is 0 of every GPU: `0000:01:00` → `0000:01:00.0`."""
    device = details.get("device", "")
    if device and "." not in device:
        details["device"] = f"{device}.0"
    return details


PATTERNS = (
    # NVRM: Xid (PCI:0000:01:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.    NVRM: Xid (0000:01:00): 31, Ch …
    Pattern(
        SymptomKind.GPU_XID,
        "NVRM: Xid (",
        rf"NVRM: Xid \((?:PCI:)?{_PLACE}\): (?P<code>\d{{1,3}})\b",
        refine=_placed,
        subject="kernel",
    ),
    # NVRM: GPU at PCI:0000:01:00: GPU-4f64…    (said before an Xid; no trouble of its own)
    # NVRM: GPU at 0000:01:00.0 has fallen off the bus.    NVRM: GPU 0000:01:00.0: GPU has fallen off the bus.
    Pattern(
        SymptomKind.GPU_XID,
        "has fallen off the bus",
        rf"NVRM: (?:The NVIDIA )?GPU (?:at )?(?:PCI:)?{_PLACE}(?: \([^()\n]{{1,40}}\))?:? ?(?:GPU )?has fallen off the bus",
        {"code": _FELL_OFF},
        refine=_placed,
        subject="kernel",
    ),
    # INFO: task nvidia-smi:4411 blocked for more than 120 seconds.
    Pattern(
        SymptomKind.UNKILLABLE,
        " blocked for more than ",
        r"INFO: task (?P<stage>nvidia-[\w-]{1,20}|nv_queue|nv_open_q):\d{1,9} blocked for more than (?P<seconds>\d{1,6}) seconds",
        subject="kernel",
    ),
    # NVRM: GPU 0000:0a:00.0: RmInitAdapter failed! (0x24:0x72:1568)
    # NVRM: GPU 0000:0a:00.0: rm_init_adapter failed, device minor number 5
    Pattern(
        SymptomKind.GPU_START_FAILED,
        ": RmInitAdapter failed! (",
        rf"NVRM: GPU (?:at )?(?:PCI:)?{_PLACE}: RmInitAdapter failed! \((?P<reason>[0-9A-Fa-fx:]{{1,40}})\)",
        refine=_placed,
        subject="kernel",
    ),
    Pattern(
        SymptomKind.GPU_START_FAILED,
        "rm_init_adapter failed",
        rf"NVRM: (?:GPU (?:at )?(?:PCI:)?{_PLACE}: )?rm_init_adapter failed",
        refine=_placed,
        subject="kernel",
    ),
    # NVRM: The NVIDIA GPU 0000:01:00.0 (PCI ID: 10de:2330)
    # NVRM: installed in this system is not supported by the
    # NVRM: NVIDIA 550.90.07 driver release.
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "installed in this system is not supported by the",
        rf"NVRM: The NVIDIA GPU {_PLACE} \(PCI ID: (?P<pci_id>[0-9A-Fa-f]{{4}}:[0-9A-Fa-f]{{4}})\)[^A-Za-z]{{0,40}}(?:NVRM: )?installed in "
        r"this system is not supported",
        {"module": "nvidia", "reason": "the card is not supported by this driver"},
        refine=_placed,
        subject="kernel",
        lines=2,
    ),
    # NVRM: The NVIDIA GPU 0000:01:00.0 (PCI ID: 10de:2c58)
    # NVRM: installed in this system requires use of the NVIDIA open kernel modules.
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "requires use of the NVIDIA open kernel modules",
        rf"(?:NVRM: The NVIDIA GPU {_PLACE} \(PCI ID: (?P<pci_id>[0-9A-Fa-f]{{4}}:[0-9A-Fa-f]{{4}})\)[^A-Za-z]{{0,40}})?(?:NVRM: )?"
        r"(?:installed in this system )?requires use of the NVIDIA open kernel modules",
        {"module": "nvidia", "reason": "the card needs the open kernel modules"},
        refine=_placed,
        subject="kernel",
        lines=2,
    ),
    # NVRM: The NVIDIA GeForce GT 440 GPU installed in this system is
    # NVRM:  supported through the NVIDIA 390.xx Legacy drivers. Please
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "GPU installed in this system",
        r"NVRM: The NVIDIA (?:NVIDIA )?(?P<card>[^\n]{1,80}?) GPU installed in this system(?: is|>) ?(?:[^\n]{0,80}?NVRM: )?supported "
        r"through the NVIDIA (?P<branch>\d{2,3})\.\w{2} Legacy drivers",
        {"module": "nvidia", "reason": "the card is not supported by this driver"},
        subject="kernel",
        lines=1,
    ),
    # NVRM: installed in this system is not supported by open
    # NVRM: nvidia.ko because it does not include the required GPU
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "installed in this system is not supported by open",
        rf"NVRM: The NVIDIA GPU {_PLACE} \(PCI ID: (?P<pci_id>[0-9A-Fa-f]{{4}}:[0-9A-Fa-f]{{4}})\)[^A-Za-z]{{0,40}}(?:NVRM: )?installed in "
        r"this system is not supported by open",
        {"module": "nvidia", "reason": "the card is not supported by the open kernel modules"},
        refine=_placed,
        subject="kernel",
        lines=2,
    ),
    # NVRM: This PCI I/O region assigned to your NVIDIA device is invalid:
    Pattern(
        SymptomKind.KERNEL_MODULE_FAILED,
        "NVRM: This PCI I/O region assigned to your NVIDIA device is invalid",
        r"NVRM: This PCI I/O region assigned to your NVIDIA device is invalid",
        {"module": "nvidia", "reason": "the firmware gave the card no address space"},
        subject="kernel",
    ),
    # [14902.7] PM: suspend exit    PM: hibernation: hibernation exit
    # systemd-sleep[1991]: System returned from sleep operation 'suspend'.
    Pattern(
        SymptomKind.RESUMED,
        "PM: suspend exit",
        r"(?P<reason>PM: suspend exit)\b",
        subject="kernel",
    ),
    Pattern(
        SymptomKind.RESUMED,
        "hibernation exit",
        r"(?P<reason>PM: (?:hibernation: )?hibernation exit)\b",
        subject="kernel",
    ),
    Pattern(
        SymptomKind.RESUMED,
        "System returned from sleep",
        r"(?P<reason>System returned from sleep(?: state| operation)?)\b",
        subject="systemd",
    ),
    Pattern(
        SymptomKind.RESUMED,
        "ACPI: PM: Waking up from system sleep state ",
        r"(?P<reason>ACPI: PM: Waking up from system sleep state S\d)",
        subject="kernel",
    ),
    # nv-fabricmanager[3228]: fabric manager NVIDIA GPU driver interface version 530.30.02 don't match with driver version 530.41.03.
    Pattern(
        SymptomKind.FABRIC_MANAGER_FAILED,
        "fabric manager NVIDIA GPU driver interface version ",
        r"fabric manager NVIDIA GPU driver interface version (?P<have>\d+(?:\.\d+)+) (?:don.t|doesn.t|does not|do not) match with driver "
        r"version (?P<need>\d+(?:\.\d+)+)",
        {"reason": "version"},
        subject="nv-fabricmanager",
    ),
    # nvidia-fabricmanager.service: Failed with result 'exit-code'.    Failed to start NVIDIA fabric manager service.
    Pattern(
        SymptomKind.FABRIC_MANAGER_FAILED,
        "nvidia-fabricmanager.service: Failed with result ",
        r"nvidia-fabricmanager\.service: Failed with result",
        subject="systemd",
    ),
    Pattern(
        SymptomKind.FABRIC_MANAGER_FAILED,
        "Failed to start ",
        r"Failed to start (?:nvidia-fabricmanager\.service - )?NVIDIA fabric manager service",
        subject="systemd",
    ),
)
