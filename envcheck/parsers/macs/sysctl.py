"""What macOS's sysctl prints about processor and memory."""

from __future__ import annotations

from envcheck.parsers.cpu.x86_level import x86_level
from envcheck.parsers.text.sizes import parse_size

# Where macOS and Linux name an instruction set of x86 differently. Linux's names are the ones used everywhere else.
_LINUX_NAMES = {
    "sse3": "pni",
    "sse4.1": "sse4_1",
    "sse4.2": "sse4_2",
    "avx1.0": "avx",
    "lzcnt": "abm",
    "lahf": "lahf_lm",
    "em64t": "lm",
}
_X86_KEYS = ("machdep.cpu.features", "machdep.cpu.leaf7_features", "machdep.cpu.extfeatures")
_ARM_PREFIXES = ("hw.optional.arm.", "hw.optional.")


class Sysctl:
    """The processor and memory of a Mac; None where the text does not say."""

    __slots__ = (
        "features",
        "kernel",
        "level",
        "logical_cores",
        "memory_bytes",
        "model",
        "physical_cores",
        "rosetta",
        "swap_bytes",
        "vendor",
        "version",
        "virtual",
    )

    def __init__(self, values: dict[str, str]) -> None:
        self.model: str | None = values.get("machdep.cpu.brand_string") or None
        arm = values.get("hw.optional.arm64") == "1" or (self.model or "").startswith("Apple")
        self.vendor: str | None = values.get("machdep.cpu.vendor") or ("Apple" if arm else None)
        self.physical_cores = _number(values, "hw.physicalcpu", "machdep.cpu.core_count")
        self.logical_cores = _number(values, "hw.logicalcpu", "machdep.cpu.thread_count")
        self.memory_bytes = _number(values, "hw.memsize")
        self.swap_bytes = _swap(values.get("vm.swapusage", ""))
        self.features = _arm_features(values) if arm else _x86_features(values)
        self.level: str | None = None if arm else x86_level(self.features or [])
        self.rosetta = _truth(values, "sysctl.proc_translated")
        self.virtual = _truth(values, "kern.hv_vmm_present")
        self.version: str | None = values.get("kern.osproductversion") or None
        self.kernel: str | None = values.get("kern.osrelease") or None


def parse_sysctl(text: str) -> Sysctl:
    """The facts in the lines of `sysctl hw machdep.cpu …`:

    machdep.cpu.brand_string: Apple M4 Max
    hw.physicalcpu: 16
    hw.memsize: 68719476736
    machdep.cpu.leaf7_features: RDWRFSGS TSC_THREAD_OFFSET BMI1 AVX2
    vm.swapusage: total = 2048.00M  used = 512.00M  free = 1536.00M  (encrypted)
    """
    values: dict[str, str] = {}
    for line in text.splitlines():
        name, colon, value = line.partition(": ")
        if colon:
            values.setdefault(name.strip(), value.strip())
    return Sysctl(values)


def _number(values: dict[str, str], *names: str) -> int | None:
    for name in names:
        word = values.get(name, "")
        if word.isascii() and word.isdigit() and len(word) < 19:
            return int(word)
    return None


def _truth(values: dict[str, str], name: str) -> bool | None:
    return {"1": True, "0": False}.get(values.get(name, ""))


def _x86_features(values: dict[str, str]) -> list[str] | None:
    """In Linux's names; None where macOS listed none, as under Rosetta's own processor."""
    words = [word.lower() for key in _X86_KEYS for word in values.get(key, "").split()]
    if "osxsave" in words and "xsave" not in words:
        words.append("xsave")
    return list(dict.fromkeys(_LINUX_NAMES.get(word, word) for word in words)) or None


def _arm_features(values: dict[str, str]) -> list[str] | None:
    """FEAT_BF16, neon …: what is switched on below hw.optional."""
    names = []
    for key, value in values.items():
        prefix = next((prefix for prefix in _ARM_PREFIXES if key.startswith(prefix)), None)
        if prefix is not None and value == "1":
            names.append(key[len(prefix) :])
    return list(dict.fromkeys(names)) or None


def _swap(text: str) -> int | None:
    """`total = 2048.00M …` with the decimal point of the language set."""
    words = text.split()
    if len(words) < 3 or words[:2] != ["total", "="]:
        return None
    return parse_size(words[2])
