"""Who is asked about drivers, and what the answers mean together: over the fake driver libraries, with real children."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from envcheck.facts.claims import Claim, Evidence, Trust, resolve, resolve_what_fits
from envcheck.facts.snapshot import Snapshot
from envcheck.facts.symptoms import SymptomKind
from envcheck.observing import drivers
from envcheck.observing.answer import Answer, Ending
from tests.fake_driver import FakeDriver, recorded, written

Look = Callable[..., Snapshot]
NVIDIA = {"vendor": "nvidia", "backend": "cuda", "pci_address": "0000:83:00.0", "driver": "nvidia"}


def seen(*claims: tuple[str, object]) -> Evidence:
    """What the quick probes brought home."""
    return Evidence(claims=[Claim(fact, value, "the quick probes", Trust.MEASURED) for fact, value in claims])


def snapshot(*claims: tuple[str, object]) -> Snapshot:
    return resolve_what_fits(seen(*claims), taken="", live=True)


@pytest.fixture
def asked() -> list[str]:
    """The probes that were started, in their order."""
    return []


@pytest.fixture
def look(fake_driver: FakeDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str]) -> Look:
    """The snapshot of a machine with a card of NVIDIA's, as its drivers tell of it."""
    pytest.importorskip("pynvml", reason="nvidia-ml-py is not installed")

    def look(text: str, *libraries: str, quick: bool = False, visible: str | None = None, container: str | None = None) -> Snapshot:
        for name, value in fake_driver.variables(written(tmp_path, text), *(libraries or ("nvml", "cuda"))).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
        if visible is not None:
            monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
        before = seen(("accelerators[0000:83:00.0]", NVIDIA), ("system.container", container))

        def progress(name: str, event: str) -> None:
            if event == "started" and name != "toolkits":
                asked.append(name)

        found = drivers.ask_drivers(sys.executable, before, quick=quick, progress=progress)
        found.add(before)
        return resolve(found, taken="", live=True)

    return look


def unknown(facts: Snapshot) -> dict[str, tuple[str, str]]:
    return {entry.fact: (entry.reason.value, entry.detail) for entry in facts.unknown}


def test_without_any_sign_of_a_card_nobody_is_asked() -> None:
    assert drivers.first_questions(snapshot(("system.os", "Linux")), sys.executable, quick=False) == []
    assert drivers.first_questions(snapshot(("system.os", "Windows")), sys.executable, quick=True) == []


@pytest.mark.parametrize(
    "sign",
    [
        ("accelerators[0000:83:00.0]", NVIDIA),
        ("nvidia.kernel_module_version", "580.95.05"),
        ("nvidia.nvml_path", "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1"),
        ("nvidia.libcuda_path", "/usr/lib/wsl/lib/libcuda.so.1"),
        ("nvidia.jetson", "NVIDIA Jetson Orin Nano"),
        ("devices[/dev/nvidia0]", {"accessible": False}),
        ("devices[/dev/dxg]", {"accessible": True}),
    ],
)
def test_any_sign_of_nvidia_is_reason_to_ask(sign: tuple[str, object]) -> None:
    asked = {task.name for task in drivers.first_questions(snapshot(sign), sys.executable, quick=True)}
    assert "nvml" in asked
    assert "cuda_driver" not in asked
    asked = {task.name for task in drivers.first_questions(snapshot(sign), sys.executable, quick=False)}
    assert {"nvml", "cuda_driver"} <= asked


def test_where_nvml_answers_only_cuda_is_asked_beside_it(look: Look, asked: list[str]) -> None:
    facts = look(recorded("h200"))
    assert asked == ["nvml", "cuda_driver"]
    (card,) = facts.accelerators
    assert (card.index, card.state, card.visible, card.driver) == (0, "ok", True, "nvidia")
    assert card.memory_bytes == 150754820096
    assert not facts.contradictions


def test_a_quick_look_asks_nvml_alone(look: Look, asked: list[str]) -> None:
    assert look(recorded("h200"), quick=True).nvidia.driver_version == "590.48.01"
    assert asked == ["nvml"]


