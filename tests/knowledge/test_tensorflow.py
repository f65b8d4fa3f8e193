"""Releases of TensorFlow in the table."""

import pytest

from envcheck.knowledge.tensorflow import computes_on_windows, find_metal, find_release


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


@pytest.mark.parametrize(
    ("version", "plugin"), [("2.18.1", "1.2.0"), ("2.17.0", "1.1.0"), ("2.14.1", "1.1.0"), ("2.5.0", "0.1.2"), ("2.19.0", None)]
)
def test_the_plugin_for_apple_gpus(version: str, plugin: str | None) -> None:
    row = find_metal(version)
    assert (row.plugin if row is not None else None) == plugin


def test_what_its_wheel_is_compiled_for_and_installs_on() -> None:
    row = find_release("2.16.2")
    assert row is not None
    assert (row.targets[-1], row.wheel_cuda, row.glibc, row.macos_x86_64) == ("compute_90", "12.3", "2.17", "10.15")
    assert "sm_50" in row.targets
