"""AMD GPUs that people name themselves: `GPU: Radeon RX 580 Series`, and a target that somebody copied out of rocminfo's output."""

import re

from envcheck.facts.claims import Evidence, Trust
from envcheck.parsers.amd.gfx_target import gfx_in
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

_LONGEST = 160
_LABEL = regex(
    r"^\s*(?:[-*] )?\**(?:GPU|Graphics(?: card)?|Video card|Hardware|Device|Accelerator)(?: model| name| type)?s?(?: ?[#0-9]{1,3})?"
    r"\**\s*[:=]\s*",
    re.IGNORECASE,
)
_CARD = regex(
    r"(?:\d{1,2} ?x )?(?P<name>(?:AMD |ATI )?"
    r"(?:Radeon(?: ?\(TM\))?(?: (?:RX|PRO|AI|R[579]|HD|VII|Vega|W?\d{2,4}\w{0,3}|XTX?|GRE|M|Series|Graphics)){1,6}"
    r"|RX ?(?:Vega ?)?\d{2,4}\w{0,2}(?: ?(?:XTX?|GRE))?|(?:Radeon )?(?:Instinct )?MI ?\d{2,3}[AX]?))(?: \d{1,3} ?GB)?",
    re.IGNORECASE,
)
_TARGET = "amdgcn-amd-amdhsa--gfx"


class AmdMentionReader:
    """Reads names behind a label, and targets; believed least of all."""

    name = "AMD mentions"

    def recognises(self, text: Text) -> bool:
        """By what names of AMD's cards have in common, or a target."""
        return any(word in line for line in text.lines for word in ("adeon", "RX", "MI", _TARGET))

    def read(self, text: Text) -> Evidence:
        """At most one card, since nobody says which number it has; nothing is taken."""
        evidence = Evidence()
        named = target = False
        for index, line in enumerate(text.lines):
            if index in text.taken or len(line) > _LONGEST:
                continue
            card = None if named else _named_card(line)
            if card:
                named = True
                said = {"vendor": "amd", "backend": "rocm", "name": card}
                evidence.claims.append(text.claim("accelerators[amd:0]", said, index, Trust.MENTIONED))
            architecture = gfx_in(line) if _TARGET in line and not target else None
            if architecture:
                target = True
                said = {"vendor": "amd", "backend": "rocm", "architecture": architecture}
                evidence.claims.append(text.claim("accelerators[amd:0]", said, index, Trust.MENTIONED))
        if evidence.claims:
            evidence.observed["accelerators"] = "partial"
        return evidence


def _named_card(line: str) -> str | None:
    label = _LABEL.match(line)
    pieces = re.split(r"[,;|(/]", line[label.end() :]) if label else ()
    found = next((match for match in (_CARD.fullmatch(piece.strip()) for piece in pieces) if match), None)
    return found["name"] if found else None
