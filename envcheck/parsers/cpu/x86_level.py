"""The microarchitecture levels of the x86-64 ABI, by the names that Linux gives the instruction sets."""

from __future__ import annotations

# Each level has all that the ones before it have; Linux calls SSE3 "pni", LZCNT "abm" and LAHF in 64-bit mode "lahf_lm".
_LEVELS = (
    ("x86-64-v1", frozenset(["lm", "cmov", "cx8", "fpu", "fxsr", "mmx", "syscall", "sse", "sse2"])),
    ("x86-64-v2", frozenset(["cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"])),
    ("x86-64-v3", frozenset(["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"])),
    ("x86-64-v4", frozenset(["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"])),
)


def x86_level(features: list[str]) -> str | None:
    """The highest level whose instructions are all there; None where it is not an x86-64 processor."""
    have = frozenset(features)
    reached = None
    for name, needed in _LEVELS:
        if not needed <= have:
            break
        reached = name
    return reached
