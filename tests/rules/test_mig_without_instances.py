"""mig-without-instances: a GPU in MIG mode that nobody has divided."""

from typing import Any

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.mig_without_instances import RULE


def judge(*cards: dict[str, Any], **facts: Any) -> Any:
    listed = [{"index": index, "vendor": "nvidia", "backend": "cuda", "name": "NVIDIA A100", **card} for index, card in enumerate(cards)]
    (outcome,) = RULE.check(Case(msgspec.convert({"accelerators": listed, **facts}, Snapshot)))
    return outcome


EMPTY = {"mig": "enabled", "mig_devices": []}
DIVIDED = {"mig": "enabled", "mig_devices": [{"profile": "3g.20gb"}]}
WHOLE = {"mig": "disabled"}
CUDA = {"torch": {"version": "2.9.1+cu128", "cuda": "12.8"}}


def test_the_only_gpu_without_an_instance_is_an_error_where_something_needs_it() -> None:
    found = judge(EMPTY, live=True, builds=CUDA)
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR
    assert ("sudo", "nvidia-smi", "mig", "-i", "0", "-cgi", "0", "-C") in [step.run for step in found.remedies[0].steps]
    assert found.remedies[1].steps[0].run == ("sudo", "nvidia-smi", "-i", "0", "-mig", "0")


def test_where_nothing_needs_it_it_is_a_warning() -> None:
    assert judge(EMPTY, live=True).severity is Severity.WARNING


def test_beside_another_gpu_it_is_only_told() -> None:
    assert judge(EMPTY, WHOLE, live=True, builds=CUDA).severity is Severity.INFO
    assert judge(EMPTY, DIVIDED, live=True, builds=CUDA).severity is Severity.INFO


def test_a_divided_gpu_passes() -> None:
    assert isinstance(judge(DIVIDED), Passed)


def test_instances_that_nobody_listed_are_not_known_to_be_absent() -> None:
    assert isinstance(judge({"mig": "enabled"}), NotEvaluated)
    assert isinstance(judge({"mig": "enabled"}, builds={"torch": {"cuda_available": True}}), Passed)


def test_a_program_without_a_device_makes_it_likely_where_nobody_listed_the_instances() -> None:
    refused = [{"kind": "cuda-error", "text": "No CUDA GPUs are available", "code": 100, "details": {"code": "100"}}]
    found = judge({"mig": "enabled"}, symptoms=refused)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY
    assert isinstance(judge({"mig": "enabled"}, symptoms=refused, variables={"CUDA_VISIBLE_DEVICES": "MIG-x"}), NotEvaluated)
    assert isinstance(judge({"mig": "enabled"}, WHOLE, symptoms=refused), NotEvaluated)


def test_without_mig_there_is_no_question() -> None:
    assert isinstance(judge(WHOLE), NotApplicable)
    assert isinstance(judge(), NotApplicable)
