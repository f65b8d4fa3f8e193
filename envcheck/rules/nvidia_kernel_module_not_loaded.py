"""nvidia-kernel-module-not-loaded: the NVIDIA driver is installed, but its kernel module is not running."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.cards import has_driver_on_disk, has_no_nvidia_card, nvidia_accelerators, nvidia_cards
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import WITHOUT_DRIVER, nvml_code
from envcheck.judging.gpu_wishes import severity_of_trouble
from envcheck.judging.module_refusal import Refusal, has_nouveau, proofs_of, refusal
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.usable_gpus import framework_reaches_gpu, is_given_away
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.nvidia_driver import build_module, finish_packages, install_driver, install_open_modules
from envcheck.prescribing.system import REBOOT, as_root, family, rebuild_ramdisk
from envcheck.report import Area, Certainty, Proof, Remedy

MANUAL = Manual(
    checks="Whether the kernel module of an installed NVIDIA driver is loaded and talks to the programs.",
    why="The driver has two halves. The libraries and nvidia-smi can be there while the kernel refuses or has lost the module: Secure "
    "Boot rejects an unsigned one, nouveau holds the card, a kernel update came without the module being built again, or an upgrade of "
    "the driver stopped half-way.",
    example="NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver; lsmod shows nouveau.",
    fix="Sign the module or turn Secure Boot off, blacklist nouveau, build the module for the running kernel, or let the package manager "
    "finish; then reboot.",
    ignore_when="Never while programs need the card.",
    sources=(
        "https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/",
        "https://wiki.debian.org/NvidiaGraphicsDrivers",
        "https://wiki.debian.org/SecureBoot",
        "https://rpmfusion.org/Howto/Secure%20Boot",
    ),
)

_NOT_LOADED = 9  # NVML_ERROR_DRIVER_NOT_LOADED
_MODULE = "nvidia"
_MODULES = (_MODULE, "nvgpu")  # the second is that of the GPU inside a Jetson
_SUBJECT = "NVIDIA kernel module"
# A module that runs, and refuses the card.
_FAILS = dict.fromkeys((Refusal.NOT_SUPPORTED, Refusal.NEEDS_OPEN_MODULES, Refusal.NOT_OPEN), "does not drive the card")


def check(case: Case) -> Iterator[Outcome]:
    """Asks only where there is a Linux driver of its own: neither on Windows nor under WSL."""
    facts = case.facts
    said = tuple(symptom for symptom in case.facts.symptoms if _says_not_loaded(symptom))
    if known(facts.system.os, "") in ("Windows", "Darwin") or isinstance(facts.system.wsl, int):
        yield NotApplicable("the driver has no Linux kernel module here")
    elif _is_all_given_away(facts):
        yield NotApplicable("every card is kept for a virtual machine")
    elif said and not _lacks_a_driver(case):
        yield _found(case, (*said, *_unnamed(facts)), Certainty.CERTAIN)
    elif (runs := _sign_of_life(facts)) is not None:
        yield Passed(_SUBJECT, runs)
    elif _has_nothing_to_drive(facts):
        yield NotApplicable("no card is here that the NVIDIA driver would be for")
    elif _is_installed(facts) and (facts.nvidia.kernel_module_version is None or _is_missing_from(facts)):
        yield _found(case, _looked_for(facts), Certainty.LIKELY if known(facts.system.container, "") else Certainty.CERTAIN)
    elif has_nouveau(facts) and nvidia_cards(facts) and facts.toolkits and not _lacks_a_driver(case):
        yield _found(case, (), Certainty.LIKELY)
    elif isinstance(facts.nvidia.driver_version, str):
        yield NotEvaluated(_SUBJECT, "whether it is loaded is not known", ("run cat /proc/driver/nvidia/version",))
    else:
        yield NotApplicable("no NVIDIA driver is known to be installed")


def _sign_of_life(facts: Snapshot) -> str | None:
    """What shows that the module runs, or that none is needed; None: nothing does."""
    module = facts.nvidia.kernel_module_version
    if isinstance(module, str) or any(name in facts.modules for name in _MODULES):
        return module if isinstance(module, str) else "loaded"
    if framework_reaches_gpu(facts) or facts.nvidia.state == "ok":
        return "a program reaches the card"
    return "a Jetson's GPU has another module" if isinstance(facts.nvidia.jetson, str) else None


def _is_missing_from(facts: Snapshot) -> bool:
    """A complete list of modules tells, in which none of NVIDIA's was seen before; or TensorFlow, which looks for the module's file."""
    return bool(_looked_for(facts)) or facts.observed.modules is Completeness.COMPLETE


def _looked_for(facts: Snapshot) -> tuple[Symptom, ...]:
    return tuple(symptom for symptom in facts.symptoms if symptom.details.get("reason") == "kernel module not running")


def _is_installed(facts: Snapshot) -> bool:
    return has_driver_on_disk(facts) or isinstance(facts.nvidia.driver_version, str)


def _lacks_a_driver(case: Case) -> bool:
    """Whether it is known that no driver is installed: then there is no module that could run."""
    nvidia = case.facts.nvidia
    absent = (nvidia.library_version, nvidia.package_version) == (None, None) or (nvidia.libcuda_path, nvidia.nvml_path) == (None, None)
    return absent and not _is_installed(case.facts)


def _has_nothing_to_drive(facts: Snapshot) -> bool:
    """Driver packages in an image or on a login node without a card."""
    return facts.live and has_no_nvidia_card(facts)


def _is_all_given_away(facts: Snapshot) -> bool:
    cards = nvidia_accelerators(facts)
    return bool(cards) and all(map(is_given_away, cards))


def _found(case: Case, said: tuple[Symptom, ...], certainty: Certainty) -> Found:
    facts = case.facts
    reason = refusal(facts, said)
    evidence = [spoken(symptom) for symptom in said]
    if facts.nvidia.kernel_module_version is None:
        evidence.append(case.proof("nvidia.kernel_module_version", "none"))
    if isinstance(facts.nvidia.driver_version, str):
        evidence.append(case.proof("nvidia.driver_version", facts.nvidia.driver_version))
    evidence += proofs_of(facts, reason)
    evidence += [Proof(fact=f"{card.fact}.name", value=card.name, source=facts.source_of(card.fact)) for card in nvidia_cards(facts)]
    because = f": {reason.value}" if reason.value else ""
    return Found(
        _SUBJECT,
        f"The NVIDIA driver is installed, but its kernel module {_FAILS.get(reason, 'does not run')}{because}{_detail(facts, reason)}.",
        severity=severity_of_trouble(case),
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=()
        if certainty is Certainty.CERTAIN
        else ("cat /proc/driver/nvidia/version finds no such file", "sudo dmesg shows why"),
        remedies=_remedies(facts, reason),
        symptoms=said,
    )


def _detail(facts: Snapshot, reason: Refusal) -> str:
    kernels = facts.nvidia.module_kernels
    if reason is Refusal.NO_MODULE and isinstance(facts.system.kernel, str):
        others = f", only for {kernels[-1]}" if isinstance(kernels, tuple) and kernels else ""
        return f" {facts.system.kernel}{others}"
    return ""


def _says_not_loaded(symptom: Symptom) -> bool:
    """nvidia-smi's own words for NVML_ERROR_DRIVER_NOT_LOADED are that it could not communicate with the driver."""
    if symptom.kind is SymptomKind.KERNEL_MODULE_FAILED:
        return symptom.details.get("module", "").startswith(_MODULE)
    return nvml_code(symptom) == _NOT_LOADED or "DRIVER_NOT_LOADED" in symptom.details.get("name", "")


