"""amdgpu-not-loaded: an AMD GPU is there, but the kernel's driver does not offer it for computing."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.amd_cards import AmdGpu, amd_gpus, rocm_build, rocm_reaches_gpu, wants_rocm
from envcheck.judging.case import Case, spoken
from envcheck.judging.gpu_wishes import is_required
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import listed
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.system import REBOOT, as_root, rebuild_ramdisk
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

MANUAL = Manual(
    checks="Whether the kernel's driver amdgpu has the card and offers it for computing, by the node /dev/kfd.",
    why="Without amdgpu there is no /dev/kfd, and without that no program computes on the card. The module may not be built for the "
    "running kernel, be refused by Secure Boot, or be kept off; the old driver radeon and vfio-pci, which gives a card to a virtual "
    "machine, do not compute at all.",
    example="rocminfo: ROCk module is NOT loaded, possibly no GPU devices; the card is on the bus without a driver.",
    fix="Load amdgpu, or find in the kernel's log why it does not load; take the card away from the other driver.",
    ignore_when="The card is meant for a virtual machine, or only for a screen.",
    sources=(
        "https://rocm.docs.amd.com/projects/install-on-linux/en/latest/install/prerequisites.html",
        "https://docs.kernel.org/gpu/amdgpu/index.html",
        "https://rocm.docs.amd.com/en/latest/conceptual/pcie-atomics.html",
    ),
)

_SUBJECT = "amdgpu"
_ATOMICS = "PCI rejects atomics"
_OTHERS = {"radeon": "the old driver radeon", "vfio-pci": "vfio-pci, which keeps it for a virtual machine"}
_NEEDS = ("the output of lspci -k, and of lsmod",)


def check(case: Case) -> Iterator[Outcome]:
    """Words of ROCm's tools count only where AMD's cards are in question: others call those tools on every machine."""
    facts = case.facts
    gpus = amd_gpus(facts)
    said = tuple(symptom for symptom in case.facts.symptoms if _says_no_driver(symptom))
    if known(facts.system.os, "Linux") != "Linux" or isinstance(facts.system.wsl, int):
        yield NotApplicable("the driver of an AMD GPU is no Linux kernel module here")
    elif not (gpus or wants_rocm(facts) or (said and not _has_other_cards(facts))):
        yield NotApplicable("neither an AMD GPU nor a build for one is known")
    elif _works(facts, gpus):
        yield Passed(_SUBJECT, known(facts.amd.driver_version, "loaded"))
    elif said and (not gpus or not all(gpu.accelerator.driver == "vfio-pci" for gpu in gpus)):
        yield _spoken_of(case, gpus, said)
    elif not gpus:
        yield NotApplicable("no AMD GPU is known")
    elif _is_absent(gpus):
        yield _absent(case, gpus)
    elif facts.amd.state == "no-kfd" and not isinstance(facts.system.container, str) and wants_rocm(facts):
        yield _without_node(case)
    elif facts.amd.state in ("ok", "denied", "no-kfd") or "amdgpu" in facts.modules:
        yield Passed(_SUBJECT, known(facts.amd.driver_version, "loaded"))
    else:
        yield NotEvaluated(_SUBJECT, "which driver has the AMD GPU is not known", _NEEDS)


def _says_no_driver(symptom: Symptom) -> bool:
    if symptom.kind is SymptomKind.KERNEL_MODULE_FAILED:
        return symptom.details.get("module") == "amdgpu"
    if symptom.kind is SymptomKind.DRIVER_NOT_FOUND:
        return symptom.details.get("vendor") == "amd"
    return symptom.kind is SymptomKind.DEVICE_NOT_FOUND and symptom.details.get("path", "").startswith("/dev/kfd")


def _has_other_cards(facts: Snapshot) -> bool:
    return any(card.vendor != "amd" for card in facts.accelerators) or isinstance(facts.nvidia.driver_version, str)


def _works(facts: Snapshot, gpus: tuple[AmdGpu, ...]) -> bool:
    if rocm_reaches_gpu(facts):
        return True
    return facts.amd.state == "ok" and bool(gpus) and any(gpu.accelerator.driver == "amdgpu" or not facts.live for gpu in gpus)


def _is_absent(gpus: tuple[AmdGpu, ...]) -> bool:
    """Whether no card has the driver, as far as the cards tell."""
    told = [gpu.accelerator.driver for gpu in gpus if isinstance(gpu.accelerator.driver, str) or gpu.accelerator.driver is None]
    return bool(told) and len(told) == len(gpus) and "amdgpu" not in told


def _spoken_of(case: Case, gpus: tuple[AmdGpu, ...], said: tuple[Symptom, ...]) -> Found:
    sure = any(symptom.kind is SymptomKind.KERNEL_MODULE_FAILED for symptom in said)
    reasons = [symptom.details.get("reason", "") for symptom in said]
    atomics = _ATOMICS in reasons
    if atomics:
        message = "The kernel does not offer the AMD GPU for computing, because its slot or the processor lacks PCIe atomics."
    elif sure:
        message = "The kernel driver amdgpu does not run, so that no program computes on an AMD GPU."
    elif any(symptom.kind is SymptomKind.DEVICE_NOT_FOUND for symptom in said):
        message = "There is no /dev/kfd, through which ROCm computes."
    else:
        message = "ROCm finds no AMD GPU that the kernel's driver offers for computing."
    return Found(
        _SUBJECT,
        message,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=(*map(spoken, said), *_drivers(case, gpus)),
        would_confirm=() if sure else ("sudo dmesg shows lines of amdgpu or kfd that say why", "ls -l /dev/kfd finds no such file"),
        remedies=(_other_slot(),) if atomics else (_load(case.facts),),
        symptoms=said,
    )


def _absent(case: Case, gpus: tuple[AmdGpu, ...]) -> Outcome:
    """Nobody asks for a card that only drives a screen, or that a virtual machine is to have."""
    other = next((gpu.accelerator.driver for gpu in gpus if isinstance(gpu.accelerator.driver, str)), None)
    name = listed([gpu.name for gpu in gpus], limit=2)
    has = f"{_OTHERS.get(other, f'the driver {other}')} has it" if other else "no kernel driver has it"
    if not wants_rocm(case.facts) and (other is not None or isinstance(case.facts.system.container, str)):
        return NotApplicable(f"{has}, and nothing here computes on an AMD GPU")
    asked = rocm_build(case.facts) is not None
    return Found(
        _SUBJECT,
        f"No program can compute on {name}: {has}.",
        severity=Severity.ERROR if asked else Severity.WARNING if wants_rocm(case.facts) or is_required(case) else Severity.INFO,
        evidence=tuple(_drivers(case, gpus)),
        remedies=(_take_back(case.facts, other),) if other else (_load(case.facts),),
    )


def _without_node(case: Case) -> Found:
    asked = rocm_build(case.facts) is not None
    return Found(
        _SUBJECT,
        "The kernel driver amdgpu is loaded, but it offers no GPU for computing: there is no /dev/kfd.",
        severity=Severity.ERROR if asked else Severity.WARNING,
        certainty=Certainty.CERTAIN,
        evidence=(case.proof("amd.state", "no-kfd"),),
        remedies=(
            by_hand(
                "see in the kernel's log why",
                as_root("dmesg", "--decode"),
                "lines of kfd name the reason: a chip that is not supported, PCIe atomics, or a kernel without CONFIG_HSA_AMD",
            ),
        ),
    )


def _drivers(case: Case, gpus: tuple[AmdGpu, ...]) -> list[Proof]:
    told = [gpu for gpu in gpus if isinstance(gpu.accelerator.driver, str) or gpu.accelerator.driver is None]
    return [case.proof(f"{gpu.fact}.driver", f"{gpu.name}: {known(gpu.accelerator.driver, 'none')}") for gpu in told]


def _load(facts: Snapshot) -> Remedy:
    kernel = known(facts.system.kernel, "the running kernel")
    return by_hand(
        "load the driver, and mend what keeps the kernel from it",
        as_root("modprobe", "amdgpu"),
        "if the key was rejected, Secure Boot is on: enrol a key with mokutil and sign the module, or turn Secure Boot off",
        f"if there is no such module, none was built for {kernel}: install its headers, then: sudo dkms autoinstall",
        "if it is kept off: look for nomodeset in /proc/cmdline, and for blacklist amdgpu in /etc/modprobe.d",
        "then see what the kernel says of it:",
        as_root("dmesg", "--decode"),
    )


def _take_back(facts: Snapshot, driver: str) -> Remedy:
    if driver == "radeon":
        words = "start the kernel with radeon.si_support=0 radeon.cik_support=0 amdgpu.si_support=1 amdgpu.cik_support=1"
        return by_hand("give the card to amdgpu; ROCm has no code for cards as old as those of radeon", words, REBOOT)
    return by_hand(
        f"take the card away from {driver}",
        "remove its numbers from vfio-pci.ids on the kernel's command line and from options vfio-pci in /etc/modprobe.d",
        rebuild_ramdisk(facts),
        REBOOT,
    )


def _other_slot() -> Remedy:
    return by_hand(
        "put the card where PCIe atomics work",
        "use a slot that is connected to the processor itself, without a riser or an external box, and update the board's firmware",
        "processors before Intel's 4th generation and before AMD's Zen have none",
    )


RULE = Rule(
    name="amdgpu-not-loaded",
    title="The kernel's driver does not offer the AMD GPU for computing",
    area=Area.GPU,
    layer=Layer.KERNEL,
    manual=MANUAL,
    check=check,
    explains=frozenset({"cuda-error", "device-not-found", "driver-not-found", "gpu-missing"}),
)
