"""What a child wrote into its channel, and how it ended.

The channel holds lines such as `3fa9… fact ["memory.total_bytes", 16000000000, "/proc/meminfo"]`; lines without the mark are
faulthandler's words about a crash or the deadline.
"""

import enum
import json
import re
from dataclasses import dataclass, field

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.facts.snapshot import Unknown, UnknownReason


class Ending(enum.Enum):
    """How a child ended."""

    ANSWERED = "answered"
    NOT_STARTED = "not_started"
    TOO_OLD = "too_old"  # a Python older than the probes are written for
    EXITED = "exited"  # it ended before it had answered
    SIGNALLED = "signalled"
    TIMED_OUT = "timed_out"
    UNKILLABLE = "unkillable"
    OUT_OF_MEMORY = "out_of_memory"  # stopped by envcheck, before the machine had none left


@dataclass(frozen=True)
class Said:
    """Words of a program inside a child, for the message parser."""

    subject: str
    text: str
    details: dict[str, str]


@dataclass
class Answer:
    """One child's evidence and ending; `stack` holds innermost-first "file:line in function" where it stood when it died."""

    name: str
    ending: Ending
    evidence: Evidence = field(default_factory=Evidence)
    said: list[Said] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    stdout: str = ""
    stderr: str = ""
    status: int | None = None  # exit status; negative: minus the signal's number
    signal: str = ""
    seconds: float = 0.0
    resident_bytes: int = 0
    detail: str = ""

    @property
    def stage(self) -> str:
        """The last stage that was reached."""
        return self.stages[-1] if self.stages else ""


_FRAME = re.compile(r'^  File "(?P<file>[^"]*)", line (?P<line>\d+) in (?P<function>.+)$')
_TIMEOUT = re.compile(r"^Timeout \(")
MAX_FRAMES = 12


def read_channel(answer: Answer, text: str, mark: str) -> None:
    """Puts what the child wrote into its answer. A line that was cut in the middle is passed over."""
    frames: list[str] = []
    for line in text.splitlines():
        if line.startswith(mark):
            _, kind, payload = [*line.split(" ", 2), "", ""][:3]
            _take(answer, kind, payload)
        elif frame := _FRAME.match(line):
            frames.append(f"{frame['file']}:{frame['line']} in {frame['function']}")
        elif _TIMEOUT.match(line):
            answer.ending = Ending.TIMED_OUT
        elif "(most recent call first)" in line:
            frames = []  # the main thread's stack, which is printed last, is the one wanted
    answer.stack = frames[:MAX_FRAMES]


def _take(answer: Answer, kind: str, payload: str) -> None:
    if kind == "stage":
        answer.stages.append(payload)
        return
    try:
        content = json.loads(payload)
    except ValueError:
        return
    evidence = answer.evidence
    if kind == "fact":
        evidence.claims.append(Claim(content[0], content[1], content[2], Trust.MEASURED))
    elif kind == "unknown":
        evidence.unknown.append(Unknown(fact=content[0], reason=UnknownReason(content[1]), detail=content[2]))
    elif kind == "observed":
        evidence.observed[content[0]] = content[1]
    elif kind == "said":
        answer.said.append(Said(content[0], content[1], content[2]))
    elif kind == "too-old":
        answer.ending, answer.detail = Ending.TOO_OLD, content[0]
