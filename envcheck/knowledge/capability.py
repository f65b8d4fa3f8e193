"""Compute capabilities, and which of them compiled code runs on."""

from collections.abc import Iterable

from envcheck.parsers.expression import regex

_TARGET = regex(r"(sm|compute)_(\d+)(\d)([af]?)$")

Capability = tuple[int, int]

# The chips of Tegra (Jetson, Drive): their machine code runs on that very chip only, and a desktop's card has none for them (CUDA C++
# Programming Guide, Binary Compatibility). Thor was 10.1 until CUDA 13 renumbered it 11.0.
_THOR = {(10, 1), (11, 0)}
_TEGRA = {(3, 2), (5, 3), (6, 2), (7, 2), (8, 7), *_THOR}


def parse_capability(text: str) -> Capability | None:
    """`8.6`, `sm_86` and `sm_120` as (8, 6), (8, 6), (12, 0); None for anything else, `gfx1030` included.

    >>> parse_capability("sm_120")
    (12, 0)
    """
    text = text.strip().lower()
    if "." in text:
        left, _, right = text.partition(".")
        return (int(left), int(right)) if left.isdecimal() and right.isdecimal() and len(right) == 1 else None
    digits = text.removeprefix("sm_")
    return (int(digits[:-1]), int(digits[-1])) if digits.isdecimal() and 2 <= len(digits) <= 3 else None


def shown(capability: Capability) -> str:
    """(8, 6) → "8.6"."""
    return f"{capability[0]}.{capability[1]}"


def runs_on(target: str, capability: Capability) -> bool:
    """Whether code for one target (`sm_86`, `compute_90`, `sm_90a`) runs on a card.

    Machine code runs on the same major and any higher minor, but for Tegra, where it is for one chip; PTX (`compute_…`) on everything
    newer; code that is specific to an architecture (`a`) on that one only, and to a family (`f`) like machine code.
    """
    found = _TARGET.match(target.strip())
    if found is None:
        return False
    kind, specific = found[1], found[4]
    compiled = (int(found[2]), int(found[3]))
    if specific == "a":
        return compiled == capability or {compiled, capability} == _THOR
    if kind == "compute" and not specific:
        return compiled <= capability
    if compiled in _TEGRA or capability in _TEGRA:
        return compiled == capability or {compiled, capability} == _THOR
    return compiled[0] == capability[0] and compiled[1] <= capability[1]


def is_tegra(capability: Capability) -> bool:
    """Whether it is a chip of Tegra's: a Jetson, a Drive."""
    return capability in _TEGRA


def covers(targets: Iterable[str], capability: Capability) -> bool:
    """Whether a binary with code for these targets runs on a card."""
    return any(runs_on(target, capability) for target in targets)


def is_cuda_list(targets: Iterable[str]) -> bool:
    """Whether an arch list speaks of CUDA at all: a ROCm build lists `gfx…`."""
    return any(_TARGET.match(target.strip()) for target in targets)
