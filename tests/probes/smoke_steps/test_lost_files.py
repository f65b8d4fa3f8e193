"""Files that a distribution was installed with and that are gone, where an exception speaks of them."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Probe = Callable[[str], ModuleType]
FILES = ("tool/__init__.py", "tool/core.cpython-311-x86_64-linux-gnu.so", "tool/data/style.css", "tool/other.py", "tool/tests/test_a.py")
RECORD = [*FILES, "tool/__pycache__/other.cpython-311.pyc", "../../../bin/tool", "tool-1.2.dist-info/INSTALLER"]
OTHERS = "No module named 'tool.core'"


class Channel:
    def __init__(self) -> None:
        self.told: list[tuple[str, str, dict[str, str]]] = []

    def said(self, subject: str, text: str, details: dict[str, str]) -> None:
        self.told.append((subject, text, details))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages with one distribution, all of whose files are there."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    record(tmp_path, *RECORD)
    return tmp_path


def record(site: Path, *paths: str, distribution: str = "tool-1.2") -> None:
    folder = site / f"{distribution}.dist-info"
    folder.mkdir(exist_ok=True)
    (folder / "RECORD").write_text("".join(f"{path},sha256=abc,12\n" for path in paths))


def lost(probe: Probe, words: str, name: str = "tool") -> list[str]:
    channel = Channel()
    probe("smoke_steps.lost_files").tell_lost_files(channel, name, words)
    return [details["path"] for _, _, details in channel.told]


def test_a_whole_distribution_has_lost_nothing(probe: Probe, site: Path) -> None:
    assert lost(probe, f"ModuleNotFoundError: {OTHERS}") == []


def test_the_file_of_a_missing_module_is_told_with_its_distribution(probe: Probe, site: Path) -> None:
    (site / FILES[1]).unlink()
    channel = Channel()
    probe("smoke_steps.lost_files").tell_lost_files(channel, "user", f"ImportError: odd\nModuleNotFoundError: {OTHERS}")
    [(subject, text, details)] = channel.told
    assert (subject, details["distribution"], details["lost"], details["reason"]) == ("user", "tool 1.2", "1", "absent")
    assert details["library"] == f"{site}/{FILES[1]}"
    assert text == f"{FILES[1]} is in the list of the files that tool 1.2 was installed with, and is not there"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("tool/other.py", "cannot import name 'other' from partially initialized module 'tool' (most likely due to a circular import)"),
        ("tool/other.py", "partially initialized module 'tool' has no attribute 'other' (most likely due to a circular import)"),
        ("tool/core.cpython-311-x86_64-linux-gnu.so", "It appears that a folder `tool/core` was loaded in place of the extension"),
        ("tool/data/style.css", "FileNotFoundError: [Errno 2] No such file or directory: '/e/tool/data/style.css'"),
    ],
)
def test_other_words_name_a_file_as_well(probe: Probe, site: Path, file: str, words: str) -> None:
    (site / file).unlink()
    assert lost(probe, words) == [file]


def test_what_the_words_do_not_speak_of_is_no_reason(probe: Probe, site: Path) -> None:
    (site / "tool/other.py").unlink()
    assert lost(probe, "libcudart.so.12: cannot open shared object file: No such file or directory") == []


def test_others_are_told_after_it_without_tests_and_what_is_made_anew(probe: Probe, site: Path) -> None:
    for file in ("tool/other.py", "tool/tests/test_a.py", FILES[1], "tool/data/style.css"):
        (site / file).unlink()
    assert lost(probe, OTHERS) == [FILES[1], "tool/other.py"]


def test_of_many_a_few_are_named_and_all_are_counted(probe: Probe, site: Path) -> None:
    record(site, *(f"tool/inner/m{number}.py" for number in range(30)), "tool/inner/__init__.py")
    channel = Channel()
    probe("smoke_steps.lost_files").tell_lost_files(channel, "tool", "No module named 'tool.inner'")
    assert channel.told[0][2]["path"] == "tool/inner/__init__.py"
    assert len(channel.told) == 4
    assert {details["lost"] for _, _, details in channel.told} == {"31"}


def test_a_module_of_one_file_is_looked_for_in_its_own_distribution(probe: Probe, site: Path) -> None:
    record(site, "single.py", distribution="single-2.0")
    assert lost(probe, "ModuleNotFoundError: No module named 'single'") == ["single.py"]


@pytest.mark.skipif(os.name == "nt", reason="its paths are text")
def test_a_name_that_is_no_text_breaks_nothing(probe: Probe, site: Path) -> None:
    (site / "tool-1.2.dist-info" / "RECORD").write_bytes(b"tool/\xff.py,,\ntool/core.py,,\n\xfe")
    assert lost(probe, OTHERS) == ["tool/core.py", "tool/\\xff.py"]


def test_a_folder_without_lists_tells_nothing(probe: Probe, site: Path) -> None:
    (site / "tool-1.2.dist-info" / "RECORD").unlink()
    assert lost(probe, OTHERS) == []
