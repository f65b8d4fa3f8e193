"""Facts out of the reports that frameworks make of their environment, line by line: those of report_forms.py, whole or in pieces."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.parsers.text.labelled_lines import split_label
from envcheck.readers.interface import Text
from envcheck.readers.report_forms import FORMS, Form
from envcheck.readers.reported_values import card, libc_of

_NUMBERS = regex(r"\d{1,3}")
# Values in which other readers and messages find more: sys.version, nvcc's own words, and what went wrong.
_SAYS_MORE = regex(r"\[|compilation tools|Build cuda_|[Ee]rror|failed|not built")
_MAX_CARDS = 64
_MAX_MORE_CARDS = 16


class _Labelled(NamedTuple):
    """A line with a label of the form; `written` is the label as it stands there."""

    line: int
    label: str
    value: str
    written: str


class LabelledReportReader:
    """Reads the reports whose lines say what they mean by their labels."""

    name = "frameworks' reports"

    def recognises(self, text: Text) -> bool:
        """By a label that one of them alone has."""
        return any(any(line.label in form.own for line in _lines(text, form)) for form in _present(text))

    def read(self, text: Text) -> Evidence:
        """What the labels say; other readers may find more in the same lines."""
        evidence = Evidence()
        for form in _present(text):
            lines = list(_of_form(form, list(_lines(text, form))))
            for line in lines:
                evidence.claims += _claims(form, line, text)
            evidence.claims += _libc(lines, text)
        for collection in ("packages", "accelerators"):
            if any(claim.fact.startswith(collection) for claim in evidence.claims):
                evidence.observed[collection] = "partial"
        return evidence


def _present(text: Text) -> Iterator[Form]:
    return (form for form in FORMS if text.has(*form.words))


def _lines(text: Text, form: Form) -> Iterator[_Labelled]:
    known = {**form.shared, **form.own}
    parted = {line: found for line in dict.fromkeys(text.lines) if (found := split_label(line, known))}
    for index, line in enumerate(text.lines) if parted else ():
        if line in parted:
            yield _Labelled(index, *parted[line])


def _of_form(form: Form, lines: list[_Labelled]) -> Iterator[_Labelled]:
    """Its own lines, and the shared ones that are near them."""
    own = [line.line for line in lines if line.label in form.own]
    near = 0
    for line in lines:
        while near + 1 < len(own) and abs(own[near + 1] - line.line) <= abs(own[near] - line.line):
            near += 1
        if own and abs(own[near] - line.line) <= form.reach:
            yield line


def _claims(form: Form, line: _Labelled, text: Text) -> Iterator[Claim]:
    if line.label == "gpu n":
        numbers = [int(number) for number in _NUMBERS.findall(line.written)][:_MAX_CARDS]
        facts = card(line.value, *numbers)
    elif line.label == "gpu n compute capability":
        numbers = [int(number) for number in _NUMBERS.findall(line.written)][:_MAX_CARDS]
        whole = re.fullmatch(r"\d{1,2}\.\d", line.value)
        facts = iter([(f"accelerators[{number}].compute_capability", line.value) for number in numbers if whole])
    elif line.label == "accelerator":
        yield from _accelerators(line, text)
        return
    else:
        reading = form.own.get(line.label) or form.shared[line.label]
        facts = reading(line.value)
    found = [text.claim(fact, value, line.line, form.trust) for fact, value in facts]
    if (found or line.label == "cuda_home") and form.trust is not Trust.MENTIONED and not _SAYS_MORE.search(line.value):
        text.taken.add(line.line)
    yield from found


def _accelerators(line: _Labelled, text: Text) -> Iterator[Claim]:
    """Diffusers prints one card behind the label, and every further one in a line of its own."""
    values = [line.value, *(further.strip() for further in text.lines[line.line + 1 : line.line + _MAX_MORE_CARDS])]
    for number, value in enumerate(values):
        facts = list(card(value, number)) if not number or value.endswith("MiB") else []
        if not facts:
            return
        text.taken.add(line.line + number)
        yield from (text.claim(fact, said, line.line + number) for fact, said in facts)


def _libc(lines: list[_Labelled], text: Text) -> Iterator[Claim]:
    """The C library in the platform's name, where the report says which Python made that name."""
    python = next((line.value for line in lines if line.label in ("python version", "python")), "")
    for line in lines:
        if line.label in ("platform", "os platform", "machine", "os"):
            libc = libc_of(line.value, python)
            if libc:
                yield text.claim("system.libc", libc, line.line)
