"""Processors that people name themselves, or that lshw and forms print: `product: Intel(R) Core(TM) i3 CPU M 330`, `my Xeon X5650`.

Believed least of all, and only where the text names one processor and no more.
"""

import re

from envcheck.facts.claims import Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text, with_short_gaps

_LONGEST = 200
# One of these stands in every line that names one.
_WORDS = (
    *("core(tm)", "core 2", "core2", "xeon", "celeron", "pentium", "atom", "phenom", "athlon", "opteron", "turion", "sempron", "ryzen"),
    *("threadripper", "epyc", "i3", "i5", "i7", "i9", "amd fx", "fx-", "amd e-", "q6", "q8", "q9", "e8", "e7"),
)
_MODEL = regex(
    r"(?<![\w-])(?P<model>(?:Intel(?:\(R\))? ?|AMD ?)?(?:"
    r"(?:Core(?:\(TM\))? ?2 ?(?:Duo|Quad|Extreme|Solo)?|Core2 ?(?:Duo|Quad)?) ?(?:CPU ?)?(?:[A-Z]{0,2}\d{4}[A-Z]?)?"
    r"|Xeon(?:\(R\))?(?: CPU)?\s+(?:(?:Gold|Silver|Bronze|Platinum) )?(?:[A-Z]\d?-?)?\d{4}[A-Z]{0,2}(?: v\d)?"
    r"|(?:Core(?:\(TM\))?[ -]?)?i[3579](?: CPU)?[ -]{1,2}(?:[MQLU] ?)?\d{3,5}[A-Z]{0,2}\d?"
    r"|(?:Celeron|Pentium)(?:\(R\)|\(TM\))*(?: Dual-Core| Silver| Gold| 4| D| III)?(?: CPU)?(?: [A-Z]{0,3}\d{3,5}[A-Z]?)?"
    r"|Atom(?:\(TM\))?(?: CPU)? [A-Z]?\d{3,4}[A-Z]?|Phenom(?:\(tm\))?(?: II)?(?: X\d)?(?: \d{3,4}T?)?|Athlon(?:\(tm\))?(?: II| 64)(?: X\d)?"
    r"|Opteron(?:\(tm\))?(?: Processor)? \d{3,4}(?: \w{2})?|Turion[\w() ]{0,12}|Sempron[\w() ]{0,10}"
    r"|Ryzen(?: Threadripper)?(?: AI)? \d \d{4}[A-Z]{0,3}\d?|EPYC \d{4}\w?|FX(?:\(tm\))?-\d{4}|E-[234]\d{2}\b"
    r"))(?![\w.-]*\w)",
    re.IGNORECASE,
)
# Two models of the old kind are known by their number alone: Intel Q9650
_NUMBERED = regex(r"(?<![\w-])(?P<model>Intel (?:[QE][6-9]\d{3}))(?!\w)", re.IGNORECASE)
# A line that names it as what is there: a label, the word beside it, somebody's own, or the model alone with its clock.
_LABEL = regex(
    r"^\s*(?:[-*#>] ?)?\**(?:CPU|Processor|product|model|model name|Hardware|Machine|System|Computer)\b[^:=\n]{0,30}[:=]", re.IGNORECASE
)
_BESIDE = regex(
    r"\b(?:cpu|processor|my|i have|i'm on|i am on|running on|machine|laptop|pc|server|desktop|workstation|ram|gb|ubuntu|windows|linux"
    r"|debian|fedora|arch|mint)\b",
    re.IGNORECASE,
)
_NOT_HERE = regex(
    r"\b(?:works? on|worked|fine on|another|other|instead|unlike|friend\w*|compar\w*|vs|supports?|requires?|e\.g|such as|like|newer than"
    r"|older than|or later|since|recommend\w*|minimum|should|would|buy\w*|upgrad\w*|replac\w*|either|tensorflow-|https?:)\b|[?]",
    re.IGNORECASE,
)


class CpuMentionReader:
    """Reads models in people's own words, and those of lshw."""

    name = "processors in prose"

    def recognises(self, text: Text) -> bool:
        """There may be one where a word of them stands."""
        return text.has(*_WORDS)

    def read(self, text: Text) -> Evidence:
        """One model; of a text that names several nobody knows which is meant."""
        models: dict[str, tuple[int, str]] = {}
        for index in text.with_words(*_WORDS):
            line = text.lines[index]
            if index in text.taken or not 4 < len(line) <= _LONGEST or _NOT_HERE.search(line):
                continue
            found = _model(with_short_gaps(line))
            if found:
                models.setdefault(re.sub(r"\(\w+\)|\W|intel|amd|core|cpu", "", found.lower()), (index, found))
        if len(models) != 1:
            return Evidence()
        index, model = next(iter(models.values()))
        return Evidence(claims=[text.claim("cpu.model", model, index, Trust.MENTIONED)])


def _model(line: str) -> str | None:
    found = _MODEL.search(line) or _NUMBERED.search(line)
    if found is None:
        return None
    model = re.sub(r"\s+", " ", found["model"]).strip()
    alone = len(line.split()) <= len(model.split()) + 4 and "/" not in line
    return model if alone or _LABEL.match(line) or _BESIDE.search(line) else None
