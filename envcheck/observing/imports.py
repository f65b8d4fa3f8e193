"""Importing frameworks, one child each, and what its end says: imported, or the symptom why not."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import msgspec

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.messages import parse_message
from envcheck.observing.answer import Answer, Ending
from envcheck.observing.process import Task
from envcheck.observing.runner import Progress, run

DEADLINE_S = 60.0
# What one framework needs at the most while it is imported: TensorFlow's peak was measured at 0.6 GB.
_EXPECTED_BYTES = 10**9
_SHARE_OF_FREE_MEMORY = 0.8
# Caches that an import writes go to a scratch folder; HOME stays, because user site, keras.json and pip.conf are what is examined.
_SCRATCH = ("MPLCONFIGDIR", "TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR", "NUMBA_CACHE_DIR", "JAX_COMPILATION_CACHE_DIR")
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "WANDB_MODE": "disabled", "DO_NOT_TRACK": "1"}
SOURCE = "import in a child process"

# What a framework prints while its import goes well, and is trouble all the same; other words are noise.
_TROUBLE_THOUGH_IMPORTED = (
    SymptomKind.ABI_MISMATCH,
    SymptomKind.ARCH_NOT_SUPPORTED,
    SymptomKind.DRIVER_TOO_OLD,
    SymptomKind.LOADED_OLDER_THAN_BUILT,
)

_STATUS = {
    Ending.SIGNALLED: "crashed",
    Ending.EXITED: "crashed",
    Ending.TIMED_OUT: "timed_out",
    Ending.UNKILLABLE: "unkillable",
    Ending.OUT_OF_MEMORY: "killed_for_memory",
    Ending.NOT_STARTED: "failed",
    Ending.TOO_OLD: "failed",
}


class Room(msgspec.Struct, frozen=True):
    """What the children may use: `cores` that this process may run on, `memory_bytes` that are free (None: not known)."""

    cores: float
    memory_bytes: int | None

    @property
    def children(self) -> int:
        """How many imports fit beside each other."""
        by_memory = self.cores if self.memory_bytes is None else self.memory_bytes / _EXPECTED_BYTES
        return max(1, int(min(self.cores, by_memory)))

    @property
    def limit_bytes(self) -> int | None:
        """What one child may take before it is stopped, so that the machine keeps running."""
        return None if self.memory_bytes is None else int(self.memory_bytes * _SHARE_OF_FREE_MEMORY)


def import_frameworks(
    executable: str, names: Iterable[str], room: Room, deadline_s: float | None = None, progress: Progress | None = None
) -> Evidence:
    """Imports each in a child of its own; facts under `imports`, and the symptoms of those that did not come up."""
    found = Evidence(observed={"imports": "complete"})
    with _scratch_folder() as scratch:
        variables: dict[str, str | None] = {**_OFFLINE, **(dict.fromkeys(_SCRATCH, scratch) if scratch else {})}
        tasks = [
            Task(
                name=f"import {name}",
                probe="import_framework",
                python=executable,
                arguments=(name,),
                deadline_s=deadline_s or DEADLINE_S,
                heavy=True,
                memory_limit_bytes=room.limit_bytes,
                variables=variables,
            )
            for name in names
        ]
        for answer in run(tasks, at_once=room.children, progress=progress).values():
            found.add(_evidence(answer, tuple(sorted(variables))))
    return found


def _evidence(answer: Answer, changed_variables: tuple[str, ...]) -> Evidence:
    """What one import child found; where it died, the facts that its ending tells."""
    name = answer.name.removeprefix("import ")
    fact = f"imports[{name}]"
    answer.confine(fact)
    evidence = answer.evidence
    for words in answer.said:
        evidence.symptoms += _symptoms(words.subject, words.text, words.details)
    if not any(claim.fact == fact for claim in evidence.claims):
        entry = {"status": _STATUS.get(answer.ending, "crashed"), "stage": answer.stage, "seconds": round(answer.seconds, 3)}
        evidence.claims.append(Claim(fact, entry, SOURCE, Trust.MEASURED))
        evidence.symptoms += _ending_symptoms(name, answer)
    evidence.claims.append(Claim(f"{fact}.changed_variables", list(changed_variables), SOURCE, Trust.MEASURED))
    worked = answer.ending is Ending.ANSWERED and not answer.said
    printed = [each for each in _spoken(name, answer.stderr) if not worked or each.kind in _TROUBLE_THOUGH_IMPORTED]
    evidence.symptoms += [each for each in printed if each not in evidence.symptoms]
    return evidence


def _symptoms(name: str, text: str, details: dict[str, str]) -> list[Symptom]:
    """What an exception says, by its finest kind; one that says nothing known is an import that failed."""
    found = _spoken(name, text)
    if found:
        return found
    exception, _, message = text.partition(": ")
    return [
        Symptom(
            kind=SymptomKind.IMPORT_FAILED,
            text=text,
            subject=name,
            details={"exception": exception, "message": message, **details},
            source=SOURCE,
        )
    ]


def _spoken(name: str, text: str) -> list[Symptom]:
    return parse_message(text, subject=name, source=SOURCE)


def _ending_symptoms(name: str, answer: Answer) -> list[Symptom]:
    """The symptom that an ending without an answer is, with the stage and the innermost frame."""
    where = {"stage": answer.stage, **({"frame": answer.stack[0]} if answer.stack else {})}
    seconds = f"{answer.seconds:.0f}"
    kinds: dict[Ending, tuple[SymptomKind, str, dict[str, str]]] = {
        Ending.SIGNALLED: (SymptomKind.SIGNAL, f"ended by {answer.signal}", {"signal": answer.signal}),
        Ending.EXITED: (SymptomKind.EXITED, f"ended with status {answer.status} before it had answered", {"status": str(answer.status)}),
        Ending.TIMED_OUT: (SymptomKind.TIMED_OUT, f"did not come back within {seconds} s", {"seconds": seconds}),
        Ending.UNKILLABLE: (SymptomKind.UNKILLABLE, "could not be killed: it sleeps inside the kernel or a driver", {}),
        Ending.OUT_OF_MEMORY: (
            SymptomKind.KILLED_FOR_MEMORY,
            "was stopped: it took the memory away",
            {"resident_bytes": str(answer.resident_bytes)},
        ),
        Ending.NOT_STARTED: (SymptomKind.EXITED, f"could not be started: {answer.detail}", {"status": "not started"}),
    }
    kind, text, details = kinds.get(answer.ending, (SymptomKind.EXITED, "gave no answer", {}))
    return [Symptom(kind=kind, text=f"import {name} {text}", subject=name, code=answer.status, details={**details, **where}, source=SOURCE)]


@contextmanager
def _scratch_folder() -> Iterator[str | None]:
    """A folder for caches that is gone afterwards; None where nothing can be written."""
    try:
        folder = tempfile.mkdtemp(prefix="envcheck-")
    except OSError:
        yield None
        return
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
