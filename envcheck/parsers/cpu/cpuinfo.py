"""/proc/cpuinfo, whose words differ from one architecture to the next."""

from __future__ import annotations

from envcheck.parsers.cpu.arm_parts import arm_model, arm_vendor
from envcheck.parsers.expression import regex

# The first of these that a file has is the model's name: x86 and RISC-V, LoongArch, MIPS, POWER, RISC-V without a name, old ARM.
BRAND_KEYS = ("model name", "Model Name", "cpu model", "cpu", "uarch", "Processor")
_FEATURE_KEYS = ("flags", "Features", "features")
_MOST_PROCESSORS = 16384
_S390_PROCESSOR = regex(r"processor \d+$")


class CpuInfo:
    """What the file says; `processors` are the logical CPUs in it, one dictionary of its lines each, `general` its other lines."""

    __slots__ = ("features", "general", "model", "parts", "processors", "vendor")

    def __init__(self, processors: list[dict[str, str]], general: dict[str, str]) -> None:
        self.processors = processors
        self.general = general
        self.parts = _arm_parts(processors)
        self.model = self.first(BRAND_KEYS) or arm_model(self.parts)
        self.vendor = self.first(("vendor_id",)) or (arm_vendor(self.parts[0][0]) if self.parts else None)
        self.features = _features(processors, general)

    @property
    def logical(self) -> int:
        """How many logical CPUs the file lists."""
        return len(self.processors)

    @property
    def isa(self) -> str | None:
        """The instruction set as RISC-V, MIPS and LoongArch spell it."""
        return self.first(("isa", "ISA"))

    def of_machine(self, key: str) -> str:
        """What is said once, of the machine: after the last processor, on some kernels without the empty line between them."""
        return self.general.get(key) or (self.processors[-1].get(key, "") if self.processors else "")

    def first(self, keys: tuple[str, ...]) -> str | None:
        """The value of the first key that the first processor, or the file outside of processors, has."""
        for key in keys:
            for block in (*self.processors[:1], self.general):
                if block.get(key):
                    return block[key]
        return None


def parse_cpuinfo(text: str) -> CpuInfo:
    """The processors of a file of any architecture; a file that was cut or is not such a file gives fewer, or none.

        processor   : 0                                      processor   : 0
        vendor_id   : GenuineIntel                           BogoMIPS    : 2000.00
        model name  : 13th Gen Intel(R) Core(TM) i7-1370P    Features    : fp asimd evtstrm aes sve2
        physical id : 0                                      CPU implementer : 0x41
        flags       : fpu vme de avx2                        CPU part    : 0xd87

    An empty line ends a processor. Old single-core ARM has no `processor` line and still is one CPU; s390x lists its CPUs as
    `processor 0: version = FF, …` below one common block.
    """
    processors: list[dict[str, str]] = []
    general: dict[str, str] = {}
    block = general
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if not colon:
            block = general
            continue
        key, value = key.strip(), value.strip()
        if len(processors) >= _MOST_PROCESSORS:
            break
        if _S390_PROCESSOR.match(key):
            processors.append({})
            continue
        if key == "processor":
            block = {}
            processors.append(block)
        block.setdefault(key, value)
    if not processors and any(key in general for key in (*BRAND_KEYS, "CPU implementer")):
        processors.append(general)
    return CpuInfo(processors, general)


def _arm_parts(processors: list[dict[str, str]]) -> list[tuple[int, int]]:
    """The different (implementer, part) pairs, in the order of the CPUs."""
    pairs = dict.fromkeys((_hexadecimal(block, "CPU implementer"), _hexadecimal(block, "CPU part")) for block in processors)
    return [(implementer, part) for implementer, part in pairs if implementer is not None and part is not None]


def _hexadecimal(block: dict[str, str], key: str) -> int | None:
    try:
        return int(block[key], 16)
    except (KeyError, ValueError):
        return None


def _features(processors: list[dict[str, str]], general: dict[str, str]) -> list[str] | None:
    """The instruction sets that every CPU has: a program may run on any of them. None where the file does not list them."""
    lists = dict.fromkeys(value for block in (*processors, general) for key in _FEATURE_KEYS if (value := block.get(key)) is not None)
    if lists:
        first, *others = (value.split() for value in lists)
        common = dict.fromkeys(first)
        for other in others:
            common = {name: None for name in common if name in other}
        return list(common)
    return _riscv_features(next((block["isa"] for block in processors if block.get("isa", "").startswith("rv")), ""))


def _riscv_features(isa: str) -> list[str] | None:
    """`rv64imafdcv_zba_zbb` → rv64, i, m, a, f, d, c, v, zba, zbb."""
    if not isa:
        return None
    letters, *extensions = isa.split("_")
    return list(dict.fromkeys([letters[:4], *letters[4:], *extensions]))
