"""Which system a text is from: uname, /etc/os-release, lsb_release, Secure Boot, and the release of a Jetson."""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.parsers.linux.kernel import parse_wsl
from envcheck.parsers.linux.os_release import parse_os_release
from envcheck.parsers.linux.uname import asks_release, parse_release, parse_uname
from envcheck.parsers.nvidia.tegra_release import parse_tegra_release
from envcheck.readers.interface import Text
from envcheck.readers.systems import said_by_distribution

_LONGEST = 400
_OS_FIELD = regex(
    r"^\s*(?P<name>NAME|ID|ID_LIKE|PRETTY_NAME|VERSION|VERSION_ID|VERSION_CODENAME|UBUNTU_CODENAME|ANSI_COLOR|LOGO|CPE_NAME|BUILD_ID|VARIANT|VARIANT_ID|DISTRIB_\w+|\w+_URL)=\S?"
)
_DESCRIPTION = regex(r"^\s*(?:Description|Operating System):\s+(?P<name>[A-Z][^\n]{2,80}?)\s*$")
# The one line of /etc/redhat-release and its like; hostnamectl's further lines.
_RELEASE_FILE = regex(
    r"^\s*(?P<name>(?:CentOS|Red Hat|Rocky|AlmaLinux|Fedora|Amazon|Oracle|Scientific|openSUSE)"
    r"[\w ]{0,40} release \d[\d.]{0,12}(?: \([\w ]{1,30}\))?)\s*$"
)
_HOSTNAMECTL = regex(r"^\s*(?P<key>Kernel|Architecture): (?:Linux )?(?P<value>\S{2,80})\s*$")
_ARCHITECTURES = {"x86-64": "x86_64", "arm64": "aarch64", "ppc64-le": "ppc64le"}
_LSB = regex(r"^\s*(?:Distributor ID|Release|Codename):\s+\S")
# SecureBoot enabled            secureboot: Secure boot enabled, in the kernel's log            EFI variables are not supported on …
_SECURE_BOOT = regex(
    r"^\s*SecureBoot (?P<state>enabled|disabled)\s*$|\b[Ss]ecureboot: Secure boot (?P<log>enabled|disabled|could not be determined)"
    r"|^\s*Secure Boot: (?P<bootctl>enabled|disabled)\b|(?P<locked>Kernel is locked down from EFI Secure Boot)"
)
_NO_SECURE_BOOT = regex(r"^\s*(?:EFI variables are not supported on this system|This system doesn't support Secure Boot)\s*$")


class OperatingSystemReader:
    """Reads what systems say of themselves."""

    name = "operating-system"

    def recognises(self, text: Text) -> bool:
        """By a line of one of these."""
        return any(True for _ in self._claims(text, set()))

    def read(self, text: Text) -> Evidence:
        """Facts about `system`, and of a Jetson its release."""
        return Evidence(claims=list(self._claims(text, text.taken)))

    def _claims(self, text: Text, taken: set[int]) -> Iterator[Claim]:
        yield from _distribution(text, taken)
        for index in text.with_words("linux", "darwin", "uname", " release ", "ecure", "efi variables", "revision"):
            line = text.lines[index]
            if len(line) > _LONGEST or index in taken:
                continue
            if "Linux" in line or "Darwin" in line or "uname" in line:
                yield from _kernel(index, text, taken)
            if " release " in line and (named := _RELEASE_FILE.match(line)):
                taken.add(index)
                for fact, value in said_by_distribution(named["name"]).items():
                    yield text.claim(f"system.{fact}", value, index)
                if not named["name"].startswith(("Fedora", "Amazon", "openSUSE")):
                    yield text.claim("system.distribution_like", ["rhel", "fedora"], index)
            if "ecure" in line or "EFI variables" in line:
                yield from _secure_boot(line, index, text, taken)
            if "REVISION" in line and (release := parse_tegra_release(line)):
                taken.add(index)
                yield text.claim("nvidia.l4t_version", release, index)


def _distribution(text: Text, taken: set[int]) -> Iterator[Claim]:
    """The lines of an os-release that follow each other; an ID and a name at least are needed, as other files have such lines too."""
    block: list[int] = []
    for index in (*text.with_words("=", "description", "operating system"), len(text.lines)):
        line = text.lines[index] if index < len(text.lines) else ""
        if block and index > block[-1] + 1:
            if len(block) > 1:
                yield from _os_release(block, text, taken)
            block = []
        if "=" in line and len(line) <= _LONGEST and _OS_FIELD.match(line):
            block.append(index)
            continue
        if len(block) > 1:
            yield from _os_release(block, text, taken)
        block = []
        described = _DESCRIPTION.match(line) if "Description" in line or "Operating System" in line else None
        if described is not None and (described["name"] and ("Operating" in line or _is_lsb(index, text))):
            taken.add(index)
            for fact, value in said_by_distribution(described["name"]).items():
                yield text.claim(f"system.{fact}", value, index)
            if "Operating" in line:
                yield from _hostnamectl(index, text, taken)


def _hostnamectl(index: int, text: Text, taken: set[int]) -> Iterator[Claim]:
    """The kernel and the machine in the lines below the system's name."""
    for at in range(index + 1, min(index + 8, len(text.lines))):
        found = _HOSTNAMECTL.match(text.lines[at]) if len(text.lines[at]) <= _LONGEST else None
        if found and found["key"] == "Kernel" and found["value"][0].isdigit():
            taken.add(at)
            yield text.claim("system.kernel", found["value"], at)
        elif found and found["value"] in _ARCHITECTURES:
            taken.add(at)
            yield text.claim("system.machine", _ARCHITECTURES[found["value"]], at)


def _is_lsb(index: int, text: Text) -> bool:
    """Whether lsb_release's other lines stand beside it."""
    return any(_LSB.match(line) for line in text.lines[max(0, index - 2) : index + 3])


def _os_release(block: list[int], text: Text, taken: set[int]) -> Iterator[Claim]:
    release = parse_os_release("\n".join(text.lines[index] for index in block))
    if release.id is None or release.name is None:
        return
    taken.update(block)
    facts = {
        "os": "Linux",
        "distribution": release.name,
        "distribution_id": release.id,
        "distribution_version": release.version,
        "distribution_like": release.like or None,
    }
    for fact, value in facts.items():
        if value is not None:
            yield text.claim(f"system.{fact}", value, block[0])


def _kernel(index: int, text: Text, taken: set[int]) -> Iterator[Claim]:
    said = parse_uname(text.lines[index])
    where = index
    if said is None and asks_release(text.lines[index]):
        where = next((other for other in range(index + 1, min(index + 3, len(text.lines))) if text.lines[other].strip()), index)
        release = parse_release(text.lines[where])
        said = {"kernel": release} if release is not None else None
    if said is None:
        return
    taken.add(where)
    for fact, value in said.items():
        yield text.claim(f"system.{fact}", value, where)
    wsl = parse_wsl(f"Linux version {said['kernel']}")
    if wsl is not None:
        yield text.claim("system.wsl", wsl, where)


def _secure_boot(line: str, index: int, text: Text, taken: set[int]) -> Iterator[Claim]:
    if _NO_SECURE_BOOT.match(line):
        taken.add(index)
        yield text.claim("system.secure_boot", None, index)
        return
    found = _SECURE_BOOT.search(line)
    if found is None or found["log"] == "could not be determined":
        return
    taken.add(index)
    state = found["state"] or found["log"] or found["bootctl"] or "enabled"
    yield text.claim("system.secure_boot", state == "enabled", index)
