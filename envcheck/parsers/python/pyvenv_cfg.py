"""The file that makes a folder a virtual environment."""

from __future__ import annotations

MAX_CHARACTERS = 64 * 1024


def parse_pyvenv_cfg(text: str) -> dict[str, str]:
    """The settings by their name in small letters; the first of a name stands, as it does for Python.

    home = /usr/bin
    include-system-site-packages = false
    version = 3.11.7
    uv = 0.5.11
    """
    settings: dict[str, str] = {}
    for line in text[:MAX_CHARACTERS].splitlines():
        key, equals, value = line.partition("=")
        if equals:
            settings.setdefault(key.strip().lower(), value.strip())
    return settings
