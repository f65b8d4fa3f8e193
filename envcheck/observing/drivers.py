"""What the drivers of accelerators are asked, once the quick probes have told which makers' are there: what cannot be there is not asked.

NVIDIA's driver is asked through NVML first. Where that fails without hanging, nvidia-smi and the CUDA driver library are asked too:
the words they fail with name the cause. After a hang nobody else asks the same driver, so that it costs its deadline once. What the answers
mean together (which cards a program does not see, what state the driver is in) is said by `nvidia_answers`.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from envcheck.facts.claims import Evidence, resolve_what_fits, unknowns
from envcheck.facts.snapshot import Snapshot, Unknown, known
from envcheck.facts.symptoms import OWN_QUESTION, Symptom, SymptomKind
from envcheck.messages import parse_message
from envcheck.observing.answer import Answer, Ending
from envcheck.observing.light_probes import end_in_words, reason_of
from envcheck.observing.nvidia_answers import put_together
from envcheck.observing.process import Task
from envcheck.observing.runner import Progress, run

DEADLINE_S = 10.0
# A driver that is not kept loaded starts every card anew for whoever asks it, which takes a second or two each.
_PATIENT_S = {"nvml": 30.0, "cuda_driver": 30.0}
# Whose libraries are asked, by probe: how these end tells of the driver itself.
_DRIVERS = {"nvml": "NVML", "cuda_driver": "CUDA"}
# What stays unknown where a probe does not come back. Of what two of them know, the one named first is believed.
_ANSWERS_FOR: Mapping[str, tuple[str, ...]] = {
    "nvml": ("nvidia.driver_version", "nvidia.cuda_version", "nvidia.state", "accelerators"),
    "nvidia_smi": ("nvidia.driver_version",),
    "cuda_driver": ("nvidia.libcuda_loadable",),
    "amd": ("amd",),
    "intel": ("intel",),
    "apple": ("apple",),
    "toolkits": ("toolkits",),
}
_STUCK = (Ending.TIMED_OUT, Ending.UNKILLABLE)
_KINDS = {
    Ending.TIMED_OUT: SymptomKind.TIMED_OUT,
    Ending.UNKILLABLE: SymptomKind.UNKILLABLE,
    Ending.SIGNALLED: SymptomKind.SIGNAL,
}


def ask_drivers(executable: str, seen: Evidence, *, quick: bool, progress: Progress | None = None) -> Evidence:
    """What the drivers and their tools tell beyond the files; nothing is started for a maker of whom nothing was seen."""
    without_packages = [claim for claim in seen.claims if not claim.fact.startswith(("packages", "builds"))]
    facts = resolve_what_fits(Evidence(claims=without_packages), taken="", live=True)
    first = run(first_questions(facts, executable, quick=quick), progress=progress)
    second = run(second_questions(first, quick=quick), progress=progress)
    answers = {name: answer for name in _ANSWERS_FOR if (answer := second.get(name, first.get(name))) is not None}
    found = {name: _evidence(answer) for name, answer in answers.items()}
    stages = {name: answer.stages for name, answer in answers.items()}
    return put_together(found, stages, in_container=isinstance(facts.system.container, str))


def first_questions(facts: Snapshot, executable: str, *, quick: bool) -> list[Task]:
    """The tasks of the first round. In a full run the CUDA driver library is asked beside NVML, as it can fail where NVML works."""
    asked: list[tuple[str, tuple[str, ...]]] = []
    if has_nvidia_signs(facts):
        asked.append(("nvml", ()))
        if not quick:
            asked.append(("cuda_driver", ()))
    if has_amd_signs(facts) and not quick:
        asked.append(("amd", ()))
    if has_maker(facts, "intel") and not quick:
        asked.append(("intel", ()))
    if facts.system.os == "Darwin" and not quick:
        asked.append(("apple", ()))
    if has_nvidia_signs(facts) or has_amd_signs(facts) or (_has_toolkit_signs(facts) and not quick):
        folders = tuple(f"site={folder}" for folder in facts.python.site_folders)
        asked.append(("toolkits", (f"prefix={known(facts.python.prefix, str(Path(executable).parent.parent))}", *folders)))
    return [_task(name, arguments, DEADLINE_S if quick else _PATIENT_S.get(name, DEADLINE_S)) for name, arguments in asked]


def second_questions(first: Mapping[str, Answer], *, quick: bool) -> list[Task]:
    """What is asked because NVML has answered that it cannot tell."""
    nvml = first.get("nvml")
    if nvml is None or nvml.ending in _STUCK or any(claim.fact == "nvidia.driver_version" for claim in nvml.evidence.claims):
        return []
    return [_task(name, (), DEADLINE_S) for name in ("nvidia_smi", *(("cuda_driver",) if quick else ()))]


def has_nvidia_signs(facts: Snapshot) -> bool:
    """A card, a module, a device node, a library, a board: any of them is reason enough to ask."""
    nvidia = facts.nvidia
    return (
        has_maker(facts, "nvidia")
        or any(isinstance(sign, str) for sign in (nvidia.kernel_module_version, nvidia.nvml_path, nvidia.libcuda_path, nvidia.jetson))
        or any(device.path.startswith("/dev/nvidia") or device.path == "/dev/dxg" for device in facts.devices)
    )


def has_amd_signs(facts: Snapshot) -> bool:
    """A card, or the device node of ROCm's driver."""
    return has_maker(facts, "amd") or any(device.path == "/dev/kfd" for device in facts.devices)


def has_maker(facts: Snapshot, vendor: str) -> bool:
    """Whether a card of a maker was seen."""
    return any(card.vendor == vendor for card in facts.accelerators)


def _has_toolkit_signs(facts: Snapshot) -> bool:
    """Somebody compiles here, or has said where CUDA or ROCm is."""
    return any(tool.name in ("nvcc", "hipcc") for tool in facts.tools) or any(
        name in facts.variables for name in ("CUDA_HOME", "CUDA_PATH", "ROCM_PATH", "ROCM_HOME")
    )


def _task(name: str, arguments: Sequence[str], deadline_s: float) -> Task:
    return Task(name, name, sys.executable, tuple(arguments), deadline_s, own=True)


def _evidence(answer: Answer) -> Evidence:
    evidence = answer.evidence
    for words in answer.said:
        said = parse_message(words.text, subject=words.subject, source=words.details.get("source", words.subject))
        evidence.symptoms += [replace(symptom, details={**symptom.details, "asked_by": OWN_QUESTION}) for symptom in said]
    if answer.ending is not Ending.ANSWERED:
        detail = f"the {answer.name} probe {end_in_words(answer)}"
        evidence.unknown += unknowns(_ANSWERS_FOR[answer.name], Unknown(fact="", reason=reason_of(answer), detail=detail))
        evidence.symptoms += _endings(answer)
    return evidence


def _endings(answer: Answer) -> list[Symptom]:
    """That a driver's library hangs, or brings down who asks it, is a symptom as any that it could have said."""
    kind = _KINDS.get(answer.ending)
    if kind is None or answer.name not in _DRIVERS:
        return []
    subject = _DRIVERS[answer.name]
    details = {"stage": answer.stage, "asked_by": OWN_QUESTION, **({"signal": answer.signal} if answer.signal else {})}
    return [Symptom(kind=kind, text=f"{subject} {end_in_words(answer)}", subject=subject, details=details, source=f"asking {subject}")]
