"""cpu-feature-missing: instruction sets against what profiles ask for."""

from envcheck.facts.snapshot import Cpu, Snapshot, System
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.rules.cpu_feature_missing import RULE


def judge(*features: str, machine: str = "x86_64", virtual_machine: str | None = None, bound: str = "avx2") -> Outcome:
    requirement = Requirement(fact="cpu.features", operator=Operator.INCLUDES, level=Level.SHOULD, bound=bound, profile="lab")
    cpu = Cpu(features=features, model="Test CPU") if features else Cpu()
    system = System(machine=machine, virtual_machine=virtual_machine)
    (outcome,) = RULE.check(Case(Snapshot(system=system, cpu=cpu), (requirement,)))
    return outcome


def test_a_missing_instruction_set_is_found() -> None:
    found = judge("sse4_2", "avx", virtual_machine="qemu")
    assert isinstance(found, Found)
    assert found.message == "CPU: Test CPU has no avx2; the profile lab recommends avx2."
    assert "-cpu host" in found.remedies[0].steps[0].do


def test_on_a_real_machine_only_another_machine_helps() -> None:
    found = judge("avx")
    assert isinstance(found, Found)
    assert "-cpu host" not in found.remedies[0].summary


def test_what_is_there_passes_whatever_its_case() -> None:
    assert isinstance(judge("AVX2"), Passed)


def test_avx_is_no_question_for_an_arm_processor_but_its_own_sets_are() -> None:
    assert isinstance(judge("asimd", machine="aarch64"), NotApplicable)
    assert isinstance(judge("asimd", machine="aarch64", bound="sve"), Found)


def test_unknown_features_are_not_evaluated() -> None:
    assert isinstance(judge(), NotEvaluated)


def test_two_instruction_sets_are_two_matters() -> None:
    requirements = tuple(
        Requirement(fact="cpu.features", operator=Operator.INCLUDES, level=Level.SHOULD, bound=bound, profile="lab")
        for bound in ("avx", "avx2")
    )
    outcomes = list(RULE.check(Case(Snapshot(system=System(machine="x86_64"), cpu=Cpu(features=("avx",))), requirements)))
    assert [type(outcome) for outcome in outcomes] == [Passed, Found]
