"""A job of a batch system and its share of the node's cards."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.gpu_hidden_by_job import RULE
from tests.rules.rule_words import said, words


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


NO_DEVICE = said("cuda-error", "torch", 100)
TORCH = {"torch": {"version": "2.9.0+cu128", "cuda": "12.8"}}


def job(scheduler: str = "slurm") -> dict[str, Any]:
    return {"os": "Linux", "scheduler": scheduler, "job": "4711"}


def cards(*states: str) -> list[dict[str, Any]]:
    return [{"index": number, "vendor": "nvidia", "state": state, "visible": state == "ok"} for number, state in enumerate(states)]


@pytest.mark.parametrize(
    ("symptoms", "facts", "severity", "certainty"),
    [
        ([NO_DEVICE], {"accelerators": cards("denied", "denied")}, "error", "certain"),
        ([], {"accelerators": cards("hidden"), "builds": TORCH}, "warning", "certain"),
        ([NO_DEVICE], {"variables": {"CUDA_VISIBLE_DEVICES": "NoDevFiles"}}, "error", "certain"),
        ([NO_DEVICE], {"variables": {"CUDA_VISIBLE_DEVICES": ""}}, "error", "likely"),
    ],
)
def test_it_fires(symptoms: list[Any], facts: dict[str, Any], severity: str, certainty: str) -> None:
    found = judge(*symptoms, system=job(), **facts)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity(severity), Certainty(certainty))


@pytest.mark.parametrize(
    ("symptoms", "facts"),
    [
        ([NO_DEVICE], {"accelerators": cards("denied")}),
        ([NO_DEVICE], {"accelerators": cards("denied"), "system": {"job": None, "scheduler": "slurm"}}),
        ([], {"accelerators": cards("denied", "denied"), "system": job()}),
        ([NO_DEVICE], {"system": job(), "variables": {"CUDA_VISIBLE_DEVICES": "-1"}}),
        ([NO_DEVICE], {"system": job(), "live": True}),
        ([], {"system": job()}),
    ],
)
def test_it_does_not_fire(symptoms: list[Any], facts: dict[str, Any]) -> None:
    assert isinstance(judge(*symptoms, **facts), NotApplicable)


@pytest.mark.parametrize(
    "variables", [{"CUDA_VISIBLE_DEVICES": "", "SLURM_JOB_GPUS": "0"}, {"SLURM_GPUS_ON_NODE": "2"}, {"CUDA_VISIBLE_DEVICES": "3"}]
)
def test_a_job_that_was_given_some_is_not_to_blame(variables: dict[str, str]) -> None:
    assert isinstance(judge(NO_DEVICE, system=job(), variables=variables), Passed)


def test_what_a_job_was_given_has_to_be_known() -> None:
    outcome = judge(NO_DEVICE, system=job("pbs"))
    assert isinstance(outcome, NotEvaluated)
    assert "echo $CUDA_VISIBLE_DEVICES" in outcome.needs


def test_one_card_of_many_is_a_share() -> None:
    assert isinstance(judge(system=job(), accelerators=cards("ok", "hidden", "hidden")), Passed)


@pytest.mark.parametrize(
    ("scheduler", "remedy"),
    [
        ("slurm", "sbatch --gres=gpu:1"),
        ("pbs", "select=1:ngpus=1"),
        ("lsf", "bsub -gpu num=1"),
        ("sge", "-l gpu=1"),
        ("htcondor", "request_gpus = 1"),
        ("pjm", "manual"),
    ],
)
def test_the_request_is_that_of_the_batch_system(scheduler: str, remedy: str) -> None:
    assert remedy in words(judge(NO_DEVICE, system=job(scheduler), accelerators=cards("denied")))
