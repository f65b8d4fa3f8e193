"""nvidia-kernel-module-not-loaded: the NVIDIA driver is installed, but its kernel module is not running."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import nvidia_cards
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Step

MANUAL = Manual(
    checks="Whether the kernel module of an installed NVIDIA driver is loaded and talks to the programs.",
    why="The driver has two halves. The libraries and nvidia-smi can be there while the kernel refuses or has lost the module: Secure "
    "Boot rejects an unsigned one, nouveau holds the card, or a kernel update came without the module being built again.",
    example="NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver; lsmod shows nouveau.",
    fix="Sign the module or turn Secure Boot off, blacklist nouveau, or build the module for the running kernel; then reboot.",
    ignore_when="Never while programs need the card.",
    sources=(
        "https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/",
        "https://wiki.debian.org/NvidiaGraphicsDrivers",
    ),
)

_NOT_LOADED = 9  # NVML_ERROR_DRIVER_NOT_LOADED
_MODULE = "nvidia"
_MODULES = (_MODULE, "nvgpu")  # the second is that of the GPU inside a Jetson


def check(case: Case) -> Iterator[Outcome]:
    """Asks only where there is a Linux driver of its own: neither on Windows nor under WSL."""
    facts = case.facts
    said = tuple(symptom for symptom in case.facts.symptoms if _says_not_loaded(symptom))
    module, driver = facts.nvidia.kernel_module_version, facts.nvidia.driver_version
    if known(facts.system.os, "") in ("Windows", "Darwin") or isinstance(facts.system.wsl, int):
        yield NotApplicable("the driver has no Linux kernel module here")
    elif said:
        yield _found(case, said, Certainty.CERTAIN)
    elif isinstance(module, str) or any(name in facts.modules for name in _MODULES):
        yield Passed("NVIDIA kernel module", module if isinstance(module, str) else "loaded")
    elif any(build.cuda_available is True for build in facts.builds.values()):
        yield Passed("NVIDIA kernel module", "a framework reaches the card")
    elif isinstance(driver, str) and (module is None or _is_missing_from(facts)):
        yield _found(case, (), Certainty.LIKELY if known(facts.system.container, "") else Certainty.CERTAIN)
    elif "nouveau" in facts.modules and nvidia_cards(facts) and facts.toolkits:
        yield _found(case, (), Certainty.LIKELY)
    elif isinstance(driver, str):
        yield NotEvaluated("NVIDIA kernel module", "whether it is loaded is not known", ("run cat /proc/driver/nvidia/version",))
    else:
        yield NotApplicable("no NVIDIA driver is known to be installed")


def _is_missing_from(facts: Snapshot) -> bool:
    """Only a complete list of modules tells; that none of NVIDIA's is in it was seen before."""
    return facts.observed.modules is Completeness.COMPLETE


def _found(case: Case, said: tuple[Symptom, ...], certainty: Certainty) -> Found:
    facts = case.facts
    reasons = " ".join(symptom.details.get("reason", "") for symptom in said)
    nouveau = "nouveau" in facts.modules or "another driver" in reasons
    unsigned = "not signed" in reasons or "key not available" in reasons
    evidence = [spoken(symptom) for symptom in said]
    if facts.nvidia.kernel_module_version is None:
        evidence.append(case.proof("nvidia.kernel_module_version", "none"))
    if isinstance(facts.nvidia.driver_version, str):
        evidence.append(case.proof("nvidia.driver_version", facts.nvidia.driver_version))
    if nouveau:
        evidence.append(case.proof("modules", "nouveau"))
    evidence += [Proof(fact=f"{card.fact}.name", value=card.name, source=facts.source_of(card.fact)) for card in nvidia_cards(facts)]
    because = ": another driver, as a rule nouveau, has taken the card" if nouveau else ": Secure Boot refuses it" if unsigned else ""
    return Found(
        "NVIDIA kernel module",
        f"The NVIDIA driver is installed, but its kernel module does not run{because}.",
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=()
        if certainty is Certainty.CERTAIN
        else ("cat /proc/driver/nvidia/version finds no such file", "sudo dmesg shows why"),
        remedies=(_remove_nouveau(),) if nouveau else (_load(facts),),
        symptoms=said,
    )


def _says_not_loaded(symptom: Symptom) -> bool:
    """nvidia-smi's own words for NVML_ERROR_DRIVER_NOT_LOADED are that it could not communicate with the driver."""
    if symptom.kind is SymptomKind.KERNEL_MODULE_FAILED:
        return symptom.details.get("module", "").startswith(_MODULE)
    if symptom.kind is not SymptomKind.NVML_ERROR:
        return False
    return symptom.code == _NOT_LOADED or "DRIVER_NOT_LOADED" in symptom.details.get("name", "")


def _remove_nouveau() -> Remedy:
    return by_hand(
        "keep nouveau from taking the card",
        "write two lines into /etc/modprobe.d/blacklist-nouveau.conf: blacklist nouveau, and: options nouveau modeset=0",
        "build the initial ramdisk again: sudo update-initramfs -u on Debian and Ubuntu, sudo dracut --force on Fedora and its kin",
        "reboot",
    )


def _load(facts: Snapshot) -> Remedy:
    release = known(facts.system.kernel, "the running kernel")
    return by_hand(
        "load the module, and mend what keeps the kernel from it",
        Step(run=("sudo", "modprobe", "nvidia"), root=True),
        "if it says that the key was rejected, Secure Boot is on: enrol a key with mokutil and sign the module, or turn Secure Boot off",
        f"if it finds no such module, none was built for {release}: install the kernel's headers, then build it:",
        Step(run=("sudo", "dkms", "autoinstall"), root=True),
        "reboot",
    )


RULE = Rule(
    name="nvidia-kernel-module-not-loaded",
    title="The NVIDIA kernel module is not running",
    area=Area.GPU,
    layer=Layer.KERNEL,
    manual=MANUAL,
    check=check,
    explains=frozenset({"cuda-error", "driver-not-found", "no-nvidia-driver"}),
)
