"""`envcheck explain` and `envcheck rules`: the manual of one rule, and the list of all."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from envcheck.cli.text_or_json import deliver_json, text_or_json

if TYPE_CHECKING:
    from envcheck.judging.rule import Rule
    from envcheck.knowledge.smoke_tests import SmokeTest


@click.command()
@click.argument("name", metavar="RULE|TEST")
@text_or_json
def explain(*, name: str, format_: str) -> int:
    """Show the manual of a rule: what it checks, why, how to fix it, when to ignore it.

    Of a smoke test (torch, xgboost …): what it means if one of its layers fails.
    """
    from envcheck.cli.streams import deliver
    from envcheck.mistake import Mistake, suggestion
    from envcheck.rules import all_rules, find_rule

    rule = find_rule(name.strip().lower())
    if rule is None:
        from envcheck.knowledge.smoke_tests import smoke_test

        test = smoke_test(name.strip().lower())
        if test is not None:
            return _explain_test(test, format_)
        names = [rule.name for rule in all_rules()]
        raise Mistake(f'There is no rule "{name}".', suggestion(name.lower(), names) or "`envcheck rules` lists them.")
    if format_ == "json":
        deliver_json({"schema": "envcheck/rule/1", **_manual_data(rule)})
    else:
        deliver(_manual_text(rule))
    return 0


@click.command()
@text_or_json
def rules(*, format_: str) -> int:
    """List every problem that envcheck knows, by area."""
    from envcheck.cli.streams import deliver
    from envcheck.rules import all_rules

    known = all_rules()
    if format_ == "json":
        deliver_json({"schema": "envcheck/rules/1", "rules": [_rule_data(rule) for rule in known]})
    else:
        deliver(_list_text(known))
    return 0


def _explain_test(test: "SmokeTest", format_: str) -> int:
    from envcheck.cli.streams import deliver

    if format_ == "json":
        told = {"name": test.name, "title": test.title, "devices": list(test.devices), "default": test.default, "layers": test.manual}
        deliver_json({"schema": "envcheck/smoke-test/1", **told})
    else:
        deliver(_test_text(test))
    return 0


def _test_text(test: "SmokeTest") -> str:
    from envcheck.rendering.interface import options_for
    from envcheck.rendering.page import Page
    from envcheck.rendering.smoke_words import described

    page = Page(options_for(sys.stdout))
    page.paragraph((test.name, "bold"), ("  smoke test", "dim"))
    page.paragraph((described(test), ""))
    page.heading("What it means if a layer fails")
    for layer, meaning in test.manual.items():
        page.entry(layer, meaning, indent=2, column=14)
    page.blank()
    page.paragraph(("To run it:", "dim"))
    page.envcheck("smoke", test.name, indent=2)
    return page.text()


def _rule_data(rule: "Rule") -> dict[str, object]:
    layer = rule.layer.name.lower()
    return {"name": rule.name, "title": rule.title, "area": rule.area.value, "layer": layer, "explains": sorted(rule.explains)}


def _manual_data(rule: "Rule") -> dict[str, object]:
    manual = rule.manual
    return {
        **_rule_data(rule),
        "checks": manual.checks,
        "why": manual.why,
        "example": manual.example,
        "fix": manual.fix,
        "ignore_when": manual.ignore_when,
        "sources": list(manual.sources),
    }


def _manual_text(rule: "Rule") -> str:
    from envcheck.rendering.interface import options_for
    from envcheck.rendering.page import Page

    page = Page(options_for(sys.stdout))
    manual = rule.manual
    page.paragraph((rule.name, "bold"), (f"  {rule.area.value}", "dim"))
    page.paragraph((rule.title, ""))
    for title, text in (
        ("What it checks", manual.checks),
        ("Why it matters", manual.why),
        ("Example", manual.example),
        ("How to fix it", manual.fix),
        ("When to ignore it", manual.ignore_when),
    ):
        if text.strip():
            page.heading(title)
            page.prose(text, indent=2)
    if rule.explains:
        page.heading("What may follow from it")
        for effect in sorted(rule.explains):
            page.paragraph((effect, ""), indent=2, hanging=4)
    if manual.sources:
        page.heading("Sources")
        for source in manual.sources:
            if " " in source:
                page.paragraph((source, ""), indent=2, hanging=4)
            else:
                page.command(source, indent=2)  # an address, whole, so that it can be followed
    return page.text()


def _list_text(known: "Sequence[Rule]") -> str:
    from envcheck.rendering.interface import options_for
    from envcheck.rendering.page import Page
    from envcheck.report import Area

    page = Page(options_for(sys.stdout))
    if not known:
        page.paragraph(("No rules are installed.", ""))
    width = max((len(rule.name) for rule in known), default=0)
    for area in Area:
        of_area = sorted((rule for rule in known if rule.area is area), key=lambda rule: rule.name)
        if of_area:
            page.heading(area.value)
        for rule in of_area:
            page.entry(rule.name, rule.title, indent=2, column=width + 4)
    if known:
        page.blank()
        page.paragraph(("The manual of one of them:", "dim"))
        page.envcheck("explain", known[0].name, indent=2)
    return page.text()
