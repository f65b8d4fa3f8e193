"""Problems whose answers are known without any library: exact integers, closed forms, and sums made in plain Python.

All are lists of Python's numbers. The integers of `left` and `right` have no mean, so that every sum on the way to a product is below 32:
each is exact in every type, also in bfloat16 with its 8 bits. Their periods of 7 and 5 are no divisors of the powers of two by which
kernels divide matrices into tiles: a tile in another's place is seen.
"""

from functools import lru_cache
from operator import mul

# 512 terms go through more than one tile of every kernel.
INNER = 512
# For real numbers, whose every product is a sum made in plain Python.
NORMAL_ROWS, NORMAL_COLUMNS = 32, 32


def left(rows):
    """Integers from -3 to 3, rows x INNER."""
    period = [inner % 7 - 3 for inner in range(INNER + 7)]
    return [period[3 * row % 7 :][:INNER] for row in range(rows)]


def right(columns):
    """Integers from -2 to 2, INNER x columns."""
    period = [[(inner + 2 * column) % 5 - 2 for column in range(columns)] for inner in range(5)]
    return [period[inner % 5] for inner in range(INNER)]


def product(rows, columns):
    """The product of the two: 35 terms in sequence have every pair of residues once and add nothing, so only the rest of them counts."""
    rest = range(INNER % 35)
    sums = [[sum(((3 * row + k) % 7 - 3) * ((k + 2 * column) % 5 - 2) for k in rest) for column in range(5)] for row in range(7)]
    return [[sums[row % 7][column % 5] for column in range(columns)] for row in range(rows)]


@lru_cache(maxsize=None)
def normal_left():
    """Seeded N(0, 1) values, each exact in single precision, NORMAL_ROWS x INNER."""
    return _normal(1, NORMAL_ROWS, INNER)


@lru_cache(maxsize=None)
def normal_right():
    """As normal_left(), INNER x NORMAL_COLUMNS."""
    return _normal(2, INNER, NORMAL_COLUMNS)


@lru_cache(maxsize=None)
def normal_product():
    """Their product, summed in double precision."""
    columns = list(zip(*normal_right()))
    return [[sum(map(mul, row, column)) for column in columns] for row in normal_left()]


def _normal(seed, rows, columns):
    from random import Random

    draw = Random(seed).gauss  # noqa: S311 - numbers to compute with
    return [_singles(draw(0.0, 1.0) for _ in range(columns)) for _ in range(rows)]


def _singles(values):
    """Rounded to single precision."""
    from array import array

    return list(array("f", values))


def angles():
    """Exact in single precision, and where sin 2x is not near 0: what a slope is off by is not the rounding of x."""
    return _singles(0.1 + 0.0107 * step for step in range(128))


def slopes(values):
    """d/dx sin²x = sin 2x."""
    from math import sin

    return [sin(2.0 * value) for value in values]


def one_plus_squared_cosines(values):
    """What sin²x + 2 cos²x is."""
    from math import cos

    return [1.0 + cos(value) ** 2 for value in values]


# One step of gradient descent down the mean of (Xw - y)², where every number on the way is exact in single precision.
INPUTS = [[1.0, 2.0], [3.0, -1.0], [-2.0, 4.0], [5.0, 1.0]]
TARGETS = [[3.0], [1.0], [-1.0], [2.0]]
WEIGHTS = [[0.5], [-0.25]]
RATE = 0.125


def updated_weights():
    """W - RATE * 2/n Xᵀ(Xw - y)."""
    return [[weight[0] - RATE * slope[0]] for weight, slope in zip(WEIGHTS, weight_slopes())]


def weight_slopes():
    """2/n Xᵀ(Xw - y)."""
    errors = [sum(value * weight[0] for value, weight in zip(row, WEIGHTS)) - target[0] for row, target in zip(INPUTS, TARGETS)]
    return [[2.0 / len(INPUTS) * sum(row[place] * error for row, error in zip(INPUTS, errors))] for place in range(len(WEIGHTS))]
