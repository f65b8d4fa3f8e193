"""A snapshot of this machine and one of its Python environments: the quick probes first, then the frameworks, each in a child."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from envcheck.facts.claims import Claim, Evidence, Trust, resolve_what_fits
from envcheck.facts.snapshot import Snapshot, Unknown, UnknownReason, known
from envcheck.observing.answer import Ending
from envcheck.observing.choose_python import Chosen, Running, choose, refuse
from envcheck.observing.drivers import ask_drivers
from envcheck.observing.light_probes import PYTHON, evidence_of, look_around
from envcheck.observing.runner import Progress

if TYPE_CHECKING:
    from envcheck.observing.imports import Room


class Wish(msgspec.Struct, frozen=True):
    """What is to be looked at.

    `tried` are import packages to be imported where one of the distributions that bring them is installed, `frameworks` those to be
    imported in any case.
    """

    python: str | None = None
    quick: bool = False
    tried: Mapping[str, Sequence[str]] = msgspec.field(default_factory=dict)
    frameworks: tuple[str, ...] = ()
    import_timeout_s: float | None = None


def observe(wish: Wish, progress: Progress | None = None, meanwhile: Callable[[], None] | None = None) -> Snapshot:
    """Looks at this machine. Raises `UnusablePython` where the interpreter that the user named cannot be used.

    `meanwhile` is work of the caller that needs no fact; it is done while the first children run.
    """
    folder = _working_folder()
    chosen = choose(wish.python, environment=os.environ, folder=folder, running=Running.here())
    answers = look_around(chosen.executable, folder, quick=wish.quick, progress=progress, meanwhile=meanwhile)
    if wish.python is not None and (refusal := refuse(wish.python, answers[PYTHON])) is not None:
        raise refusal
    evidence = evidence_of(answers)
    evidence.add(_choice_evidence(chosen))
    drivers = ask_drivers(chosen.executable, evidence, quick=wish.quick, progress=progress)
    drivers.add(evidence)
    evidence = drivers  # of equal trust the earlier stands: what a driver says of its card comes before what the files let expect
    taken = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    if not wish.quick and answers[PYTHON].ending is Ending.ANSWERED:
        evidence.add(_import_frameworks(chosen, wish, resolve_what_fits(evidence, taken=taken, live=True), progress))
    return resolve_what_fits(evidence, taken=taken, live=True)


def _working_folder() -> str:
    try:
        return str(Path.cwd())
    except OSError:  # it was deleted under us
        return ""


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
    from envcheck.observing.imports import import_frameworks

    installed = [name for name, distributions in wish.tried.items() if any(map(seen.package, distributions))]
    names = dict.fromkeys((*installed, *wish.frameworks))
    return import_frameworks(chosen.executable, names, _room(seen), wish.import_timeout_s, progress)


def _room(seen: Snapshot) -> "Room":
    """What the host probe found free; unknown memory sets no limit."""
    from envcheck.observing.imports import Room

    free = [size for size in (seen.memory.available_bytes, seen.memory.limit_bytes) if isinstance(size, int)]
    return Room(cores=known(seen.cpu.usable_cores, 1.0), memory_bytes=min(free, default=None))
