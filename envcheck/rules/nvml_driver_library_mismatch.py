"""nvml-driver-library-mismatch: the user-space driver libraries were upgraded while the old kernel module stayed loaded."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import WITHOUT_DRIVER
from envcheck.judging.gpu_wishes import severity_of_trouble
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.usable_gpus import framework_reaches_gpu
from envcheck.knowledge.versions import agree, is_same, release
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.nvidia_driver import hold_packages, reload_modules
from envcheck.prescribing.system import REBOOT
from envcheck.report import Area, Certainty, Remedy, Step

MANUAL = Manual(
    checks="Whether the NVIDIA libraries that programs load and the kernel module that is loaded are of the same driver version.",
    why="The two halves of the driver only talk in exactly the same version. An upgrade replaces the files, not the running module.",
    example="Failed to initialize NVML: Driver/library version mismatch; libraries 550.107.02, loaded module 550.90.07.",
    fix="Reboot, or unload and load the modules, and hold the driver's packages back from unattended upgrades.",
    ignore_when="Never while programs need the card.",
    sources=(
        "https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceEnumvs.html",
        "https://docs.nvidia.com/datacenter/tesla/driver-installation-guide/",
    ),
)

_NVML_MISMATCH, _CUDA_MISMATCH = 18, 803  # NVML_ERROR_LIB_RM_VERSION_MISMATCH, cudaErrorSystemDriverMismatch
_NAMES = ("LIB_RM_VERSION_MISMATCH", "cudaErrorSystemDriverMismatch", "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH")
_SUBJECT = "NVIDIA driver"


def check(case: Case) -> Iterator[Outcome]:
    """Compares the two halves of the driver, or takes their own word for it."""
    facts = case.facts
    said = tuple(symptom for symptom in case.said(SymptomKind.NVML_ERROR, SymptomKind.CUDA_ERROR) if _says_mismatch(symptom))
    module = facts.nvidia.kernel_module_version
    library, fact = _library(facts, said)
    certainty = Certainty.LIKELY if known(facts.system.container, "") else Certainty.CERTAIN
    if said:
        yield _found(case, said, library, fact, certainty)
    elif known(facts.system.os, "") == "Windows" or isinstance(facts.system.wsl, int) or isinstance(facts.nvidia.jetson, str):
        yield NotApplicable("libraries and driver are numbered apart here: on Windows, under WSL and on a Jetson")
    elif module is None or (facts.nvidia.driver_version is None and library is None):
        yield NotApplicable("there is no NVIDIA driver whose halves could differ")
    elif library is None:
        yield NotApplicable("nothing is known of an NVIDIA driver")
    elif not isinstance(module, str):
        yield NotEvaluated(_SUBJECT, "the version of the loaded kernel module is not known", ("run cat /proc/driver/nvidia/version",))
    elif agree(module, library):
        yield Passed(_SUBJECT, f"libraries and kernel module are {module}")
    elif _is_reached_all_the_same(facts):
        yield Passed(_SUBJECT, f"the kernel module {module} answers")
    else:
        yield _found(case, (), library, fact, certainty)


def _library(facts: Snapshot, said: tuple[Symptom, ...]) -> tuple[str | None, str]:
    """The version of the libraries and the fact it stands in: as they say it, as the driver is called, as the package manager has it."""
    spoken_version = _said_version(said, "library_version")
    if spoken_version is not None:
        return spoken_version, ""
    nvidia = facts.nvidia
    candidates = {"library_version": nvidia.library_version, "driver_version": nvidia.driver_version, "package_version": _packaged(facts)}
    told = {name: version for name, version in candidates.items() if isinstance(version, str)}
    module = nvidia.kernel_module_version
    differing = [name for name, version in told.items() if isinstance(module, str) and not agree(module, version)]
    name = next(iter([*differing, *told]), "")
    return told.get(name), f"nvidia.{name}" if name else ""


def _packaged(facts: Snapshot) -> str | None:
    """The driver's own number in a package's version: `1:550.107.02-0ubuntu1` → "550.107.02"."""
    version = facts.nvidia.package_version
    numbers = release(version.rpartition(":")[2]) if isinstance(version, str) else ()
    return ".".join(map(_part, enumerate(numbers))) if len(numbers) > 1 else None


def _part(place: tuple[int, int]) -> str:
    """The places behind the first have two digits at least: 550.90.07."""
    return str(place[1]) if place[0] == 0 else f"{place[1]:02}"


def _is_reached_all_the_same(facts: Snapshot) -> bool:
    """Where the driver answers, the halves in use fit: the newer library is that of forward compatibility, or waits for a reboot."""
    compatible = "/compat" in known(facts.nvidia.libcuda_path, "")
    return facts.nvidia.state == "ok" or compatible or framework_reaches_gpu(facts)


def _said_version(said: tuple[Symptom, ...], which: str) -> str | None:
    return next((symptom.details[which] for symptom in said if symptom.details.get(which)), None)


def _says_mismatch(symptom: Symptom) -> bool:
    wanted = _NVML_MISMATCH if symptom.kind is SymptomKind.NVML_ERROR else _CUDA_MISMATCH
    return symptom.code == wanted or any(word in symptom.details.get("name", "") for word in _NAMES)


def _found(case: Case, said: tuple[Symptom, ...], library: str | None, fact: str, certainty: Certainty) -> Found:
    facts = case.facts
    module = facts.nvidia.kernel_module_version
    if not isinstance(module, str):
        module = _said_version(said, "kernel_module_version")
    evidence = [spoken(symptom) for symptom in said]
    if isinstance(facts.nvidia.kernel_module_version, str):
        evidence.append(case.proof("nvidia.kernel_module_version", facts.nvidia.kernel_module_version))
    if fact and library:
        evidence.append(case.proof(fact, library))
    versions = f": {library} and {module}" if library and isinstance(module, str) and not is_same(module, library) else ""
    return Found(
        _SUBJECT,
        f"The NVIDIA libraries and the loaded kernel module are of different versions{versions}.",
        severity=severity_of_trouble(case),
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=() if certainty is Certainty.CERTAIN else ("nvidia-smi on the host of the container says the same",),
        remedies=_remedies(facts),
        symptoms=said,
    )


def _remedies(facts: Snapshot) -> tuple[Remedy, ...]:
    if known(facts.system.container, ""):
        return (
            by_hand(
                "reboot the host, if nvidia-smi fails there too; else take the driver's libraries out of the image",
                "run nvidia-smi on the host: where it works, remove the packages libnvidia-* and nvidia-utils-* from the image",
                "where it fails, reboot the host",
            ),
        )
    hold = hold_packages(facts)
    reload = by_hand(
        "load the new module without a reboot",
        "stop the programs that use the GPU, the graphical desktop included",
        *reload_modules(),
        Step(run=("nvidia-smi",)),
    )
    return (by_hand("reboot, so that the new kernel module is loaded", REBOOT, *((hold,) if hold is not None else ())), reload)


RULE = Rule(
    name="nvml-driver-library-mismatch",
    title="NVIDIA libraries and kernel module are of different versions",
    area=Area.GPU,
    layer=Layer.KERNEL,
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER | {"driver-state-after-suspend", "nvidia-kernel-module-not-loaded"},
)
