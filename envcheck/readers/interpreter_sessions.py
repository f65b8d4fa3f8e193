"""Facts out of what people asked their Python: `>>> torch.__version__` and the answer below it, `python -c "…"`, or both on one line."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text, with_short_gaps
from envcheck.readers.interpreter_answers import MODULES, QUESTION, WORDS, facts_of, value_of

# print("torch", torch.__version__, "CUDA:", torch.version.cuda): words between questions are printed between the answers.
_WORDS = r"f?(?:\"[^\"{\n]{0,40}\"|'[^'{\n]{0,40}')"
_QUESTIONS = rf"\(?(?P<questions>{QUESTION}(?:\s*,\s*(?:{_WORDS}\s*,\s*)?{QUESTION}){{0,6}})\)?"
# print("CUDA:", torch.version.cuda)            print(f"CUDA: {torch.version.cuda}")
_LABEL = r"(?:f?[\"'](?P<label>[^\"'{\n]{0,60})(?:[\"']\s*,\s*|(?P<inside>\{)))?"
_PRINTED = rf"print\s*\(?\s*{_LABEL}{_QUESTIONS}(?:\}}[\"'])?\s*\)?\s*\)?"
_PROMPT = r"^\s*(?:>>> ?|In ?\[\d*\]: ?|\.\.\. ?)?(?:import [\w ,.]{1,80};\s*){0,3}"
_BARE = regex(rf"{_PROMPT}{_QUESTIONS}\s*;?\s*(?:#.*)?$")
_ASKED = regex(rf"{_PROMPT}{_PRINTED}\s*(?:[;#].*)?$")
_PRINT = regex(rf"\b{_PRINTED}")
_SHELL = regex(r"python[\d.]*(?:\.exe)? -c ?(?P<quote>[\"'])(?P<code>[^\n]{1,600})(?P=quote)\s*$")
_SAME_LINE = regex(
    rf"^\s*(?:[-*>]\s*)?`?(?P<questions>{QUESTION})`?\s*(?:is|returns|gives|prints|->|=>|→|:|=(?!=))\s*`?"
    r"(?P<answer>[^\s`,;]+?)`?[.,;]?(?:\s.*)?$"
)
_AVAILABLE = regex(
    r"(?:^|[\s,;])`?(?P<questions>torch\.(?:cuda|xpu|backends\.mps)\.is_available\(\))`?\s*(?:->|=>|→|:|returns|is|(?=True|False))\s*`?(?P<answer>True|False)\b"
)
# What is hoped for, tested or compared is no answer.
_NO_ANSWER = regex(r"\b(?:should|expect\w*|make sure|ensures?|if|when|verify|assert|check|must|until|want|else|while)\b", re.IGNORECASE)
_CODE = regex(r"^\s*(?:>>>|\.\.\.|In ?\[|import |from |#|\$)")
_OUT = regex(r"^\s*Out ?\[\d*\]: ?")
_OUT_ALONE = regex(r"^\s*Out ?\[\d*\]:\s*$")
_LITERAL = regex(rf"^{_WORDS}$")
_BETWEEN = regex(r",(?![^(]*\))")
_WORD = regex(r"\[[^\[\]]*\]|\([^()]*\)|\S+")
_MAX_ANSWER = 2000
_FURTHEST = 3  # lines between a question and its answer
_MOST_LINES = 60  # that an answer goes over


class _Asked(NamedTuple):
    """What will be answered on one line; `label` is what the program prints before the answer, `words` what between two."""

    questions: tuple[str, ...]
    label: str = ""
    words: tuple[str, ...] = ()


class InterpreterSessionReader:
    """Reads questions to frameworks whose answers say what the build is and what it reaches."""

    name = "Python session"

    def recognises(self, text: Text) -> bool:
        """By a question with an answer."""
        return any(True for _ in _claims(text))

    def read(self, text: Text) -> Evidence:
        """Every answered question; the lines are left to others, who find nothing else in them."""
        return Evidence(claims=list(_claims(text)))


def _claims(text: Text) -> Iterator[Claim]:
    waiting: list[_Asked] = []
    asked_at = 0
    asked_in = set(text.with_words(*WORDS))
    for index, whole in enumerate(text.lines):
        if (not waiting and index not in asked_in) or len(whole) > _MAX_ANSWER:
            continue
        line = with_short_gaps(whole)
        for said in () if index not in asked_in or _NO_ANSWER.search(line) else _on_one_line(line):
            yield from _answered((said["questions"],), (value_of(said["answer"]),), index, text)
        asked = _asked(line) if index in asked_in else []
        if asked:
            if line.lstrip().startswith((">>>", "In")):
                waiting = []
            waiting += asked
            asked_at = index
        elif waiting and line.strip() and not (_CODE.match(line) and not line.lstrip().startswith("Out")):
            answer, end = _whole(text.lines, index)
            if not answer and _OUT_ALONE.match(line):
                continue
            for words in waiting[0].words:
                answer = answer.replace(words, " ", 1)
            answers = _answers(answer.removeprefix(waiting[0].label).strip(), len(waiting[0].questions))
            claims = list(_answered(waiting[0].questions, answers, index, text)) if answers and index - asked_at <= _FURTHEST else []
            yield from claims
            waiting, asked_at = (waiting[1:], end) if claims else ([], index)


def _asked(line: str) -> list[_Asked]:
    """The questions of a line, one entry for each line of answers: a program asks several, a prompt's line as a rule one."""
    shell = _SHELL.search(line)
    if shell:
        return [_of(found) for found in _PRINT.finditer(shell["code"])]
    # Neither is the other; with so many questions each of them takes a millisecond to be made ready.
    found = (_ASKED.match(line) if "print" in line else None) or _BARE.match(line)
    if found is None:
        return []
    return [_of(found)] if found.re.groups == 1 or line.count("print") < 2 else [_of(each) for each in _PRINT.finditer(line)]


