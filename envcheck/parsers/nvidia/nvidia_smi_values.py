"""The cells and values that nvidia-smi prints, whatever form of its output they stand in.

    81559 MiB    [N/A]    67.03 W    Exclusive_Process    E. Process    Requested functionality has been deprecated    ERR!

What is not known is None, never zero.
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex
from envcheck.parsers.text.sizes import parse_size

_NUMBER = regex(r"(-?\d{1,9}(?:[.,]\d{1,6})?)\s{0,4}(?:W|C|%|bank\(s\))?")
_ABSENT = frozenset((
    "", "-", "n/a", "none found", "not supported", "not available", "not found", "unknown", "unknown error", "err!", "error", "no data",
    "requested functionality has been deprecated", "function not found", "insufficient permissions", "gpu is lost",
    "gpu requires reset", "gpu not found", "driver not loaded", "timeout", "reset required", "invalid argument",
))  # fmt: skip
_LOST = ("gpu is lost", "gpu requires reset", "reset required")
DRIVER = regex(r"\d{1,4}(?:\.\d{1,4}){1,3}")
CUDA = regex(r"\d{1,2}\.\d{1,2}")


def present(text: str) -> str | None:
    """The value without its blanks and brackets; None for all words by which nvidia-smi says that it has none."""
    value = text.strip()
    if value[:1] == "[" and value[-1:] == "]":
        value = value[1:-1].strip()
    return None if value.lower() in _ABSENT else value


def says_lost(text: str) -> bool:
    """Whether a value is the driver's word for a card that no longer answers, or not before it is reset."""
    return text.strip().strip("[]").strip().lower() in _LOST


def size(text: str, unit: str = "") -> int | None:
    """Bytes of `81559 MiB`; old branches write MB and mean the same. `unit` is that of the column, where the values have none."""
    return parse_size(present(text) or "", unit)


def number(text: str) -> float | None:
    """The number of `67.03 W`, `42 C`, `12`; with a comma too, as some systems write it."""
    found = _NUMBER.fullmatch(present(text) or "")
    return float(found.group(1).replace(",", ".")) if found else None


def count(text: str) -> int | None:
    """A whole number that is not negative."""
    value = present(text) or ""
    return int(value) if re.fullmatch(r"\d{1,9}", value) else None


def version(text: str, form: re.Pattern[str] = DRIVER) -> str | None:
    """A version in front of whatever remark there is: `610.62 [Deprecated; will be removed …]`."""
    words = text.split(None, 1)
    return words[0] if words and form.fullmatch(words[0]) else None


def one_of(words: dict[str, str]) -> _Choice:
    """A reader of the values of an enumeration: anything else is unknown."""
    return _Choice(words)


class _Choice:
    """Calls itself with a printed word; returns ours for it."""

    __slots__ = ("_words",)

    def __init__(self, words: dict[str, str]) -> None:
        self._words = words

    def __call__(self, text: str) -> str | None:
        return self._words.get(re.sub(r"[\s_.-]+", " ", text.strip().strip("[]").lower()).strip(" *"))


switch = one_of({"enabled": "enabled", "disabled": "disabled", "on": "enabled", "off": "disabled"})
compute_mode = one_of(
    {
        "default": "default",
        "exclusive process": "exclusive-process",
        "e process": "exclusive-process",
        "exclusive thread": "exclusive-thread",
        "e thread": "exclusive-thread",
        "prohibited": "prohibited",
    }
)
driver_model = one_of({"wddm": "wddm", "tcc": "tcc", "mcdm": "mcdm"})
virtualization = one_of(
    {
        "none": "none",
        "pass through": "pass-through",
        "vgpu": "vgpu",
        "host vgpu": "host-vgpu",
        "host vsga": "host-vsga",
    }
)
fabric = one_of(
    {
        "not supported": "not-supported",
        "not started": "not-started",
        "in progress": "in-progress",
        "completed": "completed",
    }
)
_yes = one_of({"yes": "yes", "no": "no", "enabled": "yes", "disabled": "no", "on": "yes", "off": "no"})


def truth(text: str) -> bool | None:
    """Yes and No, and the words that stand for them."""
    said = _yes(text)
    return None if said is None else said == "yes"


def pci_id(text: str) -> str | None:
    """`0x20B210DE` and `20B210DE`, device and vendor → "10de:20b2"; what is not NVIDIA's was masked."""
    found = re.fullmatch(r"(?:0[xX])?([0-9A-Fa-f]{4})10[Dd][Ee]", text.strip())
    return f"10de:{found.group(1)}".lower() if found else None
