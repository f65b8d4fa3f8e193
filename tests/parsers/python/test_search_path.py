"""The folders of PATH, the names of commands, and the places of placeholders."""

import os

import pytest

from envcheck.parsers.python.search_path import file_names, is_macos_shim, is_store_alias, parse_search_path


@pytest.mark.skipif(os.pathsep != ":", reason="these are folders of POSIX")
def test_nothing_of_path_is_relative_or_twice() -> None:
    assert parse_search_path(":/a:.:b:/c:/a:") == ["/a", "/c"]


def test_commands_of_windows_have_suffixes() -> None:
    assert file_names("conda", "linux") == ["conda"]
    assert file_names("conda", "win32") == ["conda.exe", "conda.bat", "conda.cmd"]
    assert file_names("python.exe", "win32") == ["python.exe"]


def test_placeholders_are_known_by_their_places() -> None:
    assert is_macos_shim("/usr/bin/python3", "darwin")
    assert not is_macos_shim("/usr/bin/python3", "linux")
    assert not is_macos_shim("/usr/bin/ssh", "darwin")
    assert not is_macos_shim("/opt/homebrew/bin/python3", "darwin")
    assert is_store_alias(r"C:\Users\u\AppData\Local\Microsoft\WindowsApps\python.exe", "win32")
    assert not is_store_alias(r"C:\Users\u\AppData\Local\Microsoft\WindowsApps\PythonSoftwareFoundation.Python.3.11_q\python.exe", "win32")
