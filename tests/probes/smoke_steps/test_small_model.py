from collections.abc import Callable
from types import ModuleType

import pytest

Probe = Callable[[str], ModuleType]


def test_a_product_of_matrices(probe: Probe) -> None:
    assert probe("smoke_steps.small_model").matrix_product([[1, 2], [3, 4]], [[5, 6], [7, 8]]) == [[19, 22], [43, 50]]


def test_what_is_below_zero_is_cut_off_behind_the_bias(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    model = probe("smoke_steps.small_model")
    for name, value in {"LEFT": [[1, 2]], "WEIGHTS": [[1, -1], [1, 0]], "BIAS": [4, -1]}.items():
        monkeypatch.setattr(model, name, value)
    assert model.product() == [[7.0, 0.0]]


def test_kernels_are_laid_on_windows_without_being_turned_round(probe: Probe) -> None:
    model = probe("smoke_steps.small_model")
    [[sums, across]] = model.windows()
    window = [row[2:5] for row in model.IMAGE[1:4]]
    assert sums[1][2] == sum(map(sum, window))
    assert across[1][2] == sum(row[2] - row[0] for row in window)
    assert (len(sums), len(sums[0])) == (model.SIDE - 2, model.SIDE - 2)


def test_every_number_is_exact_in_single_precision_with_11_bits(probe: Probe) -> None:
    # So that neither TF32 nor another order of summing makes it another one; and most of them are not zero, where no error would show.
    model = probe("smoke_steps.small_model")
    product = [value for row in model.product() for value in row]
    windows = [value for kernel in model.windows()[0] for row in kernel for value in row]
    assert all(float(value).is_integer() and abs(value) < 2**11 for value in product + windows)
    assert sum(map(bool, product)) > len(product) / 3
    assert all((64 * value).is_integer() for row in model.doubled() for value in row)
