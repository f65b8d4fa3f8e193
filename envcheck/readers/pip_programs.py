"""The pip that a text calls by its bare name: where it lies, and which Python it installs for."""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

# pip 23.2.1 from /usr/lib/python3/dist-packages/pip (python 3.11)
_PIP = regex(r"^\s*pip \d[\w.]* from (?P<path>\S[^\n]{0,300}?) \(python (?P<version>\d\.\d{1,2})\)\s*$")
# `python -m pip --version` is that Python's own.
_OF_PYTHON = regex(r"python[\d.]*(?:\.exe)?[\"']? -m pip")
_CALLED = regex(r"(?:^|[$#%>!\u276f\u279c]\s{0,3})(?P<path>(?:[^\s$#%>!]{0,200}[/\\])?pip[\d.]*(?:\.exe)?) (?:-V|--version)\s*$")
_WHICH = regex(r"(?:^|[$#%>!\u276f\u279c]\s{0,3})(?:which|where|command -v|type -p|type)(?: -a)? pip[\d.]*(?:\.exe)?\s*$")
_PATH = regex(r"^\s*(?:\w{2,12} is )?(?P<path>(?:/|~/|[A-Za-z]:\\)[^\s:*?\"<>|]{0,250}[/\\]pip[\d.]{0,5}(?:\.exe)?)\s*$")
# The whole answer of pip check and of uv pip check where nothing is amiss
_MET = regex(r"^\s*(?:No broken requirements found\.|All installed packages are compatible)\s*$")
_MET_WORDS = ("no broken requirements found", "all installed packages are compatible")
_LONGEST = 500
_SMALL = 6  # lines of a text that is nothing but an answer


class PipProgramReader:
    """Reads pip's own word, the answer to `which pip`, and that of `pip check` where all is well."""

    name = "pip of PATH"

    def recognises(self, text: Text) -> bool:
        """By either."""
        return any(True for _ in _claims(text))

    def read(self, text: Text) -> Evidence:
        """One command, in as many parts as are told."""
        return Evidence(claims=list(_claims(text)))


def _claims(text: Text) -> Iterator[Claim]:
    for index in text.with_words(*_MET_WORDS):
        if _MET.match(text.lines[index][:_LONGEST]):
            yield text.claim("python.requirements_met", value=True, index=index)
    where = _place(text)
    for index in text.with_words(" from "):
        line = text.lines[index]
        said = _PIP.match(line) if len(line) <= _LONGEST else None
        above = _above(text, index)
        if said is None or _OF_PYTHON.search(above):
            continue
        called = _CALLED.search(above[-_LONGEST:])
        path = called["path"] if called and ("/" in called["path"] or "\\" in called["path"]) else ""
        program = path or (where[0] if where else called["path"] if called else "pip")
        yield text.claim("python.pip", {"executable": program, "location": said["path"], "version": said["version"]}, index)
        return
    if where:
        yield text.claim("python.pip", {"executable": where[0]}, where[1])


def _above(text: Text, index: int) -> str:
    return next((text.lines[at] for at in range(index - 1, max(-1, index - 3), -1) if text.lines[at].strip()), "")


def _place(text: Text) -> tuple[str, int] | None:
    small = sum(1 for line in text.lines if line.strip()) <= _SMALL
    for index in text.with_words("pip"):
        found = _PATH.match(text.lines[index]) if len(text.lines[index]) <= _LONGEST else None
        if found and (small or _WHICH.search(_above(text, index)[-_LONGEST:])):
            return found["path"], index
    return None
