"""`--query-gpu` and `--query-compute-apps` with any columns, with and without header and units."""

import pytest

from envcheck.parsers.nvidia.nvidia_smi_csv import AppsLog, logs_of_sheets, parse_nvidia_smi_sheets
from envcheck.parsers.nvidia.nvidia_smi_log import Log

MIB = 2**20


def read(text: str) -> list[Log]:
    lines = text.split("\n")
    return logs_of_sheets(parse_nvidia_smi_sheets(lines), lines, 50)


def facts(text: str) -> list[dict[str, object]]:
    return [card.facts for log in read(text) for card in log.cards]


@pytest.mark.parametrize(
    "cells",
    ["8192 MiB, 100 MiB, [Unknown Error], [Not Supported]", "8192 MiB, 100 MiB, [N/A], [Function Not Found]", "8192 MiB, 100 MiB, N/A, "],
)
def test_what_is_not_told_is_unknown(cells: str) -> None:
    assert facts(f"memory.total [MiB], memory.used [MiB], memory.free [MiB], ecc.mode.current\n{cells}\n") == [
        {"memory_bytes": 8192 * MIB, "memory_used_bytes": 100 * MIB, "state": "ok"}
    ]


def test_units_are_those_of_the_header_where_values_have_none() -> None:
    text = "index, name, memory.total [MiB], power.draw [W], driver_version\n3, Tesla T4, 15360, 26.5, 535.104.05\n"
    (log,) = read(text)
    assert log.driver_version == "535.104.05"
    assert (log.cards[0].index, log.cards[0].facts["memory_bytes"], log.cards[0].facts["power_w"]) == (3, 15360 * MIB, 26.5)


def test_the_command_names_the_columns_of_rows_without_a_header() -> None:
    text = "$ nvidia-smi --query-gpu=name,memory.used,compute_cap --format=csv,noheader\n"
    text += "Tesla T4, 3 MiB, 7.5\nTesla T4, 4 MiB, 7.5\n$ ls, x, y\n"
    assert facts(text) == [{"name": "Tesla T4", "memory_used_bytes": used * MIB, "compute_capability": "7.5"} for used in (3, 4)]
    assert [card.index for log in read(text) for card in log.cards] == [0, 1]


def test_without_header_and_command_only_the_unmistakable_is_read() -> None:
    (log,) = read("NVIDIA GeForce RTX 3090, 535.54.03, 24576 MiB\n")
    assert (log.driver_version, log.cards[0].facts) == ("535.54.03", {"name": "NVIDIA GeForce RTX 3090"})


@pytest.mark.parametrize(
    "text", ["name, age, count\nTesla, 1, 2\n", "I have a NVIDIA GeForce RTX 3090, which is new\n", "a, b\n1, 2\n", "index, name\n0, x\n"]
)
def test_other_tables_are_not_taken(text: str) -> None:
    assert read(text) == []


def test_a_row_that_breaks_off_loses_its_last_cell() -> None:
    (card,) = facts("name, memory.total [MiB], driver_version\nTesla T4, 15360 MiB, 535.10")
    assert card == {"name": "Tesla T4", "memory_bytes": 15360 * MIB, "state": "ok"}


def test_processes_have_commas_and_no_memory_on_windows() -> None:
    text = (
        "gpu_bus_id, gpu_name, pid, process_name, used_gpu_memory [MiB]\n"
        "00000000:0C:00.0, NVIDIA GeForce RTX 2080, 7, C:\\a, b\\x.exe, [N/A]\n"
        "00000000:0C:00.0, NVIDIA GeForce RTX 2080, 8, python, 12 MiB\n"
    )
    (log,) = read(text)
    assert isinstance(log, AppsLog)
    assert [entry for _, entry in log.apps] == [
        {"pid": 7, "name": "C:\\a, b\\x.exe"},
        {"pid": 8, "name": "python", "memory_bytes": 12 * MIB},
    ]
    assert log.apps[0][0].facts == {"pci_address": "00000000:0C:00.0", "name": "NVIDIA GeForce RTX 2080"}
