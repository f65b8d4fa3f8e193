"""A Mac out of `sysctl`, `sw_vers`, `uname -a` and `file` of its Python, anywhere in a text."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.parsers.macs.sysctl import parse_sysctl
from envcheck.readers.interface import Text

# hw.memsize: 17179869184, also with "=" as `sysctl -e` prints it
_NAME = r"(?:hw|machdep|kern|vm|sysctl|debug|net|user|security|ktrace|vfs|iogpu)\.[A-Za-z0-9_.]{1,80}"
_SYSCTL = regex(rf"^\s*(?P<name>{_NAME})\s*(?::|=)\s*(?P<value>\S.{{0,2000}}?)?\s*$")
# Of those names only these are facts here; the others are taken with them.
_TELLING = (
    "machdep.cpu.",
    "hw.physicalcpu",
    "hw.logicalcpu",
    "hw.memsize",
    "hw.optional.arm",
    "sysctl.proc_translated",
    "hw.perflevel",
    "kern.osproductversion",
    "kern.osrelease",
)
_VERSION = regex(r"^\s*Product(?P<what>Name|Version)\s*:\s*(?P<value>\S.{0,60}?)\s*$")
_MAC_NAME = regex(r"(?:macOS|Mac OS X|OS X)\b")
# Darwin host 22.2.0 Darwin Kernel Version 22.2.0: Fri Nov 11 02:03:51 PST 2022; root:xnu-8792.61.2~4/RELEASE_ARM64_T6000 x86_64
_UNAME = regex(
    r"\bDarwin Kernel Version (?P<kernel>\d{1,2}\.\d{1,2}\.\d{1,2}): "
    r".{0,80}?/RELEASE_(?P<made>ARM64|X86_64)(?:_\w{1,20})?(?:(?:\s+|', machine='(?P<python>))(?P<machine>x86_64|arm64)\b)?"
)
# sysctl -n machdep.cpu.brand_string, which no other system has, with its answer in the next line
_BRAND_ASKED = regex(r"\bsysctl (?:-n )?machdep\.cpu\.brand_string\s*$")
_BRAND = regex(r"^\s*(?:Apple |VirtualApple|Intel)")
# /Users/me/miniconda3/bin/python: Mach-O 64-bit executable x86_64
# macOS-10.16-x86_64-i386-64bit of platform.platform()    platform : osx-64, of conda info
_PLATFORM = regex(
    r"(?:^|[\s'\",(:=])macOS-(?P<version>\d{1,2}(?:\.\d{1,2}){1,2})-(?P<machine>x86_64|arm64)-(?:i386|arm)-64bit\b"
    r"|^\s*platform : (?P<conda>osx-64|osx-arm64)\s*$"
)
_FILE = regex(r"python[\d.]*: Mach-O 64-bit executable (?P<machine>x86_64|arm64)\s*$")


class MacReader:
    """Reads what macOS's own small programs print."""

    name = "sysctl, sw_vers and uname of macOS"

    def recognises(self, text: Text) -> bool:
        """By a name of sysctl's that only macOS has, a product version, or Darwin's kernel."""
        return any(True for _ in self._claims(text, set()))

    def read(self, text: Text) -> Evidence:
        """All that they say; the lines of sysctl are taken whole."""
        return Evidence(claims=list(self._claims(text, text.taken)))

    def _claims(self, text: Text, taken: set[int]) -> Iterator[Claim]:
        yield from _of_sysctl(text, taken)
        yield from _of_sw_vers(text, taken)
        for index, line in enumerate(text.lines):
            uname = _UNAME.search(line) if "Darwin Kernel Version" in line else None
            platform = _PLATFORM.search(line) if "-64bit" in line or "osx-" in line else None
            program = _FILE.search(line) if "Mach-O" in line else None
            if uname:
                yield text.claim("system.os", "Darwin", index)
                yield text.claim("system.kernel", uname["kernel"], index)
                if uname["machine"]:
                    yield text.claim("system.machine", uname["machine"], index)
                if uname["python"] is not None:  # Python printed it, of itself
                    yield text.claim("python.machine", uname["machine"], index)
                # The kernel is the machine's; who asks it under Rosetta is told that the machine is another.
                if uname["made"] == "ARM64":
                    yield text.claim("cpu.vendor", "Apple", index)
                    if uname["machine"] == "x86_64":
                        yield text.claim("system.rosetta", True, index)  # noqa: FBT003 - the fact's value
            elif platform:
                yield from _of_platform(text, index, platform)
            elif "machdep" in line and _BRAND_ASKED.search(line) and _BRAND.match((*text.lines[index + 1 : index + 2], "")[0]):
                yield text.claim("system.os", "Darwin", index)
            elif program:
                yield text.claim("system.os", "Darwin", index)
                yield text.claim("python.platform", f"macosx-{program['machine']}", index)


def _of_platform(text: Text, index: int, platform: re.Match[str]) -> Iterator[Claim]:
    """What Python or conda calls the system that it was made for; of a conda, the environment may be of another."""
    yield text.claim("system.os", "Darwin", index)
    if platform["conda"]:
        machine = "arm64" if platform["conda"] == "osx-arm64" else "x86_64"
        yield text.claim("python.platform", f"macosx-{machine}", index, Trust.MENTIONED)
        return
    yield text.claim("python.platform", f"macosx-{platform['version']}-{platform['machine']}", index)
    yield text.claim("system.distribution_version", platform["version"], index, Trust.MENTIONED)


def _of_sysctl(text: Text, taken: set[int]) -> Iterator[Claim]:
    lines: list[str] = []
    first = -1
    for index, line in enumerate(text.lines):
        found = _SYSCTL.match(line) if "." in line else None
        if found is None:
            continue
        if first < 0 and found["name"].startswith(_TELLING):
            first = index
        lines.append(f"{found['name']}: {found['value'] or ''}")
        taken.add(index)
    if first < 0:
        return
    said = parse_sysctl("\n".join(lines))
    apple = said.vendor == "Apple"
    told = {
        "cpu.model": said.model,
        "cpu.vendor": said.vendor,
        "cpu.physical_cores": said.physical_cores,
        "cpu.logical_cores": said.logical_cores,
        "cpu.features": said.features,
        "memory.total_bytes": said.memory_bytes,
        "memory.swap_bytes": said.swap_bytes,
        "system.rosetta": said.rosetta,
        "apple.chip": said.model if apple and said.model and re.match(r"Apple M\d", said.model) else None,
        "system.virtual_machine": "other" if said.virtual else None,
        "system.distribution_version": said.version,
        "system.kernel": said.kernel,
        "system.os": "Darwin",
    }
    yield from (text.claim(fact, value, first) for fact, value in told.items() if value is not None)


def _of_sw_vers(text: Text, taken: set[int]) -> Iterator[Claim]:
    """`ProductName: macOS` and, within two lines, `ProductVersion: 12.2.1`; either alone too."""
    name, at = "", -9
    for index, line in enumerate(text.lines):
        found = _VERSION.match(line) if "Product" in line else None
        if found is None:
            continue
        if found["what"] == "Name":
            if _MAC_NAME.match(found["value"]):
                name, at = found["value"], index
                taken.add(index)
            continue
        version = re.match(r"\d{1,2}(?:\.\d{1,2}){0,2}$", found["value"])
        if version is None:
            continue
        taken.add(index)
        yield text.claim("system.os", "Darwin", index)
        yield text.claim("system.distribution", f"{name if index - at <= 2 and name else 'macOS'} {version[0]}", index)
        yield text.claim("system.distribution_id", "macos", index)
        yield text.claim("system.distribution_version", version[0], index)
