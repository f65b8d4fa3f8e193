"""Small programs whose answer is a bare word: `uname -m`, `arch`, `which python`, `python -V`; and the C library of `ldd --version`."""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

_LONGEST = 300
_PROMPT = r"(?:^|[$#%>!\u276f\u279c]\s{0,3}|^\+ )"
_MACHINE_ASKED = regex(_PROMPT + r"(?:uname -m|uname -p|uname --machine|arch|dpkg --print-architecture)\s*$")
_MACHINE = regex(r"^\s*(?P<machine>x86_64|aarch64|arm64|amd64|ppc64le|i[36]86|s390x|riscv64|armv7l|armhf)\s*$")
_WHICH = regex(
    _PROMPT + r"(?:which|where|whereis -b|command -v|type -p|type)(?: -a)? (?P<program>python[\d.]*|nvcc|nvidia-smi|java)(?:\.exe)?\s*$"
)
_PATH = regex(r"^\s*(?:\w{2,12} is )?(?P<path>(?:/|[A-Za-z]:\\)[^\s:*?\"<>|]{1,250})\s*$")
_PYTHON_ASKED = regex(_PROMPT + r"(?:\S{0,120}[/\\])?python[\d.]*(?:\.exe)? (?:-V|-VV|--version)\s*$")
_PYTHON = regex(r"^\s*Python (?P<version>[23]\.\d{1,2}\.\d{1,2}(?:(?:a|b|rc)\d{1,2})?\+?)(?: ::? .{1,60}| \(.{1,160})?\s*$")
# ldd (Ubuntu GLIBC 2.31-0ubuntu9.9) 2.31    ldd (GNU libc) 2.17    GNU C Library (…) stable release version 2.35.    glibc 2.31 (getconf)
_GLIBC = regex(
    r"^\s*(?:ldd \([^()\n]{3,60}\) (?P<ldd>2\.\d{1,3})|GNU C Library \([^()\n]{3,80}\) (?:stable|development)"
    r" release version (?P<libc>2\.\d{1,3})\b.*"
    r"|glibc (?P<getconf>2\.\d{1,3}))\s*$"
)
_MUSL = regex(r"^\s*musl libc \((?P<machine>\w{3,12})\)\s*$")
_MUSL_VERSION = regex(r"^\s*Version (?P<version>\d\.\d{1,2}\.\d{1,2})\s*$")
_CUDA_FOLDER = regex(r"^(?P<folder>/\S{0,200}/cuda-(?P<version>\d{1,2}\.\d{1,2}))/bin/nvcc$")


class AskedProgramReader:
    """Reads a question at a prompt with the answer in the next line."""

    name = "answers of small programs"

    def recognises(self, text: Text) -> bool:
        """By a question with an answer, or the words of a C library."""
        return any(True for _ in _claims(text, set()))

    def read(self, text: Text) -> Evidence:
        """Machine, Python, programs and the C library."""
        return Evidence(claims=list(_claims(text, text.taken)))


def _claims(text: Text, taken: set[int]) -> Iterator[Claim]:
    for index in text.with_words("uname", "arch", "which ", "where", "python", "command -v ", "type ", "libc", "ldd ("):
        line = text.lines[index].rstrip()
        if len(line) > _LONGEST or index in taken:
            continue
        yield from _of_library(line, index, text, taken)
        at = next((number for number in range(index + 1, min(index + 3, len(text.lines))) if text.lines[number].strip()), -1)
        if at >= 0 and len(text.lines[at]) <= _LONGEST and at not in taken:
            yield from _answer(line, text.lines[at], at, text, taken)


def _answer(line: str, answer: str, at: int, text: Text, taken: set[int]) -> Iterator[Claim]:
    machine = _MACHINE.match(answer) if _MACHINE_ASKED.search(line) else None
    python = _PYTHON.match(answer) if _PYTHON_ASKED.search(line) else None
    asked = _WHICH.search(line)
    path = _PATH.match(answer) if asked else None
    if machine:
        taken.add(at)
        yield text.claim("system.machine", {"amd64": "x86_64", "armhf": "armv7l"}.get(machine["machine"], machine["machine"]), at)
    elif python:
        taken.add(at)
        yield text.claim("python.version", python["version"], at)
    elif asked and path:
        taken.add(at)
        yield from _place(asked["program"], path["path"], at, text)


def _place(program: str, path: str, at: int, text: Text) -> Iterator[Claim]:
    if program.startswith("python"):
        if program != "python2":
            yield text.claim("python.executable", path, at)
        return
    yield text.claim(f"tools[{program}].path", path, at)
    folder = _CUDA_FOLDER.match(path)
    if folder:
        entry = {"path": folder["folder"], "version": folder["version"], "found_by": ["PATH"]}
        yield text.claim(f"toolkits[cuda@{folder['folder']}]", entry, at)


def _of_library(line: str, index: int, text: Text, taken: set[int]) -> Iterator[Claim]:
    glibc, musl = _GLIBC.match(line), _MUSL.match(line)
    if glibc:
        taken.add(index)
        yield text.claim("system.os", "Linux", index)
        yield text.claim("system.libc", f"glibc {glibc['ldd'] or glibc['libc'] or glibc['getconf']}", index)
    elif musl:
        version = _MUSL_VERSION.match(text.lines[index + 1][:_LONGEST]) if index + 1 < len(text.lines) else None
        taken.add(index)
        yield text.claim("system.os", "Linux", index)
        yield text.claim("system.libc", f"musl {version['version']}" if version else "musl", index)
