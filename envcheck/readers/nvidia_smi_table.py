"""Facts out of what nvidia-smi prints: its table, and the list of `nvidia-smi -L` that other reports contain too."""

import re

from envcheck.facts.claims import Evidence, Trust
from envcheck.parsers.nvidia_smi_table import Card, Table, parse_nvidia_smi_tables
from envcheck.readers.interface import Text

# GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-…)
_LISTED = re.compile(r"^\s*GPU (?P<index>\d{1,3}): (?P<name>[A-Z][A-Za-z0-9][^:%|\n]{2,80}?)(?: \(UUID: [^)\n]{0,80}\))?\s*$")


class NvidiaSmiTableReader:
    """Reads the table of every driver branch, whole or cut."""

    name = "nvidia-smi"

    def recognises(self, text: Text) -> bool:
        """By its header, a row of a card, or a line of its list."""
        return bool(parse_nvidia_smi_tables(list(text.lines))) or any(_LISTED.match(line) for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """Driver, the newest CUDA that it supports, and the cards."""
        evidence = Evidence()
        for table in parse_nvidia_smi_tables(list(text.lines)):
            text.taken.update(table.lines)
            _add_table(evidence, table, text)
        for index, line in enumerate(text.lines):
            card = _LISTED.match(line)
            if card:
                text.taken.add(index)
                _add_card(evidence, text, index, int(card["index"]), card["name"], {})
        if any(claim.fact.startswith("accelerators") for claim in evidence.claims):
            evidence.observed["accelerators"] = "partial"
        return evidence


def _add_table(evidence: Evidence, table: Table, text: Text) -> None:
    if table.driver_version:
        evidence.claims.append(text.claim("nvidia.driver_version", table.driver_version, table.header))
    if table.cuda_version:
        evidence.claims.append(text.claim("nvidia.cuda_version", table.cuda_version, table.header))
    for card in table.cards:
        _add_card(evidence, text, card.line, card.index, card.name, _details(card))


def _details(card: Card) -> dict[str, object]:
    """What is unknown is left out: "Not Supported" of a card that shares the machine's memory is no zero."""
    known = {"memory_bytes": card.memory_bytes, "pci_address": card.bus_id, "mig": card.mig}
    return {name: value for name, value in known.items() if value is not None}


def _add_card(evidence: Evidence, text: Text, line: int, index: int, name: str, details: dict[str, object]) -> None:
    """A name that the table has cut is believed less, so that any source with the whole name wins."""
    fact = f"accelerators[{index}]"
    evidence.claims.append(text.claim(fact, {"vendor": "nvidia", "backend": "cuda", **details}, line))
    evidence.claims.append(text.claim(f"{fact}.name", name, line, Trust.MENTIONED if name.endswith("...") else Trust.PRINTED))
