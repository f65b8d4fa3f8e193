"""Releases of TensorFlow in the table."""

import pytest

from envcheck.knowledge.tensorflow import computes_on_windows, find_release, newest_for_python


@pytest.mark.parametrize(
    ("version", "cuda", "cudnn"),
    [
        ("2.21.0", "12.5", "9.3"),
        ("2.13.1", "11.8", "8.6"),
        ("2.9.3", "11.2", "8.1"),
        ("2.4.0", "11.0", "8.0"),
        ("2.3.4", "10.1", "7.6"),
        ("1.15.5", "10.0", "7.4"),
    ],
)
def test_what_a_release_was_built_for(version: str, cuda: str, cudnn: str) -> None:
    row = find_release(version)
    assert row is not None
    assert (row.cuda, row.cudnn) == (cuda, cudnn)


@pytest.mark.parametrize("version", ["", "3.0", "0.12", "newest"])
def test_other_releases_are_not_known(version: str) -> None:
    assert find_release(version) is None


def test_the_extra_and_the_last_windows_build() -> None:
    assert [row.extra for row in map(find_release, ("2.13.1", "2.14.0")) if row is not None] == [False, True]
    assert computes_on_windows("2.10.1")
    assert not computes_on_windows("2.11.0")
    assert not computes_on_windows("2.30.0")


@pytest.mark.parametrize(("python", "version"), [("3.13.1", "2.21.0"), ("3.9", "2.20.0"), ("3.8.10", "2.13.1"), ("3.14", None)])
def test_the_newest_for_a_python(python: str, version: str | None) -> None:
    row = newest_for_python(python)
    assert (row.version if row is not None else None) == version
    with_cuda = newest_for_python(python, extra=True)
    assert with_cuda is None or with_cuda.extra