def _unnamed(facts: Snapshot) -> tuple[Symptom, ...]:
    """What dkms and the kernel say of a module without its name, beside the driver's own words."""
    return tuple(
        symptom for symptom in facts.symptoms if symptom.kind is SymptomKind.KERNEL_MODULE_FAILED and not symptom.details.get("module")
    )


def _remedies(facts: Snapshot, reason: Refusal) -> tuple[Remedy, ...]:
    if isinstance(facts.system.container, str):
        return (
            by_hand("mend the driver on the host of the container", "on the host: sudo modprobe nvidia, and read what sudo dmesg says"),
        )
    prescriptions = {
        Refusal.ANOTHER_DRIVER: (_remove_nouveau,),
        Refusal.HALF_AN_UPGRADE: (_finish,),
        Refusal.SECURE_BOOT: (_sign, _without_secure_boot),
        Refusal.NO_MODULE: (_build,),
        Refusal.NO_HEADERS: (_build,),
        Refusal.BUILD_FAILED: (_newer_driver,),
        Refusal.NOT_SUPPORTED: (_another_branch,),
        Refusal.NOT_OPEN: (_closed_modules,),
        Refusal.NEEDS_OPEN_MODULES: (_open_modules,),
        Refusal.NO_ADDRESSES: (_give_addresses,),
        Refusal.UNKNOWN: (_load,),
    }
    return tuple(prescribe(facts) for prescribe in prescriptions[reason])


