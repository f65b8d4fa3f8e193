"""Facts out of tegrastats, which only a Jetson has: its memory, and that there is a GPU which shares it."""

from envcheck.facts.claims import Evidence, Trust
from envcheck.parsers.nvidia.tegrastats import parse_tegrastats
from envcheck.readers.interface import Text


class TegrastatsReader:
    """Reads the lines of tegrastats."""

    name = "tegrastats"

    def recognises(self, text: Text) -> bool:
        """By a line with the memory and the GPU's load."""
        return any("(lfb " in line for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """Of many lines the first stands. The memory is rounded to MiB, so that a better count is believed more."""
        evidence = Evidence()
        said = parse_tegrastats(text.lines)
        text.taken.update(one.line for one in said)
        if not said:
            return evidence
        first = said[0]
        card: dict[str, object] = {"vendor": "nvidia", "backend": "cuda", "integrated": True, "unified_memory": True, "state": "ok"}
        if first.temperature_c is not None:
            card["temperature_c"] = first.temperature_c
        evidence.claims.append(text.claim("accelerators[nvidia:0]", card, first.line))
        evidence.claims.append(text.claim("memory.total_bytes", first.ram_total_bytes, first.line, Trust.MENTIONED))
        if first.swap_total_bytes is not None:
            evidence.claims.append(text.claim("memory.swap_bytes", first.swap_total_bytes, first.line, Trust.MENTIONED))
        evidence.observed["accelerators"] = "partial"
        return evidence
