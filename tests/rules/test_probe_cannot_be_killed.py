"""probe-cannot-be-killed: what sleeps inside the kernel is told."""

from envcheck.facts.snapshot import Snapshot, Unknown, UnknownReason
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.report import Severity
from envcheck.rules.probe_cannot_be_killed import RULE

WORDS = "the disks probe did not answer within 14 s (at: asking 7 paths)"


def judge(*unknown: Unknown, live: bool = True, sources: dict[str, str] | None = None) -> list[Outcome]:
    return list(RULE.check(Case(Snapshot(unknown=unknown, live=live, sources={"system.os": "uname"} if sources is None else sources))))


def stuck(fact: str, detail: str = WORDS) -> Unknown:
    return Unknown(fact=fact, reason=UnknownReason.UNKILLABLE, detail=detail)


def test_a_dead_mount_is_a_warning_that_names_it() -> None:
    (found,) = judge(stuck("disks"), Unknown(fact="disks[home]", reason=UnknownReason.TIMED_OUT, detail="/home/nfs"))
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING
    assert found.message == "Asking for disks hangs inside the kernel and cannot be killed (no answer from /home/nfs)."
    assert [proof.value for proof in found.evidence] == [WORDS]
    assert "detach the mount" in found.remedies[0].steps[-1].do


def test_several_facts_of_one_probe_are_one_finding() -> None:
    (found,) = judge(*(stuck(fact, "the host probe did not answer") for fact in ("system", "cpu", "memory")))
    assert isinstance(found, Found)
    assert found.subject == "system, cpu and memory"
    assert "restart the machine" in found.remedies[0].steps[-1].do


def test_two_probes_are_two_findings() -> None:
    assert [type(outcome) for outcome in judge(stuck("disks"), stuck("tools", "the tools probe did not answer"))] == [Found, Found]


def test_a_probe_that_only_ran_out_of_time_could_be_ended() -> None:
    (passed,) = judge(Unknown(fact="disks", reason=UnknownReason.TIMED_OUT, detail=WORDS))
    assert isinstance(passed, Passed)


def test_of_a_pasted_text_nothing_was_asked() -> None:
    assert [type(outcome) for outcome in judge(live=False)] == [NotApplicable]


def test_it_is_not_evaluated_where_nothing_is_known_of_the_run() -> None:
    assert [type(outcome) for outcome in judge(sources={})] == [NotEvaluated]
