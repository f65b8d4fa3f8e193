"""What a child wrote into its channel, and how it ended.

The channel holds lines such as `3fa9… fact ["memory.total_bytes", 16000000000, "/proc/meminfo"]`; lines without the mark are
faulthandler's words about a crash or the deadline. Who runs inside the child can write there as well: what does not have the shape of an
answer is passed over, and an examined interpreter is believed only about itself (`Answer.confine`).
"""

import enum
import json
import re
import time
from typing import Any

import msgspec

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.facts.snapshot import Completeness, Unknown, UnknownReason


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


class Said(msgspec.Struct, frozen=True):
    """Words of a program inside a child, for the message parser."""

    subject: str
    text: str
    details: dict[str, str]


class Answer(msgspec.Struct):
    """One child's evidence and ending; `stack` holds innermost-first "file:line in function" where it stood when it died."""

    name: str
    ending: Ending
    evidence: Evidence = msgspec.field(default_factory=Evidence)
    said: list[Said] = msgspec.field(default_factory=list)
    stages: list[str] = msgspec.field(default_factory=list)
    stack: list[str] = msgspec.field(default_factory=list)
    stdout: str = ""
    stderr: str = ""
    status: int | None = None  # exit status; negative: minus the signal's number
    signal: str = ""
    seconds: float = 0.0
    resident_bytes: int = 0
    detail: str = ""
    shortage: bool = False  # it was not started because this process or machine has no room for another

    @property
    def stage(self) -> str:
        """The last stage that was reached."""
        return self.stages[-1] if self.stages else ""

    def confine(self, *groups: str) -> None:
        """Keeps of the evidence only what belongs to these groups of facts: it was told by the interpreter that is examined."""
        evidence = self.evidence
        evidence.claims = [claim for claim in evidence.claims if _belongs(claim.fact, groups)]
        evidence.unknown = [unknown for unknown in evidence.unknown if _belongs(unknown.fact, groups)]
        evidence.observed = {name: value for name, value in evidence.observed.items() if name in groups}


def _belongs(fact: str, groups: tuple[str, ...]) -> bool:
    return any(fact == group or fact.startswith((f"{group}.", f"{group}[")) for group in groups)


_FRAME = re.compile(r'^  File "(?P<file>[^"]*)", line (?P<line>\d+) in (?P<function>.+)$')
_TIMEOUT = re.compile(r"^Timeout \(")
MAX_FRAMES = 12
# No probe has a tenth as many stages, and no exception that anybody reads has as many words.
_MAX_STAGES, _MAX_STAGE, _MAX_SAID, _MAX_WORDS = 1000, 300, 20, 20_000
# What is listed under a number is not what was seen.
_TRUST = {"fact": Trust.MEASURED, "listed": Trust.PRINTED}


# More than this at a time is no word about how far a probe got.
MAX_HEARD_BYTES = 64 * 2**10
_MAX_DEADLINE_S, _MAX_RESULTS = 86_400.0, 64


# The first and the last stage of every child, which say nothing about its work.
_BOUNDS = (b"started", b"done")


class Heard:
    """What a child that still runs has told so far: its stage, and the seconds within which it will be heard of again."""

    def __init__(self, mark: str) -> None:
        self._mark, self._rest, self._stage = mark.encode(), b"", ""
        self.position = 0
        self.deadline_s: float | None = None  # told by what was taken last
        self.last_result: float | None = None  # when it was heard, by the clock of time.monotonic()
        self._results = 0

    def take(self, data: bytes) -> None:
        """The next bytes of its channel; a line that is not whole yet waits for its end."""
        self.position += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._rest = self._rest[-MAX_HEARD_BYTES:]
        self.deadline_s = None
        for line in lines:
            mark, _, rest = line.partition(b" ")
            kind, _, words = rest.partition(b" ")
            if mark == self._mark and kind == b"stage" and words not in _BOUNDS:
                self._stage = words[:_MAX_STAGE].decode("utf-8", "backslashreplace")
                self._count_result(words)
            elif mark == self._mark and kind == b"deadline":
                self.deadline_s = _seconds(words)

    def _count_result(self, stage: bytes) -> None:
        """No machine has so many devices that more results could be true."""
        if stage.startswith(b"tested ") and self._results < _MAX_RESULTS:
            self._results += 1
            self.last_result = time.monotonic()

    def told(self) -> str:
        """The last stage since this was asked before."""
        stage, self._stage = self._stage, ""
        return stage


def _seconds(words: bytes) -> float | None:
    """None for what is no time that a probe would ask for."""
    try:
        seconds = float(words)
    except ValueError:
        return None
    return seconds if 0 < seconds <= _MAX_DEADLINE_S else None


def read_channel(answer: Answer, text: str, mark: str) -> None:
    """Puts what the child wrote into its answer. A line that was cut in the middle is passed over."""
    frames: list[str] = []
    for line in text.split("\n"):
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
        if len(answer.stages) < _MAX_STAGES:
            answer.stages.append(payload[:_MAX_STAGE])
        return
    try:
        _believe(answer, kind, json.loads(payload, parse_constant=_refuse))
    except (ValueError, TypeError, RecursionError):
        return  # cut in the middle, or not written by a probe


def _believe(answer: Answer, kind: str, content: Any) -> None:
    """Takes one line's content over. Raises ValueError and TypeError for what no probe writes."""
    evidence = answer.evidence
    if kind in _TRUST:
        fact, value, source = content
        evidence.claims.append(Claim(_text(fact), value, _text(source), _TRUST[kind]))
    elif kind == "unknown":
        fact, reason, detail = content
        evidence.unknown.append(Unknown(fact=_text(fact), reason=UnknownReason(reason), detail=_text(detail)))
    elif kind == "observed":
        collection, completeness = content
        evidence.observed[_text(collection)] = Completeness(completeness).value
    elif kind == "said" and len(answer.said) < _MAX_SAID:
        subject, text, details = content
        words = {_text(name): _text(value) for name, value in dict(details).items()}
        answer.said.append(Said(_text(subject), _text(text)[:_MAX_WORDS], words))
    elif kind == "too-old":
        (version,) = content
        answer.ending, answer.detail = Ending.TOO_OLD, _text(version)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise TypeError(type(value).__name__)


def _refuse(constant: str) -> float:
    """NaN and the infinities are no JSON, and no fact."""
    raise ValueError(constant)
