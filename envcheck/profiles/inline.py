"""A profile that is written into a configuration file: `[tool.envcheck.profile]` of a pyproject.toml, `[profile]` of an envcheck.toml."""

import re

from envcheck.profiles.error import ProfileError
from envcheck.profiles.load import chain
from envcheck.profiles.locate import line_of, outside_of_long_strings
from envcheck.profiles.model import Profile
from envcheck.profiles.parse import parse_profile

_HEADER = re.compile(r"(?P<open>\s*\[{1,2}\s*)(?P<name>[^\[\]]+?)(?P<close>\s*\]{1,2}\s*(?:#.*)?)$")


def inline_profile(text: str, path: str, table: str) -> Profile:
    """The profile in a file's table, its bases checked. Raises `ProfileError` with the line in that file."""
    own = own_lines(text, table)
    if not own.strip():
        hint = f"Write it as tables of its own: [{table}] and [[{table}.requirement]]."
        raise ProfileError("The profile cannot be read in this form.", hint, path)
    profile = parse_profile(own, path)
    try:
        chain(profile)
    except ProfileError as error:
        if error.file != path:
            raise
        raise ProfileError(error.title, error.hint, path, line_of(own, "extends")) from None
    return profile


def own_lines(text: str, table: str) -> str:
    """The file's text with everything blanked but that table, whose headers lose its name: every line keeps its number."""
    kept: list[str] = []
    inside = False
    lines = text.splitlines()
    for line, bare in zip(lines, outside_of_long_strings(lines), strict=True):
        header = _HEADER.match(bare)
        if header is None:
            kept.append(line if inside else "")
            continue
        name = ".".join(part.strip().strip("\"'") for part in header["name"].split("."))
        inside = name == table or name.startswith(f"{table}.")
        below = name[len(table) + 1 :]
        kept.append(f"{header['open']}{below}{header['close']}" if inside and below else "")
    return "\n".join(kept)
