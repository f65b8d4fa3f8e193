"""Commands as text that can be copied into the shell that is named beside them.

A home folder that redaction shortened to `~` is left outside the quotes, so that the shell still expands it.
"""

import enum
import re
from collections.abc import Mapping, Sequence

from envcheck.parsers.expression import regex


class Shell(enum.Enum):
    """The shells that commands are written for."""

    POSIX = "sh"
    POWERSHELL = "PowerShell"
    CMD = "cmd"


def shell_of(system: str) -> Shell:
    """The shell that a person has on a system, by its `system.os`."""
    return Shell.POWERSHELL if system == "Windows" else Shell.POSIX


def command_line(arguments: Sequence[str], shell: Shell = Shell.POSIX, env: Mapping[str, str] | None = None) -> str:
    """One line that runs the arguments as they are, with the variables set for it."""
    variables = dict(env or {})
    if shell is Shell.POSIX:
        return " ".join([*(f"{name}={_posix(value)}" for name, value in variables.items()), *map(_posix, arguments)])
    if shell is Shell.CMD:
        return "".join(map(_cmd_setting, variables.items())) + " ".join(map(_cmd, arguments))
    settings = "".join(f"$env:{name} = {_powershell_string(value)}; " for name, value in variables.items())
    return settings + _powershell(arguments)


def _posix(argument: str) -> str:
    if argument == "~" or argument.startswith("~/"):
        rest = argument[2:]
        return f"~/{_quoted(rest)}" if rest else argument
    return _quoted(argument)


_UNPLAIN = regex(r"[^A-Za-z0-9_@%+=:,./-]")


def _quoted(argument: str) -> str:
    """Double quotes where they read better and change nothing: `"numpy<2; python_version < '3.13'"`."""
    if "'" in argument and not re.search(r'["$`\\!]', argument):
        return f'"{argument}"'
    if argument and not _UNPLAIN.search(argument):
        return argument
    import shlex

    return shlex.quote(argument)


_BARE_IN_POWERSHELL = regex(r"[A-Za-z0-9_./:\\=+~-]+")


def _powershell(arguments: Sequence[str]) -> str:
    """A quoted program is a string, not a command, until the call operator `&` stands before it."""
    words = [argument if _is_bare_in_powershell(argument) else _powershell_string(argument) for argument in arguments]
    return ("& " if words and words[0][:1] in "'\"" else "") + " ".join(words)


def _is_bare_in_powershell(argument: str) -> bool:
    """Whether the word means itself: a dash before a dot or colon (`-x.y`) splits it, `~` is expanded only by commands of its own."""
    return bool(_BARE_IN_POWERSHELL.fullmatch(argument)) and not argument.startswith("~") and not re.match(r"-[^-]*[.:]", argument)


def _powershell_string(value: str) -> str:
    """Single quotes take everything literally; only they are doubled, the typographic ones as well."""
    if value == "~" or value.startswith(("~\\", "~/")):
        rest = value[1:].replace("`", "``").replace('"', '`"').replace("$", "`$")
        return f'"$HOME{rest}"'
    return "'" + re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", value) + "'"


_BARE_IN_CMD = regex(r"[A-Za-z0-9_@+:./\\\[\]-]+")
# Within double quotes all of these mean themselves; a percent sign, an exclamation mark and the quote itself do not.
_QUOTABLE_IN_CMD = regex(r"[^\"%!\x00-\x1f]*")
_SPECIAL_IN_CMD = regex(r"[()%!^\"<>&|]")


def _cmd(argument: str) -> str:
    """Quoted for the program, which takes its line apart itself; what cmd would still obey has a caret before it."""
    if argument == "~" or argument.startswith(("~\\", "~/")):
        rest = argument[1:]
        return f'"%USERPROFILE%{rest}"' if _QUOTABLE_IN_CMD.fullmatch(rest) else _cmd_escaped(_for_program(argument))
    if _BARE_IN_CMD.fullmatch(argument):
        return argument
    quoted = _for_program(argument)
    return quoted if _QUOTABLE_IN_CMD.fullmatch(argument) else _cmd_escaped(quoted)


def _cmd_setting(variable: tuple[str, str]) -> str:
    """`set "NAME=value"& `: a blank before the ampersand would belong to the value."""
    name, value = variable
    words = f'"{name}={value}"'
    return f"set {words if _QUOTABLE_IN_CMD.fullmatch(value) else _cmd_escaped(words)}& "


def _for_program(argument: str) -> str:
    """In double quotes, as the C runtime reads them: backslashes are doubled before a quote, and only there."""
    inner = re.sub(r'(\\*)"', r'\1\1\\"', argument)
    return '"' + re.sub(r"(\\+)$", r"\1\1", inner) + '"'


def _cmd_escaped(text: str) -> str:
    return _SPECIAL_IN_CMD.sub(lambda found: f"^{found[0]}", text)
