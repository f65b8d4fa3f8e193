"""nvml-driver-library-mismatch: the user-space driver libraries were upgraded while the old kernel module stayed loaded."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.knowledge.versions import is_same, release
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Remedy, Step

MANUAL = Manual(
    checks="Whether the NVIDIA libraries that programs load and the kernel module that is loaded are of the same driver version.",
    why="The two halves of the driver only talk in exactly the same version. An upgrade replaces the files, not the running module.",
    example="Failed to initialize NVML: Driver/library version mismatch; libraries 550.107.02, loaded module 550.90.07.",
    fix="Reboot, or unload and load the modules, and hold the driver's packages back from unattended upgrades.",
    ignore_when="Never while programs need the card.",
    sources=("https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceEnumvs.html",),
)

_NVML_MISMATCH, _CUDA_MISMATCH = 18, 803  # NVML_ERROR_LIB_RM_VERSION_MISMATCH, cudaErrorSystemDriverMismatch
_NAMES = ("LIB_RM_VERSION_MISMATCH", "cudaErrorSystemDriverMismatch", "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH")
_SUBJECT = "NVIDIA driver"


def check(case: Case) -> Iterator[Outcome]:
    """Compares the two halves of the driver, or takes their own word for it."""
    facts = case.facts
    said = tuple(symptom for symptom in case.said(SymptomKind.NVML_ERROR, SymptomKind.CUDA_ERROR) if _says_mismatch(symptom))
    module = facts.nvidia.kernel_module_version
    library = _said_version(said, "library_version")
    if library is None and isinstance(facts.nvidia.driver_version, str):
        library = facts.nvidia.driver_version
    if said:
        yield _found(case, said, library, Certainty.LIKELY if known(facts.system.container, "") else Certainty.CERTAIN)
    elif module is None or facts.nvidia.driver_version is None:
        yield NotApplicable("there is no NVIDIA driver whose halves could differ")
    elif library is None:
        yield NotApplicable("nothing is known of an NVIDIA driver")
    elif not isinstance(module, str):
        yield NotEvaluated(_SUBJECT, "the version of the loaded kernel module is not known", ("run cat /proc/driver/nvidia/version",))
    elif not _differ(module, library):
        yield Passed(_SUBJECT, f"libraries and kernel module are {module}")
    else:
        yield _found(case, (), library, Certainty.LIKELY if known(facts.system.container, "") else Certainty.CERTAIN)


def _said_version(said: tuple[Symptom, ...], which: str) -> str | None:
    return next((symptom.details[which] for symptom in said if symptom.details.get(which)), None)


def _differ(module: str, library: str) -> bool:
    """Some sources cut the version: `550.54` says nothing about `550.54.15`."""
    have, other = release(module), release(library)
    length = min(len(have), len(other))
    return have[:length] != other[:length]


def _says_mismatch(symptom: Symptom) -> bool:
    wanted = _NVML_MISMATCH if symptom.kind is SymptomKind.NVML_ERROR else _CUDA_MISMATCH
    return symptom.code == wanted or any(word in symptom.details.get("name", "") for word in _NAMES)


def _found(case: Case, said: tuple[Symptom, ...], library: str | None, certainty: Certainty) -> Found:
    facts = case.facts
    module = facts.nvidia.kernel_module_version
    if not isinstance(module, str):
        module = _said_version(said, "kernel_module_version")
    evidence = [spoken(symptom) for symptom in said]
    if isinstance(facts.nvidia.kernel_module_version, str):
        evidence.append(case.proof("nvidia.kernel_module_version", facts.nvidia.kernel_module_version))
    if isinstance(facts.nvidia.driver_version, str):
        evidence.append(case.proof("nvidia.driver_version", facts.nvidia.driver_version))
    versions = f": {library} and {module}" if library and isinstance(module, str) and not is_same(module, library) else ""
    return Found(
        _SUBJECT,
        f"The NVIDIA libraries and the loaded kernel module are of different versions{versions}.",
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=() if certainty is Certainty.CERTAIN else ("nvidia-smi on the host of the container says the same",),
        remedies=(_remedy(facts),),
        symptoms=said,
    )


def _remedy(facts: Snapshot) -> Remedy:
    if known(facts.system.container, ""):
        return by_hand(
            "reboot the host, if nvidia-smi fails there too; else take the driver's libraries out of the image",
            "run nvidia-smi on the host: where it works, remove the packages libnvidia-* and nvidia-utils-* from the image",
            "where it fails, reboot the host",
        )
    hold: tuple[str, ...] = ()
    if known(facts.system.distribution_id, "") in ("ubuntu", "debian") or "debian" in facts.system.distribution_like:
        hold = (
            "keep unattended upgrades from the driver: sudo apt-mark hold, with the names that dpkg --list '*nvidia*' shows as installed",
        )
    return by_hand("reboot, so that the new kernel module is loaded", Step(run=("sudo", "reboot"), root=True), *hold)


RULE = Rule(
    name="nvml-driver-library-mismatch",
    title="NVIDIA libraries and kernel module are of different versions",
    area=Area.GPU,
    layer=Layer.KERNEL,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            "cuda-error",
            "driver-not-found",
            "driver-too-old",
            "no-nvidia-driver",
            "nvidia-kernel-module-not-loaded",
            "nvml-error",
        }
    ),
)
