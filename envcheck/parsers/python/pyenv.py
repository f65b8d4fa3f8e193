"""Which of pyenv's versions a shim would start."""

from __future__ import annotations

import re
from collections.abc import Iterable

from envcheck.parsers.expression import regex

MAX_CHARACTERS = 4096
_NUMBER = regex(r"\d+")


def parse_python_version(text: str) -> list[str]:
    """The names in a `.python-version` or `version` file, or in PYENV_VERSION (there they are separated by colons).

    3.11.7
    3.9.18  # a comment
    my-virtualenv
    """
    names: list[str] = []
    for line in text[:MAX_CHARACTERS].splitlines():
        names += line.partition("#")[0].replace(":", " ").split()
    # A name with a slash would lead out of pyenv's folder; pyenv passes it over, too.
    return [name for name in names if not re.search(r"[/\\\0]|^\.\.?$", name)]


def choose_installed(name: str, installed: Iterable[str]) -> str | None:
    """The installed version that a name means: itself, or the newest that begins with it (`3.11` is 3.11.7). "system" is none of them."""
    there = set(installed)
    for wanted in (name, name[len("python-") :] if name.startswith("python-") else name):
        if wanted in there:
            return wanted
        if _NUMBER.match(wanted):
            begins = [version for version in there if re.fullmatch(re.escape(wanted) + r"\.\d+", version)]
            if begins:
                return max(begins, key=lambda version: [int(part) for part in _NUMBER.findall(version)])
    return None
