"""Small programs whose answer is a bare word: `uname -m`, `arch`, `which python`, `python -V`; and the C library of `ldd --version`."""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.readers import reported_values as values
from envcheck.readers.interface import Text

_LONGEST = 300
# One of these stands in every answer that is read without its question.
_MACHINES = ("64 64", "64 32", "le 64", "le 32", "86 64", "86 32", "7l 64", "7l 32", "linux ", "darwin ", "linux-", "windows-1")
_QUESTIONS = ("uname", "arch", "which ", "where", "command -v ", "type ", " -v", " --version", "glibc", "musl", "gnu c library", "ldd (")
_PROMPT = r"(?:^|[$#%>!\u276f\u279c]\s{0,3}|^\+ )"
_MACHINE_ASKED = regex(_PROMPT + r"(?:uname -m|uname -p|uname --machine|arch|dpkg --print-architecture)\s*$", words=("uname", "arch"))
_MACHINE = regex(
    r"^\s*(?P<machine>x86_64|aarch64|arm64|amd64|ppc64le|i[36]86|s390x|riscv64|armv7l|armhf)\s*$", words=("64", "86", "s390x", "arm")
)
_WHICH = regex(
    _PROMPT + r"(?:which|where|whereis -b|command -v|type -p|type)(?: -a)? (?P<program>python[\d.]*|nvcc|nvidia-smi|java)(?:\.exe)?\s*$",
    words=("which ", "where", "command -v ", "type "),
)
_PATH = regex(r"^\s*(?:\w{2,12} is )?(?P<path>(?:/|[A-Za-z]:\\)[^\s:*?\"<>|]{1,250})\s*$", words=("/", ":\\"))
_PYTHON_ASKED = regex(_PROMPT + r"(?:\S{0,120}[/\\])?python[\d.]*(?:\.exe)? (?:-V|-VV|--version)\s*$", words=(" -v", " --version"))
_PYTHON = regex(
    r"^\s*Python (?P<version>[23]\.\d{1,2}\.\d{1,2}(?:(?:a|b|rc)\d{1,2})?\+?)(?: ::? .{1,60}| \(.{1,160})?\s*$", words=("python ",)
)
# ldd (Ubuntu GLIBC 2.31-0ubuntu9.9) 2.31    ldd (GNU libc) 2.17    GNU C Library (…) stable release version 2.35.    glibc 2.31 (getconf)
# Linux x86_64 (uname -sm)            Darwin arm64
_SYSTEM_AND_MACHINE = regex(
    r"^\s*(?P<os>Linux|Darwin) (?P<machine>x86_64|aarch64|arm64|ppc64le|i[36]86|armv7l|s390x|riscv64)\s*$", words=("linux ", "darwin ")
)
# 3.13.1 AMD64 32: version, machine and bits, as one line of Python prints them
_VERSION_MACHINE_BITS = regex(
    r"^\s*(?P<version>3\.\d{1,2}\.\d{1,2}(?:(?:a|b|rc)\d{1,2})?\+?)"
    r" (?P<machine>x86_64|AMD64|arm64|ARM64|aarch64|ppc64le|i[36]86|armv7l|x86)"
    r" (?P<bits>32|64)\s*$",
    words=(" 32", " 64"),
)
# Linux-5.15.0-105-generic-x86_64-with-glibc2.35            Windows-10-10.0.19045-SP0: the answer of platform.platform() by itself
_PLATFORM = regex(
    r"^\s*(?P<platform>(?:Linux-\d[\w.+~-]{3,120}-with-(?:glibc|libc|musl|debian|Ubuntu|centos|redhat)[\w.-]{0,30}|Windows-\d{1,2}-10\.0\.\d{4,6}-SP\d))\s*$",
    words=("linux-", "windows-"),
)
# /home/ana/venv/bin/python: the answer to `which python`, where the text is nothing else
_INTERPRETER = regex(
    r"^\s*(?P<path>(?:/[^\s:*?\"<>|]{0,250}/bin/python[\d.]{0,5}|[A-Za-z]:\\[^\n:*?\"<>|]{0,250}\\python\.exe))\s*$",
    words=("/bin/python", "\\python.exe"),
)
_SMALL = 4
_GLIBC = regex(
    r"^\s*(?:ldd \([^()\n]{3,60}\) (?P<ldd>2\.\d{1,3})|GNU C Library \([^()\n]{3,80}\) (?:stable|development)"
    r" release version (?P<libc>2\.\d{1,3})\b.*"
    r"|glibc (?P<getconf>2\.\d{1,3}))\s*$",
    words=("ldd (", "gnu c library", "glibc"),
)
_MUSL = regex(r"^\s*musl libc \((?P<machine>\w{3,12})\)\s*$", words=("musl",))
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
    small = len(text.lines) <= _SMALL or sum(1 for line in text.lines if line.strip()) <= _SMALL
    for index in text.with_words(*_QUESTIONS, *_MACHINES, *(("python",) if small else ())):
        line = text.lines[index].rstrip()
        if len(line) > _LONGEST or index in taken:
            continue
        yield from _of_library(line, index, text, taken)
        yield from _by_itself(line, index, text, taken, small=small)
        at = next((number for number in range(index + 1, min(index + 3, len(text.lines))) if text.lines[number].strip()), -1)
        if at >= 0 and len(text.lines[at]) <= _LONGEST and at not in taken:
            yield from _answer(line, text.lines[at], at, text, taken)


def _by_itself(line: str, index: int, text: Text, taken: set[int], *, small: bool) -> Iterator[Claim]:
    """Answers that nothing else looks like, so that no question is needed above them."""
    system, triple, platform = _SYSTEM_AND_MACHINE.match(line), _VERSION_MACHINE_BITS.match(line), _PLATFORM.match(line)
    facts: list[tuple[str, object]] = []
    if system:
        facts = [("system.os", system["os"]), ("system.machine", system["machine"])]
    elif triple:
        facts = [("python.version", triple["version"]), ("system.machine", triple["machine"]), ("python.bits", int(triple["bits"]))]
    elif platform:
        facts = list(values.platform(platform["platform"]))
    elif small and (path := _INTERPRETER.match(line)):
        facts = [("python.executable", path["path"])]
    if facts:
        taken.add(index)
    yield from (text.claim(fact, value, index) for fact, value in facts)


def _answer(line: str, answer: str, at: int, text: Text, taken: set[int]) -> Iterator[Claim]:
    machine, python, path = _MACHINE.match(answer), _PYTHON.match(answer), _PATH.match(answer)
    machine = machine if machine and _MACHINE_ASKED.search(line) else None
    python = python if python and _PYTHON_ASKED.search(line) else None
    asked = _WHICH.search(line) if path else None
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
