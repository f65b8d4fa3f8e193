"""What envcheck tells people to run is left whole when a report is passed on: it holds nothing of theirs but paths."""

from pathlib import Path

import msgspec
import pytest

from envcheck.judging.engine import diagnose
from envcheck.readers.read import read_saved
from envcheck.rendering.redaction import redact
from envcheck.rendering.secret_patterns import HIDDEN
from envcheck.rules import all_rules

TEXTS = Path(__file__).parents[1] / "texts"
RULES = sorted(path.name for path in TEXTS.iterdir())


@pytest.mark.parametrize("rule", RULES)
def test_no_remedy_and_no_question_is_hidden(rule: str) -> None:
    for text in sorted((TEXTS / rule).glob("*.txt")):
        report = diagnose(read_saved(text.read_bytes(), "report.txt"), all_rules())
        for before, after in zip(report.findings, redact(report, home="", user="").findings, strict=True):
            told, redacted = (msgspec.json.encode((each.remedies, each.would_confirm)).decode() for each in (before, after))
            assert redacted.count(HIDDEN) == told.count(HIDDEN), (text.name, redacted)
