"""Writes docs/rules.md, the table of every rule, from the rules themselves; `--check` only compares."""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "rules.md"
sys.path.insert(0, str(ROOT))

from envcheck.judging.rule import Rule  # noqa: E402 - the checkout's own, installed or not
from envcheck.report import Area  # noqa: E402 - the same
from envcheck.rules import all_rules  # noqa: E402 - the same

_HEAD = """\
# Rules

Every problem that envcheck knows, by area: {number} rules. `envcheck explain RULE` shows the whole manual: why it matters, an example,
how to fix it, when to ignore it, and the sources it stands on. This page is made by `python tools/list_rules.py`.
"""


def page(rules: Sequence[Rule]) -> str:
    """The whole document."""
    return "\n".join((_HEAD.format(number=len(rules)), *_tables(rules)))


def _tables(rules: Sequence[Rule]) -> Iterator[str]:
    for area in Area:
        of_area = sorted((rule for rule in rules if rule.area is area), key=lambda rule: rule.name)
        if not of_area:
            continue
        yield f"## {area.value.capitalize() if len(area.value) > len('gpu') else area.value.upper()}\n"
        yield "| rule | what is wrong | what it checks |\n|---|---|---|"
        yield from (f"| `{rule.name}` | {_cell(rule.title)} | {_cell(rule.manual.checks)} |" for rule in of_area)
        yield ""


def _cell(text: str) -> str:
    """One line; what Markdown or HTML would take for its own is escaped."""
    words = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"[|*`\[\]]|(?<![^\W_])_|_(?![^\W_])", lambda found: f"\\{found[0]}", words)


def main() -> int:
    """0 where the page is, or now is, what the rules say."""
    text = page(all_rules())
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    if "--check" in sys.argv:
        print(f"stale: {TARGET}: run python tools/list_rules.py")
        return 1
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text, encoding="utf-8", newline="\n")
    print(f"written: {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
