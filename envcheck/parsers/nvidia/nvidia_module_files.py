"""For which kernels there is a module of NVIDIA's on the disk, from `dkms status` and `modinfo nvidia`.

nvidia/550.90.07, 6.8.0-45-generic, x86_64: installed
nvidia, 470.82.01, 5.4.0-91-generic, x86_64: installed (WARNING! Diff between built and installed module!)
nvidia-current/525.147.05: added

filename:       /lib/modules/6.8.0-45-generic/updates/dkms/nvidia.ko
version:        550.90.07
license:        Dual MIT/GPL                                  the open module's; NVIDIA: the other's
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

_LONGEST = 400
_DKMS = regex(
    r"^\s*(?P<module>nvidia[\w-]{0,40})(?:/|, ?)(?P<version>\d{2,4}\.[\d.]{1,12}\d)(?:, (?P<kernel>[\w.+~-]{3,80}), (?P<machine>\w{3,12}))?"
    r": (?P<state>added|built|installed|broken)\b"
)
_FILE = regex(r"^\s*filename:\s+\S{0,80}/lib/modules/(?P<kernel>[^/\s]{3,80})/\S{0,200}?nvidia(?:-current)?(?:-\d+)?\.ko(?:\.\w+)?\s*$")
_FIELD = regex(
    r"^\s*(?P<key>version|license|vermagic|alias|srcversion|firmware|import_ns|depends|name|retpoline|parm|sig\w+|supported|signer):\s+(?P<value>\S.*)$"
)
# modinfo prints its fields in any order, the file's name first.
_FIELDS = 400
# They have parts that are no driver for a GPU.
_NOT_THE_DRIVER = ("nvidia-fs", "nvidia-peermem")


class ModuleFiles:
    """`kernels` are those for which a module is installed; `version` is what lies on the disk; `is_open`, where modinfo tells."""

    __slots__ = ("is_open", "kernels", "lines", "version", "version_line")

    def __init__(self) -> None:
        self.kernels: list[str] = []
        self.version: str | None = None
        self.version_line = 0
        self.is_open: bool | None = None
        self.lines: list[int] = []


def parse_nvidia_module_files(lines: list[str]) -> ModuleFiles:
    """All that these two tools say of NVIDIA's modules; `lines` is empty where they say nothing."""
    found = ModuleFiles()
    last = -1  # of the output of modinfo
    for number, line in enumerate(lines):
        if len(line) > _LONGEST:
            continue
        named = "nvidia" in line
        status, file = (_DKMS.match(line), _FILE.match(line)) if named else (None, None)
        if status is not None and not status.group("module").startswith(_NOT_THE_DRIVER):
            found.lines.append(number)
            _add_version(found, status.group("version"), number)
            if status.group("state") == "installed" and status.group("kernel"):
                _add_kernel(found, status.group("kernel"))
        elif file is not None:
            found.lines.append(number)
            last = number
            _add_kernel(found, file.group("kernel"))
        elif last >= 0 and number - last == 1 and number - found.lines[0] < _FIELDS and (field := _FIELD.match(line)) is not None:
            last = number
            found.lines.append(number)
            _take_field(found, field, number)
    return found


def _take_field(found: ModuleFiles, field: re.Match[str], number: int) -> None:
    key, value = field.group("key"), field.group("value").strip()
    if key == "version" and re.match(r"\d{2,4}\.[\d.]{1,12}$", value):
        _add_version(found, value, number)
    elif key == "license":
        found.is_open = "GPL" in value


def _add_version(found: ModuleFiles, version: str, number: int) -> None:
    if found.version is None:
        found.version, found.version_line = version, number


def _add_kernel(found: ModuleFiles, kernel: str) -> None:
    if kernel not in found.kernels:
        found.kernels.append(kernel)
