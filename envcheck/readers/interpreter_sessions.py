"""Facts out of what people asked their Python: `>>> torch.__version__` and the answer below it, `python -c "…"`, or both on one line."""

import ast
import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.readers.builds import said_by_version
from envcheck.readers.interface import Text, with_short_gaps

_VERSION = re.compile(r"\d+\.\d+[\w.]*(?:\+[\w.]+)?")
_TARGET = re.compile(r"(?:sm|compute)_\d+[af]?|gfx\w+")
_MACHINE = re.compile(r"x86_64|AMD64|arm64|ARM64|aarch64|ppc64le|i[36]86")
_MODULES = {
    "torch": "torch", "torchvision": "torchvision", "torchaudio": "torchaudio", "tf": "tensorflow", "tensorflow": "tensorflow",
    "np": "numpy", "numpy": "numpy", "jax": "jax", "jaxlib": "jaxlib", "transformers": "transformers", "flash_attn": "flash-attn",
}  # fmt: skip
_QUESTION = (
    r"(?:(?:" + "|".join(_MODULES) + r")\.__version__|torch\.version\.(?:cuda|hip|xpu)|torch\.(?:cuda|xpu|backends\.mps)\.is_available\(\)"
    r"|torch\.backends\.mps\.is_built\(\)|torch\.has_mps|platform\.machine\(\)"
    r"|torch\.cuda\.get_arch_list\(\)|torch\.cuda\.get_device_name\((?:\d|)\)|torch\.cuda\.get_device_capability\((?:\d|)\))"
)
_QUESTIONS = rf"\(?(?P<questions>{_QUESTION}(?:\s*,\s*{_QUESTION}){{0,6}})\)?"
_TRUTHS = {
    "torch.cuda.is_available()": "builds[torch].cuda_available",
    "torch.xpu.is_available()": "builds[torch].xpu_available",
    "torch.backends.mps.is_available()": "builds[torch].mps_available",
    "torch.backends.mps.is_built()": "builds[torch].mps_built",
    "torch.has_mps": "builds[torch].mps_built",
}
_PROMPT = r"^\s*(?:>>> ?|In ?\[\d*\]: ?|\.\.\. ?)?"
_ASKED = re.compile(rf"{_PROMPT}(?:print\s*\(?\s*)?{_QUESTIONS}\s*\)?\s*;?\s*(?:#.*)?$")
_SHELL = re.compile(
    rf"python[\d.]*(?:\.exe)? -c ?(?P<quote>[\"'])[^\n]{{0,200}}?\bprint\s*\(?\s*{_QUESTIONS}\s*\)?\s*\)?;?\s*(?P=quote)\s*$"
)
_SAME_LINE = re.compile(
    rf"^\s*(?:[-*>]\s*)?`?(?P<questions>{_QUESTION})`?\s*(?:is|returns|gives|prints|->|=>|→|:|=(?!=))\s*`?"
    r"(?P<answer>[^\s`,;]+?)`?[.,;]?(?:\s.*)?$"
)
_AVAILABLE = re.compile(
    r"(?:^|[\s,;])`?(?P<questions>torch\.(?:cuda|xpu|backends\.mps)\.is_available\(\))`?\s*(?:->|=>|→|:|returns|is|(?=True|False))\s*`?(?P<answer>True|False)\b"
)
# What is hoped for, tested or compared is no answer.
_NO_ANSWER = re.compile(
    r"\b(?:should|expect\w*|make sure|ensures?|if|when|verify|assert|check|must|until|want|else|while)\b", re.IGNORECASE
)
_CODE = re.compile(r"^\s*(?:>>>|\.\.\.|In ?\[|import |from |#|\$)")
_OUT = re.compile(r"^\s*Out ?\[\d*\]: ?")
_MAX_ANSWER = 2000
_FURTHEST = 3  # lines between a question and its answer


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
    waiting: list[tuple[str, ...]] = []
    asked_at = 0
    for index, whole in enumerate(text.lines):
        if len(whole) > _MAX_ANSWER or (not waiting and "(" not in whole and "." not in whole):
            continue
        line = with_short_gaps(whole)
        for said in () if _NO_ANSWER.search(line) else _on_one_line(line):
            yield from _answered((said["questions"],), (_value(said["answer"]),), index, text)
        asked = _ASKED.match(line) or _SHELL.search(line)
        if asked:
            if line.lstrip().startswith((">>>", "In")):
                waiting = []
            waiting.append(tuple(question.strip() for question in re.split(r",(?![^(]*\))", asked["questions"])))
            asked_at = index
        elif waiting and line.strip() and not (_CODE.match(line) and not line.lstrip().startswith("Out")):
            answers = _answers(_OUT.sub("", line).strip(), len(waiting[0]))
            claims = list(_answered(waiting[0], answers, index, text)) if answers and index - asked_at <= _FURTHEST else []
            yield from claims
            waiting, asked_at = (waiting[1:], index) if claims else ([], index)


