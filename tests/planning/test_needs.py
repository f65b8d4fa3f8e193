"""What packages ask of one another."""

import pytest

from envcheck.choosing.build import Build, Companion, Reason
from envcheck.choosing.machine import Place
from envcheck.knowledge.table import Confidence
from envcheck.planning.needs import find_clash, needs_of, pins

PLACE = Place("linux_x86_64", "3.11")


def build(distribution: str, version: str, *companions: Companion) -> Build:
    return Build(
        framework=distribution,
        distribution=distribution,
        version=version,
        variant="",
        index=None,
        extras=(),
        python="3.11",
        companions=companions,
        why=(Reason(distribution, "made up", "a test"),),
        confidence=Confidence.HIGH,
    )


@pytest.mark.parametrize(
    ("builds", "words"),
    [
        ((build("tf-keras", "2.19.0"), build("tensorflow", "2.19.1")), None),
        (
            (build("tensorflow", "2.20.0"), build("tf-keras", "2.19.0")),
            "tf-keras 2.19.0 needs tensorflow<2.20,>=2.19, and tensorflow 2.20.0 is the newest that fits",
        ),
        (
            (build("tensorflow", "2.9.0", Companion("numpy", "<2")), build("pandas", "3.1.1")),
            "pandas 3.1.1 needs numpy>=2.0.2, and tensorflow 2.9.0 needs numpy<2",
        ),
        (
            (build("onnx", "1.23.2"), build("wandb", "0.31.0")),
            None,  # protobuf 6.31.1 serves both
        ),
        (
            (build("transformers", "5.23.0"), build("torch", "2.5.1")),
            "transformers 5.23.0 needs torch>=2.6, and torch 2.5.1 is the newest that fits",
        ),
        ((build("transformers", "5.23.0"), build("torch", "2.6.0")), None),
    ],
)
def test_clashes(builds: tuple[Build, ...], words: str | None) -> None:
    clash = find_clash(builds, PLACE)
    if words is None:
        assert clash is None
    else:
        assert clash is not None
        assert sorted(clash.words.split(", and ")) == sorted(words.split(", and "))


def test_a_dependency_without_a_wheel_for_the_python_is_a_clash() -> None:
    old = build("torch", "2.2.0", Companion("numpy", "<2"))
    assert find_clash((old,), PLACE) is None
    clash = find_clash((old,), Place("linux_x86_64", "3.14"))
    assert clash is not None
    assert clash.words == "torch 2.2.0 needs numpy<2, which has no wheel for Python 3.14"


def test_markers_decide_which_range_counts() -> None:
    pandas = build("pandas", "2.3.3")
    assert [need.specifier for need in needs_of((pandas,), "3.12") if need.what == "numpy"] == [">=1.26.0"]
    assert [need.specifier for need in needs_of((pandas,), "3.10") if need.what == "numpy"] == [">=1.22.4"]


def test_what_has_to_stay_old_is_pinned_to_what_serves_all() -> None:
    old = build("torch", "2.2.0", Companion("numpy", "<2"))
    assert pins((old,), PLACE) == (Companion("numpy", "1.26.4"),)
    assert pins((old,), Place("linux_x86_64", "3.8")) == (Companion("numpy", "<2"),)
    assert pins((old, build("numpy", "1.26.4")), PLACE) == ()
    assert pins((build("pandas", "3.1.1"),), PLACE) == ()
