"""diagnose(): outcomes into a report."""

from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace

from envcheck.facts.snapshot import Build, Completeness, Observed, Python, Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.engine import Choice, diagnose
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.profiles.model import Document, Level, Operator, Requirement, Today
from envcheck.report import Area, Certainty, Proof, Report, Role, Severity, Status

MANUAL = Manual(checks="", why="", example="", fix="", ignore_when="", sources=())
LIVE = Snapshot(live=True, observed=Observed(packages=Completeness.COMPLETE))


def rule(name: str, *outcomes: Outcome, area: Area = Area.PYTHON, check: Callable[[Case], Iterator[Outcome]] | None = None) -> Rule:
    return Rule(name, name, area, Layer.PYTHON, MANUAL, check or (lambda case: iter(outcomes)))


def finding(severity: Severity = Severity.ERROR, subject: str = "torch 2.8.0") -> Found:
    return Found(subject, "It is wrong.", severity=severity)


def crash(case: Case) -> Iterator[Outcome]:
    yield Passed("first")
    raise ZeroDivisionError("1/0")


def test_each_outcome_has_its_own_place() -> None:
    outcomes = (finding(), Passed("b", "fine"), NotEvaluated("c", "unknown", ("look",)), NotApplicable("never"))
    report = diagnose(LIVE, [rule("all-of-them", *outcomes)])
    assert [(each.rule, each.subject, each.role) for each in report.findings] == [("all-of-them", "torch 2.8.0", Role.PRIMARY)]
    assert [(each.subject, each.message) for each in report.passed] == [("b", "fine")]
    assert [(each.subject, each.reason, each.needs, each.required) for each in report.not_evaluated] == [("c", "unknown", ("look",), False)]
    assert report.facts is LIVE


def test_the_same_facts_give_the_same_report() -> None:
    rules = [rule("b", finding()), rule("a", finding(Severity.WARNING))]
    assert diagnose(LIVE, rules) == diagnose(LIVE, list(reversed(rules)))


def test_a_rule_that_crashes_hides_neither_the_others_nor_what_it_had_said() -> None:
    report = diagnose(LIVE, [rule("broken", check=crash), rule("other", finding())])
    assert [each.rule for each in report.findings] == ["other"]
    assert [each.subject for each in report.passed] == ["first"]
    assert [each.reason for each in report.not_evaluated] == ["the rule itself crashed: ZeroDivisionError: 1/0"]


def test_a_rule_that_is_no_generator_may_crash_too() -> None:
    def at_once(case: Case) -> Iterator[Outcome]:
        raise KeyError("gone")

    assert len(diagnose(LIVE, [rule("broken", check=at_once)]).not_evaluated) == 1


@pytest.mark.parametrize(
    ("subjects", "ids"),
    [
        (("torch 2.8.0+cu128",), ["rule:torch-2.8.0+cu128"]),
        (("/a b/c", ""), ["rule:a-b-c", "rule"]),
        (("x", "x", "x"), ["rule:x", "rule:x#2", "rule:x#3"]),
        (("x", "x#2", "x"), ["rule:x", "rule:x-2", "rule:x#2"]),
        (("…", "…"), ["rule", "rule#2"]),
    ],
)
def test_ids_are_made_of_rule_and_subject_and_are_unique(subjects: tuple[str, ...], ids: list[str]) -> None:
    report = diagnose(LIVE, [rule("rule", *(finding(subject=subject) for subject in subjects))])
    assert [each.id for each in report.findings] == sorted(ids)


def test_an_ignored_finding_keeps_the_requirement_that_it_was_about() -> None:
    requirement = Requirement(fact="x", operator=Operator.INSTALLED, level=Level.MUST, profile="mine", line=4)
    report = diagnose(LIVE, [rule("noisy", replace(finding(), requirement=requirement))], choice=Choice(ignore={"noisy": "known"}))
    origin = report.ignored[0].requirement
    assert origin is not None
    assert (origin.profile, origin.level) == ("mine", "must")


def test_ignored_findings_are_listed_with_their_reason_and_count_no_more() -> None:
    report = diagnose(LIVE, [rule("noisy", finding(), Passed("x"))], choice=Choice(ignore={"noisy": "known since May"}))
    assert report.findings == ()
    assert [(each.rule, each.reason) for each in report.ignored] == [("noisy", "known since May")]
    assert [each.subject for each in report.passed] == ["x"]
    assert report.status is Status.HEALTHY


@pytest.mark.parametrize(
    ("select", "rules"), [((), ["a", "b"]), (("a",), ["a"]), (("gpu",), ["b"]), (("a", "gpu"), ["a", "b"]), (("c",), [])]
)
def test_rules_are_selected_by_name_or_area(select: tuple[str, ...], rules: list[str]) -> None:
    both = [rule("a", Passed("")), rule("b", Passed(""), area=Area.GPU)]
    assert [each.rule for each in diagnose(LIVE, both, choice=Choice(select=frozenset(select))).passed] == rules


@pytest.mark.parametrize(
    ("select", "level", "required"),
    [((), None, False), (("a",), None, True), (("python",), None, False), ((), Level.MUST, True), ((), Level.SHOULD, False)],
)
def test_required_is_what_was_selected_by_name_or_a_must(select: tuple[str, ...], level: Level | None, required: bool) -> None:
    requirement = Requirement(fact="x", operator=Operator.INSTALLED, level=level) if level else None
    report = diagnose(LIVE, [rule("a", NotEvaluated("", "unknown", (), requirement))], choice=Choice(select=frozenset(select)))
    assert report.not_evaluated[0].required is required


