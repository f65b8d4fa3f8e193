"""What pip warns of: folders that an interrupted installation left behind, and installed distributions whose metadata cannot be used."""

import re
from collections.abc import Iterator, Sequence

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

# WARNING: Ignoring invalid distribution -orch (c:\python310\lib\site-packages)    … ~umpy (/opt/venv/lib/python3.11/site-packages)
_INVALID = regex(r"WARNING: Ignoring invalid distribution (?P<name>[-~][\w.+-]{1,100})(?: \((?P<place>[^()\n]{1,300})\))?")
# Unable to compare versions for numpy>=1.17: need=1.17 found=None. This is unusual. Consider reinstalling numpy. (transformers)
_NO_VERSION = regex(r"Unable to compare versions for (?P<name>[A-Za-z0-9][\w.-]{0,80})\S{0,60}: need=\S{1,40} found=None\b")
# The package's contents are unknown: no RECORD file was found for numpy.            Cannot uninstall 'numpy', RECORD file not found.
# Cannot uninstall 'numpy'. (older) … A distribution that the system or conda brought has none either; pip names it in a hint below.
_NO_RECORD = regex(
    r"no RECORD file was found for (?P<new>[A-Za-z0-9][\w.-]{0,80}?)\.?\s*$"
    r"|Cannot uninstall '?(?P<old>[A-Za-z0-9][\w.-]{0,80}?)(?: \d[\w.+]{0,40})?'?, "
    r"RECORD file not found"
)
_BROUGHT = regex(r"The package was installed by (?!pip\b)\w+")
# WARNING: Error parsing dependencies of torch-tb: [Errno 2] No such file or directory: '/…/site-packages/torch_tb-0.4.dist-info/METADATA'
_UNREADABLE = regex(
    r"Error parsing dependencies of (?P<name>[A-Za-z0-9][\w.-]{0,80}): (?P<why>\[Errno \d{1,3}\][^\n]{0,80}|.{0,20}[Mm]etadata[^\n]{0,80}"
    r"|[Ii]nvalid version[^\n]{0,80}|[Nn]ot a valid version[^\n]{0,80})"
)
_WORDS = ("found=none", "record file", "error parsing dependencies of")
_MOST = 50
_LONGEST = 600


class PipWarningReader:
    """Reads the folders that pip passes over, each once."""

    name = "pip's warnings"

    def recognises(self, text: Text) -> bool:
        """By the warning's words."""
        return bool(text.with_words("ignoring invalid distribution", *_WORDS))

    def read(self, text: Text) -> Evidence:
        """A package that is torn, by the name of its folder: pip writes a tilde in place of the first letter, older ones a dash."""
        evidence = Evidence(claims=list(_broken(text)))
        seen: set[str] = set()
        for index in text.with_words("ignoring invalid distribution"):
            match = _INVALID.search(text.lines[index])
            if match is None:
                continue
            text.taken.add(index)
            folder = f"~{match['name'][1:]}"
            if folder in seen or len(seen) >= _MOST:
                continue
            seen.add(folder)
            package = {"state": "torn", "detail": f"left over from an interrupted removal: {folder}"}
            place = {"location": match["place"]} if match["place"] else {}
            evidence.claims.append(text.claim(f"packages[{folder.lower()}]", {"name": folder.lower(), **package, **place}, index))
        return evidence


def _broken(text: Text) -> Iterator[Claim]:
    """Distributions that are installed, and whose metadata lacks what is asked of it."""
    named: set[str] = set()
    for index in text.with_words(*_WORDS):
        line = text.lines[index]
        name, why = _complaint(line, text.lines[index + 1 : index + 4]) if len(line) <= _LONGEST else ("", "")
        if name and name not in named and len(named) < _MOST:
            named.add(name)
            yield text.claim(f"packages[{name}]", {"state": "broken", "detail": why}, index)


def _complaint(line: str, below: Sequence[str]) -> tuple[str, str]:
    """The distribution's normalised name and what is wrong with it; two empty words: nothing is."""
    version, record, unread = _NO_VERSION.search(line), _NO_RECORD.search(line), _UNREADABLE.search(line)
    if version:
        return _normal(version["name"]), "its metadata names no version"
    if record and not any(_BROUGHT.search(other) for other in below):
        return _normal(record["new"] or record["old"]), "it has no list of its files (RECORD)"
    return (_normal(unread["name"]), f"pip cannot read it: {unread['why'].strip()}") if unread else ("", "")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.rstrip(".")).lower()
