"""probe-cannot-be-killed: asking the system for something hangs inside the kernel, so that not even SIGKILL ends it."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, Unknown, UnknownReason
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import full_stop, listed
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether every program that envcheck starts to look at the machine can be ended when its time is over.",
    why="A process that survives SIGKILL sleeps inside the kernel: a network file system whose server is gone, or a device driver that "
    "waits for its device. Whatever else asks the same thing, a training run too, will hang in the same way.",
    example="The question for the free space of /data, an NFS mount whose server was switched off.",
    fix="Find the process with state D, and what it waits for. A dead mount can be detached; a driver that does not come back needs a "
    "restart of the machine.",
    ignore_when="The machine was only busy for a moment, and a second run ends well.",
    sources=("https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html", "https://man7.org/linux/man-pages/man8/umount.8.html"),
)

_DISKS = "disks"


def check(case: Case) -> Iterator[Outcome]:
    """One warning for each probe: the groups of facts that it answers for have the same words."""
    facts = case.facts
    stuck = [entry for entry in facts.unknown if entry.reason is UnknownReason.UNKILLABLE]
    for detail in dict.fromkeys(entry.detail for entry in stuck):
        yield _finding(facts, [entry for entry in stuck if entry.detail == detail])
    if stuck:
        return
    if not facts.live:
        yield NotApplicable("nothing was started for a report that was given")
    elif not facts.sources and not facts.unknown:
        yield NotEvaluated("", "it is not known what was asked", ("a run of envcheck doctor on the machine itself",))
    else:
        yield Passed("probes", "every one could be ended")


def _finding(facts: Snapshot, stuck: list[Unknown]) -> Found:
    names = [entry.fact for entry in stuck]
    paths = _silent_paths(facts) if _DISKS in names else []
    at = f" (no answer from {listed(paths)})" if paths else ""
    return Found(
        subject=listed(names),
        message=full_stop(f"Asking for {listed(names)} hangs inside the kernel and cannot be killed{at}"),
        severity=Severity.WARNING,
        evidence=tuple(Proof(fact=entry.fact, value=entry.detail or entry.reason.value) for entry in stuck),
        remedies=(_remedy(paths),),
    )


def _silent_paths(facts: Snapshot) -> list[str]:
    """The volumes that had not answered when time was over."""
    silent = [entry for entry in facts.unknown if entry.fact.startswith(f"{_DISKS}[") and entry.reason is UnknownReason.TIMED_OUT]
    return list(dict.fromkeys(entry.detail for entry in silent if entry.detail))


def _remedy(paths: list[str]) -> Remedy:
    look = Step(run=("ps", "-eo", "pid,stat,wchan:32,args"))
    freed = "detach the mount, if its server does not come back" if paths else "restart the machine, if it does not come back"
    return by_hand("see what the process with state D waits for", look, freed)


RULE = Rule(
    name="probe-cannot-be-killed",
    title="Asking the system for something hangs in the kernel",
    area=Area.SYSTEM,
    layer=Layer.KERNEL,
    manual=MANUAL,
    check=check,
)