@pytest.mark.parametrize("quick", [True, False])
def test_where_nvml_fails_the_others_are_asked_for_words_that_name_the_cause(look: Look, asked: list[str], quick: bool) -> None:
    facts = look(f"error nvmlInit 999\nerror cuInit 802\n{recorded('h200')}", quick=quick)
    assert set(asked) == {"nvml", "nvidia_smi", "cuda_driver"}
    assert len(asked) == 3
    assert facts.nvidia.state == "system-not-ready"
    assert [(symptom.kind, symptom.code) for symptom in facts.symptoms] == [(SymptomKind.NVML_ERROR, 999), (SymptomKind.CUDA_ERROR, 802)]


@pytest.mark.parametrize(
    ("code", "state"),
    [(4, "denied"), (9, "driver-not-loaded"), (12, "nvml-library-missing"), (17, "wsl-gpu-blocked"), (18, "driver-library-mismatch")],
)
def test_the_state_is_what_nvml_says(look: Look, code: int, state: str) -> None:
    facts = look(f"error nvmlInit {code}\nerror cuInit 999\n{recorded('h200')}", quick=True)
    assert facts.nvidia.state == state
    assert "nvidia.driver_version" in unknown(facts)


@pytest.mark.parametrize(("container", "state"), [("docker", "container-lost-devices"), (None, "unknown-error")])
def test_an_unknown_error_is_that_of_lost_devices_in_a_container_only(look: Look, container: str | None, state: str) -> None:
    assert look(f"error nvmlInit 999\nerror cuInit 999\n{recorded('h200')}", quick=True, container=container).nvidia.state == state


def test_a_missing_fabric_manager_is_known_to_cuda_alone(look: Look) -> None:
    facts = look(f"error cuInit 802\n{recorded('h200').replace('fabric 3', 'fabric 2')}")
    assert facts.nvidia.state == "system-not-ready"
    assert facts.accelerators[0].fabric == "in-progress"
    assert not isinstance(facts.accelerators[0].visible, bool)


