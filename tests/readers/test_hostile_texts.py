"""Whatever a text is made of, it is read and judged: without a crash, twice alike, and in time that grows with the text only."""

import ast
import gc
import json
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.engine import diagnose
from envcheck.readers.read import MAX_CHARACTERS, read_saved
from envcheck.rules import all_rules

TESTS = Path(__file__).parents[1]


def _fragments() -> list[str]:
    """What programs print, as the tests of readers, parsers and messages have it: of every format something."""
    found: dict[str, None] = {}
    for folder in ("readers", "parsers", "messages"):
        for path in sorted((TESTS / folder).rglob("test_*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and 20 < len(node.value) < 3000:
                    found[node.value] = None
    return list(found)


FRAGMENTS = _fragments()
NOISE = [
    "\x00",
    "\x1b[31m",
    "\x1b]0;",
    "\r",
    "\r\n",
    "\ud800",
    "\u202e",
    "\ufeff",
    "\u0130\u017f\u212a",
    "> ",
    "| ",
    "[",
    "{",
    '"',
    "\\",
    "9" * 50,
    " " * 300,
    "==",
    "==" * 99,
]
CHANGES: list[Callable[[str, int, str], str]] = [
    lambda text, place, noise: text[:place],
    lambda text, place, noise: text[place:],
    lambda text, place, noise: text[:place] + noise + text[place:],
    lambda text, place, noise: text.replace("\n", noise),
    lambda text, place, noise: text.replace(" ", noise or " "),
    lambda text, place, noise: text.upper() if place % 2 else text.lower(),
    lambda text, place, noise: "\n".join(reversed(text.split("\n"))),
    lambda text, place, noise: "\n".join(noise + line for line in text.split("\n")),
    lambda text, place, noise: text.replace("1", "9" * (place % 60)),
    lambda text, place, noise: text * 3,
]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Fragments of several formats, each changed or not, one below the other or line by line in turn."""
    pieces = []
    for _ in range(draw(st.integers(1, 4))):
        piece = draw(st.sampled_from(FRAGMENTS))
        for change in draw(st.lists(st.sampled_from(CHANGES), max_size=2)):
            piece = change(piece, draw(st.integers(0, len(piece))), draw(st.sampled_from(NOISE)))[:20_000]
        pieces.append(piece)
    if draw(st.booleans()):
        lines = [piece.split("\n") for piece in pieces]
        return "\n".join(line for row in range(max(map(len, lines))) for column in lines for line in column[row : row + 1])
    return draw(st.sampled_from(["\n", "\n\n", "\r\n", "\n$ ", ""])).join(pieces)


@settings(deadline=None, max_examples=250, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(texts())
def test_no_mixture_of_formats_breaks_anything(text: str) -> None:
    before = time.process_time()
    snapshot = _read(text)
    report = diagnose(snapshot, all_rules())
    assert time.process_time() - before < 10
    assert [gap.reason for gap in report.not_evaluated if "crashed" in gap.reason and "itself" in gap.reason] == []
    encoded = msgspec.json.encode(snapshot)
    assert msgspec.json.decode(encoded, type=Snapshot) == snapshot
    assert json.loads(encoded)["schema"] == "envcheck/snapshot/1"
    again = _read(text)
    assert msgspec.json.encode(again) == encoded
    assert diagnose(again, all_rules()) == report


def _read(text: str) -> Snapshot:
    """As it stands behind a prompt: a document of envcheck's own that is not whole is refused, which other tests look at."""
    text = f"$ {text}" if text.lstrip("\ufeff \n\r\t").startswith("{") else text
    return read_saved(text.encode("utf-8", "surrogatepass"), "report.txt")


GROWING: dict[str, Callable[[int], str]] = {
    "requirements": lambda size: "torch==2.1.0\n" * (size // 13),
    "other requirements": lambda size: "".join(f"torch==2.{number}.0\n" for number in range(size // 16)),
    "one word": lambda size: "torch==" * (size // 7),
    "one line": lambda size: "CUDA error: out of memory; " * (size // 27),
    "colours": lambda size: "\x1b[31mError\x1b[0m\n" * (size // 15),
    "open colours": lambda size: "\x1b]0;" * (size // 4),
    "nothing": lambda size: "\x00" * size,
    "blanks": lambda size: " " * size + "x",
    "empty lines": lambda size: "\n" * size,
    "line ends": lambda size: "a\r\n" * (size // 3),
    "overwritten": lambda size: "progress 10%\r" * (size // 13) + "\n",
    "brackets": lambda size: "[" * (size // 2) + "{\n" * (size // 4),
    "documents": lambda size: '{"a": [\n' * (size // 8),
    "quotes": lambda size: "> " * (size // 2),
    "bars": lambda size: "| a | b |\n+---+\n" * (size // 16),
    "digits": lambda size: "1" * size,
    "versions": lambda size: "1." * (size // 2),
    "colons": lambda size: "a: b: c\n" * (size // 8),
    "tags": lambda size: "<gpu id='1'>\n" * (size // 13),
    "prompts": lambda size: "root@0a1b2c3d4e5f:/# docker run --gpus all \\\n" * (size // 46),
    "frames": lambda size: '  File "/usr/lib/python3/site-packages/torch/x.py", line 3, in f\n' * (size // 66),
    "exceptions": lambda size: "".join(f"Traceback (most recent call last):\nValueError: {number}\n" for number in range(size // 60)),
    "messages": lambda size: "".join(f"RuntimeError: CUDA error: {number} is invalid\n" for number in range(size // 40)),
    "surrogates": lambda size: "\ud800nvidia\n" * (size // 9),
    "escapes": lambda size: "&lt;a&gt;\n" * (size // 10),
}


@pytest.mark.parametrize("name", GROWING)
def test_a_text_four_times_as_long_takes_no_more_than_ten_times_as_long(name: str) -> None:
    """What grows with the length takes four times as long, what grows with its square sixteen times; a busy machine is in between."""

    def seconds(size: int) -> float:
        data = GROWING[name](size).encode("utf-8", "surrogatepass")
        times = []
        gc.disable()  # it would look through all that the other tests have left, the more often the more lines there are
        try:
            for _ in range(3):
                before = time.process_time()
                diagnose(read_saved(data, "report.txt"), all_rules())
                times.append(time.process_time() - before)
        finally:
            gc.enable()
        return min(times)

    # A short text's time is mostly that of what has to be done for any; below it nothing can be measured.
    assert seconds(400_000) / max(seconds(100_000), 0.02) < 10


def test_of_a_text_that_is_too_long_the_beginning_and_the_end_are_read() -> None:
    filling = "training goes on and on\n" * (MAX_CHARACTERS // 20)
    snapshot = _read(f"Failed to initialize NVML: Unknown Error\n{filling}\nIllegal instruction (core dumped)\n")
    assert {symptom.kind.value for symptom in snapshot.symptoms} == {"nvml-error", "signal"}
