"""What AMD's tools say of a card, in the names of our facts: which of their words are values and which only say that there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from envcheck.parsers.expression import regex

_NOTHING = regex(r"(?i)(?:n/?a|none|unknown|not supported|not available|0x0+|-+)?$")
_HEX_ID = regex(r"(?:0x)?([0-9a-fA-F]{4})$")
_BARE_ID = regex(r"0x[0-9a-fA-F]+$")
_UUID = regex(r"(?:0x|GPU-)?([0-9a-fA-F]{8,16})$")
_NUMBER = regex(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_KERNEL = regex(r"(?i)linux ?ver(?:sion)? ?([0-9][\w.+-]*)?")
_VERSION = regex(r"[0-9][\w.+-]{0,60}$")
VENDOR = "1002"


class Listing:
    """What one output says: cards by their number, the driver, ROCm's version; `documents` of JSON count from their own start."""

    __slots__ = ("cards", "driver_version", "rocm_version")

    def __init__(self) -> None:
        self.cards: dict[int, dict[str, object]] = {}
        self.driver_version: str | None = None
        self.rocm_version: str | None = None

    def __bool__(self) -> bool:
        return bool(self.cards or self.driver_version or self.rocm_version)

    def card(self, number: int) -> dict[str, object]:
        """The card of that number, to be added to."""
        return self.cards.setdefault(number, {})


def words(value: object) -> str:
    """A value as text, empty where it only says that there is none: "N/A", "Not supported"."""
    text = value.strip() if isinstance(value, str) else str(value) if isinstance(value, (int, float)) else ""
    return "" if _NOTHING.match(text) or len(text) > 300 else text


def name_in(*values: object) -> str | None:
    """The first that is a name, not the bare number that stands where a machine has no list of names."""
    return next((text for text in map(words, values) if text and not _BARE_ID.match(text)), None)


def pci_id_in(value: object) -> str | None:
    """`0x74a1` → "1002:74a1"."""
    found = _HEX_ID.match(words(value))
    return f"{VENDOR}:{found[1].lower()}" if found else None


def uuid_in(value: object) -> str | None:
    """A card's own number as ROCm's variables take it: `0x5c88007d2c2aae85` → "GPU-5c88007d2c2aae85"; GPU-XX is none."""
    found = _UUID.match(words(value))
    return f"GPU-{int(found[1], 16):016x}" if found and int(found[1], 16) else None


def number_in(value: object) -> float | None:
    """The number that a value begins with: `37 °C`, `133.0W`."""
    found = _NUMBER.match(words(value))
    return float(found[0]) if found else None


def whole_number_in(value: object) -> int | None:
    """A count of bytes, which no floating point number holds."""
    text = words(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None


def driver_version_in(value: object) -> str | None:
    """The driver's version; the one of the kernel itself has the kernel's, "Linuxversion6.8.0-79-generic(buildd@…)…" included."""
    text = words(value)
    kernel = _KERNEL.match(text)
    if kernel is not None:
        return kernel[1]
    return text if _VERSION.match(text) else None


def known_only(fields: Mapping[str, object]) -> dict[str, object]:
    """Without what is not known."""
    return {name: value for name, value in fields.items() if value is not None}


def tidy(cards: Mapping[int, dict[str, object]]) -> dict[int, dict[str, object]]:
    """Whole cards only: no partition that is listed beside its card, and no unique number that several have."""
    seen: dict[str, int] = {}
    kept = {number: fields for number, fields in cards.items() if not _is_partition(fields, cards.values())}
    for fields in kept.values():
        uuid = str(fields.get("uuid", ""))
        seen[uuid] = seen.get(uuid, 0) + 1
    return {
        number: {name: value for name, value in fields.items() if name != "uuid" or seen[str(value)] == 1}
        for number, fields in kept.items()
    }


def _is_partition(fields: dict[str, object], others: Iterable[dict[str, object]]) -> bool:
    """A part of an Instinct card has its card's place on the bus, with a function of its own."""
    address = str(fields.get("pci_address", ""))
    device, _, function = address.rpartition(".")
    return function not in ("", "0") and any(other.get("pci_address") == f"{device}.0" for other in others)
