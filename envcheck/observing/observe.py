"""A snapshot of this machine and one of its Python environments: which probes run, and what their ends mean."""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from envcheck.facts.claims import Claim, Evidence, Trust, resolve, unknowns
from envcheck.facts.snapshot import Snapshot, Unknown, UnknownReason, known
from envcheck.knowledge.frameworks import FRAMEWORKS
from envcheck.observing.answer import Answer, Ending
from envcheck.observing.choose_python import Chosen, Running, choose, refuse
from envcheck.observing.imports import Room, import_frameworks
from envcheck.observing.process import Task
from envcheck.observing.runner import Progress, run
from envcheck.observing.volumes import volumes

LIGHT_DEADLINE_S = 10.0
# The groups of facts that each light probe answers for.
_ANSWERS_FOR = {
    "host": ("system", "cpu", "memory", "variables"),
    "disks": ("disks",),
    "python": ("python", "packages", "builds"),
    "surroundings": ("python.pip", "python.kernels", "python.nearby"),
    "tools": ("tools",),
    "pci": ("accelerators",),
}


@dataclass(frozen=True)
class Wish:
    """What is to be looked at; `frameworks` are import packages to be imported beside the installed ones."""

    python: str | None = None
    quick: bool = False
    frameworks: tuple[str, ...] = ()
    import_timeout_s: float | None = None


def observe(wish: Wish, progress: Progress | None = None) -> Snapshot:
    """Looks at this machine. Raises `UnusablePython` where the interpreter that the user named cannot be used."""
    folder = _working_folder()
    chosen = choose(wish.python, environment=os.environ, folder=folder, running=Running.here())
    evidence = Evidence()
    answers = run(_light_tasks(chosen, folder, quick=wish.quick), progress=progress)
    if wish.python is not None and (refusal := refuse(wish.python, answers["python"])) is not None:
        raise refusal
    for answer in answers.values():
        evidence.add(_light_evidence(answer))
    evidence.add(_choice_evidence(chosen))
    taken = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    if not wish.quick and answers["python"].ending is Ending.ANSWERED:
        evidence.add(_import_frameworks(chosen, wish, resolve(evidence, taken=taken, live=True), progress))
    return resolve(evidence, taken=taken, live=True)


def _working_folder() -> str:
    try:
        return str(Path.cwd())
    except OSError:  # it was deleted under us
        return ""


def _light_tasks(chosen: Chosen, folder: str, *, quick: bool) -> list[Task]:
    own, home = sys.executable, os.path.expanduser("~")  # noqa: PTH111 - pathlib raises where there is no home
    environment = _environment_folder(chosen.executable)
    disks = volumes(environment, os.environ, home, sys.platform)
    around = (f"executable={chosen.executable}", f"prefix={environment}", f"cwd={folder}", f"home={home}")
    asked = {
        "python": (chosen.executable, (f"cwd={folder}",)),
        "host": (own, ()),
        "disks": (own, tuple(f"{purpose}={path}" for purpose, path in disks.items())),
        "surroundings": (own, around),
        "tools": (own, ("quick" if quick else "full",)),
        "pci": (own, ()),
    }
    return [Task(name, name, python, arguments, LIGHT_DEADLINE_S) for name, (python, arguments) in asked.items()]


def _environment_folder(executable: str) -> str:
    r"""The prefix that an interpreter's place suggests: `…/bin/python` and `…\\Scripts\python.exe` lie one below it."""
    parent = Path(executable).parent
    return str(parent.parent if parent.name.lower() in ("bin", "scripts") else parent)


def _light_evidence(answer: Answer) -> Evidence:
    """What a light probe found; of what it could not answer any more, the reason."""
    evidence = answer.evidence
    if answer.ending is not Ending.ANSWERED:
        reason = _REASONS.get(answer.ending, UnknownReason.CRASHED)
        unknown = Unknown(fact="", reason=reason, detail=f"the {answer.name} probe {_end_in_words(answer)}")
        evidence.unknown += unknowns(_ANSWERS_FOR[answer.name], unknown)
    return evidence


_REASONS = {Ending.TIMED_OUT: UnknownReason.TIMED_OUT, Ending.UNKILLABLE: UnknownReason.UNKILLABLE}


def _end_in_words(answer: Answer) -> str:
    last = answer.stderr.strip().splitlines()[-1:] or [answer.detail]
    if answer.ending is Ending.NOT_STARTED:
        return f"could not be started: {answer.detail}"
    if answer.ending is Ending.TOO_OLD:
        return f"needs Python 3.8 or newer, this is {answer.detail}"
    if answer.ending is Ending.SIGNALLED:
        return f"was ended by {answer.signal}"
    if answer.ending in _REASONS:
        return f"did not answer within {answer.seconds:.0f} s (at: {answer.stage or 'start'})"
    return f"ended with status {answer.status}: {last[0]}"


def _choice_evidence(chosen: Chosen) -> Evidence:
    source = "envcheck's own choice"
    claims = [
        Claim("python.chosen_because", chosen.because, source, Trust.MEASURED),
        Claim("python.executable", chosen.executable, source, Trust.MENTIONED),
    ]
    passed_over = [
        Unknown(fact=f"python.candidates[{other.path}]", reason=UnknownReason.UNPARSABLE, detail=other.reason)
        for other in chosen.passed_over
    ]
    return Evidence(claims=claims, unknown=passed_over)


def _import_frameworks(chosen: Chosen, wish: Wish, seen: Snapshot, progress: Progress | None) -> Evidence:
    installed = [name for name, distributions in FRAMEWORKS.items() if any(seen.package(each) for each in distributions)]
    names = dict.fromkeys((*installed, *wish.frameworks))
    return import_frameworks(chosen.executable, names, _room(seen), wish.import_timeout_s, progress)


def _room(seen: Snapshot) -> Room:
    """What the host probe found free; unknown memory sets no limit."""
    free = [size for size in (seen.memory.available_bytes, seen.memory.limit_bytes) if isinstance(size, int)]
    return Room(cores=known(seen.cpu.usable_cores, 1.0), memory_bytes=min(free, default=None))
