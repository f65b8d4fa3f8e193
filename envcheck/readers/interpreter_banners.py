"""Which Python spoke: the first line of an interactive session, what pip says of itself, and the names of the wheels that it fetches."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

_VERSION = r"(?P<version>[23]\.\d{1,2}\.\d{1,2}(?:(?:a|b|rc)\d{1,2})?\+?)"
# Python 3.10.6 (tags/v3.10.6:9c7b4bd, Aug  1 2022, 21:38:17) [MSC v.1932 32 bit (Intel)] on win32
_MICROSOFT = regex(
    rf"(?<![\d.]){_VERSION} [^\[\n]{{0,120}}\[MSC v\.\d{{3,5}} (?P<bits>32|64) bit \((?P<machine>Intel|AMD64|ARM64)\)\]", words=("[msc v.",)
)
# Python 3.9.18 (main, Aug 25 2023, 13:20:14) [GCC 11.2.0] on linux            … [Clang 14.0.6 ] on darwin
_OTHER = regex(
    rf"(?<![\d.]){_VERSION} [^\[\n]{{0,120}}\[(?:GCC|Clang)[^\]\n]{{0,80}}\](?: :: [^\n]{{0,60}}?)? on (?P<os>linux|darwin)\b",
    words=("[gcc", "[clang"),
)
# [Clang 10.0.0 ] :: Anaconda, Inc. on darwin, where the banner has two lines
_SECOND_LINE = regex(r"^\s*\[(?:GCC|Clang)[^\]\n]{0,80}\](?: :: [^\n]{0,60}?)? on (?P<os>linux|darwin)\s*$", words=("[gcc", "[clang"))
# pip 24.0 from C:\Python311-32\Lib\site-packages\pip (python 3.11)
_PIP = regex(r"^\s*pip \d[\w.]* from (?P<path>\S[^\n]{0,300}?) \(python (?P<version>\d\.\d{1,2})\)\s*$", words=("pip ",))
# Using cached numpy-1.24.4-cp38-cp38-win_amd64.whl.metadata (5.6 kB): it was chosen for this Python; an abi3 wheel is for many
_WHEEL = regex(
    r"^\s*(?:Downloading|Using cached) \S{1,300}?-cp3(?P<minor>\d{1,2})-cp3\d{1,2}t?m?-(?P<platform>[\w.]{3,120}?)\.whl", words=(".whl",)
)
# ('32bit', 'WindowsPE'), the answer of platform.architecture()
_ARCHITECTURE = regex(r"\(['\"](?P<bits>32|64)bit['\"], ['\"](?:WindowsPE|ELF)?['\"]\)", words=("bit'", 'bit"'))
# The installer for 32 bits puts its Python there: C:\Users\me\AppData\Local\Programs\Python\Python310-32\python.exe
_FOLDER = regex(r"\\Python(?P<major>3)(?P<minor>\d{1,2})-32\\", re.IGNORECASE, words=("-32\\",))
# sys.version, wherever it is printed: 3.8.10 (default, Nov 14 2022, 12:59:47)        3.12.9 | packaged by conda-forge | (main, Mar  4 …
_SYS_VERSION = regex(
    rf"(?<![\d.]){_VERSION} (?:\|[^|\n]{{1,60}}\| ?)?\((?:[\w./:+-]{{1,60}}, )[A-Z][a-z]{{2}} [ \d]\d 20\d\d, \d\d:\d\d:\d\d\)",
    words=(" 20",),
)
_HINTS = ("(main", "(default", "(tags/", "| packaged by", "msc v.", "[gcc", "[clang", "pip ", ".whl", "bit'", 'bit"', "-32\\")
_LONGEST = 600
_SYSTEMS = (("win", "Windows"), ("manylinux", "Linux"), ("musllinux", "Linux"), ("macosx", "Darwin"))


class InterpreterBannerReader:
    """Reads what interpreters and pip print of the Python that runs them."""

    name = "Python's own lines"

    def recognises(self, text: Text) -> bool:
        """By one such line."""
        return any(True for _ in _claims(text))

    def read(self, text: Text) -> Evidence:
        """The version, whether it has 32 or 64 bits, and the system."""
        return Evidence(claims=list(_claims(text)))


def _claims(text: Text) -> Iterator[Claim]:
    for index in text.with_words(*_HINTS):
        line = text.lines[index]
        if len(line) <= _LONGEST and index not in text.taken:
            yield from (text.claim(fact, value, index) for fact, value in _facts(line))
            pip = _PIP.match(line)
            if pip:  # what pip is called by its bare name may be another Python's
                yield text.claim("python.version", pip["version"], index, Trust.PRINTED if _is_asked(text, index) else Trust.MENTIONED)


def _facts(line: str) -> Iterator[tuple[str, object]]:
    microsoft, other = _MICROSOFT.search(line), _OTHER.search(line)
    if microsoft:
        yield "python.version", microsoft["version"]
        yield "python.bits", int(microsoft["bits"])
        yield "system.os", "Windows"
        if microsoft["bits"] == "64":
            yield "system.machine", microsoft["machine"]
    elif other:
        yield "python.version", other["version"]
        yield "system.os", "Linux" if other["os"] == "linux" else "Darwin"
    elif below := _SECOND_LINE.match(line):
        yield "system.os", "Linux" if below["os"] == "linux" else "Darwin"
    elif spoken := _SYS_VERSION.search(line):
        yield "python.version", spoken["version"]
    wheel = _WHEEL.match(line)
    if wheel:
        yield "python.version", f"3.{wheel['minor']}"
        yield from ((("system.os", system)) for prefix, system in _SYSTEMS if wheel["platform"].startswith(prefix))
    architecture, folder = _ARCHITECTURE.search(line), _FOLDER.search(line)
    if architecture:
        yield "python.bits", int(architecture["bits"])
    if folder:
        yield "python.bits", 32
        yield "system.os", "Windows"


def _is_asked(text: Text, index: int) -> bool:
    """Whether the line is the answer to `python -m pip --version`."""
    return any("-m pip" in text.lines[at] for at in range(max(0, index - 2), index))
