import io
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from envcheck.rendering.progress import ProgressView, doing, task_in_words

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("host", "looking at the machine"),
        ("import torch", "importing torch"),
        ("smoke:torch", "testing torch"),
        ("check data-loader of lab", "running the check data-loader of lab"),
        ("something new", "something new"),
        ("import \x1b[31m", r"importing \x1b[31m"),
    ],
)
def test_tasks_are_told_in_words(task: str, words: str) -> None:
    assert task_in_words(task) == words


def test_whoever_waits_long_is_told_how_long_and_for_what() -> None:
    running = {"disks": 9.5, "import torch": 4.0, "host": 9.9, "python": 9.8}
    assert doing(running, 10.0) == "importing torch (6 s), measuring the disks, 2 more"
    assert doing({}, 10.0) == ""


def test_without_a_terminal_nothing_is_shown() -> None:
    stream = io.StringIO()
    view = ProgressView(stream)
    view.start()
    view.tell("host", "started")
    view.tell("host", "ended")
    view.tell("never started", "ended")
    view.stop()
    assert stream.getvalue() == ""


def test_without_a_terminal_rich_is_not_even_imported() -> None:
    program = """
        import sys
        from envcheck.rendering.progress import progress_view
        with progress_view() as view:
            view.tell("host", "started")
        print([name for name in sys.modules if name.startswith("rich")])
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("term", "shown"), [("xterm", True), ("dumb", False)])
def test_on_a_real_terminal_the_line_is_shown_and_taken_away(term: str, shown: bool) -> None:
    import pty

    program = """
        import time
        from envcheck.rendering.progress import progress_view
        try:
            with progress_view() as view:
                view.tell("import torch", "started")
                time.sleep(0.4)
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            print("report")
    """
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": term}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs, env=environment, check=True
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            chunk = os.read(ours, 4096)
        except OSError:  # Linux says so at the end
            break
        if not chunk:
            break
        seen += chunk
    os.close(ours)
    assert done.stdout == b"report\n"
    assert (b"importing torch" in seen) is shown
    if shown:
        assert seen.rstrip().endswith((b"\x1b[2K", b"\x1b[?25h", b"\x1b[1A\x1b[2K"))
