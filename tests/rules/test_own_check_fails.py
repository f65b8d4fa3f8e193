"""own-check-fails: results of profiles' own checks, and checks that were not run."""

from typing import Any

import pytest

from envcheck.facts.snapshot import Smoke, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.judging.verdict import exit_code
from envcheck.profiles.model import Check, Level, Requirement
from envcheck.report import Severity, Step
from envcheck.rules import all_rules, rules_for
from envcheck.rules.own_check_fails import RULE

COMMAND = ("/env/bin/python", "check.py")


def required(level: Level = Level.MUST, name: str = "loader") -> Requirement:
    return Check(name=name, command=COMMAND, level=level, profile="lab", line=7).requirement


def result(status: str, reason: str = "", name: str = "loader", **more: Any) -> Smoke:
    return Smoke(framework=name, variant="lab", device="", status=status, command=COMMAND, reason=reason, asked_for=True, **more)


def case(*results: Smoke, requirements: tuple[Requirement, ...] = ()) -> Case:
    return Case(Snapshot(live=True, smoke=results), requirements)


def judge(smoke: Smoke, level: Level = Level.MUST) -> Outcome:
    (outcome,) = RULE.check(case(smoke, requirements=(required(level),)))
    return outcome


@pytest.mark.parametrize(("level", "severity"), [(Level.MUST, Severity.ERROR), (Level.SHOULD, Severity.WARNING)])
def test_one_that_fails_is_as_bad_as_its_level_says(level: Level, severity: Severity) -> None:
    notes = {"exit code": "3", "standard error": "no data", "standard output": "begun"}
    found = judge(result("failed", "it ended with exit code 3, not 0", notes=notes), level)
    assert isinstance(found, Found)
    assert (found.severity, found.subject) == (severity, "loader of lab")
    assert found.message == "The check loader of the profile lab fails: it ended with exit code 3, not 0."
    assert [proof.value for proof in found.evidence] == ["failed", "no data", "begun"]
    assert found.remedies[0].steps == (Step(run=COMMAND),)
    assert found.requirement == required(level)


@pytest.mark.parametrize(
    ("status", "reason", "notes", "words"),
    [
        (
            "crashed",
            "it was ended by SIGSEGV",
            {"signal": "SIGSEGV"},
            "crashes: it was ended by SIGSEGV (it touched memory that is not its own).",
        ),
        ("timed_out", "it did not come back within 20 s", {}, "hangs: it did not come back within 20 s."),
        ("unkillable", "it could not be killed", {}, "hangs: it could not be killed."),
        ("killed_for_memory", "it was stopped when it held 9.0 GB", {}, "takes the memory away: it was stopped when it held 9.0 GB."),
    ],
)
def test_a_crash_a_hang_and_a_lack_of_memory_are_told_apart(status: str, reason: str, notes: dict[str, str], words: str) -> None:
    found = judge(result(status, reason, notes=notes))
    assert isinstance(found, Found)
    assert found.message == f"The check loader of the profile lab {words}"


def test_one_that_passed() -> None:
    assert isinstance(judge(result("passed")), Passed)


@pytest.mark.parametrize(
    ("smoke", "reason"),
    [
        (result("absent", 'there is no program "gpu-burn"'), 'there is no program "gpu-burn"'),
        (result("skipped", "it runs a command; --allow-commands lets it"), "it runs a command; --allow-commands lets it"),
        (result("skipped"), "it was not run"),
        (None, "it runs a command on the machine itself, and no result of that is known"),
    ],
)
@pytest.mark.parametrize(("level", "code"), [(Level.MUST, 3), (Level.SHOULD, 0)])
def test_one_that_was_not_run_is_not_evaluated_and_of_a_must_the_exit_code_says_so(
    smoke: Smoke | None, reason: str, level: Level, code: int
) -> None:
    judged = case(*([smoke] if smoke else []), requirements=(required(level),))
    (gap,) = RULE.check(judged)
    assert isinstance(gap, NotEvaluated)
    assert (gap.subject, gap.reason) == ("loader of lab", reason)
    assert exit_code(diagnose(judged.facts, [RULE], judged.requirements)) == code


def test_a_result_whose_profile_is_not_given_is_a_warning_and_its_command_is_not_offered() -> None:
    (found,) = RULE.check(case(result("failed", "it ended with exit code 3, not 0")))
    assert isinstance(found, Found)
    assert (found.severity, found.remedies[0].steps, found.requirement) == (Severity.WARNING, (), None)


def test_each_check_has_its_outcome() -> None:
    results = (result("failed", "x"), result("passed", name="disk"))
    outcomes = list(RULE.check(case(*results, requirements=(required(), required(name="disk"), required(name="net")))))
    assert [type(outcome) for outcome in outcomes] == [Found, Passed, NotEvaluated]


def test_a_smoke_test_is_no_check_of_a_profile() -> None:
    (outcome,) = RULE.check(case(Smoke(framework="torch", device="cpu", status="failed")))
    assert isinstance(outcome, NotApplicable)


def test_no_other_rule_speaks_of_it_whatever_it_is_called() -> None:
    for name in ("torch", "mxnet", "onnxruntime"):
        for status in ("failed", "crashed", "timed_out", "absent", "skipped", "passed"):
            facts = case(result(status, "x", name=name)).facts
            requirements = (required(name=name),)
            spoken = [rule.name for rule in all_rules() for outcome in rule.check(Case(facts, requirements)) if _is_about(outcome, name)]
            assert spoken == ["own-check-fails"], status


def _is_about(outcome: Outcome, name: str) -> bool:
    return not isinstance(outcome, NotApplicable) and name in outcome.subject


def test_it_is_asked_where_a_profile_names_a_check() -> None:
    assert RULE.name in [rule.name for rule in rules_for(Snapshot(), [required()])]
