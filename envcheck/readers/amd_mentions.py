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
# One of these stands in every line that is told of: a label's, or what shows that a number is of an AMD card.
_WORDS = ("gpu", "graphics", "video card", "hardware", "device", "accelerator", "gfx", "navi", "rocm", "amd")
_TARGET = "amdgcn-amd-amdhsa--gfx"
# The GPU is 5700XT (navi10 / gfx1010:xnack-)    RX470 (gfx803)    on gfx1103: but neither a build's list nor a file's name
_ANY_TARGET = regex(r"(?<![\w/._=-])gfx[0-9][0-9a-f]{2,3}(?![\w.])", re.IGNORECASE)
_OF_BUILD = regex(
    r"arch(?:itecture)?s?_?list|--offload-arch|\bTARGETS\b|ROCM_ARCH|[Ss]upported|[Ss]upports?\b|Tensile|\.(?:dat|co|hsaco|kdb)\b|OVERRIDE"
    r"|\bworks?\b|\bonly\b|\b(?:build|built|compile[ds]?|kernels?) for\b|https?://"
)
# The number of a card that is AMD's alone, where its maker's letters are left out: 5700XT, 6900 XT
_NUMBERED = regex(r"(?<![\w-])(?P<number>[5679]\d00 ?XTX?)(?![\w-])", re.IGNORECASE)


class AmdMentionReader:
    """Reads names behind a label, and targets; believed least of all."""

    name = "AMD mentions"

    def recognises(self, text: Text) -> bool:
        """By what names of AMD's cards have in common, or a target."""
        return any(word in line for line in text.lines for word in ("adeon", "RX", "MI", "gfx", "XT"))

    def read(self, text: Text) -> Evidence:
        """At most one card, since nobody says which number it has; nothing is taken."""
        evidence = Evidence()
        named = target = False
        only = _only_target(text)
        for index in text.with_words(*_WORDS):
            line = text.lines[index]
            if index in text.taken or len(line) > _LONGEST:
                continue
            card = None if named else _named_card(line)
            if card:
                named = True
                said = {"vendor": "amd", "backend": "rocm", "name": card}
                evidence.claims.append(text.claim("accelerators[amd:0]", said, index, Trust.MENTIONED))
            architecture = None if target else (gfx_in(line) if _TARGET in line else only)
            architecture = architecture if architecture and architecture in line.lower() else None
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
    if found:
        return found["name"]
    number = _NUMBERED.search(line) if re.search(r"gfx|navi|rocm|amd", line, re.IGNORECASE) else None
    return f"RX {number['number']}" if number else None


def _only_target(text: Text) -> str | None:
    """The target that people name, where it is one throughout; a line with several is a list of what something was built for."""
    named: set[str] = set()
    for index in text.with_words("gfx"):
        line = text.lines[index]
        if index in text.taken or len(line) > _LONGEST or _OF_BUILD.search(line):
            continue
        here = {found.lower() for found in _ANY_TARGET.findall(line)}
        named |= here if len(here) == 1 else set()
    return named.pop() if len(named) == 1 else None
