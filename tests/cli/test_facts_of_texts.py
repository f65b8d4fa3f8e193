"""`envcheck facts FILE`: what was understood of a text, beside what is found on this machine."""

import json
from pathlib import Path
from typing import Any

TEXT = b"$ pip freeze\nnumpy==1.26.4\ntorch==2.5.1+cu124\n"


def test_a_text_gives_its_facts_with_their_lines(call: Any, tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_bytes(TEXT)
    for file, given in (("report.txt", b""), ("-", TEXT)):
        run = call("facts", file, cwd=tmp_path, text=given)
        facts = json.loads(run.out)
        assert (run.code, facts["live"], facts["schema"]) == (0, False, "envcheck/snapshot/1")
        assert facts["sources"]["packages[torch].version"].endswith("line 3")


def test_for_a_reader_they_stand_line_by_line(call: Any, tmp_path: Path) -> None:
    run = call("facts", "--format", "terminal", "-", cwd=tmp_path, text=TEXT)
    assert "line 3      packages[torch].version = 2.5.1+cu124" in run.out


def test_the_answer_says_how_to_see_it(call: Any, tmp_path: Path) -> None:
    run = call("diagnose", "-", cwd=tmp_path, text=TEXT)
    assert "facts --format terminal FILE" in run.out


def test_a_file_does_not_go_with_an_interpreter(call: Any, tmp_path: Path) -> None:
    assert call("facts", "-", "--python", "python3", cwd=tmp_path, text=TEXT).code == 2
    assert call("facts", "nothing-there.txt", cwd=tmp_path).code == 2


def test_saved_facts_are_printed_as_they_were(call: Any, tmp_path: Path) -> None:
    saved = call("facts", "-", cwd=tmp_path, text=TEXT).out
    assert call("facts", "-", cwd=tmp_path, text=saved.encode()).out == saved
