"""cuDNN's version in its header, whole or as grep leaves it.

    #define CUDNN_MAJOR 9
    #define CUDNN_MINOR 5
    #define CUDNN_PATCHLEVEL 0
    --
    #define CUDNN_VERSION (CUDNN_MAJOR * 10000 + CUDNN_MINOR * 100 + CUDNN_PATCHLEVEL)

It is `cudnn_version.h` from cuDNN 8 on and `cudnn.h` before; the last line names CUDNN_MAJOR too and is no version.
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

MAX_CHARACTERS = 512 * 1024
_PART = regex(r"^[^\n#]{0,120}#[ \t]*define[ \t]+CUDNN_(?P<part>MAJOR|MINOR|PATCHLEVEL)[ \t]+(?P<number>\d{1,4})\b", re.MULTILINE)


def parse_cudnn_header(text: str) -> str | None:
    """`9.5.0`; None where not all three parts are there. grep may have put the file's name before each line."""
    parts: dict[str, str] = {}
    for found in _PART.finditer(text[:MAX_CHARACTERS]):
        parts.setdefault(found.group("part"), found.group("number"))
    return ".".join(parts[part] for part in ("MAJOR", "MINOR", "PATCHLEVEL")) if len(parts) == 3 else None
