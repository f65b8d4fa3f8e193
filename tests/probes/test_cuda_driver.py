"""The CUDA driver library in a child: cards that a program sees, and the codes that cuInit refuses with."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from envcheck.facts.claims import resolve
from envcheck.facts.snapshot import Snapshot
from envcheck.messages import parse_message
from envcheck.observing.answer import Answer, Ending
from envcheck.observing.process import Task
from envcheck.observing.runner import run
from tests.fake_driver import FakeDriver, recorded, written

Ask = Callable[..., Answer]
TOLD_ALL = "told every CUDA device"


@pytest.fixture
def ask(fake_driver: FakeDriver, tmp_path: Path) -> Ask:
    """Asks the library about a machine in a child; keywords are variables of its environment."""

    def ask(text: str, library: str = "cuda", deadline_s: float = 60.0, visible: str | None = None) -> Answer:
        variables = {**fake_driver.variables(written(tmp_path, text), library), "CUDA_VISIBLE_DEVICES": visible}
        return run([Task("cuda_driver", "cuda_driver", sys.executable, deadline_s=deadline_s, own=True, variables=variables)])[
            "cuda_driver"
        ]

    return ask


def snapshot(answer: Answer) -> Snapshot:
    return resolve(answer.evidence, taken="", live=True)


def test_a_card_that_programs_see(ask: Ask) -> None:
    answer = ask(recorded("h200"))
    facts = snapshot(answer)
    (card,) = facts.accelerators
    assert (card.visible, card.name, card.pci_address) == (True, "NVIDIA H200", "0000:83:00.0")
    assert (card.uuid, card.memory_bytes, card.compute_capability) == ("GPU-1bf1c2d3-1111-2222-3333-444455556666", 150109880320, "9.0")
    assert (facts.nvidia.libcuda_loadable, facts.nvidia.cuda_version) == (True, "13.1")
    assert TOLD_ALL in answer.stages


def test_a_card_within_a_processor_has_no_memory_of_its_own(ask: Ask) -> None:
    (card,) = snapshot(ask(recorded("gb10"))).accelerators
    assert (card.integrated, card.unified_memory) == (True, True)
    assert not isinstance(card.memory_bytes, int)


def test_a_part_of_a_card_is_not_the_card(ask: Ask) -> None:
    text = recorded("h100-mig").replace("name NVIDIA H100 80GB HBM3", "name NVIDIA H100 80GB HBM3 MIG 3g.40gb")
    (card,) = snapshot(ask(text)).accelerators
    assert (card.visible, card.pci_address) == (True, "0000:00:09.0")
    assert not any(isinstance(value, (str, int)) for value in (card.name, card.uuid, card.memory_bytes))


@pytest.mark.parametrize(
    ("visible", "places"),
    [
        (None, ["01", "02", "03", "04", "05", "06", "07", "08"]),
        ("2,0", ["01", "03"]),
        ("GPU-5ff1c2d3-1111-2222-3333-444455556665", ["06"]),
        ("1,9,2", ["02"]),
    ],
)
def test_the_variable_hides_cards_as_for_any_program(ask: Ask, visible: str | None, places: list[str]) -> None:
    answer = ask(recorded("a100-sxm-x8"), visible=visible)
    assert sorted(str(card.pci_address)[5:7] for card in snapshot(answer).accelerators) == places
    assert TOLD_ALL in answer.stages


@pytest.mark.parametrize("visible", ["", "-1", "nonsense"])
def test_a_program_that_sees_no_card(ask: Ask, visible: str) -> None:
    answer = ask(recorded("h200"), visible=visible)
    (words,) = answer.said
    assert words.text == "failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected"
    assert TOLD_ALL in answer.stages
    assert snapshot(answer).accelerators == ()


@pytest.mark.parametrize(
    ("code", "name"),
    [(802, "cudaErrorSystemNotReady"), (803, "cudaErrorSystemDriverMismatch"), (999, "cudaErrorUnknown")],
)
def test_the_code_that_cuinit_refuses_with_is_understood(ask: Ask, code: int, name: str) -> None:
    answer = ask(f"error cuInit {code}\n{recorded('h200')}")
    (words,) = answer.said
    (symptom,) = parse_message(words.text, subject=words.subject)
    assert (symptom.code, symptom.details["name"], symptom.subject) == (code, name, "CUDA")
    assert TOLD_ALL not in answer.stages


def test_a_code_without_a_name_is_said_by_its_number(ask: Ask) -> None:
    (words,) = ask(f"error cuInit 303\n{recorded('h200')}").said
    assert words.text == "failed call to cuInit: UNKNOWN ERROR (303)"
    assert parse_message(words.text)[0].code == 303


def test_the_stub_of_the_toolkit(ask: Ask) -> None:
    answer = ask("", "stub cuda")
    assert snapshot(answer).nvidia.libcuda_loadable is True
    assert parse_message(answer.said[0].text)[0].code == 34


def test_a_library_that_does_not_load(tmp_path: Path) -> None:
    (tmp_path / "libcuda.so.1").write_bytes(b"no library")
    task = Task("cuda_driver", "cuda_driver", sys.executable, own=True, variables={"LD_LIBRARY_PATH": str(tmp_path)})
    answer = run([task])["cuda_driver"]
    assert snapshot(answer).nvidia.libcuda_loadable is False
    assert "libcuda.so.1" in answer.said[0].text


def test_a_device_without_a_place_is_not_passed_over(ask: Ask) -> None:
    """The list is not complete then: no other card may be called hidden."""
    answer = ask(recorded("h200").replace("pci 00000000:83:00.0\n", ""))
    (card,) = snapshot(answer).accelerators
    assert (card.uuid, card.visible) == ("GPU-1bf1c2d3-1111-2222-3333-444455556666", True)
    assert TOLD_ALL not in answer.stages


def test_a_call_that_fails_leaves_what_is_known(ask: Ask) -> None:
    answer = ask(recorded("h200").replace("gpu\n", "gpu\nerror cuDeviceTotalMem 3\nerror cuDeviceGetName 1\n"))
    (card,) = snapshot(answer).accelerators
    assert (card.visible, card.pci_address) == (True, "0000:83:00.0")
    assert not isinstance(card.memory_bytes, int)


def test_a_library_that_hangs_or_crashes_says_where(ask: Ask) -> None:
    answer = ask(f"error cuInit hang\n{recorded('h200')}", deadline_s=2.0)
    assert (answer.ending, answer.stage) == (Ending.TIMED_OUT, "cuInit")
    answer = ask(f"error cuInit crash\n{recorded('h200')}")
    assert (answer.ending, answer.signal, answer.stage) == (Ending.SIGNALLED, "SIGSEGV", "cuInit")


def test_the_place_of_a_gpu_within_a_processor_is_none(ask: Ask) -> None:
    (card,) = snapshot(ask(recorded("gb10").replace("0000000F:01:00.0", "00000000:00:00.0"))).accelerators
    assert not isinstance(card.pci_address, str)


class Heard:
    """A channel that keeps what was said."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def said(self, _subject: str, words: str, _details: dict[str, str]) -> None:
        self.words.append(words)


@pytest.mark.parametrize(("count", "heard"), [("3\n", ["PM: suspend exit"]), ("0\n", []), ("", []), (None, [])])
def test_a_machine_that_has_slept_is_told_of_by_the_kernels_count(
    tmp_path: Path, probe: Callable[[str], ModuleType], count: str | None, heard: list[str]
) -> None:
    if count is not None:
        (tmp_path / "sys/power/suspend_stats").mkdir(parents=True)
        (tmp_path / "sys/power/suspend_stats/success").write_text(count)
    channel = Heard()
    probe("cuda_driver").tell_sleep(channel, str(tmp_path))
    assert channel.words == heard
