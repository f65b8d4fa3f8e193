"""A snapshot of this machine and one of its Python environments: the quick probes first, then the frameworks, each in a child."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from envcheck.facts.claims import Claim, Evidence, Trust, resolve_what_fits
from envcheck.facts.snapshot import Snapshot, Unknown, UnknownReason, known
from envcheck.observing.answer import Ending
from envcheck.observing.choose_python import Chosen, Running, choose, refuse
from envcheck.observing.drivers import ask_drivers
from envcheck.observing.light_probes import PYTHON, evidence_of, look_around
from envcheck.observing.runner import Progress

if TYPE_CHECKING:
    from envcheck.observing.frameworks import Room
    from envcheck.observing.own_check import CheckRequest
    from envcheck.observing.smoke import SmokeRequest


class Wish(msgspec.Struct, frozen=True):
    """What is to be looked at.

    `tried` are import packages to be imported where one of the distributions that bring them is installed, `frameworks` those to be
    imported in any case, `tests` the smoke tests to be made. What a test imports is not imported a second time. `refused` are names of
    tests that were asked for and are not made, with the reason. `checks` are commands of profiles, those too that are not to be run.
    """

    python: str | None = None
    quick: bool = False
    tried: Mapping[str, Sequence[str]] = msgspec.field(default_factory=dict)
    frameworks: tuple[str, ...] = ()
    tests: "tuple[SmokeRequest, ...]" = ()
    refused: Mapping[str, str] = msgspec.field(default_factory=dict)
    checks: "tuple[CheckRequest, ...]" = ()
    import_timeout_s: float | None = None
    foretold: Callable[[Snapshot, str], str | None] = lambda _seen, _import_name: None


class Watcher(msgspec.Struct, frozen=True):
    """Who waits: `progress` hears of every child, `begin` of what is about to be tested, `told` of what each brought."""

    progress: Progress | None = None
    begin: "Callable[[Sequence[SmokeRequest], Sequence[CheckRequest], Room], None] | None" = None
    told: Callable[[Evidence], None] | None = None


_NOBODY = Watcher()


def observe(wish: Wish, watcher: Watcher = _NOBODY, meanwhile: Callable[[], None] | None = None) -> Snapshot:
    """Looks at this machine. Raises `UnusablePython` where the interpreter that the user named cannot be used.

    `meanwhile` is work of the caller that needs no fact; it is done while the first children run.
    """
    folder, progress = _working_folder(), watcher.progress
    chosen = choose(wish.python, environment=os.environ, folder=folder, running=Running.here())
    answers = look_around(chosen.executable, folder, quick=wish.quick, progress=progress, meanwhile=meanwhile)
    if wish.python is not None and (refusal := refuse(wish.python, answers[PYTHON])) is not None:
        raise refusal
    evidence = evidence_of(answers)
    evidence.add(_choice_evidence(chosen))
    drivers = ask_drivers(chosen.executable, evidence, quick=wish.quick, progress=progress)
    drivers.add(evidence)
    evidence = drivers  # of equal trust the earlier stands: what a driver says of its card comes before what the files let expect
    evidence.claims += [_refused(name, reason) for name, reason in wish.refused.items()]
    evidence.claims += _refused_checks(chosen.executable, wish)
    taken = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    if not wish.quick and answers[PYTHON].ending is Ending.ANSWERED:
        evidence.add(_foresee_and_try(chosen, wish, resolve_what_fits(evidence, taken=taken, live=True), watcher))
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


def _refused(name: str, reason: str) -> Claim:
    entry = {"status": "skipped", "layer": "found", "reason": reason, "asked_for": True}
    return Claim(f"smoke[{name}@cpu]", entry, "envcheck's own choice", Trust.MEASURED)


def _refused_checks(executable: str, wish: Wish) -> list[Claim]:
    if not wish.checks:
        return []
    from envcheck.observing.own_check import refused_check

    return [refused_check(executable, check) for check in wish.checks if check.refused]


def _foresee_and_try(chosen: Chosen, wish: Wish, seen: Snapshot, watcher: Watcher) -> Evidence:
    """What the files let expect is known to those who import; what an import then shows to be wrong is forgotten."""
    from envcheck.observing.linkage import predict, unrefuted

    predicted = predict(chosen.executable, seen, watcher.progress)
    tried = _try_frameworks(chosen, wish, replace(seen, symptoms=(*seen.symptoms, *predicted.symptoms)), watcher)
    tried.add(replace(predicted, symptoms=unrefuted(predicted.symptoms, tried)))
    return tried


def _try_frameworks(chosen: Chosen, wish: Wish, seen: Snapshot, watcher: Watcher) -> Evidence:
    from envcheck.observing.frameworks import Surroundings, try_frameworks

    wanted, room = _fitting(wish.tests, seen), _room(seen)
    tests = [test for test in wanted if wish.foretold(seen, test.import_name) is None]
    installed = [name for name, distributions in wish.tried.items() if any(map(seen.package, distributions))]
    tested = {test.import_name for test in wanted}
    untested = (name for name in dict.fromkeys((*installed, *wish.frameworks)) if name not in tested)
    imports = [name for name in untested if wish.foretold(seen, name) is None]
    checks = [check for check in wish.checks if not check.refused]
    if (tests or checks) and watcher.begin is not None:
        watcher.begin(tests, checks, room)
    surroundings = Surroundings(dict(os.environ), wish.import_timeout_s, watcher.progress, watcher.told)
    found = try_frameworks(chosen.executable, imports, tests, room, surroundings, checks)
    found.claims += [_spared(test, str(wish.foretold(seen, test.import_name))) for test in wanted if test not in tests]
    return found


def _spared(test: "SmokeRequest", reason: str) -> Claim:
    """What is known to end in an illegal instruction is predicted, and not suffered."""
    entry = {"status": "skipped", "layer": "imported", "reason": reason, "asked_for": test.asked_for}
    device = "cpu" if test.device == "auto" else test.device
    return Claim(f"smoke[{test.spoken_of}@{device}]", entry, "envcheck's own choice", Trust.MEASURED)


def _fitting(tests: "tuple[SmokeRequest, ...]", seen: Snapshot) -> "list[SmokeRequest]":
    """Those whose distributions are installed. Of one that was asked for, and for which nothing that it needs is there, a plain one."""
    fitting = [test for test in tests if all(any(map(seen.package, group)) for group in test.installed)]
    names = {test.name for test in fitting}
    missing = {test.name: test for test in tests if test.asked_for and test.name not in names}
    return fitting + [replace(test, variant="", variables={}) for test in missing.values()]


def _room(seen: Snapshot) -> "Room":
    """What the host probe found free; unknown memory sets no limit."""
    from envcheck.observing.frameworks import Room

    free = [size for size in (seen.memory.available_bytes, seen.memory.limit_bytes) if isinstance(size, int)]
    return Room(cores=known(seen.cpu.usable_cores, 1.0), memory_bytes=min(free, default=None))
