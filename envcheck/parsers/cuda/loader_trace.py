"""The trace that glibc's loader prints with LD_DEBUG=libs, files or all: which file it took for each library, and by which path."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from envcheck.parsers.expression import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONGEST = 20_000
# The number of the process stands before each line; people cut it off, and the programs' own lines stand between.
_LINE = regex(r"^\s*(?:\d{1,10}:)?\s*(?P<rest>(?:file=|find library=|search (?:path|cache)=|trying file=|calling init: )\S.*?)\s*$")
_LIBRARY = regex(r"find library=(?P<name>[^\s\[;]+)")
_NEEDED_BY = regex(r"file=(?P<name>[^\s\[;]+)(?: \[\d+\])?;\s+needed by (?P<by>\S+)")
_MAPPED = regex(r"file=(?P<name>[^\s\[;]+)(?: \[\d+\])?;\s+generating link map")
_TRYING = regex(r"trying file=(?P<path>/\S+)$")
_CALLED = regex(r"calling init: (?P<path>/\S+)$")
# (LD_LIBRARY_PATH)   (RPATH from file …)   (RUNPATH from file …)   (system search path)
_SEARCH_END = regex(r"\((?P<by>LD_LIBRARY_PATH|R(?:UN)?PATH from file [^)]{1,1000}|system search path)\)$")


class Taken(NamedTuple):
    """A file that the loader took; `by` is the path it was found on, `needed_by` the library or program that asked for it."""

    line: int
    name: str
    path: str
    by: str = ""
    needed_by: str = ""


class _Search:
    """A search that goes on: what is looked for, by which path, and the file that was tried last."""

    __slots__ = ("by", "line", "name", "tried")

    def __init__(self, name: str) -> None:
        self.name = name
        self.line = 0
        self.by = ""
        self.tried = ""


def parse_loader_trace(lines: Iterable[str]) -> Iterator[Taken]:
    """Each search that came to an end with a file.

    4711:	file=libnvJitLink.so.12 [0];  needed by /v/lib/…/nvidia/cusparse/lib/libcusparse.so.12 [0]
    4711:	find library=libnvJitLink.so.12 [0]; searching
    4711:	 search path=/usr/local/cuda-12.1/lib64		(LD_LIBRARY_PATH)
    4711:	  trying file=/usr/local/cuda-12.1/lib64/libnvJitLink.so.12
    4711:
    4711:	file=libnvJitLink.so.12 [0];  generating link map
    """
    needed_by: dict[str, str] = {}
    search: _Search | None = None
    for index, line in enumerate(lines):
        found = _LINE.match(line) if len(line) < _LONGEST else None
        if found is None:
            continue
        rest = found["rest"]
        if search is not None and rest.startswith(("file=", "find library=", "calling init: ")):
            if search.tried and _succeeded(search, rest):
                yield Taken(search.line, search.name, search.tried, search.by, needed_by.get(search.name, ""))
            search = None
        if (asked := _NEEDED_BY.match(rest)) is not None:
            needed_by[asked["name"]] = asked["by"]
        elif (looked := _LIBRARY.match(rest)) is not None:
            search = _Search(looked["name"])
        elif search is not None and rest.startswith("search "):
            end = _SEARCH_END.search(rest)
            search.by, search.tried = (end["by"].partition(" ")[0] if end is not None else "", "")
        elif search is not None and (tried := _TRYING.match(rest)) is not None:
            search.tried, search.line = tried["path"], index
    if search is not None and search.tried and _succeeded(search, ""):
        yield Taken(search.line, search.name, search.tried, search.by, needed_by.get(search.name, ""))


def _succeeded(search: _Search, following: str) -> bool:
    """Whether the last file that was tried is the one: the loader says so, or went no further though it had places left to look."""
    mapped, called = _MAPPED.match(following), _CALLED.match(following)
    if mapped is not None:
        return mapped["name"] == search.name
    if called is not None and called["path"] == search.tried:
        return True
    return search.by != "system"
