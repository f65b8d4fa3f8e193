"""/etc/nv_tegra_release: which Jetson Linux a board runs.

# R35 (release), REVISION: 4.1, GCID: 33958178, BOARD: t186ref, EABI: aarch64, DATE: Tue Aug  1 19:57:35 UTC 2023
"""

from __future__ import annotations

from envcheck.parsers.expression import regex

_LINE = regex(r"#\s*R(?P<major>\d{1,3}) \(release\), REVISION: (?P<revision>\d{1,3}(?:\.\d{1,3}){0,2})\b")


def parse_tegra_release(text: str) -> str | None:
    """`35.4.1`; None where there is no such line."""
    found = _LINE.search(text[:20_000])
    return f"{found.group('major')}.{found.group('revision')}" if found is not None else None
