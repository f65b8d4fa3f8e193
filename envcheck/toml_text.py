"""TOML from anywhere: every way in which a file can fail to be read is one error, and none takes longer than the file is long."""

import re
import sys
from typing import Any

_POSITION = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")
# tomllib takes the square of a dotted key's length.
_MOST_PARTS = 64
_LONG_KEY = re.compile(rf"""(?<![A-Za-z0-9_"'-])(?:[A-Za-z0-9_"'-]+[ \t]*\.[ \t]*){{{_MOST_PARTS}}}""")


class NotToml(ValueError):
    """What is wrong, as a sentence; `line` is 0 where the whole file is meant."""

    def __init__(self, words: str, line: int = 0) -> None:
        super().__init__(words)
        self.line = line


def parse_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises `NotToml`."""
    if sys.version_info >= (3, 11):  # imported where there is a file to read
        import tomllib
    else:
        import tomli as tomllib
    long_key = _find_long_key(text)
    if long_key:
        raise NotToml(f"A key has more than {_MOST_PARTS} parts.", long_key)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _POSITION.search(str(error))
        line = int(found["line"]) if found and found["line"] else len(text.splitlines())
        words = _POSITION.sub("", str(error)).rstrip(".")
        raise NotToml(f"This is not valid TOML: {words}.", line) from None
    except RecursionError:
        raise NotToml("The file nests deeper than any such file does.") from None
    except ValueError:  # Python converts no integer of more than some thousand digits
        raise NotToml("The file holds a number with thousands of digits.") from None


def _find_long_key(text: str) -> int:
    """The line of a key, or of anything else that reads like one, with too many parts; 0: there is none."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") >= _MOST_PARTS and _LONG_KEY.search(line):
            return number
    return 0
