"""No expression that texts are searched with takes long over a line that was made for it."""

import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator

import pytest

from envcheck.messages.cleaning import clean
from envcheck.messages.register import FAMILIES
from envcheck.parsers.expression import regex

if sys.version_info >= (3, 11):
    from re import _constants as names
    from re import _parser as parser
else:
    import sre_constants as names
    import sre_parse as parser

ROOMS = ("facts", "judging", "knowledge", "messages", "parsers", "readers", "rules")
# Processor time for a line of ten thousand characters: what is linear takes milliseconds, what is cubic takes minutes.
LIMIT_S = 5.0
LINE = 10_000
_LATE = type(regex("a"))


def _of_modules() -> Iterator[tuple[str, str, int]]:
    for room in ROOMS:
        package = importlib.import_module(f"envcheck.{room}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for name, value in vars(module).items():
                for each in _within(value):
                    yield f"{found.name.removeprefix('envcheck.')}.{name}", each.pattern, each.flags


def _within(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    """Expressions in a module's constant, those in its tuples and dictionaries too."""
    if isinstance(value, (re.Pattern, _LATE)):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, (tuple, list)) and depth < 3:
        for each in value:
            yield from _within(each, depth + 1)
    elif isinstance(value, dict) and depth < 3:
        for each in value.values():
            yield from _within(each, depth + 1)


def _of_messages() -> Iterator[tuple[str, str, int]]:
    for pattern in (pattern for family in FAMILIES for pattern in family.load()):
        yield f"messages: {pattern.anchor}", pattern.expression.replace(" ?", r"\s*").replace(" ", r"\s+"), 0


def _lines_against(tree: object, count: int) -> Iterator[str]:
    """Lines that an expression nearly matches: for each repetition one in which that goes on and on and all else stands once."""
    repeated = _count_repeats(tree)
    for chosen in range(min(repeated, 12)):
        yield "".join(_example(tree, chosen, [0], count))


def _count_repeats(tree: object) -> int:
    counter = [0]
    "".join(_example(tree, -1, counter, 1))
    return counter[0]


def _example(tree: object, chosen: int, counter: list[int], count: int) -> Iterator[str]:
    for operation, argument in tree:  # type: ignore[attr-defined]
        if operation in (names.MAX_REPEAT, names.MIN_REPEAT):
            least, most, inner = argument
            number = counter[0]
            counter[0] += 1
            piece = "".join(_example(inner, chosen, counter, count))
            times = min(count, int(most)) if number == chosen else max(int(least), min(1, int(most)))
            yield piece * min(times, max(1, 2 * LINE // max(len(piece), 1)))
        elif operation is names.SUBPATTERN:
            yield from _example(argument[-1], chosen, counter, count)
        elif operation is names.BRANCH:
            yield from _example(argument[1][0], chosen, counter, count)
        elif operation is names.LITERAL:
            yield chr(argument)
        elif operation is names.NOT_LITERAL:
            yield "a" if argument != ord("a") else "b"
        elif operation is names.ANY:
            yield "a"
        elif operation is names.IN:
            yield _of_set(argument)


def _of_set(members: list[tuple[object, object]]) -> str:
    sample = {names.CATEGORY_SPACE: " ", names.CATEGORY_DIGIT: "1", names.CATEGORY_WORD: "a", names.CATEGORY_NOT_SPACE: "a"}
    if members[0][0] is names.NEGATE:
        refused = {argument for operation, argument in members if operation is names.LITERAL}
        return next(character for character in "a1 -._xyz" if ord(character) not in refused)
    operation, argument = members[0]
    if operation is names.CATEGORY:
        return sample.get(argument, "-")  # type: ignore[call-overload, no-any-return]
    return chr(argument[0] if operation is names.RANGE else argument)  # type: ignore[arg-type, index]


@pytest.fixture(scope="module")
def expressions() -> list[tuple[str, str, int]]:
    found = {(pattern, flags): name for name, pattern, flags in (*_of_modules(), *_of_messages())}
    return [(name, pattern, flags) for (pattern, flags), name in found.items()]


def test_every_expression_is_quick_on_a_line_that_was_made_against_it(expressions: list[tuple[str, str, int]]) -> None:
    assert len(expressions) > 500
    slow = []
    for name, pattern, flags in expressions:
        compiled = re.compile(pattern, flags)
        for line in _lines_against(parser.parse(pattern, flags), LINE):
            hostile = clean(f"{line[:LINE]}\x00~!")[:LINE]
            before = time.process_time()
            compiled.search(hostile)
            compiled.search(hostile[: LINE // 2] + " ~ " + hostile[LINE // 2 :])
            spent = time.process_time() - before
            if spent > LIMIT_S:
                slow.append(f"{name}: {spent:.1f} s on {hostile[:80]!r}…")
                break
    assert not slow
