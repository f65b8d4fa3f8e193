"""Editing the rows of a table of knowledge in its text, so that comments, order and everything that is not changed stay as they are."""

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Value = str | int | bool | list[str]
Row = dict[str, Value]

_HEAD = re.compile(r"\[\[([A-Za-z0-9_]+)\]\]\s*")
_BOOKKEEPING = ("confidence", "reservation", "source", "checked")


@dataclass(frozen=True)
class _Block:
    """The lines of one row: from its `[[name]]` to the line before the next row's comment."""

    name: str
    start: int
    end: int


class TomlRows:
    """The text of one table; rows of an array are counted from its first."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._parse()

    def _parse(self) -> None:
        self.arrays: dict[str, list[Row]] = tomllib.loads(self.text)
        self._lines = self.text.splitlines()
        starts = [(number, found[1]) for number, line in enumerate(self._lines) if (found := _HEAD.fullmatch(line))]
        ends = [self._above(number) for number, _ in starts[1:]] + [len(self._lines)]
        self._blocks = [_Block(name, number, end) for (number, name), end in zip(starts, ends, strict=True)]

    def _above(self, start: int) -> int:
        """The first of the comment lines that stand directly above a row and belong to it."""
        while start > 0 and self._lines[start - 1].startswith("#"):
            start -= 1
        return start

    def rows(self, array: str) -> list[Row]:
        """The rows of an array, in order."""
        return self.arrays.get(array, [])

    def change(self, array: str, number: int, values: Mapping[str, Value]) -> None:
        """Sets fields of a row; one that it does not have yet comes before what is said about the row itself."""
        block = self._block(array, number)
        lines = self._lines[block.start : block.end]
        for key, value in values.items():
            line = f"{key} = {written(value)}"
            at = next((place for place, text in enumerate(lines) if re.match(rf"{re.escape(key)}\s*=", text)), None)
            if at is not None:
                lines[at] = line
            else:
                lines.insert(next(place for place, text in enumerate(lines) if text.startswith(_BOOKKEEPING)), line)
        self._replace(block.start, block.end, lines)
        for key, value in values.items():
            if self.rows(array)[number].get(key) != value:  # a value over several lines, which is not edited line by line
                raise ValueError(f"{array} {number}: {key} cannot be changed in its text")

    def insert(self, array: str, number: int, row: Row) -> None:
        """Puts a row before the one of that number, above its comment; a number past the end: behind the last row."""
        lines = [f"[[{array}]]", *(f"{key} = {written(value)}" for key, value in row.items()), ""]
        if number < len(self.rows(array)):
            at = self._above(self._block(array, number).start)
        else:
            at = self._block(array, len(self.rows(array)) - 1).end if self.rows(array) else len(self._lines)
            if at and self._lines[at - 1]:
                lines.insert(0, "")
        self._replace(at, at, lines)

    def _block(self, array: str, number: int) -> _Block:
        return [block for block in self._blocks if block.name == array][number]

    def _replace(self, start: int, end: int, lines: list[str]) -> None:
        self.text = "\n".join([*self._lines[:start], *lines, *self._lines[end:]]).rstrip("\n") + "\n"
        self._parse()


def written(value: Value) -> str:
    """A value as TOML; text with quotes in it as a literal, as people write it."""
    if isinstance(value, list):
        return f"[{', '.join(written(each) for each in value)}]"
    if isinstance(value, str) and '"' in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False)
