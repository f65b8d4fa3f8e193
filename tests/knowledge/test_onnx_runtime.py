"""What releases of onnxruntime-gpu are built for."""

import pytest

from envcheck.knowledge.onnx_runtime import find_needs, newest_for


@pytest.mark.parametrize(
    ("version", "needs"),
    [
        ("1.31.1", (13, 9)),
        ("1.27.0", (13, 9)),
        ("1.26.0", (12, 9)),
        ("1.23.2", (12, 9)),
        ("1.19.0", (12, 9)),
        ("1.18.1", (11, 8)),
        ("1.14.1", (11, 8)),
    ],
)
def test_each_release_has_its_cuda_and_cudnn(version: str, needs: tuple[int, int]) -> None:
    row = find_needs(version)
    assert row is not None
    assert (row.cuda, row.cudnn) == needs


def test_what_no_row_speaks_of_is_not_known() -> None:
    assert find_needs("1.24.0") is None
    assert find_needs("9.9") is None


def test_the_newest_release_for_a_cuda() -> None:
    rows = [newest_for(cuda) for cuda in (11, 12, 13)]
    assert [row.last if row else None for row in rows] == ["1.18.1", "1.26.0", "1.31.1"]
    assert newest_for(10) is None
    assert newest_for(12, 8) is None
