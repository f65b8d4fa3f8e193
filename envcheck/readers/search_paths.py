"""Where a Python looks for modules: `python -m site`, and `sys.path` as it is printed, over one line or many."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.parsers.python.prefixes import is_of_user, kind_of, packages_folder, prefix_of_packages
from envcheck.readers.interface import Text

# ['', '/usr/lib/python310.zip', '/usr/lib/python3.10', …          sys.path = [          '/usr/lib/python312.zip',
_ZIP = regex(r"^(?P<place>[^\n]{0,400}?)[/\\]python(?P<major>3)(?P<minor>\d{1,2})t?\.zip$", re.IGNORECASE)
_ENTRY = regex(r"(?P<quote>['\"])(?P<path>[^'\"\n]{0,500})(?P=quote)")
_ONLY_ENTRY = regex(r"^\s*\[?\s*(?:['\"][^'\"\n]{0,500}['\"]\s{0,4},?\s{0,4}){1,60}\]?\s*$")
# One below the other, as a loop prints them.
_BARE = regex(r"^\s*(?P<path>(?:/|[A-Za-z]:\\)[^\n'\"]{1,400}?)\s*$")
# The line of `python -m site`: USER_SITE: '/home/ana/.local/lib/python3.12/site-packages' (exists)
_USER_SITE = regex(r"^\s*USER_SITE: ['\"](?P<path>[^'\"\n]{1,500})['\"] \((?P<state>exists|doesn't exist)\)")
_ENABLED = regex(r"^\s*ENABLE_USER_SITE: (?P<enabled>True|False|None)\s*$")
_LONGEST, _MOST_LINES = 20_000, 80


class _Path(NamedTuple):
    """One `sys.path`: the entries above that of the standard library's archive, the folder of the archive, and the entries below."""

    before: tuple[str, ...]
    archive: str
    minor: int
    below: tuple[str, ...]
    line: int


class SearchPathReader:
    """Reads the first such path, and what `python -m site` says of the user's own folder."""

    name = "sys.path"

    def recognises(self, text: Text) -> bool:
        """By the archive of the standard library, which stands in every path though it is nowhere, or by the words of `site`."""
        return bool(text.with_words(".zip", "user_site:"))

    def read(self, text: Text) -> Evidence:
        """Version, prefixes, the folders of packages, the entries of PYTHONPATH, the user's own folder."""
        path = _find(text)
        claims = list(_user_site(text))
        if path is not None:
            has_user = any(claim.fact == "python.user_site.enabled" for claim in claims)
            claims += [text.claim(fact, value, path.line) for fact, value in _facts(path, user_is_told=has_user)]
        return Evidence(claims=claims)


def _find(text: Text) -> _Path | None:
    for index in text.with_words(".zip"):
        entries, first, last = _around(text, index)
        for number, entry in enumerate(entries):
            archive = _ZIP.match(entry)
            if archive and len(entries) > number + 1:
                text.taken.update(range(first, last + 1))
                return _Path(tuple(entries[:number]), archive["place"], int(archive["minor"]), tuple(entries[number + 1 :]), first)
    return None


def _around(text: Text, index: int) -> tuple[list[str], int, int]:
    """The entries of the lines around that one which are nothing but entries."""
    of = _entries if _entries(text.lines[index]) else _bare
    first = last = index
    while first > 0 and index - first < _MOST_LINES and of(text.lines[first - 1]):
        first -= 1
    while last + 1 < len(text.lines) and last - index < _MOST_LINES and of(text.lines[last + 1]):
        last += 1
    return [entry for line in text.lines[first : last + 1] for entry in of(line)], first, last


def _entries(line: str) -> list[str]:
    if len(line) > _LONGEST or not _ONLY_ENTRY.match(line):
        return _after_label(line) if len(line) <= _LONGEST else []
    return [found["path"].replace("\\\\", "\\") for found in _ENTRY.finditer(line)]


def _after_label(line: str) -> list[str]:
    """`sys.path: ['', '/usr/lib/python310.zip', …]` on one line, behind a label of whoever printed it."""
    start = line.find("['") if line.find("['") >= 0 else line.find('["')
    if start < 0 or ".zip" not in line or not _ONLY_ENTRY.match(line[start:]):
        return []
    return [found["path"].replace("\\\\", "\\") for found in _ENTRY.finditer(line[start:])]


def _bare(line: str) -> list[str]:
    found = _BARE.match(line) if len(line) < 500 else None
    return [found["path"]] if found else []


def _user_site(text: Text) -> Iterator[Claim]:
    for index in text.with_words("user_site:"):
        line = text.lines[index][:600]
        site, enabled = _USER_SITE.match(line), _ENABLED.match(line)
        if site:
            yield text.claim("python.user_site.path", site["path"].replace("\\\\", "\\"), index)
        elif enabled:
            yield text.claim("python.user_site.enabled", enabled["enabled"] == "True", index)


def _facts(path: _Path, *, user_is_told: bool) -> Iterator[tuple[str, object]]:
    yield "python.version", f"3.{path.minor}"
    windows = path.archive[1:2] == ":"
    if windows:
        yield "system.os", "Windows"
    base = path.archive if windows else path.archive.rpartition("/")[0]
    yield "python.base_prefix", base
    # What stands before it, save the program's own folder, comes from PYTHONPATH.
    before = [entry for number, entry in enumerate(path.before) if entry and (number or packages_folder(entry) == entry)]
    yield "python.python_path", before
    own = [entry for entry in path.below if packages_folder(entry) and not is_of_user(entry)]
    users = [entry for entry in path.below if packages_folder(entry) and is_of_user(entry)]
    yield "python.site_folders", own
    prefixes = [prefix for entry in own if (prefix := prefix_of_packages(entry)) is not None]
    others = [prefix for prefix in prefixes if prefix.lower() != base.lower() and kind_of(prefix) != "system"]
    yield "python.prefix", (others or [base])[0]
    yield "python.environment", kind_of(base) if not others else "venv"
    if users:
        yield "python.user_site.path", packages_folder(users[0])
    if not user_is_told:
        yield "python.user_site.enabled", bool(users)