def test_a_required_gap_leaves_the_status_unknown() -> None:
    gap = rule("a", NotEvaluated("", "unknown"))
    assert diagnose(LIVE, [gap], choice=Choice(select=frozenset({"a"}))).status is Status.UNKNOWN
    assert diagnose(LIVE, [gap]).status is Status.HEALTHY


@pytest.mark.parametrize(("severity", "status"), [(Severity.ERROR, "problems"), (Severity.WARNING, "problems"), (Severity.INFO, "healthy")])
def test_hints_are_no_problem(severity: Severity, status: str) -> None:
    assert diagnose(LIVE, [rule("a", finding(severity))]).status.value == status


@pytest.mark.parametrize(
    ("snapshot", "status"),
    [
        (LIVE, Status.HEALTHY),
        (Snapshot(live=True), Status.UNKNOWN),
        (Snapshot(live=True, observed=Observed(packages=Completeness.PARTIAL)), Status.UNKNOWN),
        (Snapshot(observed=Observed(packages=Completeness.COMPLETE)), Status.UNKNOWN),
        (Snapshot(builds={"torch": Build(cuda_available=True)}), Status.HEALTHY),
        (Snapshot(builds={"torch": Build(cuda_available=False)}), Status.UNKNOWN),
        (Snapshot(), Status.UNKNOWN),
    ],
)
def test_healthy_is_said_only_of_what_was_looked_at(snapshot: Snapshot, status: Status) -> None:
    assert diagnose(snapshot, [rule("a", Passed(""))]).status is status


def test_the_origin_of_a_requirement_goes_through() -> None:
    requirement = Requirement(
        fact="memory.total_bytes",
        operator=Operator.AT_LEAST,
        level=Level.MUST,
        bound="8 GB",
        document=Document(file="guide.txt", line=67, says="8 GB"),
        today=Today(says="still", source="https://example.org"),
        profile="beginner",
        line=4,
    )
    seen: list[Case] = []

    def check(case: Case) -> Iterator[Outcome]:
        seen.append(case)
        yield Found("memory", "Too small.", requirement=requirement)

    report = diagnose(LIVE, [rule("a", check=check)], [requirement], ["beginner"])
    assert list(seen[0].required("memory.")) == [requirement]
    assert report.profiles == ("beginner",)
    origin = report.findings[0].requirement
    assert origin is not None
    assert (origin.profile, origin.file, origin.line, origin.source) == ("beginner", "guide.txt", 67, "https://example.org")


def test_without_a_document_the_line_is_that_of_the_profile() -> None:
    requirement = Requirement(fact="x", operator=Operator.INSTALLED, level=Level.MUST, profile="mine", line=4)
    origin = diagnose(LIVE, [rule("a", Passed("x", "", requirement))]).passed[0].requirement
    assert origin is not None
    assert (origin.profile, origin.file, origin.line) == ("mine", "", 4)


def test_the_target_says_only_what_is_known() -> None:
    report: Report = diagnose(Snapshot(python=Python(executable="/usr/bin/python3", created_by=None)), [])
    assert (report.target.python, report.target.version, report.target.environment) == ("/usr/bin/python3", "", "")


def test_findings_of_one_rule_are_named_apart_in_time_that_grows_with_them() -> None:
    found = [Found("same", "x") for _ in range(3)] + [Found("same#2", "x")]
    report = diagnose(Snapshot(), [rule("memory-too-small", *found)])
    names = [finding.id for finding in report.findings]
    assert len(set(names)) == 4
    assert {"memory-too-small:same", "memory-too-small:same#2", "memory-too-small:same#3"} <= set(names)


@pytest.mark.parametrize(
    ("source", "symptoms", "certainty"),
    [
        ("report line 3, as told", (), Certainty.LIKELY),
        ("report line 3", (), Certainty.CERTAIN),
        ("report line 3, as told", (Symptom(kind=SymptomKind.CUDA_ERROR, text="no kernel image"),), Certainty.CERTAIN),
    ],
    ids=["somebody's words", "a program's output", "a program said what is wrong"],
)
def test_what_was_computed_from_somebodys_words_is_likely(source: str, symptoms: tuple[Symptom, ...], certainty: Certainty) -> None:
    found = Found("torch", "It is wrong.", evidence=(Proof(fact="system.os", value="Windows", source=source),), symptoms=symptoms)
    (told,) = diagnose(Snapshot(), [rule("by-facts", found)]).findings
    assert told.certainty is certainty
    assert bool(told.would_confirm) is (certainty is Certainty.LIKELY)


def test_what_only_explains_decides_nothing() -> None:
    decides = Proof(fact="builds[torch].cuda", value="none", source="report line 1")
    explains = Proof(fact="system.os", value="Windows", source="report line 2, as told")
    (told,) = diagnose(Snapshot(), [rule("by-facts", Found("torch", "It is wrong.", evidence=(decides,), context=(explains,)))]).findings
    assert told.certainty is Certainty.CERTAIN
    assert told.evidence == (decides, explains)
