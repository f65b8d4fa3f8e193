"""Every rule that envcheck knows: one module each, listed here by name."""

from functools import cache
from importlib import import_module

from envcheck.judging.rule import Rule

# The order is that of the areas in a report; within one, alphabetical.
_MODULES: tuple[str, ...] = ()


@cache
def all_rules() -> tuple[Rule, ...]:
    """All rules; each module has its own in `RULE`."""
    rules = (import_module(f"envcheck.rules.{name}").RULE for name in _MODULES)
    return tuple(rule for rule in rules if isinstance(rule, Rule))


def find_rule(name: str) -> Rule | None:
    """The rule of that name."""
    return next((rule for rule in all_rules() if rule.name == name), None)
