"""Launchers of console scripts, as pip, distlib, setuptools and uv write them."""

import io
import zipfile

import pytest

from envcheck.parsers.python.launchers import parse_script_program, parse_windows_program


@pytest.mark.parametrize(
    ("head", "program"),
    [
        ("#!/home/u/.venv/bin/python3.11\nimport re\n", "/home/u/.venv/bin/python3.11"),
        ("#! /usr/bin/python3 -s\n", "/usr/bin/python3"),
        ("#!/usr/bin/env python3\n", "python3"),
        ("#!/usr/bin/env -S python3 -I\n", "python3"),
        ("#!/usr/bin/env -S X=1 python3\n", "python3"),
        ("#!/usr/bin/env\n", None),
        ("#!/bin/sh\n'''exec' \"/a very long/path/bin/python\" \"$0\" \"$@\"\n' '''\nimport re\n", "/a very long/path/bin/python"),
        ("#!/bin/sh\n'''exec' /plain/python \"$0\" \"$@\"\n' '''\n", "/plain/python"),
        ("#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'python' \"$0\" \"$@\"\n' '''\n", "./python"),
        ('#!/bin/sh\nexec /usr/local/cuda-13.0/bin/nvcc "$@"\n', "/usr/local/cuda-13.0/bin/nvcc"),
        ('#! /nix/store/x-bash/bin/bash -e\nPATH=x\nexec -a "$0" "/nix/store/y/bin/.pip-wrapped" "$@"\n', "/nix/store/y/bin/.pip-wrapped"),
        ('#!/bin/bash\nexec "$HOME/bin/python" "$@"\n', None),
        ("#!/bin/sh\necho hello\n", None),
        ("#!/Users/u/My Env/bin/python\n", "/Users/u/My Env/bin/python"),
        ("import sys\n", None),
        ("", None),
        ("#!", None),
    ],
)
def test_a_script_tells_the_program_that_runs_it(head: str, program: str | None) -> None:
    assert parse_script_program(head) == program


def launcher(shebang: bytes, *, before: bytes = b"MZ" + b"\0#!\0" * 300) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("__main__.py", "#!not this one\nimport sys\n")
    return before + shebang + archive.getvalue()


@pytest.mark.parametrize(
    ("shebang", "program"),
    [
        (rb"#!C:\Users\u\.venv\Scripts\python.exe" + b"\r\n", r"C:\Users\u\.venv\Scripts\python.exe"),
        (rb'#!"C:\Users\My Name\.venv\Scripts\python.exe"' + b"\r\n", r"C:\Users\My Name\.venv\Scripts\python.exe"),
        (rb"#!C:\Program Files\Python311\python.exe" + b"\n", r"C:\Program Files\Python311\python.exe"),
    ],
)
def test_a_windows_launcher_tells_its_interpreter_before_its_archive(shebang: bytes, program: str) -> None:
    assert parse_windows_program(launcher(shebang)) == program


def test_uvs_launcher_tells_it_at_its_end() -> None:
    path = r"C:\Users\ü\.venv\Scripts\python.exe".encode()
    data = launcher(b"") + path + len(path).to_bytes(4, "little") + b"UVSC"
    assert parse_windows_program(data) == r"C:\Users\ü\.venv\Scripts\python.exe"


@pytest.mark.parametrize("data", [b"", b"MZ", b"MZ" * 500, b"\xff\xff\xff\xffUVSC", b"MZPK\x05\x06", b"MZ#!x\nPK\x05\x06" + b"\xff" * 18])
def test_what_is_no_launcher_tells_nothing_or_harmless_words(data: bytes) -> None:
    assert parse_windows_program(data) in (None, "x")
