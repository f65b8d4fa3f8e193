"""What every output of nvidia-smi is read into, whichever form it had: the driver's versions, and a list of cards.

Claims are made of a card by `card_key` and `card_facts`; both the probe and the readers of pasted text use them.
"""

from __future__ import annotations

from envcheck.parsers.expression import regex
from envcheck.parsers.pci.pci_address import same_form

MAX_CARDS = 1024
# The zeros of UUIDs that somebody has masked: they are everybody's, and would make one card of several.
_MASKED = regex(r"(?:MIG-)?(?:GPU-)?[0xX]{8}-[0xX]{4}-[0xX]{4}-")
# GRID P40-12Q, NVIDIA A100-3-20C: the profile's name, which only a guest is shown.
_VGPU = regex(r"(?:GRID|NVIDIA) [A-Z][\w-]{0,30}-\d{1,3}[ABCQ]")
_UUID = regex(r"(?:MIG-)?(?:GPU-)?[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}(?:/\d+/\d+)?")


class Card:
    """One card; `facts` has the names of `Accelerator`'s fields, and only what was told.

    `index` is nvidia-smi's number where it is printed. `fields` are the values as printed, by the path that XML has for them.
    `name_cut`: the name ended in "...". `line` is where the card begins.
    """

    __slots__ = ("facts", "fields", "index", "line", "name_cut")

    def __init__(self, line: int = 0, index: int | None = None) -> None:
        self.index = index
        self.line = line
        self.name_cut = False
        self.facts: dict[str, object] = {}
        self.fields: dict[str, str] = {}


class Log:
    """What one output says. `attached` is the number of cards that it names itself; there may be fewer of them in a cut text.

    `cut`: it ends before its end. `problem` says why nothing could be read. `lines` are the indices of the lines that it is made of,
    `header` is the one with the driver's version. `nvml_version` has often two parts only.
    """

    __slots__ = ("attached", "cards", "cuda_version", "cut", "driver_version", "form", "header", "lines", "nvml_version", "problem")

    def __init__(self, form: str) -> None:
        self.form = form
        self.driver_version: str | None = None
        self.cuda_version: str | None = None
        self.nvml_version: str | None = None
        self.attached: int | None = None
        self.cards: list[Card] = []
        self.cut = False
        self.problem: str | None = None
        self.header = -1
        self.lines: list[int] = []

    @property
    def start(self) -> int:
        """The first line that belongs to it."""
        return min(self.lines, default=max(self.header, 0))


def card_key(card: Card) -> str | None:
    """The path of the card's facts: by its number, else its place, else its UUID; None: nothing tells it from another."""
    if card.index is not None:
        return f"accelerators[nvidia:{card.index}]"
    name = card.facts.get("pci_address") or card.facts.get("uuid")
    return f"accelerators[{name}]" if name else None


def card_facts(card: Card) -> dict[str, object]:
    """The facts of the card as a claim has them."""
    return with_maker(card.facts)


def with_maker(told: dict[str, object]) -> dict[str, object]:
    """Some facts of a card as a claim has them."""
    facts = {"vendor": "nvidia", "backend": "cuda", **told}
    if _VGPU.fullmatch(str(facts.get("name", ""))):
        facts.setdefault("virtualization", "vgpu")
    return facts


def read_address(text: str) -> str | None:
    """An address as printed, if it is a whole one."""
    return text if same_form(text) is not None else None


def read_uuid(text: str) -> str | None:
    """A UUID of a card or of a MIG device, if it is whole and not masked."""
    return text if _UUID.fullmatch(text) and not _MASKED.match(text) else None
