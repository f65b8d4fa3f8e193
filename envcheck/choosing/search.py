"""Looking through the builds that exist, newest first, for the first that a machine can have."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from envcheck.choosing.build import Reason, Wishes
from envcheck.choosing.candidate import Candidate, Refusal, Stage, is_older, refuse
from envcheck.choosing.machine import Machine, Place, plausible_capabilities
from envcheck.judging.wording import listed
from envcheck.knowledge.capability import Capability, shown
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.versions import major, release

Source = Callable[[Place, str, Wishes], tuple[Candidate, ...]]
# Every NVIDIA driver since 2023 runs CUDA 12.
_SAFE_CUDA = 12


class Refused(msgspec.Struct, frozen=True):
    """A candidate that the machine cannot have."""

    candidate: Candidate
    refusal: Refusal


class Search(msgspec.Struct, frozen=True):
    """What was found, for which cards (`machine`), on which assumptions; `newer` is a newer release that had to be passed over.

    Where nothing was found, `nearest` is the candidate that came furthest, if there was any.
    """

    machine: Machine
    found: Candidate | None = None
    newer: Refused | None = None
    nearest: Refused | None = None
    assumptions: tuple[Reason, ...] = ()
    confidence: Confidence = Confidence.HIGH


class _Attempt(msgspec.Struct, frozen=True):
    """A search for these cards, of builds for no newer CUDA than this."""

    machine: Machine
    newest_cuda: int | None = None
    assumptions: tuple[Reason, ...] = ()
    confidence: Confidence = Confidence.HIGH

    def refuse(self, candidate: Candidate) -> Refusal | None:
        """Why it is not for this attempt."""
        if self.newest_cuda is not None and major(candidate.cuda) > self.newest_cuda:
            return Refusal(Stage.DRIVER, f"needs a driver for CUDA {major(candidate.cuda)}, and the driver is not known")
        return refuse(candidate, self.machine)


def search(source: Source, machine: Machine, kind: str, wishes: Wishes) -> Search:
    """The newest release with a build that fits, and of its builds the newest; the first attempt's refusal where none does."""
    candidates = source(machine.place, kind, wishes)
    failed: Search | None = None
    for attempt in _attempts(machine, kind, wishes):
        outcome = _look(candidates, attempt)
        if outcome.found is not None:
            return _widest(candidates, attempt, outcome) if kind == "cuda" and not attempt.machine.capabilities else outcome
        failed = failed or outcome
    return failed or Search(machine)


def _look(candidates: Iterable[Candidate], attempt: _Attempt) -> Search:
    newest: str | None = None
    newer: Refused | None = None
    nearest: Refused | None = None
    for candidate in candidates:
        newest = newest or candidate.version
        refusal = attempt.refuse(candidate)
        if refusal is None:
            passed_over = newer if newer is not None and newer.candidate.version != candidate.version else None
            return Search(attempt.machine, candidate, passed_over, None, attempt.assumptions, attempt.confidence)
        refused = Refused(candidate, refusal)
        if candidate.version == newest and (newer is None or refusal.stage > newer.refusal.stage):
            newer = refused
        nearest = _nearer(nearest, refused, attempt.machine)
    return Search(attempt.machine, nearest=nearest)


def _nearer(best: Refused | None, other: Refused, machine: Machine) -> Refused:
    """The one that came further; of equals the one that asks for less."""
    if best is None or other.refusal.stage > best.refusal.stage:
        return other
    if other.refusal.stage < best.refusal.stage or not _asks_less(other.candidate, best.candidate, other.refusal.stage, machine):
        return best
    return other


def _asks_less(one: Candidate, other: Candidate, stage: Stage, machine: Machine) -> bool:
    match stage:
        case Stage.DRIVER | Stage.CARD:
            return is_older(one.cuda, other.cuda)
        case Stage.SYSTEM:
            return is_older(one.glibc, other.glibc) or is_older(one.macos, other.macos)
        case Stage.PYTHON:
            compared = _lowest(other.pythons)
            return _lowest(one.pythons) < compared and release(machine.place.python) < compared
        case _:
            return False


@lru_cache(maxsize=256)
def _lowest(pythons: tuple[str, ...]) -> tuple[int, ...]:
    return min(map(release, pythons), default=())


