"""Which drivers the kernel has loaded and could load: lsmod, /proc/driver/nvidia/version, the kernel's log, dkms, modinfo."""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.parsers.linux.lsmod import parse_lsmod
from envcheck.parsers.nvidia.nvidia_kernel_module import parse_nvidia_module_version
from envcheck.parsers.nvidia.nvidia_module_files import parse_nvidia_module_files
from envcheck.readers.interface import Text

_LONGEST = 400
# cat: /proc/driver/nvidia/version: No such file or directory; that it may not be read would be something else.
_NO_MODULE = regex(
    r"^\s*(?:cat|head|more|ls|less): [^\n:]{0,40}/proc/driver/nvidia/version'?[^\n:]{0,40}: (?:No such file|Datei oder Verzeichnis nicht"
    r"|Aucun fichier|No existe|File o directory non|Arquivo ou diret|Нет такого|没有那个文件|そのような)"
)
# A prompt with the question whether NVIDIA's module is loaded; what follows an answer of nothing is the next prompt.
_ASKED = regex(r"(?:^|[$#%>\u276f\u279c] ?)(?:sudo )?lsmod ?\| ?e?grep (?:-\w+ )?['\"]?nvidia['\"]?\s*$")
_PROMPT = regex(r"^\s*(?:\([\w.-]{1,40}\) ?)?(?:[\w.-]{1,40}@[\w.-]{1,60}[^\n$#]{0,120})?[$#\u276f\u279c] ?\S?")
_LOG = regex(r"NVRM: loading NVIDIA UNIX ")
_PROC = regex(r"^\s*NVRM version: NVIDIA ")
# nouveau 0000:01:00.0: NVIDIA TU117 (167000a1)            amdgpu 0000:03:00.0: amdgpu: VRAM: 24560M 0x0000008000000000 - …
_NOUVEAU = regex(
    r"\bnouveau (?P<address>[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]): (?:\w{2,10}: )?NVIDIA (?P<chip>[A-Z]{1,2}\w{2,5}) \("
)
_AMDGPU = regex(r"\bamdgpu (?P<address>[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]): (?:amdgpu: )?VRAM: (?P<mib>\d{2,8})M 0x")
MIB = 2**20


class KernelModuleReader:
    """Reads the kernel's own words about drivers."""

    name = "kernel-modules"

    def recognises(self, text: Text) -> bool:
        """By a list of modules, or a line that only the kernel and its tools write."""
        return (
            bool(text.parsed(parse_lsmod).lines)
            or bool(text.parsed(parse_nvidia_module_files).lines)
            or text.has("/proc/driver/nvidia/version", "nvrm", "nouveau", "amdgpu")
            or any(_ASKED.search(text.lines[index]) for index in text.with_words("lsmod"))
        )

    def read(self, text: Text) -> Evidence:
        """What is loaded now is believed before what the log says was loaded once."""
        evidence = Evidence()
        _read_list(evidence, text)
        _read_version(evidence, text)
        _read_files(evidence, text)
        evidence.claims += _logged_cards(text)
        if any(claim.fact.startswith("accelerators") for claim in evidence.claims):
            evidence.observed["accelerators"] = "partial"
        return evidence


def _read_list(evidence: Evidence, text: Text) -> None:
    modules = text.parsed(parse_lsmod)
    text.taken.update(modules.lines)
    if modules.names:
        evidence.claims.append(text.claim("modules", modules.names, modules.lines[0]))
    if modules.lines:
        evidence.observed["modules"] = "complete" if modules.whole else "partial"


def _read_version(evidence: Evidence, text: Text) -> None:
    """One version: /proc's; without it that of the last time that the log tells of."""
    logged: list[Claim] = []
    for index in text.with_words("nvrm", "/proc/driver/nvidia/version", "lsmod"):
        line = text.lines[index]
        if len(line) > _LONGEST:
            continue
        if _PROC.match(line):
            text.taken.add(index)
            evidence.claims += _version(line, index, text, Trust.PRINTED)
        elif _LOG.search(line):
            logged = list(_version(line, index, text, Trust.MENTIONED))
        elif _NO_MODULE.match(line) or _found_nothing(text, index):
            evidence.claims.append(text.claim("nvidia.kernel_module_version", None, index))
    evidence.claims += logged


def _version(line: str, index: int, text: Text, trust: Trust) -> Iterator[Claim]:
    version, is_open = parse_nvidia_module_version(line)
    if version is not None:
        yield text.claim("nvidia.kernel_module_version", version, index, trust)
        if trust is Trust.PRINTED:  # the file is there only while the module is loaded
            yield text.claim("nvidia.driver_version", version, index, Trust.MENTIONED)
    if is_open is not None:
        yield text.claim("nvidia.open_kernel_module", is_open, index, trust)


def _found_nothing(text: Text, index: int) -> bool:
    """`lsmod | grep nvidia`, and nothing before the next prompt."""
    line = text.lines[index]
    if "lsmod" not in line or not _ASKED.search(line) or not _PROMPT.match(line):
        return False
    following = next((other for other in text.lines[index + 1 : index + 4] if other.strip()), "")
    return bool(following) and _PROMPT.match(following) is not None


def _read_files(evidence: Evidence, text: Text) -> None:
    files = text.parsed(parse_nvidia_module_files)
    text.taken.update(files.lines)
    if not files.lines:
        return
    evidence.claims.append(text.claim("nvidia.module_kernels", files.kernels, files.lines[0]))
    if files.version is not None:
        evidence.claims.append(text.claim("nvidia.package_version", files.version, files.version_line, Trust.MENTIONED))
    if files.is_open is not None:
        evidence.claims.append(text.claim("nvidia.open_kernel_module", files.is_open, files.lines[0], Trust.MENTIONED))


def _logged_cards(text: Text) -> Iterator[Claim]:
    """Cards that a driver greeted when it took them. What nouveau took first may be another's by now: then the log goes on."""
    taken_over = max((index for index in text.with_words("nvrm") if _LOG.search(text.lines[index][:_LONGEST])), default=-1)
    for index in text.with_words("nouveau ", "amdgpu "):
        line = text.lines[index]
        if "nouveau " in line and index > taken_over and (nouveau := _NOUVEAU.search(line[:_LONGEST])):
            entry: dict[str, object] = {"vendor": "nvidia", "backend": "cuda", "driver": "nouveau", "state": "other-driver"}
        elif "amdgpu " in line and (nouveau := _AMDGPU.search(line[:_LONGEST])):
            entry = {"vendor": "amd", "backend": "rocm", "driver": "amdgpu", "memory_bytes": int(nouveau["mib"]) * MIB}
        else:
            continue
        address = nouveau["address"]
        yield text.claim(f"accelerators[{address}]", {**entry, "pci_address": address}, index, Trust.MENTIONED)
