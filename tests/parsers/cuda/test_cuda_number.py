"""Versions of CUDA as numbers."""

import pytest

from envcheck.parsers.cuda.cuda_number import cuda_version


@pytest.mark.parametrize(
    ("number", "version"),
    [(12040, "12.4"), (13010, "13.1"), (11080, "11.8"), (13009, "13.0"), (9020, "9.2"), (0, None), (-1, None), (999999, None)],
)
def test_a_number_is_a_version(number: int, version: str | None) -> None:
    assert cuda_version(number) == version
