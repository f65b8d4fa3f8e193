"""The comparison of the smoke tests: what is right, what is wrong, and what it says of what is wrong."""

import cmath
import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

Probe = Callable[[str], ModuleType]
INFINITE, NOTHING = math.inf, math.nan
# Not zero, and far from the ends of the range, so that a relative error means something.
NUMBERS = st.floats(1e-100, 1e100) | st.floats(-1e100, -1e-100)
TABLES = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=1, max_size=4))


@pytest.fixture(scope="session")
def comparison(probe: Probe) -> ModuleType:
    return probe("smoke_steps.comparison")


def is_right(comparison: ModuleType, got: Any, expected: Any, rtol: float = 0.0, atol: float = 0.0) -> bool:
    try:
        comparison.compare("it", got, expected, rtol, atol)
    except comparison.WrongResult:
        return False
    return True


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (3, 3),
        (3.0, 3),
        (-0.0, 0.0),
        (True, True),
        (1 + 2j, 1 + 2j),
        (10**30, 10**30),
        ("plum", "plum"),
        (INFINITE, INFINITE),
        (-INFINITE, -INFINITE),
        ([], []),
        ([[]], [[]]),
        ((1, 2), [1, 2]),
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
        ([["a", "rose"], ["is"]], [["a", "rose"], ["is"]]),
    ],
)
@pytest.mark.parametrize("tolerance", [0.0, 1e-9])
def test_what_is_equal_is_right(comparison: ModuleType, got: Any, expected: Any, tolerance: float) -> None:
    assert is_right(comparison, got, expected, rtol=tolerance)
    assert is_right(comparison, got, expected, atol=tolerance)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (NOTHING, 1.0),
        (NOTHING, NOTHING),
        (1.0, NOTHING),
        (complex(NOTHING, 0), 0j),
        (INFINITE, 1.0),
        (1.0, INFINITE),
        (-INFINITE, INFINITE),
        (INFINITE, -INFINITE),
        (complex(INFINITE, 0), 1j),
        (1j, 1.0),
        (False, 1),
        ("plum", "pear"),
        ("1", 1),
        (None, 1.0),
        (10**400, 1.5),
        (1.5, 10**400),
    ],
)
@pytest.mark.parametrize("tolerance", [0.0, 0.5])
def test_what_is_no_number_or_another_is_wrong(comparison: ModuleType, got: Any, expected: Any, tolerance: float) -> None:
    assert not is_right(comparison, got, expected, rtol=tolerance)
    assert not is_right(comparison, [expected, got], [expected, expected], rtol=tolerance)
    assert not is_right(comparison, got, expected, atol=tolerance)


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (1.0, [1.0], "has the shape a single value, not 1"),
        ([1.0], 1.0, "has the shape 1, not a single value"),
        ([1, 2, 3], [1, 2], "has the shape 3, not 2"),
        ([[1, 2, 3]], [[1], [2], [3]], "has the shape 1x3, not 3x1"),
        ([], [[]], "has the shape 0, not 1x0"),
        ([], [0.0], "has the shape 0, not 1"),
        ([[1, 2], [3]], [[1, 2], [3, 4]], "has the shape 2x(2, 1), not 2x2"),
        ([[1, 2], [3, 4, 5]], [[1, 2], [3, 4]], "has the shape 2x(2, 3), not 2x2"),
        ([[1, 2], 3], [[1, 2], [3]], "has the shape 2x(2, a single value), not 2x(2, 1)"),
        ([[1], [2, 3]], [[1, 2], [3]], "has the shape 2x(1, 2), not 2x(2, 1)"),
    ],
)
def test_another_shape_is_wrong_and_named(comparison: ModuleType, got: Any, expected: Any, words: str) -> None:
    with pytest.raises(comparison.WrongResult) as caught:
        comparison.compare("product", got, expected, rtol=1.0, atol=10.0)
    assert str(caught.value) == "product: " + words
    assert caught.value.details["what"] == "product"


def test_a_tolerance_holds_up_to_its_own_value_and_not_beyond(comparison: ModuleType) -> None:
    # All of these are exact in binary: |5 - 4| is 0.25 of 4.
    assert is_right(comparison, 5.0, 4.0, rtol=0.25)
    assert is_right(comparison, 3.0, 4.0, rtol=0.25)
    assert not is_right(comparison, math.nextafter(5.0, 6.0), 4.0, rtol=0.25)
    assert not is_right(comparison, math.nextafter(3.0, 2.0), 4.0, rtol=0.25)
    assert is_right(comparison, 0.5, 0.0, atol=0.5)
    assert not is_right(comparison, math.nextafter(0.5, 1.0), 0.0, atol=0.5)
    assert is_right(comparison, 5.5, 4.0, rtol=0.25, atol=0.5), "both together"
    assert is_right(comparison, -5.0, -4.0, rtol=0.25), "relative to the size of what is expected"
    assert not is_right(comparison, 1e-300, 0.0, rtol=0.5), "nothing is near to zero relatively"
    assert is_right(comparison, 3 + 4.5j, 3 + 4j, rtol=0.1)
    assert not is_right(comparison, 3 + 4.6j, 3 + 4j, rtol=0.1)


