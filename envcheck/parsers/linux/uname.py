"""What uname prints: the system, its kernel and the machine.

Linux box 5.15.0-91-generic #101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 x86_64 x86_64 x86_64 GNU/Linux
Linux tegra-ubuntu 5.10.104-tegra #1 SMP PREEMPT Sun Mar 19 07:55:28 PDT 2023 aarch64 aarch64 aarch64 GNU/Linux
Darwin mac.local 23.1.0 Darwin Kernel Version 23.1.0: Mon Oct  9 21:27:24 PDT 2023; root:xnu-10002.41.9~6/RELEASE_ARM64_T6000 arm64
Linux 6.8.0-45-generic x86_64                               uname -srm
"""

from __future__ import annotations

from envcheck.parsers.expression import regex

_LONGEST = 500
_MACHINES = r"x86_64|aarch64|arm64|ppc64le|i[3-6]86|s390x|riscv64|armv[678]l|loongarch64"
_LINUX = regex(rf"^\s*Linux (?:\S{{1,80}} )?(?P<kernel>\d+\.\d+\.\d+\S{{0,80}}) (?:#.{{0,300}}? )?(?P<machine>{_MACHINES})(?: |$)")
_DARWIN = regex(
    r"^\s*Darwin (?:\S{1,80} )?(?P<kernel>\d+\.\d+\.\d+) (?:Darwin Kernel Version .{0,300} )?(?P<machine>x86_64|arm64|i386)\s*$"
)
_RELEASE = regex(r"^\s*(?P<kernel>\d\.\d{1,3}(?:\.\d{1,4})?[-.+]\S{1,80}|\d\.\d{1,3}\.\d{1,4})\s*$")
_ASKED = regex(r"(?:^|[$#%>\u276f\u279c] ?)uname -r\s*$")


def parse_uname(line: str) -> dict[str, str] | None:
    """`os`, `kernel` and `machine` of a whole line; None: it is no output of uname."""
    if len(line) > _LONGEST:
        return None
    for system, expression in (("Linux", _LINUX), ("Darwin", _DARWIN)):
        found = expression.match(line)
        if found is not None:
            return {"os": system, "kernel": found.group("kernel"), "machine": found.group("machine")}
    return None


def asks_release(line: str) -> bool:
    """Whether a line is a prompt with `uname -r`, whose answer is a bare release."""
    return "uname -r" in line and len(line) <= _LONGEST and _ASKED.search(line.rstrip()) is not None


def parse_release(line: str) -> str | None:
    """A kernel's release that stands alone in its line."""
    found = _RELEASE.match(line) if len(line) <= _LONGEST else None
    return found.group("kernel") if found is not None else None
