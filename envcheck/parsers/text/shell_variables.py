"""Environment variables that a text shows, of those only that concern accelerators and frameworks; no other value is ever kept.

CUDA_VISIBLE_DEVICES=1 python train.py        export CUDA_VISIBLE_DEVICES="0,1"        set CUDA_VISIBLE_DEVICES=0
$env:CUDA_VISIBLE_DEVICES = "0"               os.environ["CUDA_VISIBLE_DEVICES"] = "0"  ENV NVIDIA_VISIBLE_DEVICES all
      - NVIDIA_VISIBLE_DEVICES=all            NVIDIA_DRIVER_CAPABILITIES: compute,utility        declare -x CUDA_HOME="/usr/local/cuda"
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex
from envcheck.parsers.text.variable_names import NAMES, PREFIXES, concerns_frameworks

# Searched in capitals before anything else, since most lines name none of them.
_NAMED = regex(rf"\b(?:{'|'.join(sorted({*PREFIXES, *NAMES}))})")
_NAME = r"(?P<name>[A-Z][A-Z0-9_]{2,60})"
_VALUE = r"(?P<value>\"[^\"\n]{0,2000}\"|'[^'\n]{0,2000}'|[^\s;&|`]{0,2000})"
_BARE = regex(rf"^\s*(?:- [\"']?)?{_NAME}=(?P<value>[^\n]{{0,4000}}?)\s*$")
_EXPORTED = regex(rf"(?:\bexport |\bdeclare -x |\benv |\bENV |(?:^|[\s`(]))\b{_NAME}=(?!=){_VALUE}")
_SETENV = regex(rf"\bsetenv {_NAME} {_VALUE}")
_DOCKERFILE = regex(rf"^\s*ENV {_NAME} (?P<value>[^\n=]{{1,2000}})$")
_WINDOWS = regex(rf"(?:^|[>\s])set {_NAME}=(?P<value>[^\n&]{{0,2000}}?)\s*(?:&|$)", re.IGNORECASE)
_POWERSHELL = regex(rf"\$env:{_NAME}\s*=\s*(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[\w.:;,/\\-]{{1,400}})", re.IGNORECASE)
_PYTHON = regex(
    rf"\bos\.(?:environ\[\s*[\"']{_NAME}[\"']\s*\]\s*=(?!=)"
    rf"|environ\.setdefault\(\s*[\"']{_NAME.replace('name', 'name2')}[\"']\s*,|putenv\(\s*[\"']{_NAME.replace('name', 'name3')}[\"']\s*,)"
    r"\s*(?:str\()?\s*f?(?P<value>\"[^\"\n]{0,2000}\"|'[^'\n]{0,2000}'|-?\d{1,6})"
)
# setx keeps a variable for later shells; fish sets with blanks; PowerShell lists two columns, of which a folder of Windows is read.
_SETX = regex(rf"\bsetx(?: /[mM])? {_NAME} {_VALUE}", re.IGNORECASE)
_FISH = regex(rf"\bset -(?:g|U)?x(?:g)? {_NAME} (?P<value>[^\n;]{{1,2000}}?)\s*$")
_TABLE = regex(rf"^\s*{_NAME}\s{{2,60}}(?P<value>[A-Za-z]:\\[^\n]{{1,400}}?)\s*$")
_SHOWN = regex(
    rf"(?:^|[\s`>])(?:echo \$\{{?{_NAME}\}}?|(?:echo )?\$[Ee]nv:{_NAME.replace('name', 'name2')}|echo %{_NAME.replace('name', 'name3')}%"
    rf"|printenv {_NAME.replace('name', 'name4')})\s*$"
)
_ASKED_PYTHON = regex(
    rf"^\s*(?:>>> ?|In ?\[\d*\]: ?)?(?:print\()?os\.(?:environ\[|environ\.get\(|getenv\()[\"']{_NAME}[\"']\s*[\])]\)?\s*$"
)
_COLON = regex(
    rf"^(?:\s{{2,40}}(?:- )?{_NAME}|\s*[\"']{_NAME.replace('name', 'name2')}[\"'])\s*:\s*"
    rf"(?P<value>\"[^\"\n]{{0,2000}}\"|'[^'\n]{{0,2000}}'|[^\s\"']{{1,2000}}?),?\s*$"
)
_ENVIRON = regex(r"^\s*(?:Out ?\[\d{0,5}\]: ?)?(?:environ\(\{|environ\{|\{)\s*'[A-Z][A-Za-z0-9_()]{1,60}': ['\"]")
_PAIR = regex(rf"'{_NAME}': (?P<quote>['\"])(?P<value>[^'\"\n]{{0,4000}})(?P=quote)")
_LONGEST_ENVIRON = 200_000
# Prose and code around what was only proposed or asked.
_ADVICE = regex(
    r"\b(?:try|should|would|could|please|suggest|recommend|instead|e\.g|for example|you can|if you|unset|make sure|rerun|consider)\b"
    r"|\bset [A-Z0-9_]{3,60}=\S{0,60} (?:and|to|for|in|or|before)\b"
    # What torch and bitsandbytes say of a build, or guessed, looks like a variable and is none.
    r"|\bBuild settings: |PyTorch settings found: |No CUDA runtime is found, using |No ROCm runtime is found, using ",
    re.IGNORECASE,
)
# f"/opt/conda/lib:{os.environ.get('LD_LIBRARY_PATH', '')}": what the variable was before stands in it, as $LD_LIBRARY_PATH does in a shell.
_BEFORE = regex(r"\{os\.(?:environ|getenv)[^{}\n]{0,100}\}")
# What a shell or a person would still have to fill in; the folders of a search path may be named by variables.
_UNFILLED = regex(r"\$\(|`|<\w|^\$(?!\w+[/:;]|\{\w+\}[/:;])|(?<!\$)\{\w")
_FOLDER = regex(r"[A-Za-z]:\\[^\n>|]*$")
# A list of GPUs that the shell was to fill in says that somebody chose some: which, only the shell knew.
_CHOOSES_GPUS = "CUDA_VISIBLE_DEVICES"
_FROM_SHELL = regex(r"\$(?:\d|\w{1,60}|\{\w{1,60}\})$")


def parse_variables(line: str, following: str = "") -> list[tuple[str, str]]:
    """The variables that a line sets or shows, in their order; `following` is the line below, where an `echo $NAME` is answered."""
    if len(line) > 8000 or not _NAMED.search(line.upper()) or _ADVICE.search(line):
        return []
    whole = _BARE.match(line)
    # `env` prints values as they are, with blanks in them; a command behind a value is no part of it.
    if whole and concerns_frameworks(whole["name"]) and not re.search(r"\s\S*[a-z]", whole["value"]):
        listed = line.lstrip().startswith(('- "', "- '"))
        value = _unquoted(whole["value"].rstrip("\"'") if listed else whole["value"])
        return [(whole["name"], value)] if _is_told(whole["name"], value) else []
    found: dict[str, str] = {}
    for expression in (_PYTHON, _POWERSHELL, _WINDOWS, _SETENV, _SETX, _FISH, _TABLE, _DOCKERFILE, _EXPORTED, _COLON):
        for match in expression.finditer(line):
            names = match.groupdict()
            name = next((names[key] for key in ("name", "name2", "name3") if names.get(key)), "").upper()
            if name and concerns_frameworks(name) and name not in found:
                value = names["value"].strip() if expression is _WINDOWS else _unquoted(names["value"])
                value = _BEFORE.sub(f"${name}", value) if expression is _PYTHON else value
                found[name] = value if expression in (_PYTHON, _WINDOWS, _COLON) else value.rstrip(",")
    asked = _SHOWN.search(line) or _ASKED_PYTHON.match(line)
    name = next(filter(None, asked.groups()), "") if asked else ""
    if name and concerns_frameworks(name) and name not in found and following:
        answer = _unquoted(following)
        if len(answer) < 2000 and answer != "None" and (_FOLDER.match(answer) or not re.search(r"[#$>%] |\s", answer)):
            found[name] = answer
    return [(name, value) for name, value in found.items() if _is_told(name, value)]


def parse_environ(line: str) -> list[tuple[str, str]]:
    """Those of `environ({'SHELL': '/bin/sh', 'CUDA_HOME': ''})`, as Python shows all variables, or the same as a dictionary."""
    if not _ENVIRON.match(line) or len(line) > _LONGEST_ENVIRON:
        return []
    found = {each["name"]: each["value"].replace("\\\\", "\\") for each in _PAIR.finditer(line)}
    return [(name, value) for name, value in found.items() if concerns_frameworks(name)]


def _is_told(name: str, value: str) -> bool:
    return not _UNFILLED.search(value) or (name == _CHOOSES_GPUS and _FROM_SHELL.match(value) is not None)


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