def test_no_tolerance_is_taken_on_its_own(comparison: ModuleType) -> None:
    assert not is_right(comparison, 1.0 + 2**-52, 1.0)
    assert not is_right(comparison, 1.0 + 2**-40, 1.0, atol=1e-14), "an absolute one alone brings no relative one"
    assert not is_right(comparison, 1e-12, 0.0, rtol=1e-6), "nor the other way round"


def test_what_is_wrong_is_told_with_its_place_and_its_error(comparison: ModuleType) -> None:
    with pytest.raises(comparison.WrongResult) as caught:
        comparison.compare("matmul float64", [[1.0, 2.0], [4.0, 8.0]], [[1.0, 2.0], [4.0, 10.0]], rtol=1e-12)
    assert str(caught.value) == "matmul float64: element 3 is 8.0, not 10.0 (off by 2.0e-01 of it)"
    assert caught.value.details == {"what": "matmul float64", "element": "3", "got": "8.0", "expected": "10.0", "relative_error": "2.0e-01"}


@pytest.mark.parametrize(("got", "expected"), [(1.0, 0.0), (NOTHING, 2.0), ("plum", "pear"), (10**400, 1.5), (None, 1)])
def test_an_error_that_no_number_can_tell_is_left_out(comparison: ModuleType, got: Any, expected: Any) -> None:
    with pytest.raises(comparison.WrongResult) as caught:
        comparison.compare("it", got, expected, rtol=1e-9)
    assert "relative_error" not in caught.value.details


def test_what_is_shown_is_short(comparison: ModuleType) -> None:
    with pytest.raises(comparison.WrongResult) as caught:
        comparison.compare("it", "x" * 10_000, "y" * 10_000)
    assert len(str(caught.value)) < 200
    with pytest.raises(comparison.WrongResult) as caught:
        comparison.compare("it", [[0] * (place % 7) for place in range(1000)], [])
    assert len(str(caught.value)) < 200


@given(table=TABLES, rtol=st.sampled_from([0.0, 1e-12]), atol=st.sampled_from([0.0, 1e-12]))
def test_a_result_is_right_by_itself(comparison: ModuleType, table: list[list[float]], rtol: float, atol: float) -> None:
    comparison.compare("it", table, [list(row) for row in table], rtol, atol)


@given(table=TABLES, data=st.data(), error=st.sampled_from([1e-9, -1e-9, 1e-4, 1.0, -3.0]))
def test_one_wrong_element_is_found_wherever_it_is(
    comparison: ModuleType, table: list[list[float]], data: st.DataObject, error: float
) -> None:
    row, column = data.draw(st.integers(0, len(table) - 1)), data.draw(st.integers(0, len(table[0]) - 1))
    wrong = [list(each) for each in table]
    wrong[row][column] *= 1 + error
    with pytest.raises(comparison.WrongResult) as caught:
        comparison.compare("it", wrong, table, rtol=abs(error) * 0.99)
    assert caught.value.details["element"] == str(row * len(table[0]) + column)
    assert is_right(comparison, wrong, table, rtol=abs(error) * 1.01)


@given(table=TABLES, data=st.data())
def test_a_missing_element_is_found_wherever_it_was(comparison: ModuleType, table: list[list[float]], data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(table) - 1))
    short = [list(each) for each in table]
    short[row].pop(data.draw(st.integers(0, len(table[0]) - 1)))
    assert not is_right(comparison, short, table, rtol=10.0, atol=INFINITE)
    assert not is_right(comparison, table, short, rtol=10.0, atol=INFINITE)


@given(number=st.complex_numbers(min_magnitude=1e-50, max_magnitude=1e50, allow_nan=False), angle=st.floats(0, 2 * math.pi))
def test_a_complex_number_is_held_against_its_size(comparison: ModuleType, number: complex, angle: float) -> None:
    turned = number + abs(number) * 1e-6 * cmath.exp(1j * angle)
    assert is_right(comparison, turned, number, rtol=1.01e-6)
    assert not is_right(comparison, turned, number, rtol=0.99e-6)
