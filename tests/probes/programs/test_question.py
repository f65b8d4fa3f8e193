"""One program that is asked: what it says, how it ends, and what is told where it does not."""

import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs of the test are shell scripts")


@pytest.fixture
def script(tmp_path: Path):
    def script(text: str) -> str:
        path = tmp_path / "program"
        path.write_text("#!/bin/sh\n" + text + "\n")
        path.chmod(0o755)
        return str(path)

    return script


@pytest.fixture
def ask(probe, script):
    """Asks a script within a deadline."""
    question = probe("programs.question")

    def ask(text: str, deadline_s: float = 8.0, **options):
        return question.Question((script(text),), deadline_s, **options).wait()

    return ask


def test_words_and_complaints_are_one_or_two(ask) -> None:
    together = ask("echo one; echo two >&2")
    assert (sorted(bytes(together.words).split()), bytes(together.complaints)) == ([b"one", b"two"], b"")
    apart = ask("echo one; echo two >&2", apart=True)
    assert (bytes(apart.words), bytes(apart.complaints)) == (b"one\n", b"two\n")


def test_a_program_that_ended_is_in_no_trouble_however_it_ended(ask) -> None:
    good, bad = ask("echo well"), ask("echo; echo '  no device  '; exit 3")
    assert (good.status, good.trouble(), bad.status, bad.trouble()) == (0, None, 3, None)
    assert good.bad_end("well")[0] == "unparsable"
    assert bad.bad_end("\n  no device \n") == ("crashed", f"{bad.program} ended with status 3: no device")
    assert bad.bad_end("  \n")[1].endswith("it printed nothing")


def test_a_program_that_hangs_is_ended_with_what_it_said(ask) -> None:
    begun = time.monotonic()
    question = ask("echo first; exec sleep 60", deadline_s=0.5)
    assert question.trouble() == ("timed_out", f"{question.program} did not answer within 0.5 s")
    assert bytes(question.words) == b"first\n"
    assert time.monotonic() - begun < 30


def test_what_cannot_be_started_says_why(probe, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("no program")
    reason, words = probe("programs.question").Question((str(text),), 5.0).wait().trouble()
    assert reason == "crashed"
    assert words.startswith(str(text) + ": ")


def test_what_is_printed_without_end_is_cut(ask) -> None:
    question = ask("while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done", most_bytes=10_000)
    assert question.status == 0
    assert 10_000 <= len(question.words) < 20_000


def test_no_program_speaks_the_users_language(ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert bytes(ask('echo "$LC_ALL $TERM"').words) == b"C dumb\n"


def test_a_programs_words_are_text_whatever_they_are(probe) -> None:
    question = probe("programs.question")
    assert question.as_text(bytearray(b"\xff ok")) == "\\xff ok"
    assert question.first_line("\n \n  x" + "y" * 300) == "x" + "y" * 199
    assert question.first_line(" \n") == ""
