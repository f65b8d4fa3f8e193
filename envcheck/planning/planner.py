"""The plan for a machine: the newest builds that fit it and one another, on one Python, with the commands of one manager."""

from collections.abc import Iterator, Sequence
from functools import partial

import msgspec
from msgspec.structs import replace

from envcheck.choosing.build import Build, Impossible, Reason, Wishes
from envcheck.choosing.machine import Machine, read_machine
from envcheck.choosing.nearest import PYTHONS
from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.wording import listed
from envcheck.knowledge.versions import is_below, release
from envcheck.planning import commands, conda
from envcheck.planning.before import before, declare_cuda, java_reasons
from envcheck.planning.commands import Installation
from envcheck.planning.documents import of_documents
from envcheck.planning.names import Member, read_names
from envcheck.planning.needs import needs_of, pins
from envcheck.planning.plan import CONDAS, Plan, PlannedPackage
from envcheck.planning.together import Apart, Together, together
from envcheck.prescribing.install import manager_for
from envcheck.report import Remedy, Step

_NO_WISHES = Wishes()


class _Answer(msgspec.Struct, frozen=True):
    """What was found on which Python; `short` are members whose build is older than their profile asks for."""

    found: Together | Apart
    python: str
    short: tuple[Member, ...] = ()


def plan(facts: Snapshot, names: Sequence[str], wishes: Wishes = _NO_WISHES, manager: str = "") -> Plan:
    """What to install for these profiles and frameworks. Raises `Mistake` for a name that is neither.

    `manager` is one of MANAGERS; empty: that which made the environment. A wished version is that of the first of the packages.
    """
    facts = commands.trusted(facts)
    members = read_names(names)
    given, manager = manager, manager or manager_for(facts, members[0].alternatives[0])
    answer = _on_some_python(facts, members, wishes)
    asked_for = Reason(manager, "it was asked for") if given else _why_manager(facts, manager)
    if isinstance(answer.found, Apart):
        return _impossible(facts, names, members, wishes, manager, answer)
    builds = answer.found.builds
    refusal = conda.refuse(builds) if manager in CONDAS else None
    if refusal is not None:
        return Plan(manager=manager, python=answer.python or None, impossible=refusal.reason, why=refusal.nearest)
    made = _plan(facts, wishes, manager, answer, builds)
    return replace(made, why=tuple(dict.fromkeys((asked_for, *map(partial(_of_profile, members, wishes), made.why)))))


def _on_some_python(facts: Snapshot, members: tuple[Member, ...], wishes: Wishes) -> _Answer:
    """Within what the profiles ask for if any Python allows it; else whatever fits, on the machine's own Python first."""
    bounds = any(member.asked for member in members) and not wishes.version
    first: _Answer | None = None
    for bounded in (True, False) if bounds else (False,):
        answer = _within(facts, members, wishes, bounded=bounded)
        if isinstance(answer.found, Together):
            return replace(answer, short=_short(members, answer.found.builds) if bounds and not bounded else ())
        first = answer
    return first or _within(facts, members, wishes, bounded=False)


def _within(facts: Snapshot, members: tuple[Member, ...], wishes: Wishes, *, bounded: bool) -> _Answer:
    own = read_machine(facts, wishes).place.python
    found = together(facts, members, wishes, bounded=bounded) if own else None
    if isinstance(found, Together) or wishes.python:
        return _Answer(found or Apart(), own)
    best: _Answer | None = None
    free = together(_without_python(facts), members, wishes, bounded=bounded)
    if isinstance(free, Together):
        for python in PYTHONS:
            other = together(facts, members, replace(wishes, python=python), bounded=bounded)
            if isinstance(other, Together) and (best is None or _versions(best.found) < _versions(other)):
                best = _Answer(other, python)
            if best is not None and _versions(best.found) >= _versions(free):
                break
    return best or _Answer(found if found is not None else free if isinstance(free, Apart) else Apart(), own)


def _without_python(facts: Snapshot) -> Snapshot:
    """As if any Python would do."""
    unset = msgspec.UNSET
    return replace(facts, python=replace(facts.python, version=unset, implementation=unset, bits=unset, tags=()))


def _versions(found: Together | Apart) -> tuple[tuple[int, ...], ...]:
    return tuple(release(build.version) for build in found.builds) if isinstance(found, Together) else ()


def _short(members: tuple[Member, ...], builds: tuple[Build, ...]) -> tuple[Member, ...]:
    versions = {build.distribution: build.version for build in builds}
    return tuple(
        member
        for member in members
        if any(member.at_least and versions.get(name) and is_below(versions[name], member.at_least) for name in member.alternatives)
    )


def _plan(facts: Snapshot, wishes: Wishes, manager: str, answer: _Answer, builds: tuple[Build, ...]) -> Plan:
    machine = read_machine(facts, replace(wishes, python=answer.python))
    new_python = _new_python(facts, manager, answer.python)
    wanted = Installation(builds, pins(builds, machine.place), new_python)
    return Plan(
        manager=manager,
        python=answer.python or None,
        packages=tuple(_packages(wanted, in_conda=manager in CONDAS)),
        steps=tuple(_steps(facts, manager, wanted, wishes, machine)),
        before=tuple(_before(facts, manager, wanted, wishes, machine)),
        why=tuple(_why(facts, manager, wanted, wishes, machine, answer)),
    )


def _new_python(facts: Snapshot, manager: str, python: str) -> str:
    """The Python of an environment that has to be made: where the one that is there has another, or is not known, or is not conda's."""
    own = read_machine(facts, _NO_WISHES)
    if own.place.python != python or not own.cpython or own.bits == 32:
        return python
    in_conda = known(facts.python.environment, "") == "conda"
    return python if manager in ("conda", "mamba") and not in_conda else ""


