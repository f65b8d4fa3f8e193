"""What loggers, launchers, builders and editors put before every line of what a program printed, taken away.

    (EngineCore_0 pid=123) ERROR 05-01 10:00:00 [core.py:586] Killed
    [rank0]: Killed                         #12 4.512 Killed
    [1,0]<stderr>:Killed                    2024-05-01 10:00:00,123 - train - ERROR - Killed

A mark that can be nothing else is taken from any line; one that could be a program's own word, as `ERROR ` or a number, only where several
lines in a row have it.
"""

from collections.abc import Iterator
from re import Match, Pattern

from envcheck.parsers.expression import regex


def _by_first(starts: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {first: tuple(start for start in starts if start[0] == first) for first in {start[0] for start in starts}}


_LEVEL = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL)"
_DATE = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
# Between the time and the words stand the stream, a command of a build's log, the logger, the level; "ERROR: " is what pip itself says.
_TIMESTAMP = regex(
    rf"[ \t]{{0,8}}\[?{_DATE}\]?:?[ \t]?"
    rf"(?:std(?:err|out) [FP] |##\[\w{{1,20}}\]|[ \t]?- [\w.]{{1,80}} - {_LEVEL} - |\[[\w.]{{1,80}}\]\[{_LEVEL}\](?: -)? "
    rf"|[ \t]?\| {_LEVEL} {{0,8}}\| [\w.:<>]{{1,120}} - |[ \t]?{_LEVEL} {{1,8}}(?:[a-z]{{1,30}}(?:_|::)[a-z_:]{{1,90}}: )?)?"
)
_LEVELS = ("TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "ERROR", "CRITICAL", "FATAL")
# By a literal that stands in each of its kind, and how its line begins.
_SURE = (
    ("pid=", ("(",), regex(r"\([\w.:() -]{0,80}?pid=\d{1,8}(?:, ip=[\w.:]{1,60})?\) ?")),
    ("(raylet", ("(raylet",), regex(r"\(raylet(?:, ip=[\w.:]{1,60})?\) ?")),
    ("]:", ("[rank", "[Rank ", "[default"), regex(r"\[(?:rank|Rank |default)\d{1,5}\]: ?")),
    ("]<std", ("[",), regex(r"\[\d{1,4},\d{1,5}\]<std(?:err|out)>: ?")),
    ("#", ("#",), regex(r"#\d{1,4} \d{1,6}\.\d{1,3} ")),
    ("] ", _LEVELS, regex(rf"{_LEVEL} \d\d-\d\d \d\d:\d\d:\d\d \[?[\w./-]{{1,100}}:\d{{1,6}}\] ?")),
)
# Of a logger's name: programs of which more is known keep theirs.
_RUNNING = regex(
    rf"(?:(?P<logger>{_LEVEL}:(?!tensorflow|jax|absl|nvidia)[\w.]{{1,80}}:)"
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
    r"|(?P<number>[ \t]{0,6}(?P<value>\d{1,6})(?:(?P<colon>:)(?: |$)|\.? {1,2}|\t|$)))"
)
# How the lines begin, blanks aside, on which such marks can stand, by their first character: to try every line takes much longer.
_DATES = _by_first(tuple(f"{bracket}{digit}" for bracket in ("", "[") for digit in range(10)))
_RUNNING_STARTS = _by_first(
    (
        *(*_LEVELS, "stdout", "stderr", ">", "|"),
        *(f"{bracket}{digit}" for bracket in ("", "[") for digit in range(10)),
        *(f"[{level}" for level in _LEVELS),
        *("Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "),
        *(f"{severity}{month}" for severity in "IWEF" for month in "01"),
    )
)
_FEWEST, _FEWEST_NUMBERED = 3, 5
# How many empty lines such a run may have between two of its lines.
_EMPTY = 3


def without_heads(text: str) -> str:
    """The text without such marks, line for line."""
    lines = text.split("\n")
    for literal, begins, expression in _SURE:
        if literal in text:
            lines = [_without(expression, line) if line.startswith(begins) else line for line in lines]
    dated = _beginning(lines, _DATES)
    for index in dated:
        lines[index] = _without(_TIMESTAMP, lines[index])
    running = _beginning(lines, _RUNNING_STARTS)
    if len(running) >= _FEWEST:
        _take_runs(lines, running)
    return "\n".join(lines)


def _without(expression: Pattern[str], line: str) -> str:
    head = expression.match(line)
    return line[head.end() :] if head else line


def _beginning(lines: list[str], starts: dict[str, tuple[str, ...]]) -> list[int]:
    """The indices of the lines that begin, blanks aside, with one of these."""
    return [
        index
        for index, line in enumerate(lines)
        if (start := line.lstrip(" \t")) and start[0] in starts and start.startswith(starts[start[0]])
    ]


def _take_runs(lines: list[str], running: list[int]) -> None:
    heads = ((index, head) for index in running if (head := _RUNNING.match(lines[index])))
    for run in _runs(lines, heads):
        if _is_of_a_log([head for _, head in run]):
            for index, head in run:
                lines[index] = lines[index][head.end() :]


def _runs(lines: list[str], heads: Iterator[tuple[int, Match[str]]]) -> Iterator[list[tuple[int, Match[str]]]]:
    """The marks of one sort on lines that follow each other."""
    run: list[tuple[int, Match[str]]] = []
    for index, head in heads:
        if run and not (run[-1][1].lastgroup == head.lastgroup and _are_empty(lines[run[-1][0] + 1 : index])):
            yield run
            run = []
        run.append((index, head))
    if run:
        yield run


def _are_empty(between: list[str]) -> bool:
    return sum(len(line) + 1 for line in between) <= _EMPTY and not any(map(str.strip, between))


def _is_of_a_log(run: list[Match[str]]) -> bool:
    """Numbers are a listing's where they count the lines, from 1 or a later one, and a process's where they are all the same."""
    if run[0]["number"] is None:
        return len(run) >= _FEWEST
    values = [int(head["value"]) for head in run]
    counted = values[0] > 0 and values == list(range(values[0], values[0] + len(run)))
    same = len(set(values)) == 1 and all(head["colon"] for head in run)
    return (counted and len(run) >= _FEWEST_NUMBERED) or (same and len(run) >= _FEWEST)
