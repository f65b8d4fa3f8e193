"""nvml-container-library-mismatch: a container loads NVIDIA libraries of its own, which do not fit the host's kernel module."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import WITHOUT_DRIVER, found_no_device
from envcheck.judging.gpu_wishes import severity_of_trouble
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.knowledge.versions import agree
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.system import package_manager
from envcheck.report import Area, Certainty, Remedy

MANUAL = Manual(
    checks="Whether the NVIDIA libraries that programs load inside a container are those of the host's driver.",
    why="The kernel module is the host's. The container runtime brings the host's libraries into the container; where the image has driver "
    "packages of its own (libnvidia-compute, nvidia-utils), those are found first, and they talk to no other version of the module.",
    example="Failed to initialize NVML: Driver/library version mismatch inside the container; nvidia-smi works on the host.",
    fix="Remove the driver's packages from the image and start the container again; on the host nothing is to be done.",
    ignore_when="Never while programs in the container need the card.",
    sources=(
        "https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/docker-specialized.html",
        "https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceEnumvs.html",
    ),
)

_NVML_MISMATCH, _CUDA_MISMATCH = 18, 803
_SUBJECT = "NVIDIA libraries of the container"


def check(case: Case) -> Iterator[Outcome]:
    """The words of the libraries, or two versions that are known; only inside a container."""
    facts = case.facts
    if not known(facts.system.container, ""):
        yield NotApplicable("this is no container")
        return
    said = tuple(symptom for symptom in case.said(SymptomKind.NVML_ERROR, SymptomKind.CUDA_ERROR) if _says_mismatch(symptom))
    if any(symptom.scope == "host" for symptom in said):
        yield NotApplicable("the host itself has libraries and a kernel module that do not fit")
        return
    module = facts.nvidia.kernel_module_version
    library = _library(facts, said)
    if said:
        works = _host_works(facts)
        yield _found(case, said, library, Certainty.CERTAIN if works or _differ(module, library) else Certainty.LIKELY)
    elif (not isinstance(module, str) or library is None) and found_no_device(case) and not _host_works(facts):
        reason = "a program found no GPU; the versions of the container's libraries and of the host's driver are not known"
        yield NotEvaluated(_SUBJECT, reason, ("nvidia-smi, inside the container", "cat /proc/driver/nvidia/version"))
    elif not isinstance(module, str) or library is None:
        yield NotApplicable("no library of NVIDIA's complained, and the two versions are not both known")
    elif _differ(module, library):
        yield _found(case, (), library, Certainty.CERTAIN)
    else:
        yield Passed(_SUBJECT, f"they are of the host's version, {module}")


def _says_mismatch(symptom: Symptom) -> bool:
    return symptom.code == (_NVML_MISMATCH if symptom.kind is SymptomKind.NVML_ERROR else _CUDA_MISMATCH)


def _library(facts: Snapshot, said: tuple[Symptom, ...]) -> str | None:
    named = next((symptom.details["library_version"] for symptom in said if symptom.details.get("library_version")), None)
    return named or (facts.nvidia.library_version if isinstance(facts.nvidia.library_version, str) else None)


def _host_works(facts: Snapshot) -> bool:
    """The driver answered somewhere in the same text, or the host's words are told apart from the container's."""
    told = any(entry.scope == "host" and entry.fact == "nvidia.driver_version" for entry in facts.contradictions)
    return told or isinstance(facts.nvidia.driver_version, str)


def _differ(module: object, library: str | None) -> bool:
    return isinstance(module, str) and library is not None and not agree(module, library)


def _found(case: Case, said: tuple[Symptom, ...], library: str | None, certainty: Certainty) -> Found:
    facts = case.facts
    module = facts.nvidia.kernel_module_version
    evidence = [*map(spoken, said), case.proof("system.container", known(facts.system.container, ""))]
    if isinstance(module, str):
        evidence.append(case.proof("nvidia.kernel_module_version", module))
    if isinstance(facts.nvidia.library_version, str):
        evidence.append(case.proof("nvidia.library_version", facts.nvidia.library_version))
    if isinstance(facts.nvidia.driver_version, str):
        evidence.append(case.proof("nvidia.driver_version", facts.nvidia.driver_version))
    versions = f": {library} against {module}" if library and isinstance(module, str) else ""
    return Found(
        _SUBJECT,
        f"The container loads NVIDIA libraries of its own, which are not of the host driver's version{versions}.",
        severity=severity_of_trouble(case),
        certainty=certainty,
        evidence=tuple(evidence),
        would_confirm=()
        if certainty is Certainty.CERTAIN
        else ("nvidia-smi works on the host", "the image has packages libnvidia-* or nvidia-utils-*"),
        remedies=(_remedy(facts),),
        symptoms=said,
    )


def _remedy(facts: Snapshot) -> Remedy:
    if package_manager(facts) == "dnf":
        remove = "in the image's Dockerfile: dnf remove -y 'nvidia-driver*' 'libnvidia-*'"
    else:
        remove = "in the image's Dockerfile: apt-get purge -y 'libnvidia-*' 'nvidia-utils-*' 'nvidia-driver-*' 'libcuda*'"
    return by_hand(
        "take the driver's libraries out of the image, so that the host's are used",
        remove,
        "and install no CUDA meta package that brings a driver (cuda, cuda-drivers); cuda-toolkit brings none",
        "build the image again, and start the container from it",
        "if nvidia-smi fails on the host too, it is the host that needs a reboot",
    )


RULE = Rule(
    name="nvml-container-library-mismatch",
    title="A container brings NVIDIA libraries of another version",
    area=Area.CONTAINER,
    layer=Layer.KERNEL,
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER
    | {
        "container-without-gpu-device",
        "nvidia-kernel-module-not-loaded",
        "nvml-driver-library-mismatch",
    },
)
