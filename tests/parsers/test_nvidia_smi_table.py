"""The table of nvidia-smi, of several branches, and every recorded one."""

import sys
from pathlib import Path

import pytest

from envcheck.parsers.nvidia_smi_table import MIB, Table, parse_nvidia_smi_tables

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings"

OF_367 = """+-----------------------------------------------------------------------------+
| NVIDIA-SMI 367.57                 Driver Version: 367.57                    |
|-------------------------------+----------------------+----------------------+
|   0  Tesla K80           Off  | 0000:00:1E.0     Off |                    0 |
| N/A   28C    P8    18W / 149W |      0MiB / 11439MiB |      0%      Default |
+-------------------------------+----------------------+----------------------+"""

OF_610 = """+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 610.10                 KMD Version: 610.10        CUDA UMD Version: 13.3     |
|=========================================+========================+======================|
|   0  NVIDIA RTX 6000 Ada Gene...  WDDM  |   00000000:0C:00.0  On |                  Off |
| 30%   26C    P8              6W /  300W |       1MiB /  49140MiB |      0%      Default |
|                                         |                        |                  N/A |
+-----------------------------------------+------------------------+----------------------+"""

UNIFIED = """| NVIDIA-SMI 540.4.0                Driver Version: 540.4.0      CUDA Version: 12.6     |
|   0  Orin (nvgpu)                  N/A  | N/A              N/A |                  N/A |
| N/A   N/A  N/A               N/A /  N/A | Not Supported        |     N/A          N/A |
|                                         |                      |                  N/A |"""

MIG = """| NVIDIA-SMI 590.48.01              Driver Version: 590.48.01      CUDA Version: 13.1     |
|   0  NVIDIA H100 80GB HBM3          On  |   00000000:00:09.0 Off |                   On |
| N/A   42C    P0             98W /  700W |      59MiB /  81559MiB |     N/A      Default |
|                                         |                        |              Enabled |
+-----------------------------------------+------------------------+----------------------+
| MIG devices:                                                                            |
| GPU  GI  CI  MIG |              Shared Memory-Usage |        Vol|        Shared         |
|  0    2   0   0  |              26MiB / 40448MiB    | 60      0 |  3   0    3    0    3 |
|    0   N/A  N/A            1720      G   /usr/bin/gnome-shell                    173MiB |"""


def first_table(text: str) -> Table | None:
    return next(iter(parse_nvidia_smi_tables(text.split("\n"))), None)


def test_before_410_there_is_no_cuda_version() -> None:
    table = first_table(OF_367)
    assert table is not None
    assert (table.driver_version, table.cuda_version) == ("367.57", None)
    (card,) = table.cards
    assert (card.index, card.name, card.bus_id, card.memory_bytes, card.mig) == (0, "Tesla K80", "0000:00:1E.0", 11439 * MIB, None)


def test_driver_610_renames_its_header() -> None:
    table = first_table(OF_610)
    assert table is not None
    assert (table.driver_version, table.cuda_version) == ("610.10", "13.3")
    assert table.cards[0].name == "NVIDIA RTX 6000 Ada Gene..."


def test_memory_that_is_not_supported_is_unknown_and_not_zero() -> None:
    table = first_table(UNIFIED)
    assert table is not None
    assert [(card.name, card.bus_id, card.memory_bytes) for card in table.cards] == [("Orin (nvgpu)", None, None)]


def test_slices_and_processes_are_no_cards() -> None:
    table = first_table(MIG)
    assert table is not None
    assert [(card.name, card.mig, card.memory_bytes) for card in table.cards] == [("NVIDIA H100 80GB HBM3", "enabled", 81559 * MIB)]


@pytest.mark.parametrize("lines", range(1, 8))
def test_a_table_that_is_cut_gives_what_is_left(lines: int) -> None:
    rows = OF_610.split("\n")
    above, below = first_table("\n".join(rows[:lines])), first_table("\n".join(rows[lines:]))
    assert (above is not None) == (lines >= 2)
    if above is not None:
        assert above.driver_version == "610.10"
    assert (below is not None and below.cards != []) == (lines <= 3)


def test_a_row_that_breaks_off_still_names_its_card() -> None:
    table = first_table("|   0  NVIDIA A10G                    On  |   00000000:00:16.0")
    assert table is not None
    assert (table.cards[0].name, table.driver_version) == ("NVIDIA A10G", None)


def test_two_tables_are_two() -> None:
    assert [table.driver_version for table in parse_nvidia_smi_tables(f"{OF_367}\nlater:\n{OF_610}".split("\n"))] == ["367.57", "610.10"]


@pytest.mark.parametrize("text", ["", "| a | b |", "NVIDIA-SMI has failed because it couldn't communicate", "|   0  x  | y |", "no table"])
def test_what_is_no_table_is_none(text: str) -> None:
    assert first_table(text) is None


def test_a_table_of_something_else_below_is_not_taken() -> None:
    (table,) = parse_nvidia_smi_tables(f"{OF_367}\n\n\n\n\n| Killed | x |".split("\n"))
    assert max(table.lines) == 5


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings of real machines are not beside this checkout")
def test_every_recorded_table_says_what_its_machine_had() -> None:
    read = 0
    for described in sorted(RECORDINGS.glob("*/*/SOURCE.toml")):
        expected = tomllib.loads(described.read_text("utf-8")).get("expect", {})
        for file in (described.with_name(name) for name in ("nvidia-smi.txt", "table-idle.txt", "table-load.txt")):
            table = first_table(file.read_text("utf-8")) if file.is_file() else None
            if table is None:
                assert not file.is_file() or "state" in expected
                continue
            read += 1
            cuda = expected.get("table_cuda_version") or expected.get("cuda_version")
            assert (table.driver_version, table.cuda_version) == (expected["driver_version"], cuda), file
            assert len(table.cards) == expected.get("gpu_count", 0), file
            for card, card_expected in zip(table.cards, expected.get("gpus", ()), strict=True):
                assert (card.bus_id, card.memory_bytes) == (card_expected.get("pci_bus_id"), card_expected.get("vram_bytes")), file
                if file.name == "nvidia-smi.txt":
                    assert card.name == card_expected["name"], file
    assert read >= 25
