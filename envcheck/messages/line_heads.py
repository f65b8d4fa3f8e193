"""What loggers, launchers, builders and editors put before every line of what a program printed, taken away.

    (EngineCore_0 pid=123) ERROR 05-01 10:00:00 [core.py:586] Killed
    [rank0]: Killed                         #12 4.512 Killed
    [1,0]<stderr>:Killed                    2024-05-01 10:00:00,123 - train - ERROR - Killed

A mark that can be nothing else is taken from any line; one that could be a program's own word, as `ERROR ` or a number, only where several
lines in a row have it.
"""

import re
from collections.abc import Iterator
from itertools import islice
from re import Match

from envcheck.parsers.expression import regex

_LEVEL = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL)"
_DATE = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
# Between the time and the words stand the stream, a command of a build's log, the logger, the level; "ERROR: " is what pip itself says.
_TIMESTAMP = regex(
    rf"^[ \t]{{0,8}}\[?{_DATE}\]?:?[ \t]?"
    rf"(?:std(?:err|out) [FP] |##\[\w{{1,20}}\]|[ \t]?- [\w.]{{1,80}} - {_LEVEL} - |\[[\w.]{{1,80}}\]\[{_LEVEL}\](?: -)? "
    rf"|[ \t]?\| {_LEVEL} {{0,8}}\| [\w.:<>]{{1,120}} - |[ \t]?{_LEVEL} {{1,8}}(?:[a-z]{{1,30}}(?:_|::)[a-z_:]{{1,90}}: )?)?",
    re.MULTILINE,
)
# By a literal that stands in each of its kind.
_SURE = (
    ("pid=", regex(r"^\([\w.:() -]{0,80}?pid=\d{1,8}(?:, ip=[\w.:]{1,60})?\) ?", re.MULTILINE)),
    ("(raylet", regex(r"^\(raylet(?:, ip=[\w.:]{1,60})?\) ?", re.MULTILINE)),
    ("]:", regex(r"^\[(?:rank|Rank |default)\d{1,5}\]: ?", re.MULTILINE)),
    ("]<std", regex(r"^\[\d{1,4},\d{1,5}\]<std(?:err|out)>: ?", re.MULTILINE)),
    ("#", regex(r"^#\d{1,4} \d{1,6}\.\d{1,3} ", re.MULTILINE)),
    ("] ", regex(rf"^{_LEVEL} \d\d-\d\d \d\d:\d\d:\d\d \[?[\w./-]{{1,100}}:\d{{1,6}}\] ?", re.MULTILINE)),
)
# Of a logger's name: programs of which more is known keep theirs.
_RUNNING = regex(
    rf"^(?:(?P<logger>{_LEVEL}:(?!tensorflow|jax|absl|nvidia)[\w.]{{1,80}}:)"
    rf"|(?P<level>\[{_LEVEL}\] |{_LEVEL}(?:: {{2,8}}| {{1,8}}))"
    r"|(?P<stream>std(?:err|out): ?)"
    rf"|(?P<clock>\[?\d\d:\d\d:\d\d(?:[.,-]\d{{1,6}})?\]? (?:{_LEVEL} {{1,8}})?)"
    r"|(?P<slashes>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d )"
    rf"|(?P<journal>{_MONTH} [ \d]\d \d\d:\d\d:\d\d [\w.-]{{1,60}} (?!systemd|kernel|nv)[\w./-]{{1,60}}\[\d{{1,8}}\]: )"
    rf"|(?P<spark>\d\d/\d\d/\d\d \d\d:\d\d:\d\d {_LEVEL} [\w.]{{1,80}}: )"
    r"|(?P<glog>[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6} {1,8}\d{1,8} [\w.-]{1,100}:\d{1,6}\] )"
    r"|(?P<process>\[\d{1,4}\]: ?)"
    r"|(?P<seconds>(?:[ \t]?> )?\d{1,5}\.\d{3} )"
    r"|(?P<bar>[ \t]{0,4}\|(?: |$)(?=.{0,2000}[^|\s]\s{0,20}$|$))"
    r"|(?P<number>[ \t]{0,6}(?P<value>\d{1,6})(?:(?P<colon>:)(?: |$)|\.? {1,2}|\t|$)))",
    re.MULTILINE,
)
# How the lines begin, blanks aside, on which such marks can stand: to search all of a text for them takes much longer.
_DATES = tuple(f"{bracket}{digit}" for bracket in ("", "[") for digit in range(10))
_RUNNING_STARTS = (
    *("TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "ERROR", "CRITICAL", "FATAL", "[", "stdout", "stderr", ">", "|", *map(str, range(10))),
    *("Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "),
    *(f"{severity}{month}" for severity in "IWEF" for month in "01"),
)
_FEWEST, _FEWEST_NUMBERED = 3, 5
# How many empty lines such a run may have between two of its lines.
_EMPTY = 3


def without_heads(text: str) -> str:
    """The text without such marks, line for line."""
    for literal, expression in _SURE:
        if literal in text:
            text = expression.sub("", text)
    starts = [line.lstrip(" \t") for line in text.split("\n")]
    if any(start.startswith(_DATES) for start in starts):
        text = _TIMESTAMP.sub("", text)
        starts = [line.lstrip(" \t") for line in text.split("\n")]
    running = (start for start in starts if start.startswith(_RUNNING_STARTS))
    return _without_runs(text) if any(True for _ in islice(running, _FEWEST - 1, None)) else text


def _without_runs(text: str) -> str:
    kept: list[str] = []
    at = 0
    for run in _runs(text):
        if _is_of_a_log(run):
            for head in run:
                kept.append(text[at : head.start()])
                at = head.end()
    return "".join((*kept, text[at:])) if kept else text


def _runs(text: str) -> Iterator[list[Match[str]]]:
    """The marks of one sort on lines that follow each other."""
    run: list[Match[str]] = []
    for head in _RUNNING.finditer(text):
        if run and not _follows(text, run[-1], head):
            yield run
            run = []
        run.append(head)
    if run:
        yield run


def _follows(text: str, last: Match[str], head: Match[str]) -> bool:
    if last.lastgroup != head.lastgroup:
        return False
    end = text.find("\n", last.end())
    return head.start() - end <= 1 + _EMPTY and not text[end : head.start()].strip()


def _is_of_a_log(run: list[Match[str]]) -> bool:
    """Numbers are a listing's where they count the lines, from 1 or a later one, and a process's where they are all the same."""
    if run[0]["number"] is None:
        return len(run) >= _FEWEST
    values = [int(head["value"]) for head in run]
    counted = values[0] > 0 and values == list(range(values[0], values[0] + len(run)))
    same = len(set(values)) == 1 and all(head["colon"] for head in run)
    return (counted and len(run) >= _FEWEST_NUMBERED) or (same and len(run) >= _FEWEST)
