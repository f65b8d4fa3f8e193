"""Which program a console script starts: `pip`, `jupyter` and their kind are small launchers around one interpreter."""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

# Windows launchers are about 100 KB with their archive; uv's are 50 KB.
MAX_BYTES = 2 * 2**20
_HEAD = 4096
# A word of a shell, quoted or plain, without anything that the shell would have to work out.
_WORD = r"""(?:"(?P<{0}d>[^"$`\n]+)"|'(?P<{0}s>[^'\n]+)'|(?P<{0}p>[^\s"'$`;&|]+))"""
_TRAMPOLINE = regex(r"^'''exec' +" + _WORD.format("a"), re.MULTILINE)
_EXEC = regex(r"""^\s*exec +(?:-a +(?:"[^"]*"|\S+) +)?""" + _WORD.format("b"), re.MULTILINE)
# uv's relocatable scripts look beside themselves: '''exec' "$(dirname -- "$(realpath -- "$0")")"/'python' "$0" "$@"
_BESIDE = regex(r"""^'''exec' +"\$\(dirname .*?\)"/'(?P<name>[^'/\n]+)'""", re.MULTILINE)


def parse_script_program(head: str) -> str | None:
    """The program that a script is run by: an absolute path, a bare name of PATH, "./name" for one beside the script, or None.

    #!/home/u/.venv/bin/python3.11          #!/usr/bin/env python3          #!/usr/bin/env -S python3 -s
    #!/bin/sh                               where the path is too long for a shebang, or has a blank in it:
    '''exec' "/long path/bin/python" "$0" "$@"
    #!/bin/sh
    exec /usr/local/cuda-13.0/bin/nvcc "$@"
    """
    text = head[:_HEAD]
    if not text.startswith("#!"):
        return None
    line = text[2:].partition("\n")[0].strip()
    program, _, rest = line.partition(" ") if not line.startswith('"') else line[1:].partition('"')
    name = _name(program)
    if name == "env":
        words = [word for word in rest.split() if word != "-S" and "=" not in word]
        program = words[0] if words else ""
        name = _name(program)
    if name in ("sh", "bash", "dash", "zsh", "ksh"):
        return _of_shell(text)
    # A shebang may have a blank in its path after all: macOS takes it, and pip writes it into Windows launchers.
    if name and not rest.startswith("-") and _name(line).startswith(("python", "pypy")) and not name.startswith(("python", "pypy")):
        return line.strip('"')
    return program or None


def _of_shell(text: str) -> str | None:
    beside = _BESIDE.search(text)
    if beside:
        return "./" + beside["name"]
    match = _TRAMPOLINE.search(text) or _EXEC.search(text)
    if match is None:
        return None
    return next(word for word in match.groups() if word)


def _name(path: str) -> str:
    return re.split(r"[/\\]", path)[-1].lower()


def parse_windows_program(data: bytes) -> str | None:
    r"""The interpreter that a launcher (`pip.exe`) starts, from its trailing bytes; a relative one lies beside the launcher.

    MZ… `#!C:\Users\u\.venv\Scripts\python.exe\r\n` PK…        pip's and setuptools', before the archive
    MZ… PK… `C:\Users\u\.venv\Scripts\python.exe` 39 0 0 0 `UVSC`    uv's: the path, its length, a mark
    """
    if data[-4:] in (b"UVSC", b"UVPY"):
        length = int.from_bytes(data[-8:-4], "little")
        path = data[-8 - length : -8] if 0 < length < 32768 else b""
        return path.decode("utf-8", "replace") or None
    end = data.rfind(b"PK\x05\x06")
    if data[:2] != b"MZ" or end < 0:
        return None
    # The end record tells the size of the archive's directory and its offset from the archive's start.
    size, offset = (int.from_bytes(data[end + at : end + at + 4], "little") for at in (12, 16))
    start = end - size - offset
    begin = data.rfind(b"#!", 0, max(start, 0) or end)
    if begin < 0:
        return None
    line = data[begin:end].split(b"\n", 1)[0]
    return parse_script_program(line.decode("utf-8", "replace"))
