import pytest

from envcheck.parsers.cpu.cpu_list import parse_cpu_list


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0-3\n", {0, 1, 2, 3}),
        ("0", {0}),
        ("0-1,88-89", {0, 1, 88, 89}),
        ("0-3,21-22\n", {0, 1, 2, 3, 21, 22}),
        ("", set()),
        ("\n", set()),
        ("4,", {4}),
    ],
)
def test_ranges_and_single_numbers_are_spelled_out(text: str, numbers: set[int]) -> None:
    assert parse_cpu_list(text) == numbers


@pytest.mark.parametrize("text", ["0-99999999999", "3-1", "-1", "all", "0-", "0x1-0x2"])
def test_what_is_no_list_of_cpus_is_refused_without_filling_memory(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - int() words some of these
        parse_cpu_list(text)
