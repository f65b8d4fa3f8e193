"""nvidia-driver-does-not-answer: asked by envcheck itself, a library of the NVIDIA driver hangs, crashes, or fails without saying why."""

from collections.abc import Iterator

from msgspec import UNSET

from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.driver_words import WITHOUT_DRIVER, cuda_code
from envcheck.judging.gpu_wishes import severity_of_trouble
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import listed
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.system import REBOOT, as_root
from envcheck.report import Area, Certainty, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether NVML and the CUDA driver library answer when envcheck asks them which cards there are.",
    why="A driver that hangs or crashes at this question does so for every program that computes. A card that stopped, a module that was "
    "loaded halfway, and a missing device node of nvidia_uvm all end here. On a machine with many cards and without persistence mode a "
    "driver may only be slow: it starts every card anew for each program.",
    example="NVML did not answer within 30 s (at: starting NVML), and nvidia-smi does not come back either.",
    fix="Read what the kernel says of the driver, load nvidia_uvm again, turn persistence mode on where it is only slow; else reboot.",
    ignore_when="The cards were being reset or were very busy at that moment, and a second run ends well.",
    sources=(
        "https://docs.nvidia.com/deploy/driver-persistence/index.html",
        "https://docs.nvidia.com/deploy/xid-errors/index.html",
        "https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html",
    ),
)

_SUBJECT = "NVIDIA driver"
_UNKNOWN_ERROR = 999  # CUDA_ERROR_UNKNOWN
_HANGS = (SymptomKind.TIMED_OUT, SymptomKind.UNKILLABLE)
_LIBRARIES = {"NVML": "NVML", "CUDA": "the CUDA driver library"}
_GSP_XIDS = (119, 120)  # GSP RPC timeout, GSP error
_MEMORY_NODE = "/dev/nvidia-uvm"


def check(case: Case) -> Iterator[Outcome]:
    """What its libraries did when envcheck asked them, and what the kernel's log says of programs that asked."""
    facts = case.facts
    asked = tuple(symptom for symptom in facts.symptoms if symptom.was_asked_for and symptom.subject in _LIBRARIES)
    hung = tuple(symptom for symptom in asked if symptom.kind in _HANGS)
    crashed = tuple(symptom for symptom in asked if symptom.kind is SymptomKind.SIGNAL)
    failed = tuple(symptom for symptom in asked if cuda_code(symptom) == _UNKNOWN_ERROR)
    logged = tuple(symptom for symptom in facts.symptoms if _is_logged(symptom))
    if hung or crashed:
        yield _silent(case, hung, crashed)
    elif logged:
        yield _logged(case, logged)
    elif failed:
        yield _failed(case, failed)
    elif isinstance(facts.nvidia.driver_version, str) and (facts.live or facts.nvidia.state == "ok"):
        yield Passed(_SUBJECT, "it answers")
    elif facts.live and isinstance(facts.nvidia.kernel_module_version, str) and facts.nvidia.driver_version is UNSET:
        why = facts.why_unknown("nvidia.driver_version")
        detail = f": {why.detail}" if why is not None and why.detail else ""
        yield NotEvaluated(_SUBJECT, f"it is loaded, and whether it answers could not be found out{detail}", ("nvidia-smi",))
    else:
        yield NotApplicable("no NVIDIA driver was asked")


def _is_logged(symptom: Symptom) -> bool:
    """A program of the driver's that hangs in the kernel, or the driver's own wait for the processor on the card (GSP) in vain."""
    hangs = symptom.kind is SymptomKind.UNKILLABLE and symptom.subject == "kernel"
    return hangs or (symptom.kind is SymptomKind.GPU_XID and symptom.code in _GSP_XIDS)


def _logged(case: Case, said: tuple[Symptom, ...]) -> Found:
    gsp = any(symptom.kind is SymptomKind.GPU_XID for symptom in said)
    waits = "waited in vain for the processor on the card (GSP)" if gsp else "holds programs in the kernel that ask it"
    return Found(
        _SUBJECT,
        f"The NVIDIA driver does not answer: it {waits}.",
        evidence=tuple(map(spoken, said)),
        remedies=(_look(case.facts),),
        symptoms=said,
    )


