"""The forms that people fill in when they report to TensorFlow's tracker.

- CUDA/cuDNN version: 11.2 / 8.1        ### CUDA/cuDNN version    (and the answer two lines below)
The tracker shows the second form's headings without their marks, and so they are copied. What is written there is people's own word, and
believed as such.
"""

import re
from collections.abc import Callable, Iterator

from envcheck.facts.claims import Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text, with_short_gaps
from envcheck.readers.systems import said_by_distribution, said_by_platform

_LABELS = r"TensorFlow version|OS platform(?: and distribution)?|Python version|CUDA ?/ ?cuDNN version|GPU model(?: and memory)?"
# One of these stands in every label, as it is printed in the form or written by hand.
_WORDS = ("ersion", "VERSION", "latform", "PLATFORM", "PU model", "pu model", "PU Model", "PU MODEL")
_LABELLED = regex(
    rf"^\s*(?:[-*]\s*)?\**(?P<label>{_LABELS})\**(?: \([^()\n]{{1,80}}\))?\**(?:\s*:\**|\s)\s*(?P<value>\S.*)?$",
    re.IGNORECASE,
    words=("tensorflow version", "os platform", "python version", "cudnn version", "gpu model"),
)
_HEADING = regex(
    rf"^\s*(?:#{{2,4}}\s*)?(?P<label>{_LABELS})\s*:?\s*$",
    re.IGNORECASE,
    words=("tensorflow version", "os platform", "python version", "cudnn version", "gpu model"),
)
_LONGEST = 400
_NO_ANSWER = regex(r"^\W*(?:_?no response_?|n/?a|none|no|-|not? applicable|not sure|unknown)?\W*$", re.IGNORECASE)
_NUMBER = r"(?P<version>\d{1,2}(?:\.\d{1,3}){0,3})"
_CUDA = regex(rf"\bcuda\b(?! ?/)[^\d\n]{{0,24}}?{_NUMBER}(?![\d.]*\s*(?:gb|mib))", re.IGNORECASE, words=("cuda",))
_CUDNN = regex(rf"\bcudnn\b(?:(?!driver)[^\d\n]){{0,24}}?{_NUMBER}(?!\d)", re.IGNORECASE, words=("cudnn",))
_PAIR = regex(r"^\W{0,4}v?(?P<cuda>\d{1,2}\.\d{1,3}(?:\.\d{1,3})?)[\w.]{0,12}\s*(?:/|,|\||and|&|\s)\s*v?(?P<cudnn>\d(?:\.\d{1,3}){0,3})\b")
_ALONE = regex(rf"^\W{{0,4}}v?{_NUMBER}\W*$")
_COMPILER = regex(r"\brelease (?P<version>\d{1,2}\.\d)\b", words=("release",))
_TENSORFLOW = regex(r"(?:^|[\s=v(:])(?P<version>[12]\.\d{1,2}(?:\.\d{1,2})?(?:[-.]?(?:rc|dev)\d+)?)(?![\w.]|-\d+-g)")
_PYTHON = regex(r"(?:^|\s)(?P<version>[23]\.\d{1,2}(?:\.\d{1,2})?)\b")
_CARD = regex(
    r"(?:NVIDIA |GeForce |Tesla |Quadro |RTX|GTX|GT |MX|TITAN|A100|V100|H100|T4\b|P100|K80|GT ?\d{3,4})"
    r"|^\s*(?:[1-5]0[5-9]0|16[56]0)(?: ?Ti| ?SUPER)?\b",
    re.IGNORECASE,
)


class IssueFormReader:
    """Reads both forms."""

    name = "TensorFlow issue form"

    def recognises(self, text: Text) -> bool:
        """By one of the labels."""
        return any(True for _ in _answers(text))

    def read(self, text: Text) -> Evidence:
        """Claims; the lines are left to others."""
        evidence = Evidence()
        for label, value, index in _answers(text):
            evidence.claims += [text.claim(fact, said, index, Trust.MENTIONED) for fact, said in _READINGS[label](value)]
        return evidence