def _attempts(machine: Machine, kind: str, wishes: Wishes) -> Iterator[_Attempt]:
    if kind == "rocm":
        yield from _for_targets(machine)
    elif kind != "cuda":
        yield _Attempt(machine)
    else:
        for attempt in _for_cards(machine):
            if machine.knows_driver:
                yield attempt
                continue
            unknown = Reason("driver", "the NVIDIA driver is not known: any of 525.60.13 and newer (Windows: 528.33) runs CUDA 12")
            weak = attempt.confidence if attempt.confidence is Confidence.LOW else Confidence.MEDIUM
            if not wishes.cuda:
                yield replace(attempt, newest_cuda=_SAFE_CUDA, assumptions=(*attempt.assumptions, unknown), confidence=weak)
            needs = Reason("driver", "the NVIDIA driver is not known: this build needs one that runs its CUDA")
            yield replace(attempt, assumptions=(*attempt.assumptions, needs), confidence=weak)


def _for_cards(machine: Machine) -> Iterator[_Attempt]:
    """All cards first; where no build serves them all, each alone, the newest first."""
    known = sorted({card.capability for card in machine.nvidia if card.capability is not None}, reverse=True)
    if not known:
        yield _Attempt(machine)
        return
    sure = all(card.sure for card in machine.nvidia)
    confidence = Confidence.HIGH if sure else Confidence.MEDIUM
    untold = [card.name for card in machine.nvidia if card.capability is None]
    notes = (Reason("cards", f"the compute capability of {listed(untold)} is not known, so that it was not considered"),) if untold else ()
    yield _Attempt(replace(machine, capabilities=tuple(known)), assumptions=notes, confidence=confidence)
    for capability in known if len(known) > 1 else ():
        others = tuple(shown(other) for other in known if other != capability)
        served = Reason(
            f"compute capability {shown(capability)}",
            f"no build has code for every card: this one is for {_names(machine, capability)}, and may have none for {listed(others)}; "
            "CUDA_VISIBLE_DEVICES keeps programs to one card",
        )
        yield _Attempt(replace(machine, capabilities=(capability,)), assumptions=(*notes, served), confidence=Confidence.MEDIUM)


def _names(machine: Machine, capability: Capability) -> str:
    return listed(tuple(dict.fromkeys(card.name for card in machine.nvidia if card.capability == capability)))


def _widest(candidates: Iterable[Candidate], attempt: _Attempt, outcome: Search) -> Search:
    """Of the found release the variant with code for most of the cards that the driver may serve: which one there is, nobody knows."""
    found = outcome.found
    if found is None:
        return outcome
    every = plausible_capabilities(attempt.machine)
    same = [candidate for candidate in candidates if candidate.version == found.version and attempt.refuse(candidate) is None]
    served = {candidate: tuple(capability for capability in every if _serves(candidate, capability, attempt.machine)) for candidate in same}
    best = max(same, key=lambda candidate: len(served[candidate]))
    complete = len(served[best]) == len(every)
    lowest = f"those from {shown(min(served[best]))} to {shown(max(served[best]))}" if served[best] else "cards that are not known either"
    which = "every card that the driver serves" if complete else lowest
    told = Reason("card", f"the card's compute capability is not known: this build has code for {which}")
    return replace(
        outcome,
        found=best,
        machine=replace(attempt.machine, capabilities=served[best]),
        assumptions=(told, *outcome.assumptions),
        confidence=Confidence.MEDIUM if complete else Confidence.LOW,
    )


def _serves(candidate: Candidate, capability: Capability, machine: Machine) -> bool:
    return bool(candidate.targets) and refuse(candidate, replace(machine, capabilities=(capability,))) is None


def _for_targets(machine: Machine) -> Iterator[_Attempt]:
    """All of AMD's cards first, then each alone."""
    told = tuple(gpu for gpu in machine.amd if gpu.target is not None)
    if not told:
        unknown = Reason("card", "the target (gfx…) of the card is not known: rocminfo tells it")
        yield _Attempt(machine, assumptions=(unknown,), confidence=Confidence.LOW)
        return
    confidence = Confidence.HIGH if all(gpu.sure for gpu in told) else Confidence.MEDIUM
    yield _Attempt(machine, confidence=confidence)
    if len({gpu.target for gpu in told}) < 2:
        return
    for gpu in sorted(told, key=lambda gpu: gpu.order or (), reverse=True):
        alone = Reason(
            gpu.target or "", f"no build has code for every card: this one is for {gpu.name}; HIP_VISIBLE_DEVICES keeps programs to it"
        )
        yield _Attempt(replace(machine, amd=(gpu,)), assumptions=(alone,), confidence=Confidence.MEDIUM)
