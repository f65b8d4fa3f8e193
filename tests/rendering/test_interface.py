import io
import os
from pathlib import Path

import pytest

from envcheck.rendering import interface
from envcheck.rendering.interface import (
    RenderError,
    check_format,
    check_output,
    format_names,
    format_of,
    options_for,
    own_command,
    render,
    render_to_file,
    renderer,
)
from envcheck.report import Report


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_every_format_has_a_renderer_of_its_name() -> None:
    assert [renderer(name).name for name in format_names()] == list(format_names())


def test_its_own_command_is_the_one_that_runs_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suffix = ".exe" if os.name == "nt" else ""
    script = tmp_path / f"envcheck{suffix}"
    script.touch(mode=0o755)
    python = tmp_path / f"python{suffix}"
    monkeypatch.setenv("PATH", str(tmp_path / "nothing here"))
    assert own_command(str(script), str(python)) == (str(script),)
    assert own_command("/checkout/envcheck/__main__.py", str(python)) == (str(script),)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert own_command("/checkout/envcheck/__main__.py", str(python)) == ("envcheck",)
    script.unlink()
    assert own_command("/checkout/envcheck/__main__.py", str(python)) == (str(python), "-m", "envcheck")
    assert own_command("/usr/bin/pytest", str(python)) == ("envcheck",)


def test_no_two_formats_share_a_suffix() -> None:
    suffixes = [suffix for name in format_names() for suffix in renderer(name).suffixes]
    assert len(suffixes) == len(set(suffixes))


def test_every_format_renders_every_report(made_up: Report) -> None:
    for name in format_names():
        assert renderer(name).render(made_up, interface.RenderOptions()).endswith("\n")


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("report.json", ("json", "report.json")),
        ("REPORT.JSON", ("json", "REPORT.JSON")),
        ("report.txt", ("terminal", "report.txt")),
        ("json=out.txt", ("json", "out.txt")),
        ("JSON=a=b", ("json", "a=b")),
        ("lr=0.1.json", ("json", "lr=0.1.json")),
    ],
)
def test_an_output_says_its_format(output: str, expected: tuple[str, str]) -> None:
    assert format_of(output) == expected


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("report", "does not say the format"),
        ("report.docx", "does not say the format"),
        ("json=", "names no file"),
        ("jsn=out.json", 'no format "jsn"'),
        ("", "does not say the format"),
    ],
)
def test_an_output_that_does_not_say_its_format_is_a_mistake(output: str, words: str) -> None:
    with pytest.raises(RenderError, match=words) as caught:
        format_of(output)
    assert caught.value.hint


def test_a_mistyped_format_gets_a_suggestion() -> None:
    assert check_format("JSON") == "json"
    with pytest.raises(RenderError) as caught:
        check_format("jason")
    assert caught.value.hint == 'Did you mean "json"?'
    with pytest.raises(RenderError) as caught:
        check_format("xxxxxxxx")
    assert "terminal, json" in caught.value.hint


def test_an_output_that_cannot_be_written_is_said_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "d.json").mkdir()
    assert check_output(str(tmp_path / "a.json")) == str(tmp_path / "a.json")
    for path in (tmp_path / "d.json", tmp_path / "missing" / "a.json"):
        with pytest.raises(RenderError):
            check_output(str(path))


def test_a_file_is_redacted_and_has_no_colour(reports: dict[str, Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    render_to_file(reports["driver_too_old"], str(tmp_path / "a.txt"))
    text = (tmp_path / "a.txt").read_text(encoding="utf-8")
    assert "alice" not in text
    assert "    PIP_NO_CACHE_DIR=1 ~/project/.venv/bin/python -m pip install" in text
    assert "\x1b" not in text


def test_a_file_that_cannot_be_written_is_a_mistake(reports: dict[str, Report], tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="--output"):
        render_to_file(reports["healthy"], str(tmp_path / "missing" / "a.json"))
    with pytest.raises(RenderError):
        render_to_file(reports["healthy"], "a\0.json")


def test_what_is_passed_on_is_redacted_and_what_is_read_on_the_spot_is_not(reports: dict[str, Report]) -> None:
    assert "/home/alice" in render(reports["healthy"], "terminal")
    assert "alice" not in render(reports["healthy"], "json")


@pytest.mark.parametrize(
    ("environment", "color", "expected"),
    [
        ({}, None, True),
        ({"NO_COLOR": "1"}, None, False),
        ({"NO_COLOR": ""}, None, True),
        ({"TERM": "dumb"}, None, False),
        ({"NO_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "1"}, False, False),
    ],
)
def test_colour_on_a_terminal(environment: dict[str, str], color: bool | None, expected: bool) -> None:
    assert options_for(Terminal(), color, environment).color is expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "0"}, False), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colour_without_a_terminal(environment: dict[str, str], expected: bool) -> None:
    assert options_for(io.StringIO(), None, environment).color is expected


@pytest.mark.parametrize(("columns", "width"), [(20, 40), (97, 97), (300, 120)])
def test_the_width_is_that_of_the_terminal_within_reason(columns: int, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.get_terminal_size", lambda _: os.terminal_size((columns, 24)))
    assert options_for(Terminal()).width == width
    assert options_for(io.StringIO()).width == 80


def test_a_closed_stream_is_no_terminal() -> None:
    stream = io.StringIO()
    stream.close()
    assert not interface.is_terminal(stream)
    assert not interface.is_terminal(None)
