"""The value that a path names in a snapshot: `packages[torch].version`, `accelerators[0]`, `toolkits[cuda@/usr/local/cuda]`."""

from collections.abc import Mapping
from typing import Any

from envcheck.facts.claims import KEYS, STEP


def value_at(facts: Mapping[str, Any], path: str) -> Any:
    """The value in a snapshot as plain data (`msgspec.to_builtins`); None where there is none."""
    node: Any = facts
    collection = ""
    for name, key in STEP.findall(path):
        if isinstance(node, Mapping):
            node = node.get(name or key)
        elif isinstance(node, list | tuple) and collection in KEYS:
            node = _member(node, collection, key or name)
        else:
            return None
        collection = name
    return node


def _member(members: list[Any] | tuple[Any, ...], collection: str, key: str) -> Any:
    """A toolkit is named with its place, which is its path or what it was found by."""
    if collection == "toolkits":
        name, _, place = key.partition("@")
        called = [member for member in members if member.get("name") == name]
        there = (member for member in called if place and (member.get("path") == place or place in (member.get("found_by") or ())))
        return next(there, called[0] if called else None)
    return next((member for member in members if str(member.get(KEYS[collection])) == key), None)
