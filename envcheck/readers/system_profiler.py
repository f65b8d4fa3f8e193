"""A Mac's processor, memory, GPUs and system out of `system_profiler`, text or JSON."""

from collections import Counter
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.macs.mac_facts import said_by_card, said_by_mac
from envcheck.parsers.macs.system_profiler import KEYS, Mac, parse_system_profiler_json
from envcheck.parsers.macs.system_profiler_text import parse_system_profiler_text
from envcheck.parsers.text.json_in_text import find_json
from envcheck.readers.interface import Text


class SystemProfilerReader:
    """Reads the sections on hardware, displays and software, whole or in pieces."""

    name = "system_profiler"

    def recognises(self, text: Text) -> bool:
        """By the names of its sections in JSON, or by lines that nothing else prints."""
        return _has_json(text) or text.parsed(parse_system_profiler_text) is not None

    def read(self, text: Text) -> Evidence:
        """All outputs of the text; of two words on one fact the first stands."""
        evidence = Evidence()
        printed = text.parsed(parse_system_profiler_text)
        if printed is not None:
            text.taken.update(printed.lines)
            evidence.claims += _claims(printed.mac, text, max(printed.hardware_line, 0), max(printed.software_line, 0))
        if _has_json(text):
            whole = "\n".join(text.lines)
            for document in find_json(whole):
                mac = parse_system_profiler_json(document.value)
                if mac is not None:
                    first, last = whole.count("\n", 0, document.start), whole.count("\n", 0, document.end)
                    text.taken.update(range(first, last + 1))
                    evidence.claims += _claims(mac, text, first, first)
        if any(claim.fact.startswith("accelerators") for claim in evidence.claims):
            evidence.observed["accelerators"] = "partial"
        return evidence


def _has_json(text: Text) -> bool:
    return any(f'"{key}"' in line for line in text.lines for key in KEYS)


def _claims(mac: Mac, text: Text, hardware: int, software: int) -> Iterator[Claim]:
    for fact, value in said_by_mac(mac).items():
        yield text.claim(fact, value, software if fact.startswith("system.") else hardware)
    numbers: Counter[str] = Counter()
    for card in mac.cards:
        key = f"accelerators[{card.vendor}:{numbers[card.vendor]}]" if card.vendor else f"accelerators[{numbers['']}]"
        numbers[card.vendor] += 1
        yield text.claim(key, said_by_card(card), card.line if card.line >= 0 else hardware)
