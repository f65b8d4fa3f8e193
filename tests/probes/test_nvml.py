"""The real nvidia-ml-py over a library that tells of recorded machines, lost cards, missing functions, and worse."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from envcheck.facts.claims import Claim, resolve
from envcheck.facts.snapshot import Accelerator, Snapshot
from envcheck.observing.answer import Answer, Ending
from envcheck.observing.process import Task
from envcheck.observing.runner import run
from tests.fake_driver import FakeDriver, recorded, written

pytest.importorskip("pynvml", reason="nvidia-ml-py is not installed")
Ask = Callable[..., Answer]


@pytest.fixture
def ask(fake_driver: FakeDriver, tmp_path: Path) -> Ask:
    """Asks NVML about a machine in a child, as envcheck does."""

    def ask(text: str, library: str = "nvml", deadline_s: float = 60.0) -> Answer:
        variables = fake_driver.variables(written(tmp_path, text), library)
        return run([Task("nvml", "nvml", sys.executable, deadline_s=deadline_s, own=True, variables=variables)])["nvml"]

    return ask


def snapshot(answer: Answer) -> Snapshot:
    return resolve(answer.evidence, taken="", live=True)


def fields(claim: Claim) -> list[str]:
    return list(claim.value) if isinstance(claim.value, dict) else []


def only_card(answer: Answer) -> Accelerator:
    (card,) = snapshot(answer).accelerators
    return card


def unknown(answer: Answer) -> dict[str, tuple[str, str]]:
    return {entry.fact: (entry.reason.value, entry.detail) for entry in answer.evidence.unknown}


def test_everything_is_told_of_a_card_that_has_everything(ask: Ask) -> None:
    answer = ask(recorded("h100-mig"))
    facts = snapshot(answer)
    assert answer.ending is Ending.ANSWERED
    assert (facts.nvidia.driver_version, facts.nvidia.cuda_version, facts.nvidia.library_version) == ("590.48.01", "13.1", "590.48.01")
    assert (facts.nvidia.state, facts.nvidia.nvml_loadable) == ("ok", True)
    (card,) = facts.accelerators
    assert (card.name, card.uuid, card.index) == ("NVIDIA H100 80GB HBM3", "GPU-0af1c2d3-1111-2222-3333-444455556666", 0)
    assert (card.vendor, card.backend, card.compute_capability, card.architecture) == ("nvidia", "cuda", "9.0", "Hopper")
    assert (card.pci_address, card.pci_id, card.state) == ("0000:00:09.0", "10de:2330", "ok")
    memory = (card.memory_bytes, card.memory_used_bytes, card.memory_free_bytes, card.memory_reserved_bytes)
    assert memory == (85520809984, 61865984, 84956676096, 502267904)
    assert (card.persistence, card.compute_mode, card.virtualization, card.fabric) == (True, "default", "pass-through", "completed")
    assert (card.ecc, card.ecc_errors, card.throttle_reasons) == ("enabled", 0, ("idle",))
    assert (card.temperature_c, card.power_w, card.power_limit_w) == (42.0, 71.27, 700.0)
    assert card.mig == "enabled"
    assert isinstance(card.mig_devices, tuple)
    assert [(part.profile, part.memory_bytes) for part in card.mig_devices][::3] == [("3g.40gb", 42412802048), ("1g.10gb", 10468982784)]
    assert card.mig_devices[1].uuid == "MIG-aaaa0000-0000-5000-8000-000000000002"


def test_what_a_card_does_not_support_is_unknown_for_that_field_only(ask: Ask) -> None:
    answer = ask(recorded("h100-mig"))
    assert unknown(answer) == {
        f"accelerators[nvidia:0].{field}": ("unsupported", "NVMLError_NotSupported: Not Supported")
        for field in ("retired_pages", "retirement_pending", "temperature_limit_c")
    }


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        ("h200", {"name": "NVIDIA H200", "memory_bytes": 150754820096, "mig": "disabled", "retired_pages": 0, "fabric": "completed"}),
        ("l40s", {"name": "NVIDIA L40S", "architecture": "Ada Lovelace", "throttle_reasons": ("power-cap",), "persistence": False}),
        ("rtx2080s-610", {"compute_capability": "7.5", "pci_address": "0000:0c:00.0", "temperature_limit_c": 97.0}),
        ("vgpu-guest", {"name": "GRID V100D-8C", "memory_bytes": 8589934592, "virtualization": "vgpu", "ecc": "disabled"}),
        ("wddm", {"compute_mode": "exclusive-process", "memory_used_bytes": 835715072}),
        ("gb10", {"unified_memory": True, "pci_address": "000f:01:00.0", "architecture": "Blackwell", "compute_capability": "12.1"}),
    ],
)
def test_recorded_machines(ask: Ask, machine: str, expected: dict[str, object]) -> None:
    card = only_card(ask(recorded(machine)))
    assert {field: getattr(card, field) for field in expected} == expected
    assert card.state == "ok"


def test_a_card_within_a_processor_has_no_memory_of_its_own(ask: Ask) -> None:
    answer = ask(recorded("gb10"))
    assert not isinstance(only_card(answer).memory_bytes, int)
    assert unknown(answer)["accelerators[nvidia:0].memory_bytes"][0] == "unsupported"


def test_a_guest_is_told_neither_temperature_nor_power(ask: Ask) -> None:
    answer = ask(recorded("vgpu-guest"))
    assert {"accelerators[nvidia:0].temperature_c", "accelerators[nvidia:0].power_w"} <= set(unknown(answer))


def processes(card: Accelerator) -> list[tuple[Any, ...]]:
    assert isinstance(card.processes, tuple)
    return [(process.pid, process.name, process.memory_bytes) for process in card.processes]


def test_processes_have_names_and_memory(ask: Ask) -> None:
    found = processes(only_card(ask(recorded("h200"))))
    assert found == [(10291, "/root/tools/memhog", 2690646016), (10309, "./gpu_burn", 29605494784)]


def test_a_process_that_computes_and_draws_is_one(ask: Ask) -> None:
    found = processes(only_card(ask(recorded("rtx2080s-610"))))
    assert found == [(1720, "/usr/lib/xorg/Xorg", 181403648), (4556, "gnome-shell", 3145728)]


def test_memory_of_a_process_that_windows_manages_is_unknown(ask: Ask) -> None:
    card = only_card(ask(recorded("wddm")))
    assert isinstance(card.processes, tuple)
    assert [process.pid for process in card.processes] == [2140, 2164]
    assert not any(isinstance(process.memory_bytes, int) for process in card.processes)


def test_a_library_without_the_newer_functions_answers_with_the_older_ones(ask: Ask) -> None:
    answer = ask(recorded("tesla-k80"), "old nvml")
    facts = snapshot(answer)
    assert (facts.nvidia.driver_version, facts.nvidia.cuda_version) == ("430.26", "10.2")
    assert [card.pci_address for card in facts.accelerators] == [f"{number}580:00:00.0" for number in (1, 2, 3, 4)]
    assert [card.retired_pages for card in facts.accelerators] == [1, 2, 3, 4]
    assert [card.retirement_pending for card in facts.accelerators] == [False, False, False, True]
    first = facts.accelerators[0]
    assert (first.memory_bytes, first.throttle_reasons, first.temperature_c) == (11996954624, ("idle",), 37.0)
    assert not isinstance(first.architecture, str)
    detail = "NVMLError_FunctionNotFound: Function Not Found"
    assert unknown(answer)["accelerators[nvidia:0].architecture"] == ("unsupported", detail)
    assert facts.nvidia.state == "ok"


def test_health_of_eight_cards(ask: Ask) -> None:
    cards = snapshot(ask(recorded("a100-sxm-x8"))).accelerators
    assert [card.index for card in cards if card.ecc_errors] == [2]
    assert [card.index for card in cards if card.retirement_pending] == [2]
    assert [card.index for card in cards if card.remapping_failed] == [5]
    assert cards[6].throttle_reasons == ("hw-thermal", "hw-power-brake")
    assert cards[2].retired_pages == 1


def test_sixteen_cards(ask: Ask) -> None:
    text = recorded("a100-sxm-x8")
    head, _, cards = text.partition("gpu\n")
    more = ("gpu\n" + cards).replace("GPU-5", "GPU-6").replace("pci 00000000:0", "pci 00000000:8")
    found = snapshot(ask(f"{head}gpu\n{cards}{more}")).accelerators
    assert [card.index for card in found] == list(range(16))
    assert len({card.pci_address for card in found}) == 16


INIT_ERRORS = {
    4: "NVMLError_NoPermission: Insufficient Permissions",
    9: "NVMLError_DriverNotLoaded: Driver Not Loaded",
    12: "NVMLError_LibraryNotFound: NVML Shared Library Not Found",
    17: "NVMLError_OperatingSystem: The operating system has blocked the request.",
    18: "NVMLError_LibRmVersionMismatch: RM has detected an NVML/RM version mismatch.",
    999: "NVMLError_Unknown: Unknown Error",
}


@pytest.mark.parametrize("code", INIT_ERRORS)
def test_what_nvml_refuses_to_start_with_is_said_in_its_words(ask: Ask, code: int) -> None:
    answer = ask(f"error nvmlInit {code}\n{recorded('h200')}")
    assert [(words.subject, words.text) for words in answer.said] == [("NVML", INIT_ERRORS[code])]
    assert unknown(answer)["nvidia.driver_version"] == ("denied" if code == 4 else "crashed", INIT_ERRORS[code])
    assert not [claim for claim in answer.evidence.claims if claim.fact.startswith("accelerators")]


def test_a_library_of_another_version_tells_its_own(ask: Ask) -> None:
    text = recorded("h200").replace("nvml 13.590.48.01", "nvml 13.595.71.05")
    facts = snapshot(ask(f"error nvmlInit 18\n{text}"))
    assert facts.nvidia.library_version == "595.71.05"


def test_a_library_that_is_not_there_cannot_be_loaded(tmp_path: Path) -> None:
    variables = {"LD_LIBRARY_PATH": str(tmp_path)}
    (tmp_path / "libnvidia-ml.so.1").write_bytes(b"\x7fELF, and then nothing")
    answer = run([Task("nvml", "nvml", sys.executable, own=True, variables=variables)])["nvml"]
    assert snapshot(answer).nvidia.nvml_loadable is False
    assert answer.said[0].text == INIT_ERRORS[12]


def test_a_lost_card_hides_no_other(ask: Ask) -> None:
    text = recorded("a100-sxm-x8").replace("666" + "2\n", "6662\nerror nvmlDeviceGetHandleByIndex 15\n")
    facts = snapshot(answer := ask(text))
    assert [card.state for card in facts.accelerators] == ["ok", "ok", "lost", *["ok"] * 5]
    assert facts.nvidia.state == "gpu-lost"
    assert [words.text for words in answer.said] == ["GPU 2: NVMLError_GpuIsLost: GPU is lost"]


def test_a_card_that_is_lost_while_it_is_asked_keeps_its_place(ask: Ask) -> None:
    text = recorded("h200").replace("memory ", "error nvmlDeviceGetMemoryInfo_v2 15\nmemory ")
    answer = ask(text)
    card = only_card(answer)
    assert (card.state, card.pci_address, card.name) == ("lost", "0000:83:00.0", "NVIDIA H200")
    assert [words.text for words in answer.said] == ["GPU 0 0000:83:00.0: NVMLError_GpuIsLost: GPU is lost"]


def test_a_card_that_may_not_be_asked_is_denied(ask: Ask) -> None:
    answer = ask(recorded("h200").replace("gpu\n", "gpu\nerror nvmlDeviceGetHandleByIndex 4\n"))
    assert only_card(answer).state == "denied"
    assert snapshot(answer).nvidia.state == "denied"


def test_a_card_in_a_trouble_of_another_kind_has_no_state_of_ours(ask: Ask) -> None:
    answer = ask(recorded("h200").replace("gpu\n", "gpu\nerror nvmlDeviceGetHandleByIndex 8\n"))
    assert not isinstance(only_card(answer).state, str)
    assert unknown(answer)["accelerators[nvidia:0].state"][0] == "crashed"


def test_a_driver_without_cards(ask: Ask) -> None:
    facts = snapshot(ask("driver 590.48.01\ncuda 13010\n"))
    assert (facts.nvidia.state, facts.accelerators) == ("no-devices", ())


@pytest.mark.parametrize("count", ["4294967295", "1000000"])
def test_a_count_that_is_none_is_not_believed(ask: Ask, count: str) -> None:
    answer = ask(f"count {count}\n{recorded('h200')}")
    assert unknown(answer)["accelerators"] == ("unparsable", f"NVML counts {count} cards")


@pytest.mark.parametrize(
    ("function", "code", "field", "reason"),
    [
        ("nvmlDeviceGetName", 3, "name", "unsupported"),
        ("nvmlDeviceGetUUID", 999, "uuid", "crashed"),
        ("nvmlDeviceGetPciInfo_v3", 999, "pci_address", "crashed"),
        ("nvmlDeviceGetCudaComputeCapability", 21, "compute_capability", "unsupported"),
        ("nvmlDeviceGetPersistenceMode", 26, "persistence", "unsupported"),
        ("nvmlDeviceGetComputeMode", 4, "compute_mode", "denied"),
        ("nvmlDeviceGetTotalEccErrors", 10, "ecc_errors", "timed_out"),
        ("nvmlDeviceGetMigMode", 13, "mig", "unsupported"),
        ("nvmlDeviceGetPowerUsage", 3, "power_w", "unsupported"),
        ("nvmlDeviceGetComputeRunningProcesses_v3", 4, "processes", "denied"),
    ],
)
def test_every_query_fails_on_its_own(ask: Ask, function: str, code: int, field: str, reason: str) -> None:
    answer = ask(recorded("h200").replace("gpu\n", f"gpu\nerror {function} {code}\n"))
    whole = only_card(ask(recorded("h200")))
    card = only_card(answer)
    missing = {name for name in card.__struct_fields__ if getattr(card, name) != getattr(whole, name)}
    assert missing - {"pci_id"} == {field}
    assert unknown(answer)[f"accelerators[nvidia:0].{field}"][0] == reason
    assert card.state == "ok"


def test_names_that_are_no_text_are_written_out(ask: Ask) -> None:
    answer = ask(recorded("h200").replace("name NVIDIA H200", r"name NVIDIA \xff\xfe H200").replace("./gpu_burn", r"\xe9tude"))
    card = only_card(answer)
    assert card.name == r"NVIDIA \xff\xfe H200"
    assert processes(card)[1][1] == r"\xe9tude"


@pytest.mark.parametrize(
    ("line", "instead", "fact"),
    [
        ("driver 590.48.01", r"driver \xfe\xfe\x1b[31m", "nvidia.driver_version"),
        ("memory 150754820096 32342", f"memory {2**64 - 1} 32342", "accelerators[nvidia:0].memory_bytes"),
        ("capability 9 0", "capability -1 99999999", "accelerators[nvidia:0].compute_capability"),
        ("temperature 28", f"temperature {2**31 - 1}", "accelerators[nvidia:0].temperature_c"),
        ("uuid GPU-1bf1c2d3-1111-2222-3333-444455556666", r"uuid \xff\xff\xff", "accelerators[nvidia:0].uuid"),
    ],
)
def test_what_can_be_no_answer_is_unknown_and_the_rest_is_told(ask: Ask, line: str, instead: str, fact: str) -> None:
    text = recorded("h200")
    assert line in text
    answer = ask(text.replace(line, instead))
    assert fact in unknown(answer)
    told = {claim.fact for claim in answer.evidence.claims} | {
        f"{claim.fact}.{name}" for claim in answer.evidence.claims for name in fields(claim)
    }
    assert fact not in told
    assert only_card(answer).name == "NVIDIA H200"


def test_the_version_for_cuda_is_known_without_cudas_library(ask: Ask) -> None:
    answer = ask(f"error nvmlSystemGetCudaDriverVersion_v2 12\n{recorded('h200')}")
    assert snapshot(answer).nvidia.cuda_version == "13.1"


def test_a_library_that_hangs_says_where(ask: Ask) -> None:
    text = recorded("a100-sxm-x8").replace("6663\n", "6663\nerror nvmlDeviceGetName hang\n")
    answer = ask(text, deadline_s=3.0)
    assert (answer.ending, answer.stage) == (Ending.TIMED_OUT, "asking GPU 3")
    facts = snapshot(answer)
    assert [card.state for card in facts.accelerators[:3]] == ["ok", "ok", "ok"]
    assert facts.nvidia.driver_version == "535.54.03"


@pytest.mark.parametrize(("how", "signal"), [("crash", "SIGSEGV"), ("abort", "SIGABRT")])
def test_a_library_that_crashes_loses_what_was_not_known_yet(ask: Ask, how: str, signal: str) -> None:
    answer = ask(recorded("h200").replace("gpu\n", f"gpu\nerror nvmlDeviceGetMemoryInfo {how}\nerror nvmlDeviceGetMemoryInfo_v2 3\n"))
    assert (answer.ending, answer.signal, answer.stage) == (Ending.SIGNALLED, signal, "asking GPU 0")
    assert only_card(answer).name == "NVIDIA H200"


def test_without_the_binding_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another distribution's module of that name, or none: neither is asked."""
    (tmp_path / "pynvml.py").write_text("raise ImportError('it is gone')")
    task = Task("nvml", "nvml", sys.executable, variables={"PYTHONPATH": str(tmp_path)})
    answer = run([task])["nvml"]
    assert unknown(answer)["nvidia.driver_version"] == ("unsupported", "nvidia-ml-py cannot be imported: it is gone")
    (tmp_path / "pynvml.py").write_text("")
    assert unknown(run([task])["nvml"])["nvidia.state"] == ("unsupported", "what is imported as pynvml is not nvidia-ml-py")
