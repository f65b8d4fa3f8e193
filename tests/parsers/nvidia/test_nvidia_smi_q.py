"""`nvidia-smi -q`: old and new branches, some sections only, with other texts before and behind."""

import pytest

from envcheck.parsers.nvidia.nvidia_smi_q import parse_nvidia_smi_q

MIB = 2**20
OF_352 = """
==============NVSMI LOG==============

Timestamp                           : Tue Mar  1 12:00:00 2016
Driver Version                      : 352.79

Attached GPUs                       : 2
GPU 0000:05:00.0
    Product Name                    : Tesla K80
    Persistence Mode                : Enabled
    Driver Model
        Current                     : TCC
        Pending                     : TCC
    PCI
        Device Id                   : 0x102D10DE
    Clocks Throttle Reasons
        Idle                        : Not Active
        HW Slowdown                 : Active
        Unknown                     : Not Active
    FB Memory Usage
        Total                       : 11519 MiB
        Used                        : 22 MiB
        Free                        : 11497 MiB
    BAR1 Memory Usage
        Total                       : 16384 MiB
    Compute Mode                    : Exclusive_Thread
    Ecc Mode
        Current                     : Enabled
    ECC Errors
        Volatile
            Single Bit
                Total               : 7
            Double Bit
                Device Memory       : 1
                Total               : 2
    Retired Pages
        Single Bit ECC              : 1
        Double Bit ECC              : 3
        Pending                     : Yes
    Temperature
        GPU Current Temp            : 31 C
        GPU Slowdown Temp           : 88 C
    Power Readings
        Power Draw                  : 60.35 W
        Power Limit                 : 149.00 W
    Processes                       : None
GPU 0000:06:00.0
    Product Name                    : Tesla K80
    FB Memory Usage
        Total                       : [Unknown Error]
    Processes
        Process ID                  : 4711
            Type                    : C
            Name                    : python
            Used GPU Memory         : 10 MiB
"""


def test_an_old_branch_tells_the_same_facts() -> None:
    (log,) = parse_nvidia_smi_q(OF_352.split("\n"))
    assert (log.driver_version, log.cuda_version, log.attached) == ("352.79", None, 2)
    first, second = log.cards
    assert first.facts == {
        "name": "Tesla K80",
        "pci_address": "0000:05:00.0",
        "pci_id": "10de:102d",
        "persistence": True,
        "driver_model": "tcc",
        "throttle_reasons": ["hw-slowdown"],
        "memory_bytes": 11519 * MIB,
        "memory_used_bytes": 22 * MIB,
        "memory_free_bytes": 11497 * MIB,
        "compute_mode": "exclusive-thread",
        "ecc": "enabled",
        "ecc_errors": 2,
        "retired_pages": 4,
        "retirement_pending": True,
        "temperature_c": 31.0,
        "temperature_limit_c": 88.0,
        "power_w": 60.35,
        "power_limit_w": 149.0,
        "processes": [],
        "state": "ok",
    }
    assert second.facts["processes"] == [{"pid": 4711, "name": "python", "memory_bytes": 10 * MIB}]
    assert "memory_bytes" not in second.facts


def test_a_section_alone_is_read_and_what_stands_around_it_is_not() -> None:
    text = """$ nvidia-smi -q -d MEMORY
==============NVSMI LOG==============
Attached GPUs                             : 1
GPU 00000000:01:00.0
    FB Memory Usage
        Total                             : 24576 MiB
Driver Version : 999.99 is what I wanted
Product Name                              : a washing machine
"""
    (log,) = parse_nvidia_smi_q(text.split("\n"))
    assert log.driver_version is None
    assert log.cards[0].facts == {"pci_address": "00000000:01:00.0", "memory_bytes": 24576 * MIB, "state": "ok"}
    assert log.lines == [1, 2, 3, 4, 5]


def test_without_its_indentation_only_what_stands_for_itself_is_read() -> None:
    text = "\n".join(line.strip() for line in OF_352.split("\n"))
    (log,) = parse_nvidia_smi_q(text.split("\n"))
    assert [card.facts.get("name") for card in log.cards] == ["Tesla K80", "Tesla K80"]
    assert all("memory_bytes" not in card.facts and "ecc" not in card.facts for card in log.cards)


@pytest.mark.parametrize("text", ["", "GPU 0", "GPU 0: 00000000:01:00.0", "Driver Version : 550.54.14", "Product Name : x"])
def test_what_is_no_such_output_is_none(text: str) -> None:
    assert parse_nvidia_smi_q([text, ""]) == []
