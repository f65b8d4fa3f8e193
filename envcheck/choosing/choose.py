"""Choosing a build: which device is meant, the newest build for it that fits, and where there is none, what comes nearest."""

from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module

from envcheck.choosing.build import Build, Impossible, Reason, Wishes
from envcheck.choosing.candidate import Candidate
from envcheck.choosing.devices import Device, devices
from envcheck.choosing.machine import Machine, Place, read_machine
from envcheck.choosing.nearest import Asked, impossible
from envcheck.choosing.search import Search, Source, search
from envcheck.choosing.why import confidence, reasons, unserved
from envcheck.facts.snapshot import Snapshot

_NAMES = {
    "pytorch": "torch",
    "jaxlib": "jax",
    "tensorflow-cpu": "tensorflow",
    "tensorflow-gpu": "tensorflow",
    "onnxruntime-gpu": "onnxruntime",
}
NO_WISHES = Wishes()
# Each has a module of its own beside this one, which is imported, with its tables, where it is asked for.
_FRAMEWORKS = frozenset({"torch", "tensorflow", "jax"})


def choose_build(facts: Snapshot, framework: str, wishes: Wishes = NO_WISHES) -> Build | Impossible:
    """The build of a framework that this machine should have."""
    name = _NAMES.get(framework, framework)
    machine = read_machine(facts, wishes)
    kinds, source = _source(name)
    missed: Impossible | None = None
    for device in devices(facts, machine, wishes, kinds, needed=name in _FRAMEWORKS):
        outcome = search(source, machine, device.kind, wishes)
        if outcome.found is not None:
            return _build(name, outcome.found, outcome, device)
        if device.required:
            missed = missed or impossible(Asked(name, source, machine, device.kind, wishes), outcome)
    return missed or _for_cpu(name, source, machine, wishes)


def _source(name: str) -> tuple[tuple[str, ...], Source]:
    """The GPUs that a framework has builds for, and where its builds are listed."""
    kinds: tuple[str, ...]
    if name in _FRAMEWORKS:
        kinds = import_module(f"envcheck.choosing.{name}").KINDS
    else:
        from envcheck.choosing.from_index import kinds_of

        kinds = kinds_of(name)
    return kinds, lambda place, kind, wishes: _candidates(name, place, kind, wishes)


@lru_cache(maxsize=256)
def _candidates(name: str, place: Place, kind: str, wishes: Wishes) -> tuple[Candidate, ...]:
    found: Iterable[Candidate]
    if name in _FRAMEWORKS:
        found = import_module(f"envcheck.choosing.{name}").candidates(place, kind, wishes)
    else:
        from envcheck.choosing.from_index import candidates

        found = candidates(name, place, kind, wishes)
    return tuple(found)


def _build(name: str, found: Candidate, outcome: Search, device: Device) -> Build:
    return Build(
        framework=name,
        distribution=found.distribution,
        version=found.version,
        variant=found.variant,
        index=found.index,
        extras=found.extras,
        python=outcome.machine.place.python,
        companions=found.companions,
        why=reasons(found, outcome, device),
        confidence=confidence(found, outcome),
        unserved=unserved(found, outcome.machine),
    )


def _for_cpu(name: str, source: Source, machine: Machine, wishes: Wishes) -> Build | Impossible:
    """Where the GPU that is there is none that the framework has a build for, and need not be used."""
    outcome = search(source, machine, "cpu", wishes)
    if outcome.found is None:
        return impossible(Asked(name, source, machine, "cpu", wishes), outcome)
    return _build(name, outcome.found, outcome, Device("cpu", Reason("cpu", "no build fits the GPU that is there")))