def _on_one_line(line: str) -> list[re.Match[str]]:
    found = (_SAME_LINE.match(line), _AVAILABLE.search(line))
    return list({said["questions"]: said for said in found if said}.values())


def _answers(line: str, count: int) -> tuple[object, ...] | None:
    """The values of one line, as many as there were questions."""
    whole = _value(line)
    if count == 1:
        return (whole,)
    if isinstance(whole, tuple) and len(whole) == count:
        return whole
    words = line.split()
    return tuple(_value(word) for word in words) if len(words) == count else None


def _value(words: str) -> object:
    """`'2.3.1+cpu'`, `True`, `None`, `['sm_50']`, `(8, 9)`; what is no literal of Python stands for itself."""
    if re.fullmatch(r"\d+\.\d+[\w.+-]*", words):
        return words
    try:
        return ast.literal_eval(words)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return words


def _answered(questions: tuple[str, ...], answers: tuple[object, ...], index: int, text: Text) -> Iterator[Claim]:
    """The claims of a line, or none where one answer is of no shape that its question can have."""
    facts = [_facts(question, answer) for question, answer in zip(questions, answers, strict=True)]
    if None not in facts:
        yield from (text.claim(fact, value, index) for said in facts for fact, value in said or ())


def _facts(question: str, answer: object) -> list[tuple[str, object]] | None:
    if question.endswith(".__version__"):
        name = _MODULES[question.partition(".")[0]]
        if not isinstance(answer, str) or not _VERSION.fullmatch(answer):
            return None
        tagged = [(f"builds[{name}].{fact}", value) for fact, value in said_by_version(name, answer).items()]
        return [(f"packages[{name}].version", answer), *tagged, *([("builds[torch].version", answer)] if name == "torch" else [])]
    if question.startswith("torch.version."):
        fact = "builds[torch]." + question.rpartition(".")[2].replace("hip", "rocm")
        return [(fact, answer)] if answer is None or (isinstance(answer, str) and _VERSION.match(answer)) else None
    if question in _TRUTHS:
        return [(_TRUTHS[question], answer)] if isinstance(answer, bool) else None
    if question == "platform.machine()":
        return [("system.machine", answer)] if isinstance(answer, str) and _MACHINE.fullmatch(answer) else None
    if "arch_list" in question:
        whole = isinstance(answer, list) and all(isinstance(target, str) and _TARGET.fullmatch(target) for target in answer)
        return [("builds[torch].arch_list", answer)] if whole and answer else None
    return _device_facts(question, answer)


def _device_facts(question: str, answer: object) -> list[tuple[str, object]] | None:
    number = re.search(r"\((\d?)\)", question)
    card = f"accelerators[{number[1] or 0 if number else 0}]"
    if "capability" in question:
        pair = isinstance(answer, tuple) and len(answer) == 2 and all(isinstance(part, int) for part in answer)
        return [(f"{card}.compute_capability", f"{answer[0]}.{answer[1]}")] if pair and isinstance(answer, tuple) else None
    named = isinstance(answer, str) and re.fullmatch(r"[A-Z][\w .()/-]{2,60}", answer) is not None
    amd = named and str(answer).startswith(("AMD", "Radeon"))
    return [(card, {"vendor": "amd" if amd else "nvidia", "backend": "rocm" if amd else "cuda", "name": answer})] if named else None