def _of(found: re.Match[str]) -> _Asked:
    label = (found.groupdict().get("label") or "").strip()
    parts = [part.strip() for part in _BETWEEN.split(found["questions"])]
    words = tuple(part.lstrip("f")[1:-1].strip() for part in parts if _LITERAL.match(part))
    return _Asked(tuple(part for part in parts if not _LITERAL.match(part)), label, tuple(filter(None, words)))


def _on_one_line(line: str) -> list[re.Match[str]]:
    begins = line.lstrip(" \t-*>`").startswith(MODULES) and not line.lstrip().startswith(">>")
    found = (_SAME_LINE.match(line) if begins else None, _AVAILABLE.search(line))
    return list({said["questions"]: said for said in found if said}.values())


def _whole(lines: Sequence[str], start: int) -> tuple[str, int]:
    """An answer to its end, and the line of that: lists are printed over several by IPython and pprint."""
    answer = _OUT.sub("", with_short_gaps(lines[start])).strip()
    end = start
    while answer[:1] in ("[", "(") and answer.count(answer[0]) > answer.count("]" if answer[0] == "[" else ")"):
        end += 1
        if end >= min(start + _MOST_LINES, len(lines)) or len(answer) > _MAX_ANSWER:
            break
        answer = f"{answer} {lines[end].strip()}"
    return answer, end


def _answers(line: str, count: int) -> tuple[object, ...] | None:
    """The values of one line, as many as there were questions."""
    whole = value_of(line)
    if count == 1:
        return (whole,)
    if isinstance(whole, tuple) and len(whole) == count:
        return whole
    words = _WORD.findall(line)
    return tuple(value_of(word) for word in words) if len(words) == count else None


def _answered(questions: tuple[str, ...], answers: tuple[object, ...], index: int, text: Text) -> Iterator[Claim]:
    """The claims of a line, or none where one answer is of no shape that its question can have."""
    facts = [facts_of(question, answer) for question, answer in zip(questions, answers, strict=True)]
    if None not in facts:
        yield from (text.claim(fact, value, index) for said in facts for fact, value in said or ())
