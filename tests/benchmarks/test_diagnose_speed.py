"""The texts that speed is measured on are of the size and the shape that they are said to be."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))

from benchmarks.diagnose_speed import SHAPES, main, text_of, texts


@pytest.mark.parametrize("name", SHAPES)
def test_a_text_has_the_size_that_was_asked_for_and_is_the_same_each_time(name: str) -> None:
    text = text_of(SHAPES[name], 20_000)
    assert len(text) == 20_000
    assert text == text_of(SHAPES[name], 20_000)
    assert len(set(text.split("\n"))) > 5


def test_recorded_cases_are_repeated_until_they_are_enough(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "report.txt").write_text("Killed\n", "utf-8")
    assert len(dict(texts(1000, tmp_path))["recorded cases"]) == 1000


def test_a_line_is_printed_for_every_shape(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["diagnose_speed.py", "--megabytes", "0.01", "--runs", "1", "--snapshots", "4"])
    assert main() == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in (*SHAPES, "one line", "one word", "4 snapshots", "memory held"))
