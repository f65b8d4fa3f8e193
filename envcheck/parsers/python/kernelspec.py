"""Jupyter's description of a kernel: which program it starts."""

from __future__ import annotations

import json

MAX_CHARACTERS = 256 * 1024


class Kernelspec:
    """The first word of the command, and the language in small letters ("" where it is not said)."""

    def __init__(self, program: str, language: str) -> None:
        self.program, self.language = program, language


def parse_kernelspec(text: str) -> Kernelspec | None:
    """What a `kernel.json` says; None where it says nothing that can be used.

    {"argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
     "display_name": "Python 3 (ipykernel)", "language": "python"}
    """
    try:
        content = json.loads(text) if len(text) <= MAX_CHARACTERS else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    command, language = content.get("argv"), content.get("language")
    if not isinstance(command, list) or not command or not isinstance(command[0], str) or not command[0] or "\0" in command[0]:
        return None
    return Kernelspec(command[0], language.lower() if isinstance(language, str) else "")
