from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.tensorflow_cpu_build import RULE

CARD = {"index": 0, "vendor": "nvidia", "backend": "cuda", "name": "NVIDIA L4", "compute_capability": "8.9"}
ARM = {"os": "Linux", "machine": "aarch64"}
ASKED = {"tensorflow": {"cuda_available": False}}


def package(name: str, version: str, **more: str) -> dict[str, Any]:
    return {"name": name, "version": version, "state": "ok", **more}


def judge(**facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert(facts, Snapshot))))


@pytest.mark.parametrize(
    ("facts", "certainty", "words"),
    [
        ({"packages": [package("tensorflow-cpu", "2.17.0")]}, Certainty.CERTAIN, "tensorflow-cpu is the distribution without CUDA"),
        (
            {
                "packages": [package("tensorflow", "2.15.0", manager="conda", build="cpu_py311h6ac8430_2", channel="conda-forge")],
                "builds": {"tensorflow": {"cuda": None, "cuda_available": False}},
            },
            Certainty.CERTAIN,
            "conda chose the variant for the CPU",
        ),
        ({"packages": [package("tensorflow", "2.17.0")], "system": ARM}, Certainty.LIKELY, "have no CUDA"),
        (
            {"packages": [package("tensorflow", "2.17.0"), package("tensorflow-cpu-aws", "2.17.0")], "system": ARM},
            Certainty.CERTAIN,
            "have no CUDA",
        ),
        ({"packages": [package("tensorflow", "1.14.0")]}, Certainty.LIKELY, "tensorflow-gpu the one for CUDA"),
    ],
)
def test_a_build_without_cuda_was_asked_for_a_gpu(facts: dict[str, Any], certainty: Certainty, words: str):
    (found,) = judge(accelerators=[CARD], **{"builds": ASKED, **facts})
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, certainty)
    assert words in found.message
    assert bool(found.would_confirm) is (certainty is Certainty.LIKELY)
    assert found.remedies


def test_the_build_for_the_cpu_goes_before_the_other_comes():
    (found,) = judge(accelerators=[CARD], builds=ASKED, packages=[package("tensorflow-cpu", "2.17.0")])
    assert [step.run[-3:] for step in found.remedies[0].steps if step.run] == [("uninstall", "--yes", "tensorflow-cpu")]
    assert any("tensorflow[and-cuda]==2.17.0" in step.run for step in found.remedies[1].steps)


def test_without_a_known_card_it_is_likely():
    (found,) = judge(builds=ASKED, packages=[package("tensorflow-cpu", "2.17.0")])
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.LIKELY)
    assert found.would_confirm == ("nvidia-smi shows a card",)


@pytest.mark.parametrize(
    ("live", "builds", "severity"),
    [
        (False, {"tensorflow": {"cuda": None}}, Severity.INFO),
        (True, {"tensorflow": {"cuda": None, "cuda_available": False}}, Severity.WARNING),
        (True, {"tensorflow": {"cuda": None, "cuda_available": False}, "torch": {"cuda_available": True}}, Severity.INFO),
    ],
)
def test_where_nobody_asked_it_is_no_error(live: bool, builds: dict[str, Any], severity: Severity):
    (found,) = judge(live=live, accelerators=[CARD], builds=builds, packages=[package("tensorflow", "2.17.0", manager="conda")])
    assert isinstance(found, Found)
    assert found.severity is severity


def test_the_distribution_that_is_named_for_the_cpu_was_chosen():
    (outcome,) = judge(live=True, accelerators=[CARD], builds=ASKED, packages=[package("tensorflow-cpu", "2.17.0")])
    assert isinstance(outcome, NotApplicable)


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, NotApplicable),
        ({"builds": ASKED}, NotEvaluated),
        ({"packages": [package("tensorflow", "2.17.0")], "builds": ASKED}, NotApplicable),
        ({"packages": [package("tensorflow-macos", "2.12.0")], "builds": ASKED, "system": {"os": "Darwin"}}, NotApplicable),
        ({"packages": [package("tensorflow-intel", "2.15.0")], "builds": ASKED, "system": {"os": "Windows"}}, NotApplicable),
        ({"packages": [package("tensorflow", "2.17.0+nv25.02")], "builds": ASKED, "system": ARM}, NotApplicable),
        ({"packages": [package("tensorflow", "2.14.0")], "builds": {"tensorflow": {"cuda": None, "rocm": "5.7"}}}, NotApplicable),
        ({"packages": [package("tensorflow-cpu", "2.17.0")], "builds": {"tensorflow": {"cuda_available": True}}}, Passed),
        (
            {
                "packages": [package("tensorflow-cpu", "2.17.0")],
                "builds": ASKED,
                "live": True,
                "observed": {"accelerators": "complete"},
                "accelerators": [],
            },
            Passed,
        ),
    ],
)
def test_what_is_not_ill_or_not_known(facts: dict[str, Any], outcome: type):
    (told,) = judge(**facts)
    assert isinstance(told, outcome)
