"""The configuration file: `--config FILE`, else the nearest `envcheck.toml`, or `[tool.envcheck]` of the nearest `pyproject.toml`.

A configuration comes with a folder that somebody cloned: it can say what is judged and how strictly, but it cannot choose the
interpreter, run commands or apply fixes.
"""

import os
from typing import TYPE_CHECKING, Any

import msgspec

from envcheck.cli.judging_options import FAIL_ON
from envcheck.mistake import Mistake, suggestion

if TYPE_CHECKING:
    from pathlib import Path

FILE = "envcheck.toml"
MAX_BYTES = 2**20
_KEYS = {
    "profiles": "a list of texts",
    "select": "a list of texts",
    "ignore": 'a table of rules with the reason: {"rule" = "why"}',
    "fail-on": "text",
    "profile": "a table: what this project itself requires",
}


class Configuration(msgspec.Struct, frozen=True):
    """What the file says; `profiles` that are paths count from the file's own folder, and `ignore` maps a rule to its reason.

    `own_profile`: it holds a profile itself, as (the file's text, its path, the name of the table).
    """

    profiles: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: dict[str, str] = msgspec.field(default_factory=dict)
    fail_on: str = "error"
    own_profile: tuple[str, str, str] | None = None


def read_configuration(named: str | None, folder: "Path | None" = None) -> Configuration:
    """The configuration that applies in a folder (by default the working folder). Raises `Mistake` with the file and line."""
    if named is None and folder is None and not _may_have_one():
        return Configuration()
    from pathlib import Path

    if named is not None:
        path = Path(named)
        return parse_configuration(_text(path), path)
    try:
        here = folder or Path.cwd()
    except OSError:  # the working folder was deleted
        return Configuration()
    own = next((parent / FILE for parent in _project_folders(here) if (parent / FILE).is_file()), None)
    if own is not None:
        return parse_configuration(_text(own), own)
    project = next((parent / "pyproject.toml" for parent in (here, *here.parents) if (parent / "pyproject.toml").is_file()), None)
    if project is None:
        return Configuration()
    text = _text(project)
    return parse_configuration(text, project) if "envcheck" in text else Configuration()


def _may_have_one() -> bool:
    """Whether any folder above the working folder has such a file; without pathlib, which takes longer to import than to look."""
    try:
        folder = os.getcwd()  # noqa: PTH109 - the same
    except OSError:  # it was deleted
        return False
    while not any(os.path.isfile(os.path.join(folder, name)) for name in (FILE, "pyproject.toml")):  # noqa: PTH113, PTH118 - the same
        above = os.path.dirname(folder)  # noqa: PTH120 - the same
        if above == folder:
            return False
        folder = above
    return True


def _project_folders(here: "Path") -> "list[Path]":
    """From a folder up to its project's root; outside of a project the folder alone: what lies above it may be anybody's."""
    folders = []
    for folder in (here, *here.parents):
        folders.append(folder)
        if (folder / ".git").exists() or (folder / "pyproject.toml").exists():
            return folders
    return [here]


def parse_configuration(text: str, path: "Path") -> Configuration:
    """The configuration in a file's text; in a pyproject.toml it is the table [tool.envcheck]."""
    table, prefix = _tree(text, path), ""
    if path.name == "pyproject.toml":
        tools = table.get("tool", {})
        table, prefix = tools.get("envcheck", {}) if isinstance(tools, dict) else {}, "tool.envcheck."
    if not isinstance(table, dict):
        raise Mistake("tool.envcheck is no table.", "Write [tool.envcheck], and the keys below it.", f"{path}:{_line_of(text, 'envcheck')}")
    for key, value in table.items():
        _check(key, value, text, path)
    return Configuration(
        profiles=tuple(_profile(name, path) for name in table.get("profiles", ())),
        select=tuple(table.get("select", ())),
        ignore=dict(table.get("ignore", {})),
        fail_on=table.get("fail-on", "error"),
        own_profile=(text, str(path), f"{prefix}profile") if "profile" in table else None,
    )


def _text(path: "Path") -> str:
    try:
        if path.exists() and not path.is_file():  # a pipe would keep us waiting
            raise Mistake(f"{path} is {'a folder' if path.is_dir() else 'no regular file'}.", "--config names a TOML file.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise Mistake(f"{path} is larger than 1 MiB.", "No configuration is; is it the right file?")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Mistake("The file is not UTF-8.", "Save it as UTF-8.", str(path)) from None
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or error
        raise Mistake(f"{path} cannot be read: {words}.", "--config names a TOML file.") from None


def _tree(text: str, path: "Path") -> dict[str, Any]:
    from envcheck.toml_text import NotToml, parse_toml

    try:
        return parse_toml(text)
    except NotToml as error:
        place = f"{path}:{error.line}" if error.line else str(path)
        raise Mistake(str(error), "It is made of lines such as: key = value, with texts in quotes.", place) from None


def _check(key: str, value: object, text: str, path: "Path") -> None:
    place = f"{path}:{_line_of(text, key)}"
    if key not in _KEYS:
        hint = suggestion(key, list(_KEYS)) or f"Known keys are {', '.join(_KEYS)}."
        raise Mistake(f'There is no key "{key}" in envcheck\'s configuration.', hint, place)
    if not _is_right(key, value):
        raise Mistake(f'The key "{key}" takes {_KEYS[key]}.', "", place)
    if key == "fail-on" and value not in FAIL_ON:
        raise Mistake(f'fail-on = "{value}" is not known.', f"It is one of {', '.join(FAIL_ON)}.", place)
    if key == "ignore" and isinstance(value, dict):
        for rule, reason in value.items():
            if not str(reason).strip():
                raise Mistake(f'The rule "{rule}" is ignored without a reason.', "Say why, so that others can tell when it is over.", place)


def _is_right(key: str, value: object) -> bool:
    if key == "profile":
        return isinstance(value, dict)
    if key == "ignore":
        return isinstance(value, dict) and all(isinstance(reason, str) for reason in value.values())
    if key == "fail-on":
        return isinstance(value, str)
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def _profile(name: str, path: "Path") -> str:
    """A path counts from the file that names it."""
    is_path = name.endswith(".toml") or "/" in name or "\\" in name
    return str(path.parent / os.path.expanduser(name)) if is_path else name  # noqa: PTH111 - pathlib raises where there is no home


def _line_of(text: str, key: str) -> int:
    """The line where a key is given its value, or its table begins; 1 where it is written in a way that is not found."""
    import re

    pattern = re.compile(rf"""^\s*(?:\[(?:tool\.envcheck\.)?)?["']?{re.escape(key)}["']?\s*[\].=]""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)
