"""What would not change an expert's mind changes no verdict: the own texts, as terminals, logs, mails and trackers make them over.

Each way of making over is tried with a third of the texts, another third for the next way: the names decide which, so that a text that
is added moves no other one. The bounds say what is reached, less a little.
"""

import html
import re
import zlib
from collections.abc import Callable

import pytest

from envcheck.judging.engine import diagnose
from envcheck.readers.read import read_saved
from envcheck.report import Severity
from envcheck.rules import all_rules
from tests.test_texts import CASES, HEALTHY, TEXTS

PACKAGES = "\n$ pip list\nPackage    Version\n---------- -------\nattrs      23.2.0\nclick      8.1.7\nrequests   2.31.0\n"
PROCESSOR = """
$ lscpu
Architecture:            x86_64
  CPU op-mode(s):        32-bit, 64-bit
  Byte Order:            Little Endian
CPU(s):                  32
Vendor ID:               GenuineIntel
  Thread(s) per core:    2
  Core(s) per socket:    16
  Socket(s):             1
"""


def behind(head: str) -> Callable[[str], str]:
    return lambda text: "\n".join(head + line if line else "" for line in text.split("\n"))


def instead_of_prompts(prompt: str) -> Callable[[str], str]:
    return lambda text: re.sub(r"(?m)^(?:\([\w.-]+\) )?(?:[\w.-]+@[\w.-]+:[^\s$#]*)?[$%] (?=\S)", prompt, text)


def broken(width: int) -> Callable[[str], str]:
    def made(text: str) -> str:
        lines = text.split("\n")
        return "\n".join(line[start : start + width] for line in lines for start in range(0, max(len(line), 1), width))

    return made


def filled(width: int) -> Callable[[str], str]:
    def made(text: str) -> str:
        return "\n".join(re.sub(rf"(.{{1,{width}}}) (?=\S)", r"\1\n", line) if len(line) > width else line for line in text.split("\n"))

    return made


def numbered(text: str) -> str:
    return "\n".join(f"{number:>5}  {line}" for number, line in enumerate(text.split("\n"), 1))


def bent(text: str) -> str:
    return re.sub(r"(?<![\w'])'(?=[^\s'])", "\u2018", text).replace("'", "\u2019")


WAYS: dict[str, tuple[Callable[[str], str], float]] = {
    "quoted in a mail": (behind("> "), 1.0),
    "in a fence": (lambda text: f"My log:\n\n````text\n{text}\n````\n", 1.0),
    "in a form": (lambda text: f"### Current behaviour\n\n{text.rstrip()}\n\n### Expected\n\n_No response_\n", 1.0),
    "with Windows's ends": (lambda text: text.replace("\n", "\r\n"), 1.0),
    "with blanks at the ends": (lambda text: text.replace("\n", "   \n"), 1.0),
    "in red": (lambda text: "\n".join(f"\x1b[31m{line}\x1b[0m" for line in text.split("\n")), 1.0),
    "in red that was pasted": (lambda text: "\n".join(f"[31m{line}[0m" for line in text.split("\n")), 0.99),
    "with entities": (html.escape, 0.99),
    "with bent quotes": (bent, 0.99),
    "with Markdown's escapes": (lambda text: re.sub(r"([_*])", r"\\\1", text), 0.95),
    "as a page shows it": (lambda text: text.replace(" ", "\xa0"), 0.99),
    "of one rank": (behind("[rank0]: "), 0.99),
    "of an engine": (behind("(EngineCore_0 pid=123) ERROR 05-01 10:00:00 [core.py:586] "), 0.99),
    "of a builder": (behind("#12 4.512 "), 0.99),
    "of a logger": (behind("2024-05-01 10:00:00,123 - pkg.train - ERROR - "), 0.99),
    "of a pod": (behind("2024-05-01T10:00:00.123456789Z stderr F "), 0.99),
    "with a clock": (behind("[10:00:00] "), 0.99),
    "with an editor's numbers": (numbered, 0.95),
    "with empty lines": (lambda text: text.replace("\n", "\n\n"), 0.99),
    "with empty lines below other words": (lambda text: "My log:\nit is all\n\n" + text.replace("\n", "\n\n"), 0.97),
    "without empty lines": (lambda text: re.sub(r"\n{2,}", "\n", text), 1.0),
    "filled up to 80": (filled(80), 0.88),
    "broken at 80": (broken(80), 0.92),
    "at another prompt": (instead_of_prompts("(env) user@host:~/proj$ "), 0.97),
    "with other packages": (lambda text: f"{text.rstrip()}\n{PACKAGES}", 0.99),
    "below a processor": (lambda text: f"{PROCESSOR}\n{text}", 0.96),
    "as str(error)": (lambda text: re.sub(r"(?m)^[A-Z]\w*(?:Error|Exception): (?=\S)", "", text), 0.97),
}


def is_right(case: str, text: str) -> bool:
    category = case.partition("/")[0]
    findings = diagnose(read_saved(text.encode(), "report.txt"), all_rules()).findings
    if category == HEALTHY:
        return all(finding.severity is Severity.INFO for finding in findings)
    return [finding.rule for finding in findings][:1] == [category]


@pytest.mark.parametrize("way", WAYS)
def test_a_text_that_is_made_over_is_named_alike(way: str) -> None:
    make, bound = WAYS[way]
    drawn = [case for case in CASES if zlib.crc32(f"{way}: {case}".encode()) % 3 == 0]
    texts = {case: (TEXTS / f"{case}.txt").read_text("utf-8") for case in drawn}
    # A saved snapshot is a document, and no program's output.
    made = {case: make(text) for case, text in texts.items() if '"envcheck/' not in text}
    lost = [case for case, text in made.items() if not is_right(case, text)]
    assert len(lost) <= len(made) * (1 - bound), lost
