"""nvidia-smi in a pasted text, beside other words on the same cards."""

from itertools import permutations
from pathlib import Path

import pytest
from msgspec import UNSET

from envcheck.readers.read import read_text

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings"
TABLE = """+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 550.54.15              Driver Version: 550.54.15      CUDA Version: 12.4     |
|   0  NVIDIA GeForce RTX 4090 ...    On  |   00000000:02:00.0 Off |                  Off |
| 30%   26C    P8              6W /   70W |       1MiB /  24564MiB |      0%      Default |
+-----------------------------------------+------------------------+----------------------+
"""


def test_driver_cuda_and_cards() -> None:
    facts = read_text(TABLE)
    assert (facts.nvidia.driver_version, facts.nvidia.cuda_version) == ("550.54.15", "12.4")
    (card,) = facts.accelerators
    assert (card.name, card.memory_bytes, card.pci_address) == ("NVIDIA GeForce RTX 4090 ...", 24564 * 2**20, "00000000:02:00.0")
    assert facts.source_of("nvidia.driver_version") == "report line 2"


def test_the_list_has_whole_names_and_is_believed_more_than_the_table() -> None:
    facts = read_text(TABLE + "$ nvidia-smi -L\nGPU 0: NVIDIA GeForce RTX 4090 Laptop GPU (UUID: GPU-1)\n")
    assert [card.name for card in facts.accelerators] == ["NVIDIA GeForce RTX 4090 Laptop GPU"]
    assert facts.accelerators[0].memory_bytes == 24564 * 2**20


def test_an_error_line_in_front_of_a_table_is_kept_and_so_is_the_table() -> None:
    facts = read_text("Unable to determine the device handle for GPU1: 0000:34:00.0: Unknown Error\n" + TABLE)
    assert [symptom.code for symptom in facts.symptoms] == [999]
    assert facts.nvidia.driver_version == "550.54.15"


def test_two_drivers_are_a_contradiction_that_is_kept() -> None:
    facts = read_text(TABLE + "\nNvidia driver version: 535.54.03\n")
    assert {facts.nvidia.driver_version, *(entry.value for entry in facts.contradictions)} == {"550.54.15", "535.54.03"}


def test_of_two_words_on_a_fact_the_first_stands_however_often_they_are_said() -> None:
    older = TABLE.replace("550.54.15", "470.57.02")
    facts = read_text(TABLE + older + TABLE)
    assert facts.nvidia.driver_version == "550.54.15"
    assert [entry.value for entry in facts.contradictions if entry.fact == "nvidia.driver_version"] == ["470.57.02"]


def test_lines_of_other_programs_are_no_cards() -> None:
    assert read_text("GPU 0: 45% | 3 MiB\nGPU 0: \nGPU utilisation: none\n").accelerators == ()


def test_shared_memory_of_a_jetson_is_unknown() -> None:
    facts = read_text("|   0  Orin (nvgpu)                  N/A  | N/A              N/A |\n| N/A  | Not Supported        |     N/A  |\n")
    assert facts.accelerators[0].memory_bytes is UNSET


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings of real machines are not beside this checkout")
def test_every_recorded_failure_is_a_symptom() -> None:
    states = {
        "driver-not-loaded": 9,
        "libnvidia-ml-missing": 12,
        "no-devices": 6,
        "version-mismatch": 18,
        "version-mismatch-old": 18,
        "container-unknown-error": 999,
        "wsl-access-blocked": 17,
        "device-handle-unknown-error": 999,
        "device-handle-then-table": 999,
    }
    for name, code in states.items():
        text = (RECORDINGS / "nvidia-smi-errors" / name / "nvidia-smi.txt").read_text("utf-8")
        assert read_text(text).symptoms[0].code == code, name