def test_what_hangs_costs_its_deadline_once(look: Look, asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else asks the driver after it, the files' facts stand, and it is told where it hangs."""
    monkeypatch.setattr(drivers, "DEADLINE_S", 2.0)
    facts = look(f"error nvmlInit hang\n{recorded('h200')}", quick=True)
    assert asked == ["nvml"]
    assert facts.accelerators[0].driver == "nvidia"
    reason, detail = unknown(facts)["nvidia.driver_version"]
    assert (reason, detail) == ("timed_out", "the nvml probe did not answer within 2 s (at: starting NVML)")
    assert {"nvidia.state", "nvidia.cuda_version"} <= set(unknown(facts))


def test_a_card_that_hangs_does_not_take_the_others_with_it(look: Look, asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers, "DEADLINE_S", 2.0)
    facts = look(recorded("a100-sxm-x8").replace("6661\n", "6661\nerror nvmlDeviceGetUUID hang\n"), quick=True)
    assert asked == ["nvml"]
    assert facts.nvidia.driver_version == "535.54.03"
    assert facts.accelerators[0].state == "ok"
    assert "asking GPU 1" in unknown(facts)["accelerators"][1]


def test_a_library_that_crashes_is_a_reason_and_no_more(look: Look, asked: list[str]) -> None:
    facts = look(f"error nvmlInit crash\nerror cuInit abort\n{recorded('h200')}")
    assert set(asked) == {"nvml", "cuda_driver", "nvidia_smi"}
    assert unknown(facts)["nvidia.state"] == ("crashed", "the nvml probe was ended by SIGSEGV")
    assert facts.nvidia.libcuda_loadable is True
    assert facts.accelerators[0].pci_address == "0000:83:00.0"


@pytest.mark.parametrize(
    ("visible", "seen"),
    [(None, [True] * 8), ("1,3", [False, True, False, True, *[False] * 4]), ("", [False] * 8), ("nonsense", [False] * 8)],
)
def test_cards_that_no_program_sees(look: Look, visible: str | None, seen: list[bool]) -> None:
    text = recorded("a100-sxm-x8").replace("pci 00000000:08:00.0", "pci 00000000:83:00.0")
    facts = look(text, visible=visible)
    assert [card.visible for card in facts.accelerators] == seen
    assert len(facts.accelerators) == 8


def test_a_lost_card_is_not_called_hidden(look: Look) -> None:
    text = recorded("a100-sxm-x8").replace("6662\n", "6662\nerror nvmlDeviceGetHandleByIndex 15\nerror cuDeviceGet 1\n")
    facts = look(text.replace("pci 00000000:08:00.0", "pci 00000000:83:00.0"), quick=True)
    lost = [card for card in facts.accelerators if card.state == "lost"]
    assert [(card.index, card.visible is False) for card in lost] == [(2, False)]
    assert facts.nvidia.state == "gpu-lost"


def test_without_the_binding_nvidia_smi_answers(look: Look, asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text(
        '#!/bin/sh\necho \'<?xml version="1.0" ?><nvidia_smi_log><driver_version>570.86.16</driver_version>'
        '<gpu id="00000000:83:00.0"><product_name>NVIDIA L4</product_name><fb_memory_usage><total>23034 MiB</total></fb_memory_usage>'
        "</gpu></nvidia_smi_log>'\n"
    )
    program.chmod(0o755)
    facts = look(f"error nvmlInit 13\n{recorded('h200')}", "nvml", quick=True)
    assert asked[:2] == ["nvml", "nvidia_smi"]
    assert facts.nvidia.driver_version == "570.86.16"
    (card,) = facts.accelerators
    assert (card.name, card.driver, card.memory_bytes) == ("NVIDIA L4", "nvidia", 23034 * 2**20)


@pytest.mark.parametrize("ending", [Ending.TIMED_OUT, Ending.UNKILLABLE])
def test_after_a_hang_there_is_no_second_round(ending: Ending) -> None:
    assert drivers.second_questions({"nvml": Answer("nvml", ending)}, quick=True) == []
    assert drivers.second_questions({}, quick=True) == []


@pytest.mark.parametrize("ending", [Ending.ANSWERED, Ending.SIGNALLED, Ending.EXITED, Ending.NOT_STARTED])
def test_after_any_other_end_without_a_version_there_is(ending: Ending) -> None:
    names = [task.name for task in drivers.second_questions({"nvml": Answer("nvml", ending)}, quick=True)]
    assert names == ["nvidia_smi", "cuda_driver"]
    assert [task.name for task in drivers.second_questions({"nvml": Answer("nvml", ending)}, quick=False)] == ["nvidia_smi"]


def test_what_a_library_says_to_envcheck_or_how_it_ends_is_marked_as_its_own_question(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers, "DEADLINE_S", 2.0)
    monkeypatch.setattr(drivers, "_PATIENT_S", {})
    symptoms = look(f"error nvmlInit hang\nerror cuInit crash\n{recorded('h200')}").symptoms
    assert {(symptom.kind, symptom.subject, symptom.was_asked_for) for symptom in symptoms} == {
        (SymptomKind.TIMED_OUT, "NVML", True),
        (SymptomKind.SIGNAL, "CUDA", True),
    }


def test_a_driver_that_starts_every_card_anew_has_more_time_where_no_quick_answer_is_wanted() -> None:
    def deadlines(*, quick: bool) -> dict[str, float]:
        return {
            task.name: task.deadline_s for task in drivers.first_questions(snapshot(("nvidia.jetson", "x")), sys.executable, quick=quick)
        }

    assert deadlines(quick=True)["nvml"] == 10.0
    assert deadlines(quick=False)["nvml"] == deadlines(quick=False)["cuda_driver"] == 30.0
    assert deadlines(quick=False)["toolkits"] == 10.0


def test_cards_that_cuda_lists_have_a_driver_that_works_whatever_nvml_lacks(look: Look) -> None:
    assert look(f"error nvmlInit 12\n{recorded('h200')}").nvidia.state == "ok"
    assert look(f"error nvmlInit 12\nerror cuInit 100\n{recorded('h200')}").nvidia.state == "nvml-library-missing"