def _silent(case: Case, hung: tuple[Symptom, ...], crashed: tuple[Symptom, ...]) -> Found:
    """One library alone may be slow or broken while programs compute through the other."""
    facts, said = case.facts, (*hung, *crashed)
    names = tuple(dict.fromkeys(_LIBRARIES[symptom.subject] for symptom in said))
    does = "does not come back" if not crashed else "crashes" if not hung else "hangs or crashes"
    does = does if len(names) == 1 else {"does not come back": "do not come back", "crashes": "crash"}.get(does, "hang or crash")
    return Found(
        _SUBJECT,
        f"The NVIDIA driver does not answer: asked for its cards, {listed(list(names))} {does}.",
        severity=severity_of_trouble(case) if len(names) == len(_LIBRARIES) else Severity.WARNING,
        certainty=Certainty.LIKELY if hung else Certainty.CERTAIN,
        evidence=tuple(map(spoken, said)),
        would_confirm=("nvidia-smi does not come back either, or only after a long time",) if hung else (),
        remedies=(_look(facts), *((_keep_loaded(facts),) if hung else ())),
        symptoms=said,
    )


def _failed(case: Case, said: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    missing = _has_no_memory_node(facts)
    why = f": {_MEMORY_NODE} is not there" if missing else ""
    return Found(
        _SUBJECT,
        f"CUDA cannot start: the CUDA driver library answers with an unknown error ({_UNKNOWN_ERROR}){why}.",
        severity=severity_of_trouble(case),
        evidence=tuple(map(spoken, said)),
        remedies=(_load_memory_module(facts), _look(facts)),
        symptoms=said,
    )


def _has_no_memory_node(facts: Snapshot) -> bool:
    complete = facts.observed.devices is Completeness.COMPLETE and not isinstance(facts.system.wsl, int)
    return complete and not any(device.path == _MEMORY_NODE for device in facts.devices)


def _load_memory_module(facts: Snapshot) -> Remedy:
    if known(facts.system.container, ""):
        return by_hand(
            "mend the driver on the host of the container", "on the host: sudo modprobe nvidia_uvm, then start the container again"
        )
    return by_hand(
        "load nvidia_uvm, the driver's module for memory, and let it make its device node",
        as_root("modprobe", "nvidia_uvm"),
        as_root("nvidia-modprobe", "-u", "-c", "0"),
    )


def _look(facts: Snapshot) -> Remedy:
    if facts.system.os == "Windows" or isinstance(facts.system.wsl, int):
        return by_hand("restart the driver", "restart Windows; under WSL this is often enough, from Windows: wsl --shutdown")
    where = " on the host of the container" if known(facts.system.container, "") else ""
    return by_hand(
        f"see what the kernel says of the driver{where}",
        as_root("dmesg"),
        "lines with NVRM or Xid name the card and what happened to it; what does not come back by itself needs a restart:",
        REBOOT,
    )


def _keep_loaded(facts: Snapshot) -> Remedy:
    if known(facts.system.container, "") or isinstance(facts.system.wsl, int) or facts.system.os == "Windows":
        return by_hand("keep the driver loaded, where it is only slow", "turn persistence mode on, on the host: sudo nvidia-smi -pm 1")
    return by_hand(
        "keep the driver loaded, where it is only slow",
        Step(run=("nvidia-smi",)),
        "if it answers after a long time:",
        as_root("nvidia-smi", "-pm", "1"),
    )


RULE = Rule(
    name="nvidia-driver-does-not-answer",
    title="The NVIDIA driver hangs or fails when it is asked",
    area=Area.GPU,
    layer=Layer.DRIVER,
    manual=MANUAL,
    check=check,
    explains=(WITHOUT_DRIVER | {"probe-cannot-be-killed"})
    - {"nvidia-driver-does-not-answer", "no-nvidia-driver", "cuda-error", "nvml-error"},
)
