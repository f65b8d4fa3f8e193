"""What NVIDIA's kernel module says of itself, in /proc/driver/nvidia/version and when the kernel loads it.

    NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.182.03  Fri Feb 24 03:29:56 UTC 2023
    NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build  (dvs-builder@U22)  Tue Sep 23 09:55:41 UTC 2025
    [    7.1] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  550.90.07  Fri May 31 09:35:42 UTC 2024

The line below it in /proc names the compiler, and may hold anything.
"""

from __future__ import annotations

from envcheck.parsers.expression import regex

_VERSION = regex(r"\b\d{2,4}\.\d{1,4}(?:\.\d{1,4})?(?![\w.])")
# The words and the version stand within this many characters: an architecture's name and blanks at most are between them.
_LONGEST = 300


def parse_nvidia_module_version(text: str) -> tuple[str | None, bool | None]:
    """The version of the module and whether it is the open one; twice None where no line names a kernel module of NVIDIA's.

    A line that names the module and has no version (a developer's build) gives None and the kind of the module.
    """
    for whole in text.splitlines():
        line = whole[:_LONGEST]
        start = line.find("NVIDIA")
        module = line.find("Kernel Module", start) if start >= 0 else -1
        if module < 0:
            continue
        found = _VERSION.search(line, module)
        return (found.group() if found else None), "Open Kernel Module" in line[start:]
    return None, None