def _answers(text: Text) -> Iterator[tuple[str, str, int]]:
    """Every label with its answer, behind it or in the next line that is not empty."""
    for index in text.with_words("ersion", "latform", "pu model"):
        line = text.lines[index]
        if index in text.taken or len(line) > _LONGEST or not any(word in line for word in _WORDS):
            continue
        heading = _HEADING.match(line)
        label = heading or _LABELLED.match(with_short_gaps(line))
        if label is None:
            continue
        value, at = _below(text, index) if heading else (label["value"] or "", index)
        if len(value) <= _LONGEST and not _NO_ANSWER.match(value):
            yield re.sub(r"\s|and.*", "", label["label"].lower()), value, at


def _below(text: Text, heading: int) -> tuple[str, int]:
    """The next line that is not empty, unless it is a heading or an entry of a list again."""
    for index in range(heading + 1, min(heading + 4, len(text.lines))):
        line = text.lines[index].strip()
        if line:
            again = line.startswith(("#", "- ", "* ")) or line.endswith((":", "?")) or _HEADING.match(line)
            return ("", index) if again else (line, index)
    return "", heading


def _system(value: str) -> Iterator[tuple[str, object]]:
    if re.search(r"\bWSL ?2|\bwsl", value, re.IGNORECASE):
        yield "system.os", "Linux"
        yield "system.wsl", 1 if re.search(r"wsl ?1\b", value, re.IGNORECASE) else 2
    elif re.search(r"\bwin(?:dows)?[ \d]", f"{value} ", re.IGNORECASE):
        yield "system.os", "Windows"
    elif re.search(r"\bmac ?os|\bOS ?X\b|darwin", value, re.IGNORECASE):
        yield "system.os", "Darwin"
    else:
        distribution = said_by_platform(value) or said_by_distribution(re.sub(r"^Linux\W+", "", value))
        named = distribution or re.search(r"linux|ubuntu|debian|centos|fedora|arch|red ?hat|manjaro|mint|suse", value, re.IGNORECASE)
        for fact, said in distribution.items():
            yield f"system.{fact}", said
        if named and "os" not in distribution:
            yield "system.os", "Linux"


def _tensorflow(value: str) -> Iterator[tuple[str, object]]:
    version = _TENSORFLOW.search(value)
    if version:
        name = "tensorflow-gpu" if re.search(r"tensorflow[-_]gpu", value, re.IGNORECASE) else "tensorflow"
        yield f"packages[{name}].version", version["version"]


def _python(value: str) -> Iterator[tuple[str, object]]:
    version = _PYTHON.search(value)
    if version:
        yield "python.version", version["version"]


def _cuda(value: str) -> Iterator[tuple[str, object]]:
    """`CUDA 12.0 / cuDNN 8.9.4`, `11.2/8.1`, `Cuda compilation tools, release 12.1`."""
    pair, compiler = _PAIR.match(value), _COMPILER.search(value)
    named = compiler or _CUDA.search(re.sub(r"cudnn", "dnn", value, flags=re.IGNORECASE)) or (None if pair else _ALONE.match(value))
    cudnn = _CUDNN.search(value)
    versions = {
        "cuda": named["version"] if named else pair["cuda"] if pair else "",
        "cudnn": cudnn["version"] if cudnn else pair["cudnn"] if pair else "",
    }
    yield from ((f"toolkits[{name}]", {"version": version}) for name, version in versions.items() if version)


def _gpu(value: str) -> Iterator[tuple[str, object]]:
    if _CARD.search(value) and not re.search(r"\b(?:AMD|Radeon|Intel|Apple)\b", value):
        name = re.split(r"[,;(/|]|\s-\s|\s(?:with|and)\s|\s\d+ ?(?:x|GB|G|MiB|MB)\b", value)[0].strip(" `*")
        yield "accelerators[0]", {"vendor": "nvidia", "backend": "cuda", "name": name[:80]}


_READINGS: dict[str, Callable[[str], Iterator[tuple[str, object]]]] = {
    "osplatform": _system,
    "tensorflowversion": _tensorflow,
    "pythonversion": _python,
    "cuda/cudnnversion": _cuda,
    "gpumodel": _gpu,
}