def _remove_nouveau(facts: Snapshot) -> Remedy:
    return by_hand(
        "keep nouveau from taking the card",
        "write two lines into /etc/modprobe.d/blacklist-nouveau.conf: blacklist nouveau, and: options nouveau modeset=0",
        rebuild_ramdisk(facts),
        REBOOT,
    )


def _finish(facts: Snapshot) -> Remedy:
    return by_hand(
        "let the installation of the driver's packages come to its end", *finish_packages(facts), *build_module(facts)[:2], REBOOT
    )


def _sign(facts: Snapshot) -> Remedy:
    """Where dkms or akmods build the module they sign it with a key of the machine, which the firmware has to be shown once."""
    keys = {
        "ubuntu": "/var/lib/shim-signed/mok/MOK.der",
        "fedora": "/etc/pki/akmods/certs/public_key.der",
    }
    key = keys.get(family(facts), "/var/lib/dkms/mok.pub")
    return by_hand(
        "enrol the key that the module is signed with",
        as_root("mokutil", "--import", key),
        "choose a password; reboot; in the blue screen that appears choose Enroll MOK and give it again",
        REBOOT,
        "if there is no such key, build the module again first, with dkms or akmods, which make one",
    )


def _without_secure_boot(_facts: Snapshot) -> Remedy:
    return by_hand("turn Secure Boot off", "reboot into the firmware's settings, and turn Secure Boot off there")


def _build(facts: Snapshot) -> Remedy:
    return by_hand("get the module for the running kernel", *build_module(facts), as_root("modprobe", "nvidia"))


def _newer_driver(facts: Snapshot) -> Remedy:
    return by_hand(
        "install a release of the driver that supports the kernel, or boot the kernel that it was built for",
        "the file make.log that dkms names has the compiler's own words",
        *install_driver(facts),
        "or choose the older kernel in the menu of the boot loader, and hold its packages",
    )


def _closed_modules(facts: Snapshot) -> Remedy:
    """Cards before Turing have no processor for the firmware that the open modules rest on."""
    return by_hand(
        "install the driver with NVIDIA's proprietary kernel modules",
        "on Ubuntu that is the package nvidia-driver-580 without -open at its end, from NVIDIA's repositories cuda-drivers in place of "
        "nvidia-open; its installer asks for the kind of modules",
        *(install_driver(facts) if nvidia_cards(facts) else ()),
        REBOOT,
    )


def _another_branch(facts: Snapshot) -> Remedy:
    branch = next(
        (symptom.details["branch"] for symptom in facts.symptoms if _says_not_loaded(symptom) and "branch" in symptom.details), ""
    )
    return by_hand(
        f"install {f'branch {branch}' if branch else 'a release'} of the driver, which supports the card",
        *(() if branch else ("of older cards the older branches of the driver, of newer ones the newest: https://www.nvidia.com/drivers",)),
        *install_driver(facts),
    )


def _open_modules(facts: Snapshot) -> Remedy:
    return by_hand("install the open kernel modules in place of the proprietary ones", *install_open_modules(facts), REBOOT)


def _give_addresses(_facts: Snapshot) -> Remedy:
    return by_hand(
        "let the firmware give the card its address space",
        "in the firmware's settings turn Above 4G Decoding on, and CSM (legacy boot) off; on a virtual machine, enlarge its PCI window",
    )


def _load(facts: Snapshot) -> Remedy:
    release = known(facts.system.kernel, "the running kernel")
    return by_hand(
        "load the module, and mend what keeps the kernel from it",
        as_root("modprobe", "nvidia"),
        "if it says that the key was rejected, Secure Boot is on: enrol a key with mokutil and sign the module, or turn Secure Boot off",
        f"if it finds no such module, none was built for {release}; then build it:",
        *build_module(facts),
        REBOOT,
    )


RULE = Rule(
    name="nvidia-kernel-module-not-loaded",
    title="The NVIDIA kernel module is not running",
    area=Area.GPU,
    layer=Layer.KERNEL,
    manual=MANUAL,
    check=check,
    # Not what NVML says: of two halves that do not match it is the more telling.
    explains=WITHOUT_DRIVER - {"nvml-error"},
)