XML = """<nvidia_smi_log><driver_version>550.54.15</driver_version>
<gpu id="00000000:02:00.0">
<product_name>NVIDIA GeForce RTX 4090 Laptop GPU</product_name>
<fb_memory_usage><total>24564 MiB</total></fb_memory_usage>
</gpu>
</nvidia_smi_log>
"""
APPS = "gpu_bus_id, pid, process_name, used_gpu_memory [MiB]\n00000000:02:00.0, 7, /usr/bin/python3.11, 12 MiB\n"
LISTED = "GPU 0: NVIDIA GeForce RTX 4090 Laptop GPU (UUID: GPU-5c4b7a1e-9d2f-4a6b-8c3d-1e2f3a4b5c6d)\n"


@pytest.mark.parametrize("texts", list(permutations((TABLE, XML, APPS, LISTED))))
def test_all_forms_together_are_one_card_in_any_order(texts: tuple[str, ...]) -> None:
    (card,) = read_text("\n".join(texts)).accelerators
    assert (card.index, card.name, card.memory_bytes) == (0, "NVIDIA GeForce RTX 4090 Laptop GPU", 24564 * 2**20)
    assert card.uuid == "GPU-5c4b7a1e-9d2f-4a6b-8c3d-1e2f3a4b5c6d"
    assert [process.name for process in card.processes or ()] == ["/usr/bin/python3.11"]


def test_a_card_that_answers_makes_the_driver_one_that_works() -> None:
    facts = read_text(TABLE)
    assert (facts.nvidia.state, facts.accelerators[0].state) == ("ok", "ok")


def test_a_lost_card_is_there_beside_those_that_answer() -> None:
    facts = read_text("Unable to determine the device handle for GPU1: 0000:34:00.0: Unknown Error\n" + TABLE)
    assert facts.nvidia.state == "gpu-lost"
    assert sorted((card.index, card.state, card.pci_address) for card in facts.accelerators) == [
        (0, "ok", "00000000:02:00.0"),
        (1, "lost", "0000:34:00.0"),
    ]


def test_another_machine_gives_no_fact_to_the_first() -> None:
    facts = read_text(TABLE + "\non the other one:\n" + TABLE.replace("RTX 4090 ...", "RTX 3060    ").replace("24564MiB", "12288MiB"))
    assert [(card.name, card.memory_bytes) for card in facts.accelerators] == [("NVIDIA GeForce RTX 4090 ...", 24564 * 2**20)]


def test_the_cards_of_collect_env_are_those_of_the_table() -> None:
    report = "PyTorch version: 2.5.1\nIs CUDA available: True\nGPU models and configuration: GPU 0: NVIDIA GeForce RTX 4090 Laptop GPU\n"
    for text in (f"{TABLE}\n{report}", f"{report}\n{TABLE}"):
        (card,) = read_text(text).accelerators
        assert (card.name, card.memory_bytes) == ("NVIDIA GeForce RTX 4090 Laptop GPU", 24564 * 2**20)


def test_a_vgpu_is_told_by_its_name() -> None:
    facts = read_text("GPU 0: GRID V100D-8C\nGPU 1: NVIDIA A100-3-20C\nGPU 2: NVIDIA A100-SXM4-80GB\nGPU 3: GRID K520\n")
    assert [card.virtualization for card in facts.accelerators] == ["vgpu", "vgpu", UNSET, UNSET]


def test_what_cannot_be_read_says_where_it_stands() -> None:
    facts = read_text(
        'hello\n<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd" [<!ENTITY a "b">]>\n<nvidia_smi_log>\n</nvidia_smi_log>\n'
    )
    assert [(unknown.fact, unknown.reason.value) for unknown in facts.unknown] == [("accelerators", "unparsable")]
    assert "report line 2" in facts.unknown[0].detail


def test_a_jetson_has_the_memory_of_its_machine() -> None:
    facts = read_text("09-19-2026 13:33:02 RAM 2850/7486MB (lfb 33x4MB) CPU [2%@729] GR3D_FREQ 0%@[305] gpu@46.843C\n")
    assert facts.memory.total_bytes == 7486 * 2**20
    assert (facts.accelerators[0].unified_memory, facts.accelerators[0].memory_bytes) == (True, UNSET)
