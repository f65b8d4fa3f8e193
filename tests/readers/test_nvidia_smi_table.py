"""nvidia-smi in a pasted text, beside other words on the same cards."""

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
