"""Scores the diagnosis of folders of texts: `python benchmarks/diagnose_cases.py [FOLDER]… [--misses] [--json FILE]`.

A case is a folder with `report.txt`, what somebody pasted, and `case.toml` with its `category`; or a text file in a folder that is named
after its category, as in tests/texts, which is scored where no folder is named. It is right when the first finding's rule is the
category; a healthy one when no finding is an error. A category that no rule is named after counts as wrong, and is listed by itself.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Rule
from envcheck.readers.read import read_saved
from envcheck.report import Severity
from envcheck.rules import all_rules

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HEALTHY = "healthy"
OWN_TEXTS = Path(__file__).parent.parent / "tests" / "texts"


@dataclass(frozen=True)
class Labelled:
    """A text, and what an expert says of it: the name of the rule, or `healthy`."""

    name: str
    category: str
    report: Path


@dataclass(frozen=True)
class Outcome:
    """What was made of one case; `found` are the rules of the findings in their order, `errors` those of them that are errors."""

    case: str
    category: str
    found: tuple[str, ...]
    errors: tuple[str, ...]
    has_rule: bool
    seconds: float
    crashed: str = ""

    @property
    def right(self) -> bool:
        """Whether the case was named rightly."""
        if self.crashed:
            return False
        return not self.errors if self.category == HEALTHY else self.found[:1] == (self.category,)

    @property
    def among(self) -> bool:
        """Whether the category is at least one of the findings."""
        return self.category in self.found


def cases_below(folder: Path) -> list[Labelled]:
    """All cases below a folder, in either form and in the order of their names."""
    recorded = [path.parent for path in sorted(folder.glob("*/case.toml")) if (path.parent / "report.txt").is_file()]
    if recorded:
        return [Labelled(case.name, _category(case / "case.toml"), case / "report.txt") for case in recorded]
    return [Labelled(f"{text.parent.name}/{text.stem}", text.parent.name, text) for text in sorted(folder.glob("*/*.txt"))]


def _category(case: Path) -> str:
    return str(tomllib.loads(case.read_text("utf-8"))["category"])


def judge_case(case: Labelled, rules: Sequence[Rule]) -> Outcome:
    """Diagnoses one case by its report alone."""
    has_rule = case.category == HEALTHY or any(rule.name == case.category for rule in rules)
    before = time.perf_counter()
    try:
        report = diagnose(read_saved(case.report.read_bytes(), "report.txt"), rules)
    except Exception as error:  # noqa: BLE001 - a crash is a miss, and the other cases are still to be scored
        words = f"{type(error).__name__}: {error}"
        return Outcome(case.name, case.category, (), (), has_rule, time.perf_counter() - before, words)
    found = tuple(finding.rule for finding in report.findings)
    errors = tuple(finding.rule for finding in report.findings if finding.severity is Severity.ERROR)
    return Outcome(case.name, case.category, found, errors, has_rule, time.perf_counter() - before)


def judge_all(folder: Path, rules: Sequence[Rule]) -> list[Outcome]:
    """The outcome of every case below a folder."""
    return [judge_case(case, rules) for case in cases_below(folder)]


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """A line per category, with how many were right, how many had the category lower in the list, and what came first instead."""
    width = max((len(outcome.category) for outcome in outcomes), default=8)
    lines = [f"{'category':{width}}  cases  right  named  first instead"]
    with_rule = sorted({outcome.category for outcome in outcomes if outcome.has_rule})
    without = sorted({outcome.category for outcome in outcomes if not outcome.has_rule})
    for title, categories in (("", with_rule), ("no rule yet:", without)):
        lines += [title] if title and categories else []
        lines += [_row(category, [outcome for outcome in outcomes if outcome.category == category], width) for category in categories]
    return lines


def _row(category: str, outcomes: Sequence[Outcome], width: int) -> str:
    right = sum(outcome.right for outcome in outcomes)
    named = right if category == HEALTHY else sum(outcome.among for outcome in outcomes)
    instead = Counter(_first(outcome) for outcome in outcomes if not outcome.right)
    wrong = ", ".join(f"{count} x {name}" if count > 1 else name for name, count in instead.most_common())
    return f"{category:{width}}  {len(outcomes):5}  {right:5}  {named:5}  {wrong}".rstrip()


def _first(outcome: Outcome) -> str:
    if outcome.crashed:
        return f"crashed ({outcome.crashed})"
    if outcome.category == HEALTHY:
        return next(iter(outcome.errors), "nothing")
    return next(iter(outcome.found), "nothing")


def score(outcomes: Sequence[Outcome]) -> dict[str, float | int]:
    """The numbers that are to be followed over time. A false alarm is an error on a healthy machine."""
    ill = [outcome for outcome in outcomes if outcome.category != HEALTHY]
    healthy = [outcome for outcome in outcomes if outcome.category == HEALTHY]
    return {
        "cases": len(outcomes),
        "right": sum(outcome.right for outcome in outcomes),
        "ill": len(ill),
        "ill_right": sum(outcome.right for outcome in ill),
        "ill_named": sum(outcome.among for outcome in ill),
        "ill_without_rule": sum(not outcome.has_rule for outcome in ill),
        "ill_said_nothing": sum(not outcome.found for outcome in ill),
        "healthy": len(healthy),
        "false_alarms": sum(not outcome.right for outcome in healthy),
        "seconds": round(sum(outcome.seconds for outcome in outcomes), 3),
    }


def summary(numbers: Mapping[str, float | int]) -> str:
    """The score in words."""
    ill = f"{numbers['ill_right']} of {numbers['ill']} ill ones first, {numbers['ill_named']} named at all"
    missed = f"{numbers['ill_said_nothing']} nothing said, {numbers['ill_without_rule']} without a rule"
    alarms = f"{numbers['false_alarms']} false alarms on {numbers['healthy']} healthy ones"
    return f"right: {numbers['right']} of {numbers['cases']}: {ill}, {missed}; {alarms}; {numbers['seconds']} s"


def misses(outcomes: Sequence[Outcome]) -> list[str]:
    """A line per case that was not right."""
    return [
        f"{outcome.case}: is {outcome.category}, said {', '.join(outcome.found) or outcome.crashed or 'nothing'}"
        for outcome in outcomes
        if not outcome.right
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table and the score of every folder; 0 whatever the scores are, 2 where a folder holds no case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", default=[OWN_TEXTS], metavar="FOLDER")
    parser.add_argument("--misses", action="store_true", help="also list every case that was not right")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every outcome and the scores to FILE")
    options = parser.parse_args(arguments)
    written = []
    for folder in options.folders:
        outcomes = judge_all(folder, all_rules())
        if not outcomes:
            print(f"{folder} holds no folder with a case.toml and a report.txt, and none with texts.", file=sys.stderr)
            return 2
        print("\n".join((f"== {folder}", *table(outcomes), "", summary(score(outcomes)), "")))
        if options.misses:
            print("\n".join((*misses(outcomes), "")))
        listed = [{**asdict(outcome), "right": outcome.right} for outcome in outcomes]
        written.append({"folder": str(folder), "score": score(outcomes), "cases": listed})
    if options.json:
        options.json.write_text(json.dumps(written, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
