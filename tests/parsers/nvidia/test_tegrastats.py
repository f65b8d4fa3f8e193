"""The line of tegrastats, of old and new releases."""

import pytest

from envcheck.parsers.nvidia.tegrastats import parse_tegrastats

MIB = 2**20
NEW = "09-19-2026 13:33:02 RAM 2850/7486MB (lfb 33x4MB) CPU [2%@729] EMC_FREQ 5%@665 GR3D_FREQ 0%@[305] gpu@46.843C tj@46C VDD_IN 3582mW"
OLD = "RAM 1903/3964MB (lfb 2x1MB) SWAP 10/1982MB (cached 0MB) CPU [5%@102,off] GR3D_FREQ 99% PLL@31C GPU@30.5C"


def test_memory_load_and_temperature() -> None:
    first, second = parse_tegrastats([NEW, "", OLD])
    assert (first.ram_used_bytes, first.ram_total_bytes, first.load_percent, first.temperature_c) == (2850 * MIB, 7486 * MIB, 0, 46.843)
    assert (second.ram_total_bytes, second.swap_total_bytes, second.load_percent, second.temperature_c) == (
        3964 * MIB,
        1982 * MIB,
        99,
        30.5,
    )
    assert first.swap_total_bytes is None


@pytest.mark.parametrize("line", ["", "RAM 1/2MB", NEW[:60], "RAM is 2850/7486MB (lfb ", "GR3D_FREQ 0%"])
def test_what_is_no_such_line_is_none(line: str) -> None:
    assert parse_tegrastats([line]) == []
