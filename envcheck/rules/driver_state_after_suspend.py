"""driver-state-after-suspend: CUDA has been broken since the machine slept."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import WITHOUT_DRIVER, cuda_code
from envcheck.judging.gpu_wishes import severity_of_trouble
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.usable_gpus import framework_reaches_gpu
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.system import REBOOT, as_root, rebuild_ramdisk
from envcheck.report import Area, Certainty, Remedy

MANUAL = Manual(
    checks="Whether CUDA answers with an unknown error on a machine that has slept since it was started.",
    why="A program that held GPU memory while the machine was suspended leaves nvidia_uvm, the driver's module for memory, in a state in "
    "which each later start of CUDA fails with error 999. nvidia-smi goes on working, so that all versions look right.",
    example="After resuming from suspend: failed call to cuInit: CUDA_ERROR_UNKNOWN: unknown error.",
    fix="End the programs that hold the GPU and load nvidia_uvm again, or reboot; let the driver keep video memory over a suspend.",
    ignore_when="The machine never sleeps: then the error has another cause.",
    sources=(
        "https://download.nvidia.com/XFree86/Linux-x86_64/595.45.04/README/powermanagement.html",
        "https://docs.nvidia.com/cuda/cuda-runtime-api/group__CUDART__TYPES.html",
    ),
)

_UNKNOWN = 999  # cudaErrorUnknown
# What a program that ran over the sleep is told of memory that is gone: devices unavailable, operating system call failed, illegal
# address, launch timed out, context destroyed, unspecified launch failure.
_OF_LOST_MEMORY = frozenset((46, 304, 700, 702, 709, 719))
_SUBJECT = "NVIDIA driver"


def check(case: Case) -> Iterator[Outcome]:
    """Both must have been said: CUDA's unknown error, or one of lost memory, and that the machine has slept."""
    facts = case.facts
    unknown = tuple(symptom for symptom in facts.symptoms if cuda_code(symptom) == _UNKNOWN)
    slept = tuple(case.said(SymptomKind.RESUMED))
    if slept and not unknown:
        unknown = tuple(symptom for symptom in facts.symptoms if cuda_code(symptom) in _OF_LOST_MEMORY)
    if slept and not unknown and framework_reaches_gpu(facts):
        yield Passed(_SUBJECT, "CUDA answers after the machine has slept")
    elif known(facts.system.os, "") == "Darwin" or not unknown:
        yield NotApplicable("CUDA has not said that an error is unknown")
    elif slept:
        yield _found(case, unknown, slept)
    else:
        reason = "CUDA's unknown error has several causes; whether the machine has slept since it was started is not known"
        yield NotEvaluated(_SUBJECT, reason, ("sudo dmesg, which says suspend exit where it has",))


def _found(case: Case, unknown: tuple[Symptom, ...], slept: tuple[Symptom, ...]) -> Found:
    said = (*unknown, *slept)
    words = {symptom.text: spoken(symptom) for symptom in said}  # one sentence may say it in several ways
    return Found(
        _SUBJECT,
        f"CUDA {'answers with an unknown error' if cuda_code(unknown[0]) == _UNKNOWN else 'fails'} since the machine has slept.",
        severity=severity_of_trouble(case),
        certainty=Certainty.LIKELY,
        evidence=tuple(words.values()),
        would_confirm=("CUDA works again after nvidia_uvm was loaded anew, or after a reboot",),
        remedies=_remedies(case.facts),
        symptoms=said,
    )


def _remedies(facts: Snapshot) -> tuple[Remedy, ...]:
    if known(facts.system.os, "") == "Windows" or isinstance(facts.system.wsl, int):
        return (by_hand("restart Windows", "under WSL this is often enough, from Windows: wsl --shutdown"),)
    where = " on the host of the container" if isinstance(facts.system.container, str) else ""
    reload = by_hand(
        f"load the module nvidia_uvm again{where}",
        "end the programs that use the GPU; nvidia-smi lists them",
        as_root("rmmod", "nvidia_uvm"),
        as_root("modprobe", "nvidia_uvm"),
        "if rmmod says that the module is in use, reboot:",
        REBOOT,
    )
    return (reload, _prevention(facts))


def _prevention(facts: Snapshot) -> Remedy:
    return by_hand(
        "let the driver keep the GPU's memory over a suspend",
        "write into /etc/modprobe.d/nvidia-power-management.conf: options nvidia NVreg_PreserveVideoMemoryAllocations=1 "
        "NVreg_TemporaryFilePath=/var/tmp",
        as_root("systemctl", "enable", "nvidia-suspend.service", "nvidia-resume.service", "nvidia-hibernate.service"),
        rebuild_ramdisk(facts),
        REBOOT,
    )


RULE = Rule(
    name="driver-state-after-suspend",
    title="CUDA fails since the machine has slept",
    area=Area.GPU,
    layer=Layer.DRIVER,
    manual=MANUAL,
    check=check,
    explains=WITHOUT_DRIVER | {"not-an-environment-problem", "resumed"},
)
