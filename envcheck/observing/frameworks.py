"""Tries the frameworks of an environment: those that have a smoke test by that, others by an import, all of them beside each other."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from envcheck.facts.claims import Evidence
from envcheck.observing.answer import Answer
from envcheck.observing.imports import import_evidence, import_task
from envcheck.observing.own_check import CheckRequest, check_evidence, check_task
from envcheck.observing.process import Task
from envcheck.observing.runner import Progress, run
from envcheck.observing.smoke import SmokeRequest, left_to_test, smoke_evidence, smoke_task

_SHARE_OF_FREE_MEMORY = 0.8
# Caches that an import writes go to a scratch folder; HOME stays, because user site, keras.json and pip.conf are what is examined.
_SCRATCH = ("MPLCONFIGDIR", "TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR", "NUMBA_CACHE_DIR", "JAX_COMPILATION_CACHE_DIR")
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "WANDB_MODE": "disabled",
    "DO_NOT_TRACK": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
    "MLFLOW_DISABLE_TELEMETRY": "true",
}
# A card is shared with whoever works on it: nothing is taken that is not used.
_SPARING = {"XLA_PYTHON_CLIENT_PREALLOCATE": "false", "TF_FORCE_GPU_ALLOW_GROWTH": "true"}
# What the libraries that compute are told where the user has not told them.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
_MOST_THREADS = 2


class Room(msgspec.Struct, frozen=True):
    """What the children may use: `cores` that this process may run on, `memory_bytes` that are free (None: not known)."""

    cores: float
    memory_bytes: int | None

    @property
    def children(self) -> int:
        """How many get a core of their own."""
        return max(1, int(self.cores))

    @property
    def limit_bytes(self) -> int | None:
        """What the children may take before one is stopped, so that the machine keeps running."""
        return None if self.memory_bytes is None else int(self.memory_bytes * _SHARE_OF_FREE_MEMORY)


def try_frameworks(
    executable: str,
    imports: Iterable[str],
    tests: Iterable[SmokeRequest],
    room: Room,
    surroundings: "Surroundings",
    checks: Iterable[CheckRequest] = (),
) -> Evidence:
    """Facts under `imports` and `smoke`, and the symptoms of what did not come up; the slowest is begun first.

    `checks` are commands of profiles. Nobody knows how long they take, so that they come before all others.
    """
    with _scratch_folder() as scratch:
        variables = _variables(surroundings.variables, room, scratch)
        trials = _Trials(executable, room, variables, scratch or "", surroundings)
        return trials.run(imports, tests, checks)


class Surroundings(msgspec.Struct, frozen=True):
    """What stands around the children.

    `variables` are the user's; `import_deadline_s` is the user's time for an import; `progress` and `told` hear of what happens:
    `told` gets the evidence of each child as it comes.
    """

    variables: dict[str, str]
    import_deadline_s: float | None = None
    progress: Progress | None = None
    told: Callable[[Evidence], None] | None = None


class _Trials:
    """The children of one run, and what they have brought so far."""

    def __init__(self, executable: str, room: Room, variables: dict[str, str | None], scratch: str, surroundings: Surroundings) -> None:
        self._executable, self._room, self._variables, self._scratch = executable, room, variables, scratch
        self._surroundings = surroundings
        self._requests: dict[str, SmokeRequest] = {}
        self._names: dict[str, str] = {}
        self._checks: dict[str, CheckRequest] = {}
        self._brought: dict[str, Evidence] = {}

    def run(self, imports: Iterable[str], tests: Iterable[SmokeRequest], checks: Iterable[CheckRequest]) -> Evidence:
        slowest_first = sorted(tests, key=lambda request: -request.expected_s)
        tasks = [*map(self._check, checks), *map(self._test, slowest_first), *map(self._import, imports)]
        surroundings = self._surroundings
        run(
            tasks,
            at_once=self._room.children,
            memory_bytes=self._room.limit_bytes,
            progress=surroundings.progress,
            ended=self._take,
        )
        found = Evidence(observed={"imports": "complete"})
        for name in (*self._requests, *self._checks, *self._names):  # and not in the order in which they came to their end
            found.add(self._brought[name])
        return found

    def _test(self, request: SmokeRequest) -> Task:
        self._requests[request.task_name] = request
        folder = Path(self._scratch, f"test{len(self._requests)}")
        if self._scratch:
            folder.mkdir()
        task = smoke_task(self._executable, request, self._variables, str(folder) if self._scratch else "")
        return msgspec.structs.replace(task, memory_limit_bytes=self._room.limit_bytes)

    def _import(self, name: str) -> Task:
        task = import_task(self._executable, name, self._surroundings.import_deadline_s, self._variables)
        self._names[task.name] = name
        return msgspec.structs.replace(task, memory_limit_bytes=self._room.limit_bytes)

    def _check(self, request: CheckRequest) -> Task:
        self._checks[request.task_name] = request
        task = check_task(self._executable, request, _sparing(self._surroundings.variables))
        return msgspec.structs.replace(task, memory_limit_bytes=self._room.limit_bytes)

    def _take(self, answer: Answer) -> list[Task]:
        changed = tuple(sorted(self._variables))
        request, check = self._requests.get(answer.name), self._checks.get(answer.name)
        rest: SmokeRequest | None = None
        if check is not None:
            variables = tuple(sorted(_sparing(self._surroundings.variables)))
            evidence = check_evidence(self._executable, check, answer, variables)
        elif request is None:
            evidence = import_evidence(self._names[answer.name], answer, changed)
        else:
            evidence = smoke_evidence(request, answer, tuple(sorted({*changed, *request.variables})))
            rest = left_to_test(request, answer)
        self._brought[answer.name] = evidence
        if self._surroundings.told is not None:
            self._surroundings.told(evidence)
        return [self._test(rest)] if rest is not None else []


def _variables(own: dict[str, str], room: Room, scratch: str | None) -> dict[str, str | None]:
    """What the children's environment has different. A number of threads that the user has set is part of what is examined."""
    threads = str(min(room.children, _MOST_THREADS))
    bounded = {name: threads for name in _THREADS if name not in own}
    in_scratch = (*_SCRATCH, *(("KERAS_HOME",) if _lets_keras_write(own) else ()))
    return {**_OFFLINE, **_SPARING, **bounded, **(dict.fromkeys(in_scratch, scratch) if scratch else {})}


def _lets_keras_write(own: dict[str, str]) -> bool:
    """Keras writes its settings where there are none, into the home of whoever imports it; those that are there are examined."""
    return "KERAS_HOME" not in own and not Path("~/.keras/keras.json").expanduser().exists()


def _sparing(own: dict[str, str]) -> dict[str, str | None]:
    """What a command of the user's has different: it runs beside tests on the same cards, and else as the user would run it."""
    return {name: value for name, value in _SPARING.items() if name not in own}


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
