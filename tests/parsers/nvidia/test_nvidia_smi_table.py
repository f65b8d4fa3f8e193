"""The table of nvidia-smi, of several branches, and every recorded one."""

import sys
from pathlib import Path

import pytest

from envcheck.parsers.nvidia.nvidia_smi_log import Card, Log
from envcheck.parsers.nvidia.nvidia_smi_table import MIB, parse_nvidia_smi_tables

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RECORDINGS = Path(__file__).parents[4] / "shared" / "recordings"

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


def told(card: Card) -> tuple[object, object, object, object]:
    name, address, memory, mig = (card.facts.get(fact) for fact in ("name", "pci_address", "memory_bytes", "mig"))
    return name, address, memory, mig


def first_table(text: str) -> Log | None:
    return next(iter(parse_nvidia_smi_tables(text.split("\n"))), None)


def test_before_410_there_is_no_cuda_version() -> None:
    table = first_table(OF_367)
    assert table is not None
    assert (table.driver_version, table.cuda_version) == ("367.57", None)
    (card,) = table.cards
    assert (card.index, *told(card)) == (0, "Tesla K80", "0000:00:1E.0", 11439 * MIB, None)
    assert (card.facts["memory_used_bytes"], card.facts["temperature_c"], card.facts["power_w"]) == (0, 28.0, 18.0)
    assert (card.facts["ecc"], card.facts["ecc_errors"], card.facts["persistence"]) == ("enabled", 0, False)


def test_driver_610_renames_its_header() -> None:
    table = first_table(OF_610)
    assert table is not None
    assert (table.driver_version, table.cuda_version) == ("610.10", "13.3")
    assert told(table.cards[0])[0] == "NVIDIA RTX 6000 Ada Gene..."
    assert table.cards[0].name_cut
    assert (table.cards[0].facts["driver_model"], table.cards[0].facts["ecc"]) == ("wddm", "disabled")


def test_memory_that_is_not_supported_is_unknown_and_not_zero() -> None:
    table = first_table(UNIFIED)
    assert table is not None
    assert [told(card)[:3] for card in table.cards] == [("Orin (nvgpu)", None, None)]
    assert table.cards[0].facts["unified_memory"] is True


def test_slices_and_processes_are_no_cards() -> None:
    table = first_table(MIG)
    assert table is not None
    assert [told(card) for card in table.cards] == [("NVIDIA H100 80GB HBM3", "00000000:00:09.0", 81559 * MIB, "enabled")]
    assert table.cards[0].facts["mig_devices"] == [{"memory_bytes": 40448 * MIB}]


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
    assert (told(table.cards[0])[0], table.driver_version) == ("NVIDIA A10G", None)


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
                name, address, memory, _ = told(card)
                assert (address, memory) == (card_expected.get("pci_bus_id"), card_expected.get("vram_bytes")), file
                if file.name == "nvidia-smi.txt":
                    assert name == card_expected["name"], file
    assert read >= 25


BROKEN = """| NVIDIA-SMI 470.57.02    Driver Version: 470.57.02    CUDA Version: ERR!     |
|   0  NVIDIA GeForce ...  Off  | 00000000:0B:00.0 N/A |                  N/A |
|ERR!   ERR! ERR!    ERR! / ERR! |    N/A /  N/A      |    ERR!      Default |
|   1  Tesla V100-PCIE...  On   | 00000000:0C:00.0 Off |                    3 |
| N/A   35C    P0    26W / 250W |  31022MiB / 32510MiB |     97%   E. Process |
|                               |                      |                  N/A |
+-------------------------------+----------------------+----------------------+
| Processes:                                                                  |
|  GPU   GI   CI        PID   Type   Process name                  GPU Memory |
|    1   N/A  N/A      2165      C   /opt/conda/bin/python, -m x     31019MiB |
|    1   N/A  N/A      2166    C+G   ...name with blanks                N/A   |
+-----------------------------------------------------------------------------+
"""


