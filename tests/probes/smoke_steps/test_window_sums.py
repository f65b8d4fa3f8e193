"""A convolution's truth: sums over windows, whose gradients are what it changes by when one number changes by one."""

from collections.abc import Callable
from copy import deepcopy
from types import ModuleType
from typing import Any

import pytest

Probe = Callable[[str], ModuleType]


@pytest.fixture
def sums(probe: Probe) -> ModuleType:
    return probe("smoke_steps.window_sums")


def test_an_output_is_the_sum_over_its_window(sums: ModuleType) -> None:
    image, window, output = sums.images()[1], sums.windows()[2], sums.convolved()[1][2]
    by_hand = 0
    for channel in range(2):
        for row in range(3):
            for column in range(3):
                by_hand += image[channel][4 + row][5 + column] * window[channel][row][column]
    assert output[4][5] == by_hand
    assert (len(sums.convolved()), len(output), len(output[0])) == (2, 8, 7)


def pulled(sums: ModuleType, image: Any, window: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    """The one number whose gradients are asked for: it is linear in every one of its inputs."""
    with monkeypatch.context() as changed:
        changed.setattr(sums, "images", lambda: image)
        changed.setattr(sums, "windows", lambda: window)
        output = sums.convolved()
    return sum(
        sum(map(int.__mul__, a, b))
        for n, m in zip(output, sums.pull(), strict=True)
        for x, y in zip(n, m, strict=True)
        for a, b in zip(x, y, strict=True)
    )


@pytest.mark.parametrize("place", [(0, 0, 0, 0), (1, 1, 5, 4), (0, 1, 9, 8)])
def test_a_gradient_is_what_one_more_adds(sums: ModuleType, monkeypatch: pytest.MonkeyPatch, place: tuple[int, int, int, int]) -> None:
    before = pulled(sums, sums.images(), sums.windows(), monkeypatch)
    n, c, y, x = place
    image = deepcopy(sums.images())
    image[n][c][y][x] += 1
    assert sums.image_slopes()[n][c][y][x] == pulled(sums, image, sums.windows(), monkeypatch) - before
    window = deepcopy(sums.windows())
    window[n][c][y % 3][x % 3] += 1
    assert sums.window_slopes()[n][c][y % 3][x % 3] == pulled(sums, sums.images(), window, monkeypatch) - before


def test_all_is_exact_in_few_bits_and_no_window_is_its_mirror_image(sums: ModuleType) -> None:
    numbers = [each for values in (sums.convolved(), sums.window_slopes(), sums.image_slopes()) for each in _flat(values)]
    assert max(map(abs, numbers)) < 256
    assert all(plane != [row[::-1] for row in plane[::-1]] for output in sums.windows() for plane in output)


def test_the_order_of_axes_that_tensorflow_has(sums: ModuleType) -> None:
    image, last = sums.images(), sums.channels_last(sums.images())
    assert last[1][7][3] == [image[1][0][7][3], image[1][1][7][3]]
    assert sums.windows_last(sums.windows())[2][1][0] == [sums.windows()[output][0][2][1] for output in range(3)]


def _flat(values: Any) -> list[int]:
    return [each for member in values for each in _flat(member)] if isinstance(values, list) else [values]
