"""Where in a text a /proc/cpuinfo stands: the stretches of its lines, without what people wrote around them."""

from __future__ import annotations

from envcheck.parsers.expression import regex

_LINE = regex(r"^\s{0,8}(?P<key>[A-Za-z#][\w ()./-]{0,40}?)\s*:(?:\s|$)")
# Keys that a line of the file begins with on one architecture or another; those that other programs have as well are left out.
_OWN = frozenset(
    (
        "processor", "vendor_id", "cpu family", "model name", "stepping", "microcode", "cpu MHz", "cache size", "physical id",
        "siblings", "core id", "cpu cores", "apicid", "initial apicid", "fpu", "fpu_exception", "cpuid level", "wp", "flags", "bugs",
        "bogomips", "clflush size", "cache_alignment", "address sizes", "BogoMIPS", "Features", "CPU implementer", "CPU architecture",
        "CPU variant", "CPU part", "CPU revision", "Processor", "Hardware", "hart", "isa", "mmu", "uarch", "mvendorid", "system type",
        "cpu model", "tlb_entries", "revision", "timebase", "platform", "clock", "bogomips per cpu", "facilities", "Model Name",
        "CPU Family", "package", "core", "global_id", "vmx flags", "max thread id", "cpu", "# processors", "ASEs implemented",
        "wait instruction", "power management", "TLB size", "model", "features", "machine", "mimpid", "marchid", "CPU Revision",
        "FPU Revision", "VCED exceptions", "VCEI exceptions",
    )
)  # fmt: skip
_NUMBERED = ("processor ", "cache")
_S390 = regex(r"^(?:processor \d+|cache\d+)$")
# One of these is in every such file.
_TELLING = ("vendor_id", "model name", "CPU implementer", "isa", "cpu model", "Model Name", "cpu", "Processor", "uarch", "flags")
_FEWEST = 4


def cpuinfo_stretches(lines: list[str]) -> list[tuple[int, int]]:
    """The (first, last) lines of every stretch; an empty line ends a processor, anything else that does not fit ends the stretch."""
    found: list[tuple[int, int]] = []
    first, last, keys = -1, -1, set[str]()
    for number, line in enumerate([*lines, "."]):
        if first < 0 and (":" not in line or not ((label := line.partition(":")[0].strip()) in _OWN or label.startswith(_NUMBERED))):
            continue
        field = _LINE.match(line) if ":" in line else None
        key = field["key"] if field else ""
        if field is not None and (key in _OWN or _S390.match(key)):
            first = number if first < 0 else first
            last = number
            keys.add(key)
        elif field is not None and first >= 0 and number - last <= 1:
            last = number  # a key of an architecture that is not known here
        elif (line.strip() and field is None) or number - last > 2:
            if len(keys) >= _FEWEST and any(key in keys for key in _TELLING):
                found.append((first, last))
            first, last, keys = -1, -1, set()
    return found
