"""Lists of a processor's features as they are printed on one line, and how a terminal or a mail breaks them."""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.parsers.expression import regex

_WORDS = regex(r"^\s*[a-z0-9_]+(?: +[a-z0-9_]+)*\s*$")


def is_broken(lines: Sequence[str], number: int) -> bool:
    """Whether the list in that line goes on in the next: it was broken, in the middle of a word perhaps, and is not there whole.

    flags    : fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush dts acpi mmx fxsr sse sse2 ss ht tm p
    be syscall nx pdpe1gb rdtscp lm constant_tsc
    """
    return number + 1 < len(lines) and _WORDS.match(lines[number + 1]) is not None
