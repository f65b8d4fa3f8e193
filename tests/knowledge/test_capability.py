import pytest

from envcheck.knowledge.capability import covers, is_cuda_list, parse_capability, runs_on, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8.6", (8, 6)),
        ("sm_86", (8, 6)),
        ("sm_120", (12, 0)),
        ("12.1", (12, 1)),
        (" 7.5 ", (7, 5)),
        ("gfx1030", None),
        ("avx", None),
        ("", None),
        ("8", None),
        ("8.10", None),
        ("x.y", None),
        ("sm_1200", None),
    ],
)
def test_capabilities_are_read_in_both_ways_of_writing(text: str, expected: tuple[int, int] | None):
    assert parse_capability(text) == expected


@pytest.mark.parametrize(
    ("target", "capability", "runs"),
    [
        ("sm_86", (8, 9), True),
        ("sm_86", (8, 6), True),
        ("sm_86", (8, 0), False),
        ("sm_80", (9, 0), False),
        ("sm_90a", (9, 0), True),
        ("sm_100a", (10, 3), False),
        ("sm_100f", (10, 3), True),
        ("sm_100f", (12, 0), False),
        ("sm_86", (8, 7), False),  # to Tegra
        ("sm_87", (8, 9), False),  # from Tegra
        ("sm_87", (8, 7), True),
        ("sm_80", (8, 7), False),
        ("sm_70", (7, 2), False),
        ("sm_72", (7, 5), False),
        ("sm_60", (6, 2), False),
        ("sm_53", (5, 3), True),
        ("sm_100", (10, 1), False),
        ("sm_101", (11, 0), True),  # one chip, renumbered
        ("sm_101a", (11, 0), True),
        ("sm_110f", (11, 0), True),
        ("compute_80", (8, 7), True),
        ("compute_87", (9, 0), True),
        ("compute_70", (12, 0), True),
        ("compute_90", (8, 9), False),
        ("compute_90a", (10, 0), False),
        ("gfx942", (9, 4), False),
        ("nonsense", (9, 0), False),
    ],
)
def test_where_compiled_code_runs(target: str, capability: tuple[int, int], runs: bool):
    assert runs_on(target, capability) is runs


def test_a_list_covers_what_one_of_its_targets_runs_on():
    assert covers(["sm_50", "sm_86"], (8, 9))
    assert not covers(["sm_50", "sm_90"], (8, 9))
    assert not covers([], (8, 9))


def test_a_list_of_another_maker_is_told_apart():
    assert is_cuda_list(["sm_80"])
    assert not is_cuda_list(["gfx90a", "gfx942"])


def test_capabilities_are_shown_as_people_write_them():
    assert shown((12, 0)) == "12.0"
