"""The truths of the smoke tests, held against the definitions that they shorten."""

from collections.abc import Callable
from itertools import accumulate
from math import cos, sin
from types import ModuleType

import pytest

Probe = Callable[[str], ModuleType]


@pytest.fixture
def exact(probe: Probe) -> ModuleType:
    return probe("smoke_steps.exact")


def test_the_product_is_what_its_definition_gives(exact: ModuleType) -> None:
    left, columns = exact.left(15), list(zip(*exact.right(11), strict=True))
    assert [[sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in left] == exact.product(15, 11)


def test_every_sum_on_the_way_is_exact_in_few_bits(exact: ModuleType) -> None:
    columns = list(zip(*exact.right(5), strict=True))
    on_the_way = [
        abs(each) for row in exact.left(7) for column in columns for each in accumulate(a * b for a, b in zip(row, column, strict=True))
    ]
    assert max(on_the_way) < 32


def test_no_element_is_zero_and_neighbours_differ(exact: ModuleType) -> None:
    # An error that is a part of an element would not show in a zero; a tile in another's place would not show among equals.
    product = exact.product(64, 64)
    assert all(element for row in product for element in row)
    assert product[0] != product[1]
    assert [row[0] for row in product] != [row[1] for row in product]
    for tile in (8, 16, 32):
        assert product[0][:tile] != product[0][tile : 2 * tile]


def test_real_numbers_are_single_and_their_product_is_a_sum(exact: ModuleType) -> None:
    from array import array

    left, right = exact.normal_left(), exact.normal_right()
    assert all(list(array("f", row)) == row for row in (*left, *right))
    assert exact.normal_product()[3][5] == sum(left[3][k] * right[k][5] for k in range(exact.INNER))
    values = [value for row in left for value in row]
    assert abs(sum(values) / len(values)) < 0.05
    assert 0.95 < sum(value * value for value in values) / len(values) < 1.05


def test_slopes_are_those_of_the_function(exact: ModuleType) -> None:
    step = 1e-6
    for x, slope in zip(exact.angles(), exact.slopes(exact.angles()), strict=True):
        assert slope == pytest.approx((sin(x + step) ** 2 - sin(x - step) ** 2) / (2 * step), rel=1e-8)
        assert abs(slope) > 0.1, "an error that is a part of it must show"
    assert exact.one_plus_squared_cosines([0.5]) == pytest.approx([sin(0.5) ** 2 + 2 * cos(0.5) ** 2])


def test_the_update_goes_downhill(exact: ModuleType) -> None:
    def loss(weights: list[list[float]]) -> float:
        errors = [
            row[0] * weights[0][0] + row[1] * weights[1][0] - target[0] for row, target in zip(exact.INPUTS, exact.TARGETS, strict=True)
        ]
        return sum(error * error for error in errors) / len(errors)

    for place, step in ((0, 1e-6), (1, 1e-6)):
        higher = [[weight[0] + (step if other == place else 0)] for other, weight in enumerate(exact.WEIGHTS)]
        assert exact.weight_slopes()[place][0] == pytest.approx((loss(higher) - loss(exact.WEIGHTS)) / step, rel=1e-4)
    moved = [[weight[0] - exact.RATE * slope[0]] for weight, slope in zip(exact.WEIGHTS, exact.weight_slopes(), strict=True)]
    assert exact.updated_weights() == moved
