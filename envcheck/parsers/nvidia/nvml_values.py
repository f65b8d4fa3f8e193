"""What NVML's numbers and names mean, in the words of the facts. NVML's own names for them stand in its header, nvml.h.

>>> library_version("12.580.95.05"), pci_id(0x233010DE), mig_profile("NVIDIA H100 80GB HBM3 MIG 3g.40gb")
('580.95.05', '10de:2330', '3g.40gb')
"""

from __future__ import annotations

from envcheck.parsers.expression import regex

# nvmlDeviceArchitecture_t, as nvidia-smi words it.
_ARCHITECTURES = {2: "Kepler", 3: "Maxwell", 4: "Pascal", 5: "Volta", 6: "Turing", 7: "Ampere", 8: "Ada Lovelace", 9: "Hopper"}
_ARCHITECTURES.update({10: "Blackwell", 13: "Rubin"})
_COMPUTE_MODES = {0: "default", 1: "exclusive-thread", 2: "prohibited", 3: "exclusive-process"}
# NVML calls TCC "WDM", as the driver model of Windows is called that has no display.
_DRIVER_MODELS = {0: "wddm", 1: "tcc", 2: "mcdm"}
_VIRTUALIZATION = {0: "none", 1: "pass-through", 2: "vgpu", 3: "host-vgpu", 4: "host-vsga"}
_FABRIC = {0: "not-supported", 1: "not-started", 2: "in-progress", 3: "completed"}
_SWITCHED = {0: "disabled", 1: "enabled"}
# nvmlClocksEventReasons, formerly nvmlClocksThrottleReasons, by bit.
_CLOCK_REASONS = (
    *("idle", "applications-clocks", "power-cap", "hw-slowdown", "sync-boost", "sw-thermal", "hw-thermal", "hw-power-brake"),
    *("display-clocks", "board-limit", "reliability"),
)
_VERSION = regex(r"\d{1,4}(?:\.\d{1,4}){1,3}$")
_PROFILE = regex(r"\bMIG (\d{1,2}(?:c\.\d{1,2})?g\.\d{1,4}gb(?:\+[a-z.]{1,12})?(?:-[a-z]{1,4})?)$")
_OLDEST_DRIVER = 100
# Above what any card has or bears; NVML's own "not available" are the largest numbers of their kind.
_MOST_BYTES, _MOST_CELSIUS, _MOST_CAPABILITY = 1 << 50, 1000, 100


def driver_version(text: str) -> str | None:
    """The version in NVML's words, None where they are no version: it would be believed before any other."""
    return text.strip() if _VERSION.match(text.strip()) else None


def size(number: int) -> int | None:
    """A number of bytes of a card's memory."""
    return number if 0 <= number < _MOST_BYTES else None


def celsius(number: int) -> float | None:
    """A card's temperature."""
    return float(number) if abs(number) < _MOST_CELSIUS else None


def compute_capability(major: int, minor: int) -> str | None:
    """`9.0`."""
    return f"{major}.{minor}" if 0 < major < _MOST_CAPABILITY and 0 <= minor < _MOST_CAPABILITY else None


def library_version(text: str) -> str | None:
    """NVML's version without the number of its interface that stands before it: "12.580.95.05" → "580.95.05"."""
    text = text.strip()
    if not _VERSION.match(text):
        return None
    first, _, rest = text.partition(".")
    return rest if int(first) < _OLDEST_DRIVER and "." in rest else text


def architecture(number: int) -> str | None:
    """A card's generation; None for one that is not known here."""
    return _ARCHITECTURES.get(number)


def compute_mode(number: int) -> str | None:
    """Whether a card may be used by several processes."""
    return _COMPUTE_MODES.get(number)


def driver_model(number: int) -> str | None:
    """How Windows drives a card."""
    return _DRIVER_MODELS.get(number)


def virtualization(number: int) -> str | None:
    """Whether a card is a machine's own, passed to it, or a share of one."""
    return _VIRTUALIZATION.get(number)


def fabric(number: int) -> str | None:
    """How far the fabric manager has brought a card of an NVSwitch machine."""
    return _FABRIC.get(number)


def switched(number: int) -> str | None:
    """A mode that is on or off."""
    return _SWITCHED.get(number)


def clock_reasons(bits: int) -> list[str]:
    """Why the clocks are lower than they could be; a bit that is not known here is named by its number."""
    named = [name for bit, name in enumerate(_CLOCK_REASONS) if bits >> bit & 1]
    rest = bits >> len(_CLOCK_REASONS)
    return named + [f"bit-{bit + len(_CLOCK_REASONS)}" for bit in range(64 - len(_CLOCK_REASONS)) if rest >> bit & 1]


def pci_id(number: int) -> str | None:
    """NVML has the device in the upper half and the vendor in the lower one: 0x233010DE → "10de:2330"."""
    return f"{number & 0xFFFF:04x}:{number >> 16 & 0xFFFF:04x}" if number & 0xFFFF else None


def mig_profile(name: str) -> str | None:
    """The size at the end of a MIG device's name; older drivers give it the name of the whole card."""
    found = _PROFILE.search(name.strip())
    return found[1] if found else None
