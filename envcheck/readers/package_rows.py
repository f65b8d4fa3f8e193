"""Rows of pip's and conda's lists without their header or command, as grep leaves them.

What `conda search` offers looks the same and is not installed.
"""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.parsers.python.list_rows import ListRow, parse_pip_row
from envcheck.readers.builds import said_of_package
from envcheck.readers.interface import Text, with_short_gaps

_LONGEST = 200
_MOST_WORDS = 5
_NAME = r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,80})"
_VERSION = r"(?P<version>\d[\w.!]{0,40}(?:\+[\w.]{1,40})?)"
# pytorch                   2.5.1           py3.11_cuda12.1_cudnn9.1.0_0    pytorch: the build is what nothing else has
_CONDA = regex(
    rf"^\s*{_NAME}\s+{_VERSION}\s+(?P<build>[\w.]{{1,60}}_\d{{1,5}})(?:\s+\[\w{{1,30}}\])?(?:\s+(?P<channel>[A-Za-z][\w./-]{{2,100}}))?\s*$",
    words=("_",),
)
_FREEZE = regex(rf"^\s*{_NAME}=={_VERSION}\s*$", words=("==",))
_LIST = regex(rf"^\s*{_NAME}\s{{2,}}{_VERSION}\s*$")
# numpy (1.14.2), of pip before 10
_LEGACY = regex(rf"^\s*{_NAME} \({_VERSION}\)\s*$", words=(" (",))
# What stands around rows of a file that says what is to be installed: its name, or requirements that no list of installed packages has.
_FILE = regex(r"requirements[\w.-]{0,40}\.txt|install_requires|^\s*dependencies\b|^\s*-r \S|^\s*--(?:extra-)?index-url\b", re.IGNORECASE)
_OPEN = regex(r"^\s*[A-Za-z0-9][\w.-]{0,80}(?:\[[\w,-]{1,80}\])?\s*(?:>=|<=|~=|!=|[<>])\s*\d", words=("<", ">", "="))
_AROUND = 3  # lines
# pip's rows alone have no more than two words: so many of them in a row are a list.
_LEAST = {"conda": 1, "freeze": 2, "list": 3, "legacy": 3}


class PackageRowReader:
    """Reads what `pip freeze | grep` and `conda list | grep` leave."""

    name = "rows of package lists"

    def recognises(self, text: Text) -> bool:
        """There may be some in any text; whether there are enough rows of one shape in succession is seen on reading."""
        return bool(text.lines)

    def read(self, text: Text) -> Evidence:
        """Believed like a mention: a file of requirements looks the same. conda's build strings are printed by conda alone."""
        evidence = Evidence()
        for kind, rows in list(_runs(text)):
            text.taken.update(index for index, _ in rows)
            wanted = _is_search([row for _, row in rows]) if kind == "conda" else kind == "freeze" and _is_in_a_file(text, rows)
            if not wanted:
                for index, row in _each_once(rows, text):
                    evidence.claims += _claims(kind, row, index, text)
        if evidence.claims:
            evidence.observed["packages"] = "partial"
        return evidence


def _runs(text: Text) -> Iterator[tuple[str, list[tuple[int, ListRow]]]]:
    """Rows of one shape that follow each other, in lines that nobody has taken."""
    kind, rows = "", list[tuple[int, ListRow]]()
    known: dict[str, tuple[str, ListRow] | None] = {"": None}
    for index in range(len(text.lines) + 1):
        line = text.lines[index] if index < len(text.lines) and index not in text.taken else ""
        if line not in known:
            known[line] = _row(line)
        found = known[line]
        if found is not None and found[0] == kind:
            rows.append((index, found[1]))
            continue
        if kind and len(rows) >= _LEAST[kind]:
            yield kind, rows
        kind, rows = (found[0], [(index, found[1])]) if found is not None else ("", [])


def _each_once(rows: list[tuple[int, ListRow]], text: Text) -> Iterator[tuple[int, ListRow]]:
    """Without those that say what another one of the same place has said."""
    seen: set[tuple[ListRow, str]] = set()
    for index, row in rows:
        said = (row, text.places.get(index, ""))
        if said not in seen:
            seen.add(said)
            yield index, row


def _row(line: str) -> tuple[str, ListRow] | None:
    if len(line) > _LONGEST or not line.strip():
        return None
    # In words: torch==2.1.0    numpy  1.26.4    pytorch 2.5.1 py3.11_cuda12.1_cudnn9.1.0_0 pytorch    torch @ https://…
    words = line.split(maxsplit=_MOST_WORDS)
    begins = "==" in line if len(words) == 1 else words[1][0] == "(" or words[1][0].isdigit()
    if (len(words) > _MOST_WORDS or not begins) and " @ " not in line:
        return None
    line = with_short_gaps(line) if "   " in line else line
    for kind, pattern in (("conda", _CONDA), ("freeze", _FREEZE), ("list", _LIST), ("legacy", _LEGACY)):
        found = pattern.match(line)
        if found is not None:
            said = found.groupdict()
            return kind, ListRow(said["name"], said["version"], said.get("build"), said.get("channel"))
    direct = parse_pip_row(line) if " @ " in line else None
    return ("freeze", direct) if direct is not None else None


def _is_in_a_file(text: Text, rows: list[tuple[int, ListRow]]) -> bool:
    """Whether the rows are of a file of requirements: what somebody wants, not what is there."""
    first, last = rows[0][0], rows[-1][0]
    around = (*text.lines[max(0, first - _AROUND) : first], *text.lines[last + 1 : last + 1 + _AROUND])
    return any((_FILE.search(line[:_LONGEST]) and "pip freeze" not in line) or _OPEN.match(line[:_LONGEST]) for line in around)


def _is_search(rows: list[ListRow]) -> bool:
    """An environment has one build of a package; what is offered comes in several."""
    builds: dict[str, set[str]] = {}
    for row in rows:
        builds.setdefault(row.name, set()).add(f"{row.version} {row.build}")
    return any(len(offered) > 1 for offered in builds.values())


def _claims(kind: str, row: ListRow, index: int, text: Text) -> Iterator[Claim]:
    if row.version is None:
        return
    trust = Trust.PRINTED if kind == "conda" else Trust.MENTIONED
    for fact, value in said_of_package("conda" if kind == "conda" else "pip", row.name, row.version, row.build, row.channel):
        yield text.claim(fact, value, index, trust)