def test_cells_with_errors_are_unknown_and_the_other_cards_stand() -> None:
    table = first_table(BROKEN)
    assert table is not None
    assert (table.driver_version, table.cuda_version) == ("470.57.02", None)
    broken, other = table.cards
    assert not broken.facts.keys() & {"memory_bytes", "temperature_c", "power_w"}
    assert broken.facts["state"] == "lost"
    assert broken.facts["processes"] == []
    assert (other.facts["compute_mode"], other.facts["ecc_errors"], other.facts["memory_used_bytes"]) == (
        "exclusive-process",
        3,
        31022 * MIB,
    )
    assert other.facts["processes"] == [
        {"pid": 2165, "name": "/opt/conda/bin/python, -m x", "memory_bytes": 31019 * MIB},
        {"pid": 2166, "name": "...name with blanks"},
    ]


def test_a_list_of_processes_that_breaks_off_does_not_say_that_a_card_has_none() -> None:
    table = first_table(BROKEN[: BROKEN.index("|    1   N/A  N/A      2166")])
    assert table is not None
    assert "processes" not in table.cards[0].facts
    assert table.cut


OLD_PROCESSES = """| NVIDIA-SMI 331.62     Driver Version: 331.62         |
|   0  Tesla K20c          Off  | 0000:02:00.0     Off |                    0 |
| 30%   27C    P8    16W / 225W |     12MB /  4799MB   |      0%      Default |
+-------------------------------+----------------------+----------------------+
| Compute processes:                                               GPU Memory |
|  GPU       PID  Process name                                     Usage      |
|=============================================================================|
|    0      4130  ./mpi                                                111MB  |
+-----------------------------------------------------------------------------+"""


def test_the_oldest_branches_write_mb_and_list_no_types() -> None:
    table = first_table(OLD_PROCESSES)
    assert table is not None
    assert told(table.cards[0])[2] == 4799 * MIB
    assert table.cards[0].facts["processes"] == [{"pid": 4130, "name": "./mpi", "memory_bytes": 111 * MIB}]


def test_a_table_that_a_narrow_terminal_has_wrapped_is_put_together() -> None:
    wrapped = "\n".join(line if len(line) < 72 else f"{line[:70]}\n{line[70:]}" for line in OF_610.split("\n"))
    table, whole = first_table(wrapped), first_table(OF_610)
    assert table is not None
    assert whole is not None
    assert (table.driver_version, table.cuda_version, table.cards[0].facts) == ("610.10", "13.3", whole.cards[0].facts)


def test_a_table_in_the_log_of_an_engine_has_a_bar_more() -> None:
    table = first_table("\n".join(f"train-1  | {line}" for line in OF_610.split("\n")))
    assert table is not None
    assert (told(table.cards[0])[1:3], table.cards[0].facts["compute_mode"]) == (("00000000:0C:00.0", 49140 * MIB), "default")


def test_sixteen_cards_with_seven_slices_each_keep_what_is_theirs() -> None:
    rows = "".join(
        f"|  {index:2}  NVIDIA A100-SXM4-40GB        Off | 00000000:{index + 16:02X}:00.0 Off |                   On |\n"
        f"| N/A   {30 + index}C    P0    44W / 400W |    {index}MiB / 40960MiB |     N/A      Default |\n"
        "|                               |                      |              Enabled |\n"
        for index in range(16)
    )
    slices = "".join(
        f"|  {index:2}  {7 + part:3}   0   {part} |     {part}MiB /  4864MiB  | 14      0 |  1   0    0    0    0 |\n"
        for index in range(16)
        for part in range(7)
    )
    table = first_table(
        f"| NVIDIA-SMI 450.80.02    Driver Version: 450.80.02    CUDA Version: 11.0     |\n{rows}\n| MIG devices:   |\n{slices}"
    )
    assert table is not None
    assert [card.index for card in table.cards] == list(range(16))
    assert [card.facts["temperature_c"] for card in table.cards] == [30.0 + index for index in range(16)]
    assert all(card.facts["mig_devices"] == [{"memory_bytes": 4864 * MIB}] * 7 for card in table.cards)


@pytest.mark.parametrize(
    "text",
    [
        "# gpu   pwr gtemp mtemp    sm   mem   enc   dec  mclk  pclk\n    0    43    35     -     0     0     0     0  9501  2100",
        "# gpu         pid   type     sm    mem    enc    dec    command\n    0       1234     C     45     12      -      -    python",
        "\tGPU0\tGPU1\tCPU Affinity\nGPU0\t X \tNV12\t0-31\nGPU1\tNV12\t X \t0-31",
    ],
)
def test_what_dmon_pmon_and_topo_print_is_no_table(text: str) -> None:
    assert first_table(text) is None
