"""An installer that ran inside of a running Python: what was imported before it, and what it then installed.

    In [1]: import torch
    In [2]: !pip install torch==2.4.0
    Successfully installed torch-2.4.0

The numbers of one IPython rise; where they begin anew, or a shell's prompt stands between, another program runs.
"""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Evidence
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.parsers.expression import regex
from envcheck.parsers.python.install_log import parse_install_log
from envcheck.parsers.text.shell_prompts import is_host_prompt
from envcheck.readers.interface import Text

SESSION = "session"  # the reason of its symptoms: the order of the lines tells it, and no installer said it
_INPUT = regex(r"^\s*In ?\[(?P<number>\d{1,5})\]:")
_PROMPT = regex(r"^\s*(?:>>> |>>>$|In ?\[\d{1,5}\]:)")
_IMPORT = regex(r"(?:^|[;:] ?|>>> ?)\s*(?:import (?P<names>[\w., ]{1,200})|from (?P<package>\w{1,80})[\w.]{0,80} import\b)")
_LEFT = regex(r"^\s*(?:>>> )?(?:exit|quit)\(\)|^\s*[$%#] \S|^(?:PS )?[A-Z]:\\[^>\n]{0,200}>")
_LONGEST, _MOST_NAMES = 2000, 200


class SessionInstallReader:
    """Reads notebooks, IPython and the interpreter's own prompt."""

    name = "installations in a running Python"

    def recognises(self, text: Text) -> bool:
        """By an installation between the prompts of one program."""
        return any(True for _ in _symptoms(text))

    def read(self, text: Text) -> Evidence:
        """One symptom for each installation, with what the program had imported by then."""
        return Evidence(symptoms=list(_symptoms(text)))


def _symptoms(text: Text) -> Iterator[Symptom]:
    steps, _ = parse_install_log(list(text.lines)) if text.has("in [", "in[", ">>> ") else ([], set())
    installed: dict[int, set[str]] = {}
    for step in steps:
        if step.version is not None and "uccessfully installed" in text.lines[step.line]:
            installed.setdefault(step.line, set()).add(step.name)
    if not installed:
        return
    loaded: dict[str, None] = {}
    number, running = 0, False
    for index, line in enumerate(text.lines[: max(installed) + 1]):
        told = _INPUT.match(line)
        again = told is not None and int(told["number"]) <= number
        if again or (running and (_LEFT.match(line[:_LONGEST]) or is_host_prompt(line[:_LONGEST]))):
            loaded, running = {}, again
        number = int(told["number"]) if told else number
        running = running or _PROMPT.match(line) is not None
        if running:
            loaded |= dict.fromkeys(_imports(line[:_LONGEST]))
        if loaded and index in installed:
            names, came = list(loaded)[:_MOST_NAMES], sorted(installed[index])[:_MOST_NAMES]
            details = {"loaded": " ".join(names), "installed": " ".join(came), "reason": SESSION}
            yield Symptom(kind=SymptomKind.RESTART_ADVISED, text=line.strip()[:_LONGEST], details=details, source=text.at(index))


def _imports(line: str) -> Iterator[str]:
    """`import torch, numpy as np`: the import names."""
    for found in _IMPORT.finditer(line):
        names = [found["package"]] if found["package"] else re.split(r"\s*,\s*", found["names"])
        for name in names:
            package = name.split(" as ")[0].strip().partition(".")[0]
            if package:
                yield package
