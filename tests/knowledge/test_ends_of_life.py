"""Until when drivers and frameworks get fixes."""

import datetime as dt
import re

import pytest

from envcheck.knowledge import ends_of_life
from envcheck.knowledge.ends_of_life import (
    find_branch_end,
    find_last_release,
    longest_kept_branch,
    months_between,
    newest_release,
    spoken_month,
)
from envcheck.knowledge.versions import series


def test_every_month_and_day_is_one() -> None:
    for branch in ends_of_life._branches():
        assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", branch.ends)
    for row in ends_of_life._releases():
        assert dt.date.fromisoformat(row.released) <= dt.date.fromisoformat(row.checked)
        assert series(row.last) in (row.series, f"{row.series}")


def test_a_branch_and_a_series_stand_in_one_row() -> None:
    branches = [row.branch for row in ends_of_life._branches()]
    assert len(branches) == len(set(branches))
    every = [(row.name, row.series) for row in ends_of_life._releases()]
    assert len(every) == len(set(every))


def test_the_branch_with_long_term_support_is_kept_longest() -> None:
    assert longest_kept_branch().branch == 580
    assert longest_kept_branch(up_to=470).branch in (390, 470)
    assert find_branch_end(540) is None


def test_a_version_belongs_to_its_series() -> None:
    row = find_last_release("torch", "2.1.0+cu118")
    assert row is not None
    assert (row.last, row.released) == ("2.1.2", "2023-12-14")
    assert find_last_release("torch", "main") is None
    assert find_last_release("torch", "2") is None


def test_the_newest_series_is_so_by_its_number() -> None:
    assert newest_release("torch").series == "2.15"
    assert newest_release("jax").series == "0.12"


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [("2023-12-14", "2026-01-01", 25), ("2023-12", "2023-12-31", 0), ("2024-02-29", "2023-02-28", -12), ("", "2026-01", 0), ("x", "y", 0)],
)
def test_months_are_counted_by_the_calendar(earlier: str, later: str, months: int) -> None:
    assert months_between(earlier, later) == months


def test_a_day_is_spoken_by_its_month() -> None:
    assert spoken_month("2025-10-31") == "October 2025"
    assert spoken_month("2026-06") == "June 2026"
