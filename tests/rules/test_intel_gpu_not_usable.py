from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.intel_gpu_not_usable import RULE

NO_XPU = {"kind": "device-not-found", "text": "XPU device count is zero!", "subject": "torch", "details": {"backend": "xpu"}}
LOST = {"kind": "xpu-error", "text": "error: 20", "details": {"name": "UR_RESULT_ERROR_DEVICE_LOST", "code": "20"}}
TORCH = {"torch": {"version": "2.8.0+xpu", "xpu": "20250101"}}
ARC = {"index": 0, "vendor": "intel", "backend": "xpu", "name": "Arc A770"}


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


def commands(found: Found) -> str:
    return " ".join(" ".join(step.run) or step.do for remedy in found.remedies for step in remedy.steps)


@pytest.mark.parametrize(
    ("state", "word", "command"),
    [
        ("no-level-zero", "Level Zero's driver", "libze-intel-gpu1"),
        ("denied", "may not open", "usermod --append --groups render"),
        ("driver-not-loaded", "no kernel driver", "modprobe xe"),
    ],
)
def test_each_state_has_its_remedy(state: str, word: str, command: str) -> None:
    found = judge(builds=TORCH, accelerators=[ARC], intel={"state": state}, system={"os": "Linux", "distribution_id": "ubuntu"}, live=True)
    assert isinstance(found, Found)
    assert (found.certainty, found.severity) == (Certainty.CERTAIN, Severity.WARNING)
    assert word in found.message
    assert command in commands(found)


@pytest.mark.parametrize(
    ("system", "command"),
    [
        ({"os": "Linux", "distribution_id": "fedora"}, "dnf install"),
        ({"os": "Linux", "distribution_id": "endeavouros", "distribution_like": ["arch"]}, "pacman"),
        ({"os": "Linux", "distribution_id": "slackware"}, "dgpu-docs.intel.com"),
        ({"os": "Linux", "distribution_id": "ubuntu", "wsl": 2}, "in Windows"),
        ({"os": "Linux", "distribution_id": "ubuntu", "container": "docker"}, "--device=/dev/dri"),
        ({"os": "Linux", "container": "kubernetes"}, "gpu.intel.com"),
        ({"os": "Windows"}, "download-center"),
    ],
)
def test_the_remedy_is_that_of_the_system(system: dict[str, Any], command: str) -> None:
    assert command in commands(judge(NO_XPU, accelerators=[ARC], intel={"state": "no-level-zero"}, system=system))


def test_the_words_of_a_program_alone_make_it_likely() -> None:
    found = judge(NO_XPU)
    assert (found.certainty, found.severity, bool(found.would_confirm)) == (Certainty.LIKELY, Severity.ERROR, True)


def test_without_such_a_gpu_nothing_can_be_installed() -> None:
    found = judge(NO_XPU, observed={"accelerators": "complete"})
    assert "there is none" in found.message
    assert isinstance(judge(builds=TORCH, observed={"accelerators": "complete"}), NotApplicable)


def test_a_device_that_was_lost_while_it_computed_is_no_missing_driver() -> None:
    assert not isinstance(judge(LOST, accelerators=[ARC], intel={"state": "ok"}), Found)


@pytest.mark.parametrize("facts", [{"intel": {"state": "ok"}}, {"builds": {"torch": {**TORCH["torch"], "xpu_available": True}}}])
def test_a_gpu_that_is_reached_passes(facts: dict[str, Any]) -> None:
    assert isinstance(judge(**{"builds": TORCH, "accelerators": [ARC], **facts}), Passed)


def test_nothing_is_said_where_nobody_wants_it() -> None:
    assert isinstance(judge(accelerators=[ARC], intel={"state": "no-level-zero"}, live=True), NotApplicable)


def test_a_state_that_is_not_known() -> None:
    assert isinstance(judge(builds=TORCH, accelerators=[ARC]), NotEvaluated)


@pytest.mark.parametrize(("state", "word"), [("denied", "may not open"), ("no-driver", "no kernel driver")])
def test_the_cards_own_state_tells_it_too(state: str, word: str) -> None:
    assert word in judge(builds=TORCH, accelerators=[{**ARC, "state": state}]).message


def test_a_report_in_which_torch_lacks_the_gpu_is_an_error() -> None:
    facts = {"builds": TORCH, "accelerators": [ARC], "intel": {"state": "no-level-zero"}}
    assert judge(**facts).severity is Severity.ERROR
    assert judge(**facts, live=True).severity is Severity.WARNING
    assert judge(NO_XPU, **facts, live=True).severity is Severity.ERROR


def test_evidence_is_what_was_found_and_what_was_said() -> None:
    assert [proof.fact for proof in judge(NO_XPU).evidence] == ["symptoms[device-not-found]"]
    state = judge(NO_XPU, accelerators=[ARC], intel={"state": "denied"}).evidence
    assert ("intel.state", "denied") in [(proof.fact, proof.value) for proof in state]
