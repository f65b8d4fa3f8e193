import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.knowledge.versions import agree, is_below, is_same, is_unfinished, local_tag, major, release, series

VERSIONS = st.lists(st.integers(0, 999), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))


@pytest.mark.parametrize(
    ("text", "parts"),
    [("2.5.1+cu124", (2, 5, 1)), ("525.60.13", (525, 60, 13)), ("580", (580,)), ("v12.1", (12, 1)), ("none", ()), ("", ())],
)
def test_the_numbers_of_a_version(text: str, parts: tuple[int, ...]):
    assert release(text) == parts


@pytest.mark.parametrize(
    ("have", "need", "below"), [("2.9", "2.10", True), ("580", "580.0", False), ("525.60.2", "525.60.13", True), ("2.0.0", "2", False)]
)
def test_versions_are_compared_by_number(have: str, need: str, below: bool):
    assert is_below(have, need) is below


@given(VERSIONS, VERSIONS)
def test_of_two_versions_one_is_older_or_they_are_the_same(one: str, other: str):
    assert is_below(one, other) + is_below(other, one) + is_same(one, other) == 1


@given(VERSIONS, VERSIONS, VERSIONS)
def test_older_than_older_is_older(one: str, two: str, three: str):
    if is_below(one, two) and is_below(two, three):
        assert is_below(one, three)


def test_parts_of_a_version():
    assert (major("12.8"), major("x")) == (12, -1)
    assert series("2.10.0+cu128") == "2.10"
    assert (local_tag("2.5.1+cu124"), local_tag("2.5.1")) == ("cu124", "")


@pytest.mark.parametrize(
    ("version", "unfinished"),
    [
        ("2.6.0.dev20241101+cu124", True),
        ("2.1.0a0+41361538.nv23.06", True),
        ("2.0.0rc1", True),
        ("0.20.0a0", True),
        ("2.5.1+cu124", False),
        ("1.0.1.post2", False),
        ("2.5.1+3ac97aa", False),
    ],
)
def test_nightlies_candidates_and_builds_of_ones_own_are_unfinished(version: str, unfinished: bool):
    assert is_unfinished(version) is unfinished


@pytest.mark.parametrize(("version", "numbers"), [("9" * 5000, ()), ("2." + "9" * 5000, (2,)), ("1." * 100_000 + "1", (1,) * 16)])
def test_numbers_that_are_no_version_are_cut_or_none(version: str, numbers: tuple[int, ...]) -> None:
    assert release(version) == numbers


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("550.54", "550.54.15", True),
        ("550.54.15", "550.54.14", False),
        ("580", "570.1", False),
        ("580.95.05", "580.95.5", True),
        ("?", "580", True),
    ],
)
def test_versions_agree_as_far_as_both_are_told(one: str, other: str, same: bool):
    assert agree(one, other) is agree(other, one) is same
