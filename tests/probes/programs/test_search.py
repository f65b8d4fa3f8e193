"""Where a program lies, in folders that are searched in their order."""

from pathlib import Path


def test_the_first_that_can_be_started_is_taken(probe, tmp_path: Path) -> None:
    folders = []
    for name, mode in (("empty", None), ("closed", 0o644), ("first", 0o755), ("second", 0o755)):
        folder = tmp_path / name
        folder.mkdir()
        folders.append(str(folder))
        if mode is not None:
            (folder / "tool").write_text("")
            (folder / "tool").chmod(mode)
    (tmp_path / "empty" / "tool").mkdir()
    search = probe("programs.search")
    assert search.find_program("tool", folders, "linux") == str(tmp_path / "first" / "tool")
    assert list(search.find_programs("tool", folders, "linux")) == [str(tmp_path / name / "tool") for name in ("first", "second")]
    assert search.find_program("other", folders, "linux") is None


def test_windows_has_suffixes(probe, tmp_path: Path) -> None:
    program = tmp_path / "tool.exe"
    program.write_text("")
    program.chmod(0o755)
    assert probe("programs.search").find_program("tool", [str(tmp_path)], "win32") == str(program)