def _packages(wanted: Installation, *, in_conda: bool) -> Iterator[PlannedPackage]:
    for build in wanted.builds:
        index = None if in_conda else build.index
        variant = build.variant or None
        yield PlannedPackage(name=build.distribution, version=build.version or None, variant=variant, index=index)
        for companion in build.companions:
            if not companion.version.startswith(("<", ">")):
                yield PlannedPackage(name=companion.name, version=companion.version, variant=variant if build.index else None, index=index)
    for pin in wanted.pins:
        yield PlannedPackage(name=pin.name, version=pin.version if not pin.version.startswith(("<", ">")) else None)


def _steps(facts: Snapshot, manager: str, wanted: Installation, wishes: Wishes, machine: Machine) -> Iterator[Step]:
    if manager in CONDAS:
        return conda.steps(facts, manager, wanted, wishes, machine)
    return commands.steps(facts, manager, wanted)


def _before(facts: Snapshot, manager: str, wanted: Installation, wishes: Wishes, machine: Machine) -> Iterator[Remedy]:
    yield from before(facts, wanted.builds, manager, wanted.new_python)
    cuda = conda.family(wanted.builds, wishes)
    if manager == "pixi" and cuda:
        yield declare_cuda(machine.place.platform, cuda)


def _why(facts: Snapshot, manager: str, wanted: Installation, wishes: Wishes, machine: Machine, answer: _Answer) -> Iterator[Reason]:
    yield _why_python(facts, wanted, wishes)
    for build in wanted.builds:
        yield from build.why
    yield from _why_pins(wanted, machine)
    for member in answer.short:
        name = member.alternatives[0]
        yield Reason(name, f"{member.name} asks for {member.asked}, which this machine cannot have with any Python")
    if manager in CONDAS:
        yield from conda.reasons(wanted.builds, wishes, machine)
    yield from java_reasons(facts, wanted.builds)
    yield from of_documents(wanted.builds, machine)


def _why_pins(wanted: Installation, machine: Machine) -> Iterator[Reason]:
    """By what asks for the least."""
    needs = tuple(needs_of(wanted.builds, machine.place.python))
    for pin in wanted.pins:
        need = next(need for need in needs if need.what == pin.name and "<" in need.specifier)
        yield Reason(pin.requirement, need.words, need.source)


def _why_manager(facts: Snapshot, manager: str) -> Reason:
    words = {"conda": "the environment is conda's", "uv": "uv made the environment, and it has no pip"}
    return Reason(manager, words.get(manager, "nothing shows another manager"), facts.source_of("python.environment"))


def _of_profile(members: tuple[Member, ...], wishes: Wishes, reason: Reason) -> Reason:
    """A device that no option wishes for is wished for by a profile."""
    name = next((member.name for member in members if member.device == reason.choice), "")
    if not name or wishes.device or wishes.cuda or reason.because != "it is wished for":
        return reason
    return replace(reason, because=f"the profile {name} is for it")


def _why_python(facts: Snapshot, wanted: Installation, wishes: Wishes) -> Reason:
    own = read_machine(facts, _NO_WISHES)
    names = listed(tuple(build.distribution for build in wanted.builds))
    python = wanted.new_python or own.place.python
    choice = f"Python {python}"
    if wishes.python:
        return Reason(choice, "it was asked for")
    if not own.place.python:
        return Reason(choice, f"the Python is not known, and this one serves {names}")
    if own.place.python != python or not own.cpython or own.bits == 32:
        return Reason(choice, f"no release of {names} that is asked for is for the Python that is there, {known(facts.python.version, '')}")
    if wanted.new_python:
        return Reason(choice, "the environment is not conda's: conda makes one of its own")
    return Reason(choice, "it is the environment's own", facts.source_of("python.version"))


def _impossible(facts: Snapshot, named: Sequence[str], members: tuple[Member, ...], wishes: Wishes, manager: str, answer: _Answer) -> Plan:
    """Why nothing fits; of several names that fit one by one, that they need an environment each."""
    found = answer.found if isinstance(answer.found, Apart) else Apart()
    names = tuple(dict.fromkeys(named))
    sentence, why = _alone(found)
    if len(names) > 1 and not wishes.version:
        single = [_on_some_python(facts, read_names((name,)), wishes) for name in names]
        if all(isinstance(each.found, Together) for each in single):
            reason = found.clash.words if found.clash is not None else "no Python has builds of all of them"
            sentence = f"{listed(names)} need an environment each: {reason}."
            source = found.clash.source if found.clash is not None else ""
            why = tuple(_apart(f"envcheck plan {name}", each, source) for name, each in zip(names, single, strict=True))
    if not why and not wishes.device:
        on_cpu = _on_some_python(facts, members, replace(wishes, device="cpu", cuda=""))
        why = (_apart("--cpu", on_cpu, ""),) if isinstance(on_cpu.found, Together) else ()
    return Plan(manager=manager, python=answer.python or None, impossible=sentence, why=why)


def _alone(found: Apart) -> tuple[str, tuple[Reason, ...]]:
    if found.alone is not None:
        refusal: Impossible = found.alone[1]
        return refusal.reason, refusal.nearest
    if found.clash is not None:
        return f"No releases go together: {found.clash.words}.", (Reason("conflict", found.clash.words, found.clash.source),)
    return "No Python has builds of all of them.", ()


def _apart(name: str, answer: _Answer, source: str) -> Reason:
    builds = answer.found.builds if isinstance(answer.found, Together) else ()
    what = listed(tuple(f"{build.distribution} {build.version}".strip() for build in builds))
    return Reason(name, f"{what}, with Python {answer.python}", source or builds[0].why[-1].source)
