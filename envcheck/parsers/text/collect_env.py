"""The report of `python -m torch.utils.collect_env`, of every age since 2019, and vLLM's larger one of the same kind.

    PyTorch version: 1.8.1
    CUDA used to build PyTorch: Could not collect
    GPU models and configuration:
    GPU 0: NVIDIA GeForce RTX 3090
    [pip3] torch==1.8.1
    [conda] pytorch                   1.8.1           py3.8_cuda11.1_cudnn8.0.5_0    pytorch

vLLM pads the labels (`OS                           : Ubuntu 24.04`) and rules its sections. Text may be cut anywhere.
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

# Labels that nothing else prints, and those that other reports use as well.
OWN_LABELS = (
    "PyTorch version",
    "Is debug build",
    "CUDA used to build PyTorch",
    "ROCM used to build PyTorch",
    "XPU used to build PyTorch",
    "Python platform",
    "Is CUDA available",
    "CUDA runtime version",
    "CUDA_MODULE_LOADING set to",
    "GPU models and configuration",
    "Nvidia driver version",
    "HIP runtime version",
    "MIOpen runtime version",
    "Is XNNPACK available",
    "Is XPU available",
    "Intel GPU driver version",
    "Intel GPU models onboard",
    "Intel GPU models detected",
    "Versions of relevant libraries",
    "Neuron SDK Version",
    "vLLM Version",
)
# Labels whose value is in the lines below.
_LONG = ("cuDNN version", "GPU models and configuration", "CPU", "Nvidia driver version", *OWN_LABELS[-6:-3])
SHARED_LABELS = ("OS", "GCC version", "Clang version", "CMake version", "Libc version", "Python version", "cuDNN version", "CPU")
# As it is printed, or as people set it: in a list, numbered, in bold, in a table.
_LABEL = regex(
    r"^\s*(?:[-*+\u2022]\s+|\d{1,2}[.)]\s+|\|\s*)?[*`]{0,2}(?P<label>"
    + "|".join(re.escape(label) for label in (*OWN_LABELS, *SHARED_LABELS))
    + r")[*`]{0,2}\s*[:|](?P<value>.*)$"
)
_PIP = regex(r"^\s*\[pip3?\]\s+(?P<name>[A-Za-z0-9][\w.-]*)\s*==\s*(?P<version>\d\S*)\s*$")
_CONDA = regex(r"^\s*\[conda\]\s+(?P<name>[A-Za-z0-9_][\w.-]*)\s+(?P<version>\d\S*)(?:\s+(?P<build>\S+))?(?:\s+(?P<channel>\S+))?\s*$")
_LISTED = regex(r"^\s*\[(?:pip3?|conda)\]")
_RULE = regex(r"^\s*={8,}\s*$")
# How far from one of its own labels a shared label still belongs to the report.
_REACH = 12


class Field:
    """One label's value; `more` are the lines below it that have no label of their own."""

    __slots__ = ("label", "line", "more", "value")

    def __init__(self, label: str, value: str, line: int) -> None:
        self.label = label
        self.value = value
        self.line = line
        self.more: list[str] = []


class Library:
    """A line of the list of libraries; build and channel are conda's, None in pip's."""

    __slots__ = ("build", "channel", "line", "lister", "name", "version")

    def __init__(self, lister: str, found: re.Match[str], line: int) -> None:
        self.lister = lister
        self.name: str = found.group("name")
        self.version: str = found.group("version")
        self.build: str | None = found.group("build") if lister == "conda" else None
        self.channel: str | None = found.group("channel") if lister == "conda" else None
        self.line = line


class CollectEnv:
    """Everything that could be told from the report; `lines` are the indices of the lines it is made of."""

    __slots__ = ("fields", "libraries", "lines")

    def __init__(self) -> None:
        self.fields: list[Field] = []
        self.libraries: list[Library] = []
        self.lines: set[int] = set()

    def field(self, label: str) -> Field | None:
        """The first field of that label."""
        for field in self.fields:
            if field.label == label:
                return field
        return None

    def without(self, lines: set[int]) -> CollectEnv:
        """The same without the fields in these lines."""
        rest = CollectEnv()
        rest.fields = [field for field in self.fields if field.line not in lines]
        rest.libraries = [library for library in self.libraries if library.line not in lines]
        rest.lines = self.lines - lines
        return rest


def parse_collect_env(lines: list[str]) -> CollectEnv | None:
    """The report, or None where there is no line that only it prints. Of several reports the first word on each label counts."""
    matches = {line: _LABEL.match(line) for line in dict.fromkeys(lines) if ":" in line or "|" in line}
    labelled = {number: match for number, line in enumerate(lines) if (match := matches.get(line))}
    listed = [number for number, line in enumerate(lines) if "[" in line[:12] and _LISTED.match(line)]
    own = sorted([number for number, match in labelled.items() if match.group("label") in OWN_LABELS] + listed)
    if not own:
        return None
    report = CollectEnv()
    near = _near(own)
    for number, match in labelled.items():
        if match.group("label") in OWN_LABELS or number in near:
            report.fields.append(_field(match, number, lines, report.lines))
    for number in listed:
        _add_library(report, lines[number], number)
    report.lines |= {number for number in near if 0 <= number < len(lines) and _RULE.match(lines[number])}
    return report


def _near(own: list[int]) -> set[int]:
    """Line numbers that are close enough to a line of the report."""
    reach: set[int] = set()
    end = own[0] - _REACH
    for number in own:
        reach.update(range(max(end, number - _REACH), number + _REACH + 1))
        end = number + _REACH + 1
    return reach


def _field(match: re.Match[str], number: int, lines: list[str], taken: set[int]) -> Field:
    field = Field(match.group("label"), match.group("value").replace("<br>", "").strip(" \t|*`"), number)
    taken.add(number)
    if field.label in _LONG:
        for further in range(number + 1, min(number + 40, len(lines))):
            line = lines[further].strip()
            if not line or _LABEL.match(lines[further]) or _LISTED.match(line):
                break
            field.more.append(line)
    return field


def _add_library(report: CollectEnv, line: str, number: int) -> None:
    report.lines.add(number)
    pip, conda = _PIP.match(line), _CONDA.match(line)
    if pip is not None:
        report.libraries.append(Library("pip", pip, number))
    elif conda is not None:
        report.libraries.append(Library("conda", conda, number))
