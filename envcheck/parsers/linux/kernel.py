"""What the kernel's own version line gives away."""

from __future__ import annotations


def parse_wsl(version: str) -> int | None:
    """1 or 2 inside the Windows Subsystem for Linux, None outside; from /proc/version:

        Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com) (gcc version 5.4.0 (GCC) ) #1237-Microsoft …    1
        Linux version 5.15.167.4-microsoft-standard-WSL2 (root@f9c826d3017f) (gcc (GCC) 11.2.0, …                     2

    Only the release counts: who built a kernel, and with what, is said in the rest of the line.
    """
    words = version.split()
    release = words[2].lower() if len(words) > 2 and words[:2] == ["Linux", "version"] else ""
    if "microsoft-standard" in release or "wsl2" in release:
        return 2
    return 1 if "microsoft" in release else None
