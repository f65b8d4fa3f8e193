"""smoke-test-hangs: a framework that was imported does not come back when it is to compute."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Smoke, known
from envcheck.facts.symptoms import SymptomKind
from envcheck.facts.values import in_seconds
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, Outcome, Rule
from envcheck.judging.smoke_results import concerned, heard, key_of, manual_of, name_of, once_more, others, place_of, subject_of, tested
from envcheck.judging.wording import full_stop
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Severity, Step

MANUAL = Manual(
    checks="Whether a framework's smoke test comes back: each layer has its time (20 s, 120 s where a Java machine is started), and "
    "one that gets on is slow, not dead.",
    why="A driver that does not answer, processes that wait for each other over a network interface that leads nowhere, or a compiler on a "
    "slow disk: the process waits for ever, and so does everything that uses the framework.",
    example="The smoke test of torch on cuda:1 did not come back within 20 s; it stands in the layer 'copied'.",
    fix="Look at the layer and the frame where it stands. Try again with a longer limit; a process that cannot be killed needs a reboot.",
    ignore_when="The machine is known to be slow and a longer --timeout lets the test pass.",
    sources=("https://docs.python.org/3/library/faulthandler.html", "https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/env.html"),
)


def check(case: Case) -> Iterator[Outcome]:
    """One finding per device; a limit that was passed proves less than a process that cannot be killed."""
    hanging = tested(case.facts, "timed_out", "unkillable")
    for smoke in hanging:
        yield _finding(case, smoke)
    yield from others(case.facts, "it came back", found=bool(hanging))


def _finding(case: Case, smoke: Smoke) -> Found:
    said = heard(case.facts, smoke)
    ending = next((each for each in said if each.kind in (SymptomKind.TIMED_OUT, SymptomKind.UNKILLABLE)), None)
    frame = ending.details.get("frame", "") if ending is not None else ""
    stuck, seconds = smoke.status == "unkillable", known(smoke.seconds, 0.0)
    means = manual_of(smoke)
    if stuck:
        how = "hangs and cannot be killed: it sleeps inside the kernel or a driver"
    else:
        how = f"did not come back {f'within {in_seconds(seconds)} s' if seconds else 'in time'}"
    place = f"; it stands in the layer {known(smoke.layer, 'devices')!r}{f' at {frame}' if frame else ''}"
    longer = once_more(case.facts, smoke, "--timeout", f"{max(300, seconds * 5):.0f}")
    return Found(
        subject=subject_of(case.facts, smoke),
        message=full_stop(f"The smoke test of {name_of(smoke)}{place_of(smoke)} {how}{place}"),
        severity=Severity.ERROR,
        certainty=Certainty.CERTAIN if stuck else Certainty.LIKELY,
        evidence=(case.proof(f"smoke[{key_of(smoke)}].status", smoke.status), *map(spoken, said)),
        would_confirm=() if stuck else ("a second run with a longer --timeout",),
        remedies=(
            by_hand("restart the machine", Step(do="reboot"))
            if stuck
            else by_hand("try again with a longer limit", *([means] if means else []), longer),
        ),
        symptoms=said,
        about=concerned(smoke),
    )


RULE = Rule(
    name="smoke-test-hangs",
    title="A framework does not come back when it computes",
    area=Area.SMOKE,
    layer=Layer.COMPUTE,
    manual=MANUAL,
    check=check,
    alike="framework-import-hangs",
)
