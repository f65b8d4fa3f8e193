import json

import pytest

from envcheck.parsers.amd.rocm_smi import is_cut, parse_rocm_smi_csv, parse_rocm_smi_json, parse_rocm_smi_text

OLD_TABLE = """
======================= ROCm System Management Interface =======================
================================= Concise Info =================================
GPU  Temp (DieEdge)  AvgPwr  SCLK    MCLK     Fan  Perf  PwrCap  VRAM%  GPU%
0    47.0c  91.0W   800Mhz  1600Mhz  0%   auto  560.0W    0%   0%
1    46.0c  N/A     800Mhz  1600Mhz  0%   auto  0.0W      0%   0%
================================================================================
============================= End of ROCm SMI Log ==============================
2    of these lines are prose, 100 %
"""
NEW_TABLE = """
============================================ ROCm System Management Interface ============================================
====================================================== Concise Info ======================================================
Device  Node  IDs              Temp    Power  Partitions          SCLK  MCLK   Fan  Perf  PwrCap  VRAM%  GPU%
              (DID,     GUID)  (Edge)  (Avg)  (Mem, Compute, ID)
==========================================================================================================================
0       1     0x744c,   53858  43.0°C  15.0W  N/A, N/A, 0         0Mhz  96Mhz  0%   auto  327.0W  12%    0%
==========================================================================================================================
"""
PRODUCT = """
GPU[0]\t\t: Card series: \t\tAMD Radeon RX 7900 XT
GPU[0]\t\t: Card model: \t\t0x744c
GPU[0]\t\t: VRAM Total Memory (B): 21458059264
GPU[0]\t\t: VRAM Total Used Memory (B): 27856896
GPU[1]\t\t: GFX Version: \t\tgfx1036
GPU[1]\t\t: get_power, Not supported on the given system
"""


def lines(text: str) -> list[str]:
    return text.split("\n")


def test_tables_of_old_and_new():
    old = parse_rocm_smi_text(lines(OLD_TABLE))
    assert sorted(old.line_of) == [0, 1]
    assert old.listing.cards == {0: {"temperature_c": 47.0, "power_w": 91.0}, 1: {"temperature_c": 46.0}}
    new = parse_rocm_smi_text(lines(NEW_TABLE))
    assert new.listing.cards == {0: {"pci_id": "1002:744c", "temperature_c": 43.0, "power_w": 15.0}}


def test_lines_per_card():
    cards = parse_rocm_smi_text(lines(PRODUCT)).listing.cards
    assert cards[0] == {
        "name": "AMD Radeon RX 7900 XT",
        "pci_id": "1002:744c",
        "memory_bytes": 21458059264,
        "memory_used_bytes": 27856896,
        "memory_free_bytes": 21458059264 - 27856896,
    }
    assert cards[1] == {"architecture": "gfx1036"}


def test_csv():
    text = (
        "device,GPU use (%),VRAM Total Memory (B),VRAM Total Used Memory (B),Card Series,Card Model,GFX Version\n"
        "card0,0,21458059264,27856896,Radeon RX 7900 XT,0x744c,gfx1100\n"
    )
    listing = parse_rocm_smi_csv(text.split("\n"))
    assert listing is not None
    assert listing.cards[0]["architecture"] == "gfx1100"
    assert parse_rocm_smi_csv(["device,value", "disk0,1"]) is None


def test_keys_are_matched_without_case_and_names_are_no_numbers():
    card = {"VRAM total memory (b)": "100", "CARD SERIES": "0x1002", "Card Model": " Radeon VII ", "gpu id": "0x66AF"}
    listing = parse_rocm_smi_json({"CARD2": card, "System": {}})
    assert listing is not None
    assert listing.cards == {2: {"memory_bytes": 100, "name": "Radeon VII", "pci_id": "1002:66af"}}


def test_a_unique_number_that_several_have_is_none():
    card = {"GPU ID": "0x66af", "Unique ID": "0x0000000000000001"}
    listing = parse_rocm_smi_json({"card0": card, "card1": card})
    assert listing is not None
    assert all("uuid" not in fields for fields in listing.cards.values())


@pytest.mark.parametrize("document", [[], None, "card0", 1, {}, {"card0": 1}, {"card0": {"ace": "spades"}}, {"cards": []}])
def test_somebody_elses_document(document: object):
    assert parse_rocm_smi_json(document) is None


@pytest.mark.parametrize("value", ["N/A", "", "-1", "1e9", "99999999999999999999999", None, [], {}])
def test_what_is_no_size_is_unknown(value: object):
    listing = parse_rocm_smi_json(json.loads(json.dumps({"card0": {"GPU ID": "0x66af", "VRAM Total Memory (B)": value}})))
    assert listing is not None
    assert "memory_bytes" not in listing.cards[0]


def test_the_tables_names_may_go_on():
    assert is_cut("AMD Radeon RX 7900 X")
    assert not is_cut("AMD Instinct MI300X")


def test_a_card_of_the_table_of_which_nothing_lasting_is_said_is_one():
    table = OLD_TABLE.replace("46.0c", "N/A  ")
    assert parse_rocm_smi_text(lines(table)).listing.cards[1] == {}
