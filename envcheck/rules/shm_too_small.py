"""shm-too-small: the shared memory is too small for the workers of a DataLoader."""

from collections.abc import Iterator

from envcheck.facts.snapshot import known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.prescribing.containers import more_shared_memory
from envcheck.report import Area, Certainty, Severity

MANUAL = Manual(
    checks="Whether the shared memory under /dev/shm has room for what worker processes pass to each other.",
    why="Containers start with 64 MB of it. A DataLoader with workers passes every batch through it; where it is full, the worker dies "
    "of a bus error.",
    example="DataLoader worker (pid 47) is killed by signal: Bus error, in a container started without --shm-size.",
    fix="Start the container with --shm-size=8g or --ipc=host, or use fewer workers.",
    ignore_when="No worker processes are used: num_workers is 0.",
    sources=("https://docs.docker.com/reference/cli/docker/container/run/", "https://docs.pytorch.org/docs/stable/data.html"),
)

_DOCKERS_DEFAULT = 64 * 1024 * 1024
_COMFORTABLE = 1024 * 1024 * 1024
_MB = 1_000_000


def check(case: Case) -> Iterator[Outcome]:
    """A program that ran out of shared memory is an error, a container's default beside torch a hint."""
    facts = case.facts
    said = tuple(symptom for symptom in facts.symptoms if _says_full(symptom))
    size = facts.memory.shm_bytes
    killed = tuple(symptom for symptom in case.said(SymptomKind.SIGNAL) if symptom.details.get("signal") == "SIGBUS")
    if said:
        yield _found(case, (*said, *killed), size if isinstance(size, int) else None)
    elif killed and isinstance(size, int) and size <= _DOCKERS_DEFAULT:
        yield _found(case, killed, size)
    elif known(facts.system.os, "Linux") != "Linux" or size is None:
        yield NotApplicable("this system has no /dev/shm")
    elif not isinstance(size, int):
        if known(facts.system.container, ""):
            yield NotEvaluated("shared memory", "its size is not known", ("run df /dev/shm",))
        else:
            yield NotApplicable("no program ran out of shared memory")
    elif size <= _DOCKERS_DEFAULT and known(facts.system.container, "") and facts.package("torch") is not None:
        yield _hint(case, size)
    else:
        yield Passed("shared memory", f"{size / _MB:,.0f} MB")


def _says_full(symptom: Symptom) -> bool:
    if symptom.kind is SymptomKind.SHARED_MEMORY_EXHAUSTED:
        return True
    path = symptom.details.get("path", "")
    return symptom.kind is SymptomKind.NO_SPACE and path.startswith("/dev/shm")  # noqa: S108 - a place that is named, not used


def _hint(case: Case, size: int) -> Found:
    """Nothing failed yet: many containers never use workers."""
    return Found(
        "shared memory",
        f"The shared memory (/dev/shm) has {size / _MB:,.0f} MB, the default of containers; a DataLoader with workers needs more.",
        severity=Severity.INFO,
        evidence=(case.proof("memory.shm_bytes", size), case.proof("system.container", known(case.facts.system.container, ""))),
        remedies=(more_shared_memory(case.facts),),
        about=("torch",),
    )


def _found(case: Case, said: tuple[Symptom, ...], size: int | None) -> Found:
    facts = case.facts
    spelt_out = any(map(_says_full, said))  # a bus error alone has other causes, such as a disk that is full
    certain = spelt_out and (size is None or size < _COMFORTABLE)
    evidence = [spoken(symptom) for symptom in said]
    if size is not None:
        evidence.append(case.proof("memory.shm_bytes", size))
    has = f": it has {size / _MB:,.0f} MB" if size is not None else ""
    return Found(
        "shared memory",
        f"The shared memory under /dev/shm was too small for the program's workers{has}.",
        certainty=Certainty.CERTAIN if certain else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if certain else ("df /dev/shm, while the program runs, shows it full",),
        remedies=(more_shared_memory(facts),),
        symptoms=said,
        about=("torch",),
    )


RULE = Rule(
    name="shm-too-small",
    title="The shared memory is too small",
    area=Area.CONTAINER,
    layer=Layer.CONTAINER,
    manual=MANUAL,
    check=check,
    explains=frozenset({"disk-full-during-install", "framework-import-crashes"}),
)
