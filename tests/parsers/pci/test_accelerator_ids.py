"""Which devices of the bus are accelerators."""

import pytest

from envcheck.parsers.pci.accelerator_ids import is_accelerator, is_worth_a_look


@pytest.mark.parametrize(
    ("pci_id", "kind", "wanted"),
    [
        ("10de:2204", 0x030000, True),
        ("10de:2330", 0x030200, True),
        ("1002:74a1", 0x120000, True),
        ("1002:150e", 0x038000, True),
        ("1ae0:0063", 0xFF0000, True),
        ("1ae0:0042", 0x020000, False),
        ("1d0f:7364", 0x088000, True),
        ("1d0f:1111", 0x030000, False),
        ("10de:1aef", 0x040300, False),
        ("10de:22a3", 0x068000, False),
        ("1a03:2000", 0x030000, False),
        ("19e5:1711", 0x030000, False),
        ("19e5:d802", 0x120000, True),
        ("5333:8a22", 0x030000, True),
    ],
)
def test_by_number_and_class(pci_id: str, kind: int, wanted: bool) -> None:
    assert is_accelerator(pci_id, kind) is wanted


def test_makers_of_little_else_are_always_looked_at() -> None:
    assert is_worth_a_look("10de:ffff")
    assert is_worth_a_look("1ae0:0063")
    assert not is_worth_a_look("1ae0:0042")
    assert not is_worth_a_look("8086:56a0")
