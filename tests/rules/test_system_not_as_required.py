"""system-not-as-required: the system against what profiles are for."""

from envcheck.facts.snapshot import Snapshot, System
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.rules.system_not_as_required import RULE

LINUX = Requirement(fact="system.os", operator=Operator.EQUALS, level=Level.MUST, bound="Linux", profile="lab")
ARM = Requirement(fact="system.machine", operator=Operator.EQUALS, level=Level.MUST, bound="arm64", profile="metal")


def judge(system: System, requirement: Requirement) -> Outcome:
    (outcome,) = RULE.check(Case(Snapshot(system=system), (requirement,)))
    return outcome


def test_native_windows_is_pointed_to_wsl() -> None:
    found = judge(System(os="Windows"), LINUX)
    assert isinstance(found, Found)
    assert found.message == "operating system: Windows; the profile lab needs Linux."
    assert "WSL 2" in found.remedies[0].summary


def test_an_intel_build_on_a_mac_is_found() -> None:
    found = judge(System(os="Darwin", machine="x86_64"), ARM)
    assert isinstance(found, Found)
    assert found.message == "kind of processor: x86_64; the profile metal needs arm64."


def test_the_right_system_passes_and_wsl_is_linux() -> None:
    assert isinstance(judge(System(os="Linux", wsl=2), LINUX), Passed)
    assert isinstance(judge(System(machine="ARM64"), ARM), Passed)


def test_an_unknown_system_is_not_evaluated() -> None:
    assert isinstance(judge(System(), LINUX), NotEvaluated)


def test_without_a_requirement_it_does_not_apply() -> None:
    (outcome,) = RULE.check(Case(Snapshot(system=System(os="Windows"))))
    assert isinstance(outcome, NotApplicable)
