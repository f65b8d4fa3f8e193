"""Smoke tests in words: what is about to be made, and how each came out."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from envcheck.facts.snapshot import Smoke, Snapshot, known
from envcheck.rendering.quantities import duration

if TYPE_CHECKING:
    from envcheck.observing.frameworks import Room
    from envcheck.observing.smoke import SmokeRequest

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


def result(smoke: Smoke) -> str:
    """One test on one device: `torch computes correctly on cpu in 1.4 s (import 1.3 s)`."""
    return f"{_name(smoke)} {_outcome(smoke)}"


def results(facts: Snapshot) -> Iterator[str]:
    """One framework after the other, with all its devices: `torch computes correctly on cpu in 1.4 s, on cuda:0 in 1.6 s`."""
    groups: dict[str, list[Smoke]] = {}
    for smoke in sorted(facts.smoke, key=lambda smoke: smoke.status == "passed"):
        groups.setdefault(_name(smoke), []).append(smoke)
    for name, members in groups.items():
        passed = [smoke for smoke in members if smoke.status == "passed"]
        others = [_outcome(smoke) for smoke in members if smoke.status != "passed"]
        right = [f"computes correctly {', '.join(_place(smoke) for smoke in passed)}"] if passed else []
        yield f"{name} {'; '.join((*others, *right))}"


def _name(smoke: Smoke) -> str:
    return f"{smoke.framework} ({smoke.variant})" if smoke.variant else smoke.framework


def _outcome(smoke: Smoke) -> str:
    words = _OUTCOMES.get(smoke.status, smoke.status)
    if smoke.status == "passed":
        return f"{words} {_place(smoke)}{_parts(smoke)}"
    if smoke.status == "skipped":
        return f"{words} on {smoke.device}{f': {smoke.reason}' if smoke.reason else ''}"
    if smoke.status == "absent":
        return words
    layer = known(smoke.layer, "")
    return f"{words} on {smoke.device}{f' ({layer})' if layer else ''}"


def _place(smoke: Smoke) -> str:
    seconds = known(smoke.seconds, None)
    took = f" in {duration(seconds)}" if seconds is not None else ""
    return f"on {smoke.device}{took}{', slowly' if smoke.slow else ''}"


def _parts(smoke: Smoke) -> str:
    spent = (("import", known(smoke.import_seconds, None)), ("compute", known(smoke.compute_seconds, None)))
    words = ", ".join(f"{name} {duration(seconds)}" for name, seconds in spent if seconds is not None)
    return f" ({words})" if words else ""
