"""rocm-visible-devices: a variable of ROCm's hides every AMD GPU, names one that is not there, or is no list at all."""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.amd_cards import AmdGpu, amd_gpus, rocm_build
from envcheck.judging.case import Case, spoken
from envcheck.judging.gpu_wishes import is_required
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether ROCR_VISIBLE_DEVICES, HIP_VISIBLE_DEVICES, GPU_DEVICE_ORDINAL and CUDA_VISIBLE_DEVICES leave a GPU to ROCm's programs.",
    why="ROCm shows programs only the GPUs that these variables name, by number from 0 or by unique number, and stops at the first "
    "entry that it does not know. The numbers of HIP_VISIBLE_DEVICES count what ROCR_VISIBLE_DEVICES has left, so that both together "
    "can hide all.",
    example="HIP_VISIBLE_DEVICES=1 on a machine with one GPU: torch.cuda.is_available() is False.",
    fix="Unset the variable, or name a GPU that is there.",
    ignore_when="The GPU is hidden on purpose, so that a program computes on the CPU.",
    sources=(
        "https://rocm.docs.amd.com/en/latest/conceptual/gpu-isolation.html",
        "https://rocm.docs.amd.com/projects/HIP/en/latest/reference/env_variables.html",
    ),
)

_FIRST = "ROCR_VISIBLE_DEVICES"
# Of those that HIP itself reads, the first that is set decides.
_HIP = ("HIP_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL")
_UNIQUE = regex(r"GPU-[0-9a-fA-F-]{4,40}$")
_NO_DEVICE = 100
# Instinct cards that can be divided: each part is a GPU of its own to programs.
_DIVISIBLE, _MOST_PARTS = ("gfx942", "gfx950"), 8


class _Fault(msgspec.Struct, frozen=True):
    variable: str
    value: str
    words: str
    on_purpose: bool = False
    sure: bool = True
    counted: bool = False  # by how many GPUs there are


def check(case: Case) -> Iterator[Outcome]:
    """Only where AMD's cards or a build for them are: CUDA_VISIBLE_DEVICES alone is NVIDIA's."""
    facts = case.facts
    gpus = amd_gpus(facts)
    names = _set(facts, gpus)
    if not names:
        yield NotApplicable("no variable chooses among AMD GPUs")
        return
    said = tuple(symptom for symptom in case.said(SymptomKind.CUDA_ERROR) if symptom.code == _NO_DEVICE)
    count = _count(facts, gpus)
    # Whoever pastes what rocm-smi or rocminfo lists beside the error shows all that there are, as a rule.
    shown = len(gpus) if count is None and said and gpus and not facts.live else count
    faults = [fault for name in names if (fault := _fault(name, facts.variables[name], gpus, shown)) is not None]
    for fault in faults:
        yield _found(case, fault if shown == count else replace(fault, sure=fault.sure and not fault.counted), said)
    if faults:
        return
    subject = " and ".join(names)
    if count is None and any(_numbers(facts.variables[name]) for name in names):
        yield NotEvaluated(subject, "which AMD GPUs there are is not known", ("the output of rocm-smi or rocminfo",))
    else:
        yield Passed(subject, ", ".join(f"{name}={facts.variables[name]}" for name in names))


def _set(facts: Snapshot, gpus: tuple[AmdGpu, ...]) -> list[str]:
    """Those that ROCm would heed: HIP passes over one of its own that is empty."""
    if not (gpus or rocm_build(facts) is not None):
        return []
    hip = next((name for name in _HIP if facts.variables.get(name, "").strip() and _is_for_hip(name, facts)), None)
    return [*([_FIRST] if _FIRST in facts.variables else []), *([hip] if hip else [])]


def _is_for_hip(name: str, facts: Snapshot) -> bool:
    """CUDA's variable is NVIDIA's where such a card is, and nothing is built for ROCm."""
    return name != "CUDA_VISIBLE_DEVICES" or rocm_build(facts) is not None


def _count(facts: Snapshot, gpus: tuple[AmdGpu, ...]) -> int | None:
    """How many GPUs programs can have at the most; None: not all of them are known."""
    if not gpus or facts.observed.accelerators is not Completeness.COMPLETE:
        return None
    return sum(_MOST_PARTS if gpu.target in _DIVISIBLE else 1 for gpu in gpus)


def _numbers(value: str) -> list[int]:
    return [int(entry) for entry in map(str.strip, value.split(",")) if entry.isascii() and entry.isdecimal() and len(entry) < 6]


def _fault(name: str, value: str, gpus: tuple[AmdGpu, ...], count: int | None) -> _Fault | None:
    """What the first entry does: at one that ROCm does not know, it stops."""
    entries = [entry.strip() for entry in value.split(",")]
    first = entries[0]
    if first in ("", "-1"):
        return _Fault(name, value, "hides every AMD GPU from programs", on_purpose=True, sure=first != "" or name == _FIRST)
    if _UNIQUE.match(first):
        return _unique_fault(name, value, first, gpus)
    if not (first.isascii() and first.isdecimal()):
        return _Fault(name, value, f"is no list of numbers, so that every AMD GPU is hidden: {first[:40]}")
    missing = [number for number in _numbers(value) if count is not None and number >= count]
    if missing and int(first) in missing:
        return _Fault(name, value, f"names GPU {first}, and there {'is one, number 0' if count == 1 else f'are {count}'}", counted=True)
    return None


def _unique_fault(name: str, value: str, first: str, gpus: tuple[AmdGpu, ...]) -> _Fault | None:
    known_ones = [gpu.accelerator.uuid for gpu in gpus if isinstance(gpu.accelerator.uuid, str)]
    if len(known_ones) < len(gpus) or not known_ones or first.lower() in (unique.lower() for unique in known_ones):
        return None
    return _Fault(name, value, f"names {first}, which is none of the AMD GPUs here", sure=False)


def _found(case: Case, fault: _Fault, said: tuple[Symptom, ...]) -> Found:
    """A GPU that is hidden on purpose is missed only where a program said so."""
    facts = case.facts
    build = rocm_build(facts)
    severity = Severity.ERROR if said or is_required(case) else Severity.INFO if fault.on_purpose else Severity.WARNING
    sure = fault.sure and (bool(said) or facts.live or build is not None or not fault.on_purpose)
    return Found(
        fault.variable,
        f"{fault.variable} {fault.words}.",
        severity=severity,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=(case.proof(f"variables[{fault.variable}]", fault.value), *map(spoken, said)),
        would_confirm=() if sure else (f"the program finds the GPU without {fault.variable}",),
        remedies=(_unset(facts, fault.variable),),
        symptoms=said,
        about=(build[0],) if build is not None and not said else (),
    )


def _unset(facts: Snapshot, name: str) -> Remedy:
    if known(facts.system.os, "") == "Windows":
        return by_hand(f"remove {name}", "remove it from the environment variables in the system's settings", "start the program again")
    return by_hand(
        f"unset {name}, and find where it is set",
        Step(run=("unset", name)),
        Step(run=("grep", "--recursive", "--files-with-matches", name, "/etc/environment", "/etc/profile.d")),
        "look in ~/.bashrc, ~/.profile, the job's script and the container's environment, too",
    )


RULE = Rule(
    name="rocm-visible-devices",
    title="A variable hides the AMD GPUs from programs",
    area=Area.GPU,
    layer=Layer.DEVICE,
    manual=MANUAL,
    check=check,
    explains=frozenset({"cuda-error", "gpu-missing"}),
)
