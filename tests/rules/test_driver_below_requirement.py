"""driver-below-requirement: NVIDIA's driver against what profiles ask for."""

from envcheck.facts.snapshot import Completeness, Nvidia, Observed, Snapshot, System
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.rules.driver_below_requirement import RULE

CUDA = Requirement(fact="nvidia.cuda_version", operator=Operator.AT_LEAST, level=Level.MUST, bound="12.0", profile="cuda")
VERSION = Requirement(fact="nvidia.driver_version", operator=Operator.AT_LEAST, level=Level.MUST, bound="525.60.13", profile="lab")


def judge(snapshot: Snapshot, requirement: Requirement = CUDA) -> Outcome:
    (outcome,) = RULE.check(Case(snapshot, (requirement,)))
    return outcome


def test_an_old_driver_is_found_with_the_one_that_is_needed() -> None:
    found = judge(Snapshot(nvidia=Nvidia(driver_version="470.82.01", cuda_version="11.4"), system=System(container="docker")))
    assert isinstance(found, Found)
    assert found.message == "NVIDIA driver: 470.82.01 supports CUDA 11.4; the profile cuda needs a driver for CUDA 12.0."
    assert "525.60.13" in found.remedies[0].summary
    assert "host of this container" in found.remedies[0].summary


def test_the_bound_itself_passes() -> None:
    assert isinstance(judge(Snapshot(nvidia=Nvidia(driver_version="525.60.13", cuda_version="12.0"))), Passed)
    assert isinstance(judge(Snapshot(nvidia=Nvidia(driver_version="525.60.13")), VERSION), Passed)
    assert isinstance(judge(Snapshot(nvidia=Nvidia(driver_version="525.60.11")), VERSION), Found)


def test_no_driver_is_found_as_such() -> None:
    found = judge(Snapshot(nvidia=Nvidia(driver_version=None, cuda_version=None)), VERSION)
    assert isinstance(found, Found)
    assert found.message == "NVIDIA driver: none answers; the profile lab needs driver 525.60.13 or newer."
    assert isinstance(judge(Snapshot(observed=Observed(accelerators=Completeness.COMPLETE))), Found)


def test_an_unknown_driver_is_not_evaluated() -> None:
    gap = judge(Snapshot())
    assert isinstance(gap, NotEvaluated)
    assert gap.needs == ("the output of nvidia-smi",)


def test_without_a_requirement_it_does_not_apply() -> None:
    (outcome,) = RULE.check(Case(Snapshot(nvidia=Nvidia(driver_version="390.157"))))
    assert isinstance(outcome, NotApplicable)
