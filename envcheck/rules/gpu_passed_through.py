"""gpu-passed-through: the host keeps a GPU for a virtual machine, so that its own programs do not get it."""

from collections.abc import Iterator

from msgspec import UNSET

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import WITHOUT_DRIVER, card_proofs, found_no_device, names_of, nvml_code
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.usable_gpus import framework_reaches_gpu, is_given_away, usable_accelerators
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.system import REBOOT, rebuild_ramdisk
from envcheck.report import Area, Severity, Step

MANUAL = Manual(
    checks="Whether a GPU is bound to vfio-pci, the kernel's driver for devices that are given to virtual machines.",
    why="Such a GPU belongs to a guest. The host's own driver leaves it alone, so that nvidia-smi on the host does not list it.",
    example="Kernel driver in use: vfio-pci, for an NVIDIA GeForce RTX 4090.",
    fix="Use the GPU in the virtual machine; or take its identifier out of the options of vfio-pci and reboot.",
    ignore_when="The GPU is meant for a virtual machine.",
    sources=("https://docs.kernel.org/driver-api/vfio.html", "https://wiki.archlinux.org/title/PCI_passthrough_via_OVMF"),
)

_NOT_LOADED, _NO_DEVICES = 9, 6
_SUBJECT = "GPU"


def check(case: Case) -> Iterator[Outcome]:
    """It is only told, unless a program on the host looked for a GPU and got none."""
    facts = case.facts
    given = tuple(card for card in facts.accelerators if is_given_away(card))
    if not given:
        unseen = tuple(card for card in facts.accelerators if card.driver is UNSET and isinstance(card.pci_address, str))
        if unseen and _may_be_kept(facts) and _missed(case):
            reason = f"a program found no GPU; which driver of the kernel has {names_of(unseen)} is not known"
            yield NotEvaluated(_SUBJECT, reason, ("lspci -k",))
        elif any(isinstance(card.driver, str) for card in facts.accelerators):
            yield Passed(_SUBJECT, "no GPU is kept for a virtual machine")
        else:
            yield NotApplicable("no GPU is known to be kept for a virtual machine")
        return
    said = () if usable_accelerators(facts) or framework_reaches_gpu(facts) else _missed(case)
    yield Found(
        _SUBJECT,
        f"{names_of(given)} {'is' if len(given) == 1 else 'are'} kept for a virtual machine, and not for programs of this system.",
        severity=Severity.ERROR if said else Severity.INFO,
        evidence=(*map(spoken, said), *card_proofs(facts, given, "driver")),
        remedies=(
            by_hand("use the GPU in the virtual machine that it is kept for"),
            by_hand(
                "give it back to this system",
                "take its identifier out of vfio-pci's options: in /etc/modprobe.d (options vfio-pci ids=…) and the kernel's command line",
                Step(run=("grep", "--recursive", "vfio", "/etc/modprobe.d", "/proc/cmdline")),
                rebuild_ramdisk(facts),
                REBOOT,
            ),
        ),
        symptoms=said,
    )


def _may_be_kept(facts: Snapshot) -> bool:
    """On a Linux that has its cards to itself, where NVIDIA's driver has not answered."""
    elsewhere = (facts.system.wsl, facts.system.container, facts.system.job)
    linux = known(facts.system.os, "Linux") == "Linux" and not any(isinstance(place, (int, str)) for place in elsewhere)
    return linux and not isinstance(facts.nvidia.driver_version, str) and not framework_reaches_gpu(facts)


def _missed(case: Case) -> tuple[Symptom, ...]:
    """Programs of this system that looked for a GPU."""
    asked = [symptom for symptom in case.facts.symptoms if nvml_code(symptom) in (_NOT_LOADED, _NO_DEVICES)]
    return (*asked, *case.said(SymptomKind.DRIVER_NOT_FOUND), *found_no_device(case))


RULE = Rule(
    name="gpu-passed-through",
    title="A GPU is kept for a virtual machine",
    area=Area.GPU,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER | {"gpu-lost", "nvidia-kernel-module-not-loaded"},
)
