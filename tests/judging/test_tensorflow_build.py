from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.tensorflow_build import tensorflow_build


def facts_of(version: str, name: str = "tensorflow", **build: Any) -> Snapshot:
    told = {"tensorflow": {"version": version, **build}} if build else {}
    return msgspec.convert({"packages": [{"name": name, "version": version, "state": "ok"}], "builds": told}, Snapshot)


@pytest.mark.parametrize(
    ("version", "name", "expected"),
    [
        ("1.14.0", "tensorflow", False),
        ("1.15.0", "tensorflow", True),
        ("1.15.5", "tensorflow", False),
        ("1.15.5", "tensorflow-gpu", True),
        ("2.0.4", "tensorflow", False),
        ("2.1.0", "tensorflow", True),
        ("2.15.0", "tensorflow", True),
        ("2.15.0", "tensorflow-cpu", False),
    ],
)
def test_which_releases_of_the_plain_package_are_for_gpus(version: str, name: str, expected: bool):
    build = tensorflow_build(facts_of(version, name))
    assert build is not None
    assert build.for_cuda is expected


def test_what_a_build_says_of_itself_comes_first():
    build = tensorflow_build(facts_of("1.15.2", cuda="10.1"))
    assert build is not None
    assert (build.for_cuda, build.cuda) == (True, "10.1")
    without = tensorflow_build(facts_of("2.15.0", cuda=None))
    assert without is not None
    assert not without.for_cuda
