"""Which environment the facts speak of, as far as paths and variables tell where nobody has looked himself."""

from envcheck.facts.snapshot import Snapshot, known
from envcheck.parsers.expression import regex
from envcheck.parsers.python.prefixes import kind_of, prefix_of_packages, prefix_of_program

_LINE = regex(r"line (\d{1,9})")


def line_of(source: str) -> int:
    """The line of a text that a source names: 0 for another source."""
    found = _LINE.search(source)
    return int(found[1]) if found else 0


def prefix_of(facts: Snapshot) -> str:
    """The folder of the examined environment; empty: nothing tells."""
    python = facts.python
    if isinstance(python.prefix, str):
        return python.prefix
    if isinstance(python.executable, str) and (prefix := prefix_of_program(python.executable)):
        return prefix
    return facts.variables.get("VIRTUAL_ENV", "") or facts.variables.get("CONDA_PREFIX", "")


def kind_of_environment(facts: Snapshot) -> str:
    """conda, venv or system; empty: nothing tells. Packages of its own in a traceback or a list tell it as well."""
    named = known(facts.python.environment, "")
    if named or facts.live:
        return named
    prefixes = [prefix_of(facts), known(facts.python.base_prefix, "")]
    folders = [*known(facts.python.imported_from, {}).values(), *(known(package.location, "") for package in facts.packages)]
    prefixes += [prefix_of_packages(folder) or "" for folder in dict.fromkeys(folders)]
    kinds = [kind_of(prefix) for prefix in prefixes if prefix]
    return next((kind for kind in kinds if kind != "system"), kinds[0] if kinds else "")
