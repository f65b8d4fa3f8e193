"""Which lines of a text are of a report on another machine or environment than the one that is judged.

Somebody shows what works beside what does not, or a second person adds theirs: two reports of one kind whose answers differ. The facts of
both put together would be those of no machine at all.
"""

from collections.abc import Iterator, Sequence

from envcheck.parsers.expression import regex
from envcheck.parsers.text.labelled_lines import split_label
from envcheck.readers.interface import Text

ELSEWHERE = "another report"
# With which line a report of each kind begins, and the lines that tell two machines or environments apart.
_KINDS = (
    (
        "is debug build",
        "pytorch version",
        ("pytorch version", "os", "python version", "nvidia driver version", "gpu models and configuration"),
    ),
    ("version (gpu", "transformers version", ("transformers version", "platform", "python version", "pytorch version (gpu")),
    ("version (gpu", "diffusers version", ("diffusers version", "platform", "python version", "pytorch version (gpu")),
    ("sys.platform", "sys.platform", ("sys.platform", "python", "pytorch", "gpu n")),
    ("torch cuda version", "torch install path", ("torch install path", "torch version", "torch cuda version")),
)
_MOST_LINES = 120
_FEWEST = 3  # labels that make a report of lines
# What stands above a report of what works, and of what does not.
_WORKS = regex(r"\b(?:works?|working|good|fine|ok(?:ay)?|succe\w+|without (?:error|problem|issue)\w*|healthy|expected)\b")
_FAILS = regex(r"\b(?:not work\w*|n't work\w*|fails?|failing|failed|broken|error\w*|crash\w*|bad|problem\w*|wrong|not ok)\b")
_ABOVE = 4


def other_reports(text: Text) -> dict[int, str]:
    """The place of each line of the reports that are not judged; nothing where there is one, or all say the same."""
    places: dict[int, str] = {}
    for word, first, telling in _KINDS:
        if not text.has(word):
            continue
        blocks = list(_blocks(text.lines, text.with_words(first), first, telling))
        if len(blocks) > 1:
            judged = _judged(text.lines, blocks)
            for start, end, said in blocks:
                if _differ(said, judged[2]):
                    places.update(dict.fromkeys(range(start, end), ELSEWHERE))
    return places


Block = tuple[int, int, dict[str, str]]


def _blocks(lines: Sequence[str], starts: Sequence[int], first: str, telling: tuple[str, ...]) -> Iterator[Block]:
    """Each report from its first line to its last that has a label, with what it says under the telling ones."""
    begins = [index for index in starts if (found := split_label(lines[index], (first,))) and found[1]]
    parted: dict[str, tuple[str, str, str] | None] = {}
    for number, start in enumerate(begins):
        limit = min([*begins[number + 1 : number + 2], start + _MOST_LINES, len(lines)])
        said: dict[str, str] = {}
        end = start
        for index in range(start, limit):
            if lines[index] not in parted:
                parted[lines[index]] = split_label(lines[index], telling)
            found = parted[lines[index]]
            if found and found[0] not in said:
                said[found[0]] = found[1]
                end = index
        if len(said) >= min(_FEWEST, len(telling)):
            yield start, _end(lines, end, limit), said


def _end(lines: Sequence[str], last: int, limit: int) -> int:
    """The lists below the last label, up to an empty line with no list behind it or a line of prose."""
    index = last + 1
    while index < limit and (
        not lines[index].strip() or lines[index].lstrip().startswith(("[pip", "[conda]", "GPU ", "-", "*")) or ":" in lines[index][:40]
    ):
        index += 1
    return index


def _judged(lines: Sequence[str], blocks: list[Block]) -> Block:
    """The first, unless it is said to be the one that works, and another is said not to."""
    heads = [_head(lines, start) for start, _, _ in blocks]
    if heads[0] == "works":
        return next((block for block, head in zip(blocks, heads, strict=True) if head == "fails"), blocks[0])
    return blocks[0]


def _head(lines: Sequence[str], start: int) -> str:
    for line in reversed(lines[max(0, start - _ABOVE) : start]):
        words = line.lower()[:200]
        if _FAILS.search(words):
            return "fails"
        if _WORKS.search(words):
            return "works"
    return ""


def _differ(said: dict[str, str], judged: dict[str, str]) -> bool:
    return any(said[label] != judged[label] for label in said.keys() & judged.keys())
