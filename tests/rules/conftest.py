"""What holds of every outcome that any test of a rule brings about."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, Outcome, Rule
from envcheck.judging.signs import signs
from envcheck.report import Certainty
from envcheck.rules import RULES

LISTED = {listed.name: listed for listed in RULES}


@pytest.fixture(autouse=True)
def findings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Found]]:
    """Every finding of the test: each stands on evidence, and one that is only likely says what would confirm it.

    And every outcome is one that the register lets happen: where it has none of a rule's signs, the rule is not asked, and its gap stands.
    """
    made: list[Found] = []

    def watched(rule: Rule) -> Rule:
        listed = LISTED[rule.name]

        def check(case: Case) -> Iterator[Outcome]:
            for outcome in rule.check(case):
                if isinstance(outcome, Found):
                    made.append(outcome)
                expected = not listed.signs or not listed.signs.isdisjoint(signs(case))
                silent = outcome == listed.gap if listed.gap else isinstance(outcome, NotApplicable)
                assert expected or silent, f"{rule.name} has too few signs in rules/__init__.py for {outcome}"
                yield outcome

        return replace(rule, check=check)

    for name, value in vars(request.module).items():
        if isinstance(value, Rule):
            monkeypatch.setattr(request.module, name, watched(value))
    yield made
    for found in made:
        assert found.evidence, f"no evidence: {found.message}"
        assert found.message.endswith((".", "!", "?", "…")), f"no sentence: {found.message}"
        assert found.certainty is Certainty.CERTAIN or found.would_confirm, f"likely, but what would confirm it? {found.message}"
