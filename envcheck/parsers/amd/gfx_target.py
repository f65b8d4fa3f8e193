"""AMD's names of what code is compiled for: `gfx942`, in the spellings of the kernel, of HSA and of ROCm's variables.

>>> gfx_of_version(90402), gfx_of_version(90010), gfx_of_version(110000)
('gfx942', 'gfx90a', 'gfx1100')
>>> gfx_in("amdgcn-amd-amdhsa--gfx942:sramecc+:xnack-")
'gfx942'
>>> gfx_of_override("10.3.0"), gfx_of_override("9.0.10")
('gfx1030', 'gfx90a')
"""

from __future__ import annotations

from envcheck.parsers.expression import regex

_NAME = regex(r"(?<![A-Za-z0-9])gfx(?:[0-9][0-9a-f]{2,4})(?![0-9A-Za-z])")
_OVERRIDE = regex(r"\s*([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{1,2})\s*$")
_HIGHEST_PART = 15


def gfx_of_version(number: int) -> str | None:
    """The kernel's `gfx_target_version`: two decimal digits each for minor and stepping, which the name writes as one hexadecimal digit.

    0 is what a node without a GPU has.
    """
    return _named(number // 10000, number // 100 % 100, number % 100) if number > 0 else None


def gfx_of_override(text: str) -> str | None:
    """What HSA_OVERRIDE_GFX_VERSION makes of every card; None where it is no version of three parts."""
    found = _OVERRIDE.match(text)
    return _named(int(found[1]), int(found[2]), int(found[3])) if found else None


def gfx_in(text: str) -> str | None:
    """The first target that a text names, without the flags behind it."""
    found = _NAME.search(text)
    return found[0] if found else None


def override_of(target: str) -> str | None:
    """`gfx1030` → "10.3.0", as HSA_OVERRIDE_GFX_VERSION is written; None for what is no target."""
    if _NAME.fullmatch(target) is None:
        return None
    digits = target[3:]
    return f"{int(digits[:-2])}.{int(digits[-2], 16)}.{int(digits[-1], 16)}" if digits[:-2].isdecimal() and digits[-2:] else None


def family_of(target: str) -> str:
    """What targets have in common that are close enough for one to run the other's code: `gfx1031` → "gfx103", `gfx90a` → "gfx90"."""
    return target[:-1]


def _named(major: int, minor: int, stepping: int) -> str | None:
    if not 0 < major < 100 or minor > _HIGHEST_PART or stepping > _HIGHEST_PART:
        return None
    return f"gfx{major}{minor:x}{stepping:x}"
