"""Environment variables that a text shows or sets, of those that concern accelerators and frameworks."""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.text.shell_prompts import CONTAINER
from envcheck.parsers.text.shell_variables import parse_environ, parse_variables
from envcheck.parsers.text.variable_names import WORDS, concerns_frameworks
from envcheck.readers.interface import Text

_MAX_LINE = 8000
_MARKS = ("=", ":", "$", "ENV ", "setenv ", "env ", "environ", "getenv(", "set -", "setx ", "CUDA_")


class VariableReader:
    """Reads `env`, exports, settings in front of a command, PowerShell, Python's os.environ, and what a container is started with."""

    name = "environment variables"

    def recognises(self, text: Text) -> bool:
        """By a line that sets one of them."""
        return any(True for _ in _found(text))

    def read(self, text: Text) -> Evidence:
        """The collection stays partial: nobody shows all of them, and others are passed over."""
        evidence = Evidence(claims=list(_found(text)))
        if evidence.claims:
            evidence.observed["variables"] = "partial"
        return evidence


def _found(text: Text) -> Iterator[Claim]:
    for index, (command, _) in text.container_commands.items():
        for name, value in command.variables:
            if concerns_frameworks(name):
                yield Claim(f"variables[{name}]", value, text.at(index), scope=CONTAINER)
    within = {line for index, (_, count) in text.container_commands.items() for line in range(index, index + count)}
    known: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for index in text.with_words(*WORDS):
        line = text.lines[index]
        shown = parse_environ(line) if "': " in line else []
        yield from (text.claim(f"variables[{name}]", value, index) for name, value in shown)
        if (
            not shown
            and index not in within
            and index not in text.taken
            and len(line) <= _MAX_LINE
            and any(mark in line for mark in _MARKS)
        ):
            following = text.lines[index + 1] if index + 1 < len(text.lines) else ""
            if (line, following) not in known:
                known[line, following] = list(parse_variables(line, following))
            yield from (text.claim(f"variables[{name}]", value, index) for name, value in known[line, following])
