"""What holds of every finding that any test of a rule brings about."""

from collections.abc import Iterator
from typing import Any

import pytest

from envcheck.judging.rule import Found
from envcheck.report import Certainty


@pytest.fixture(autouse=True)
def findings(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Found]]:
    """Every finding of the test: each stands on evidence, and one that is only likely says what would confirm it."""
    made: list[Found] = []
    original = Found.__init__

    def remembered(self: Found, *arguments: Any, **fields: Any) -> None:
        original(self, *arguments, **fields)
        made.append(self)

    monkeypatch.setattr(Found, "__init__", remembered)
    yield made
    for found in made:
        assert found.evidence, f"no evidence: {found.message}"
        assert found.message.endswith((".", "!", "?", "…")), f"no sentence: {found.message}"
        assert found.certainty is Certainty.CERTAIN or found.would_confirm, f"likely, but what would confirm it? {found.message}"
