"""/etc/os-release: which distribution this is, in its own words."""

from __future__ import annotations

_LONGEST = 200


class OsRelease:
    """A distribution; None where it does not say (rolling releases have no version)."""

    __slots__ = ("id", "like", "name", "version")

    def __init__(self, fields: dict[str, str]) -> None:
        self.id: str | None = fields.get("ID") or None
        self.like: list[str] = fields.get("ID_LIKE", "").split()
        self.version: str | None = fields.get("VERSION_ID") or None
        self.name: str | None = fields.get("PRETTY_NAME") or _plain_name(fields)


def parse_os_release(text: str) -> OsRelease:
    r"""The distribution that an os-release file describes: shell assignments, quoted or not, never expanded.

    PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
    ID=debian
    ID_LIKE="rhel centos fedora"
    VERSION_ID='12'
    """
    fields: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            fields[name.strip()] = _unquoted(value.strip())[:_LONGEST]
    return OsRelease(fields)


def _plain_name(fields: dict[str, str]) -> str | None:
    return " ".join(fields[key] for key in ("NAME", "VERSION_ID") if fields.get(key)) or None


def _unquoted(value: str) -> str:
    quote = value[:1]
    if quote not in ('"', "'"):
        return value
    inner = value[1:-1] if len(value) > 1 and value.endswith(quote) else value[1:]
    if quote == "'":
        return inner
    for escaped in ('\\"', "\\$", "\\`", "\\\\"):
        inner = inner.replace(escaped, escaped[1])
    return inner
