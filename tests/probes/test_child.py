"""The way back from a child: JSON made without a module, and a channel that finds its file again."""

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.shipped import folder


@pytest.fixture(scope="module")
def child() -> Iterator[ModuleType]:
    before = list(sys.path)
    spec = importlib.util.spec_from_file_location("child_of_envcheck", folder("probes") / "child.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path[:] = before


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_what_is_written_is_the_json_that_is_read(child: ModuleType, value: object) -> None:
    written = child.as_json(value)
    assert written.isascii()
    assert "\n" not in written
    assert json.loads(written) == value


@pytest.mark.parametrize(
    ("value", "read"),
    [
        *(((1, 2), [1, 2]), ({1: 2}, {"1": 2}), (float("nan"), None), (float("-inf"), None)),
        *(("\ud800\x1b\u2028\U0001f600", "\ud800\x1b\u2028\U0001f600"), ('"\\\n', '"\\\n')),
    ],
)
def test_what_json_has_no_word_for_gets_the_nearest(child: ModuleType, value: object, read: object) -> None:
    assert json.loads(child.as_json(value)) == read


@pytest.mark.skipif(sys.platform != "linux", reason="the file is found again by way of /proc")
@pytest.mark.parametrize("how", ["closed", "another file in its place"])
def test_a_channel_whose_descriptor_is_gone_is_opened_again(child: ModuleType, tmp_path: Path, how: str) -> None:
    answer, other = tmp_path / "answer", tmp_path / "other"
    with answer.open("w+b") as file, other.open("w+b") as foreign:
        number = os.dup(file.fileno())
        channel = child.Channel(f"fd:{number}", "mark")
        channel.again = f"/proc/{os.getpid()}/fd/{file.fileno()}"
        channel.stage("before")
        if how == "closed":
            os.close(number)
        else:
            os.dup2(foreign.fileno(), number)
        channel.stage("after")
        os.close(channel.descriptor)
    assert answer.read_text().splitlines() == ["mark stage before", "mark stage after"]
    assert not other.read_text()


def test_a_copy_of_the_process_says_nothing(child: ModuleType, tmp_path: Path) -> None:
    answer = tmp_path / "answer"
    answer.touch()
    channel = child.Channel(str(answer), "mark")
    channel.pid += 1
    channel.stage("twice")
    assert not answer.read_text()
