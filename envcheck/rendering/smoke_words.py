"""Smoke tests in words: what is about to be made, and how each came out."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from envcheck.facts.snapshot import Smoke, Snapshot, known
from envcheck.rendering.quantities import duration

if TYPE_CHECKING:
    from envcheck.knowledge.smoke_tests import SmokeTest
    from envcheck.observing.frameworks import Room
    from envcheck.observing.own_check import CheckRequest
    from envcheck.observing.smoke import SmokeRequest

# So many names of what is well can be read at a glance.
_MOST_NAMES = 8
# A test that got beyond its import, and one that did not.
_OUTCOMES = {
    "passed": "computes correctly",
    "failed": "FAILED",
    "crashed": "CRASHED",
    "timed_out": "did not come back",
    "unkillable": "hangs and cannot be killed",
    "killed_for_memory": "was stopped, it took the memory away",
    "absent": "is not installed",
    "skipped": "was not tested",
}


def announcement(tests: "Sequence[SmokeRequest]", room: "Room") -> str:
    """`Testing torch, tensorflow and sklearn: about 6 s.`"""
    from envcheck.judging.wording import listed

    names = list(dict.fromkeys(test.name for test in tests))
    seconds = [test.expected_s for test in tests]
    expected = max(*seconds, sum(seconds) / room.children)
    return f"Testing {listed(names, limit=12)}: about {max(1, round(expected))} s."


def announcement_of_checks(checks: "Sequence[CheckRequest]") -> str:
    """`Running the checks data-loader and gpu-burn: at most 20 s each.`"""
    from envcheck.judging.wording import listed

    names = [check.name for check in checks]
    longest = f"{max(check.timeout_s for check in checks):g} s"
    return (
        f"Running the check{'s' if len(names) > 1 else ''} {listed(names, limit=12)}: at most {longest}{' each' if len(names) > 1 else ''}."
    )


def described(test: "SmokeTest") -> str:
    """`PyTorch: on cpu, cuda, mps, xpu, about 1 s, by default`."""
    kind = "by default" if test.default else "by name; it starts processes of its own" if test.service else "by name"
    words = (f"on {', '.join(test.devices)}", f"about {max(1, round(test.expected_s))} s", kind)
    return f"{test.title}: {', '.join(filter(None, words))}"


def result(smoke: Smoke) -> str:
    """One test on one device: `torch computes correctly on cpu in 1.4 s (import 1.3 s)`; or one check of a profile."""
    return _check(smoke) if smoke.command else f"{_name(smoke)} {_outcome(smoke)}"


def results(facts: Snapshot) -> Iterator[str]:
    """What went wrong first, then the frameworks that compute on several devices, then those on one, together.

    `torch computes correctly on cpu in 1.4 s, on cuda:0 in 1.6 s (import 1.3 s)`;
    `numpy (import 0.1 s, compute 4 ms), sklearn (import 1.5 s, compute 60 ms) compute correctly on cpu`.
    """
    tests = [smoke for smoke in facts.smoke if not smoke.command]
    checks = sorted((smoke for smoke in facts.smoke if smoke.command), key=lambda smoke: smoke.status == "passed")
    yield from (_check(smoke, why=False) for smoke in checks)
    yield from (f"{_name(smoke)} {_outcome(smoke)}" for smoke in tests if smoke.status != "passed")
    passed: dict[str, list[Smoke]] = {}
    for smoke in tests:
        if smoke.status == "passed":
            passed.setdefault(_name(smoke), []).append(smoke)
    alone: dict[str, list[Smoke]] = {}
    for name, members in passed.items():
        if len(members) > 1:
            imported = known(members[0].import_seconds, None)
            of_it = f" (import {duration(imported)})" if imported is not None else ""
            yield f"{name} computes correctly {', '.join(map(_place, members))}{of_it}"
        else:
            alone.setdefault(members[0].device, []).append(members[0])
    yield from map(_together, alone.values())


def _together(members: list[Smoke]) -> str:
    """Frameworks that were tested on the same one device."""
    if len(members) == 1:
        return result(members[0])
    names = [f"{_name(smoke)}{_parts(smoke) or f' ({_took(smoke)})'}" if _took(smoke) else _name(smoke) for smoke in members]
    more = [f"{len(names) - _MOST_NAMES} more"] if len(names) > _MOST_NAMES else []
    return f"{', '.join((*names[:_MOST_NAMES], *more))} compute correctly on {members[0].device}"


def _check(smoke: Smoke, *, why: bool = True) -> str:
    """`the check data-loader passed in 1.4 s`, `the check gpu-burn FAILED: it ended with exit code 3, not 0`."""
    words = {"passed": "passed", "crashed": "CRASHED", "absent": "was not run", "skipped": "was not run"}
    seconds = known(smoke.seconds, None)
    took = f" in {duration(seconds)}" if smoke.status == "passed" and seconds is not None else ""
    reason = f": {smoke.reason}" if why and smoke.reason else ""
    return f"the check {smoke.framework} {words.get(smoke.status, 'FAILED')}{took}{reason}"


def _name(smoke: Smoke) -> str:
    return f"{smoke.framework} ({smoke.variant})" if smoke.variant else smoke.framework


def _outcome(smoke: Smoke) -> str:
    words = _OUTCOMES.get(smoke.status, smoke.status)
    if smoke.status == "passed":
        return f"{words} {_place(smoke)}{_parts(smoke)}"
    place = "" if smoke.device == "auto" else f" on {smoke.device}"
    if smoke.status == "skipped":
        return f"{words}{place}{f': {smoke.reason}' if smoke.reason else ''}"
    if smoke.status == "absent":
        return f"{words}{f': {smoke.reason}' if smoke.reason else ''}"
    layer = known(smoke.layer, "")
    if layer == "imported":
        return f"{words}{place}: it could not be imported"
    return f"{words}{place}{f', in the layer {layer!r}' if layer else ''}"


def _place(smoke: Smoke) -> str:
    took = _took(smoke)
    return f"on {smoke.device}{f' in {took}' if took else ''}"


def _took(smoke: Smoke) -> str:
    """`1.4 s`; `31 s, slow`."""
    seconds = known(smoke.seconds, None)
    return f"{duration(seconds)}{', slow' if smoke.slow else ''}" if seconds is not None else ""


def _parts(smoke: Smoke) -> str:
    spent = (("import", known(smoke.import_seconds, None)), ("compute", known(smoke.compute_seconds, None)))
    words = ", ".join(f"{name} {duration(seconds)}" for name, seconds in spent if seconds is not None)
    return f" ({words})" if words else ""
