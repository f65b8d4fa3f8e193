"""free, by the unit that was asked for."""

import pytest

from envcheck.parsers.linux.free_memory import parse_free_memory

HEADER = "       total  used  free  shared  buff/cache  available"


@pytest.mark.parametrize(
    ("command", "factor"), [("$ free -g", 2**30), ("$ free -m", 2**20), ("# free --mega", 2**20), ("free -b", 1), ("free", 1024)]
)
def test_the_unit_is_that_of_the_command(command: str, factor: int) -> None:
    memory = parse_free_memory([command, HEADER, "Mem:  503  20  400  1  80  478", "Swap:  7  0  7"])
    assert memory is not None
    assert (memory.total, memory.available, memory.swap) == (503 * factor, 478 * factor, 7 * factor)
    assert memory.lines == (1, 2, 3)


def test_numbers_that_nobody_gave_a_unit() -> None:
    assert parse_free_memory([HEADER, "Mem:  503  20  400  1  80  478"]) is None
    assert parse_free_memory(["Mem: 31Gi 1Gi"]) is None


def test_bytes_without_the_command_are_known_by_their_size() -> None:
    memory = parse_free_memory(
        [
            "               total        used        free      shared  buff/cache   available",
            "Mem:     16642998272  4329390080  6893584384   461373440  5420023808 11511050240",
        ]
    )
    assert memory is not None
    assert (memory.total, memory.available) == (16642998272, 11511050240)


def test_many_kibibytes_stay_kibibytes() -> None:
    memory = parse_free_memory(["  total  used  free  shared  buff/cache  available", "Mem: 1584971236 1024 2048 1024 4096 1500000000"])
    assert memory is not None
    assert memory.total == 1584971236 * 1024
