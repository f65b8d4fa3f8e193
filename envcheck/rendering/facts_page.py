"""The facts for a person to read: group by group, one line each, and what could not be found out at the end."""

from typing import Any

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.rendering.interface import RenderOptions
from envcheck.rendering.page import Page
from envcheck.rendering.quantities import size

_COLUMN = 26
# Told below as what is missing, beside each fact, or not about the machine at all.
_ELSEWHERE = ("schema", "live", "unknown", "sources", "contradictions")
# What the members of a collection are called by; the first that one of them has.
_CALLED_BY = ("purpose", "name", "index", "path", "kind", "framework", "distributions")


def facts_text(snapshot: Snapshot, options: RenderOptions) -> str:
    """All that is known, and what is not with its reason."""
    page = Page(options)
    for group, content in msgspec.to_builtins(snapshot).items():
        if group not in _ELSEWHERE:
            _group(page, group, content)
    _group(page, "contradictions", [{"name": lost.fact, "value": lost.value, "from": lost.source} for lost in snapshot.contradictions])
    _group(page, "unknown", {entry.fact: _words("", [entry.reason.value.replace("_", " "), entry.detail]) for entry in snapshot.unknown})
    return page.text()


def _group(page: Page, group: str, content: Any) -> None:
    if not content:
        return
    page.heading(group)
    for name, value in _members(content):
        page.entry(name, _words(name, value), indent=2, column=_COLUMN)


def _members(content: Any) -> list[tuple[str, Any]]:
    if isinstance(content, dict):
        return list(content.items())
    if isinstance(content, list | tuple):
        return [_member(entry) for entry in content]
    return [("at", content)]  # the time: the only fact that is no group


def _member(entry: Any) -> tuple[str, Any]:
    if not isinstance(entry, dict):
        return "", entry
    key = next((key for key in _CALLED_BY if key in entry), "")
    return _words("", entry.get(key, "")), {name: value for name, value in entry.items() if name != key}


def _words(name: str, value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and name.endswith("_bytes"):
        return size(value)
    if isinstance(value, dict):
        return ", ".join(f"{key.removesuffix('_bytes')} {_words(key, entry)}" for key, entry in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, (_words(name, entry) for entry in value))) or "none"
    return str(value)
