"""What holds of every rule: files, names, manuals and tests agree, and nothing is found where nothing is known."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import msgspec
import pytest

import envcheck.rules
from envcheck.facts.snapshot import Completeness, Observed, Snapshot
from envcheck.facts.symptoms import SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, Layer, NotApplicable, NotEvaluated, Passed, Rule
from envcheck.report import Area, Severity
from envcheck.rules import RULES, all_rules, find_rule

FOLDER = Path(envcheck.rules.__file__).parent
FILES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
TESTS = Path(__file__).parent
EVERYTHING_SEEN = Observed(**dict.fromkeys(Observed.__struct_fields__, Completeness.COMPLETE))

each_rule = pytest.mark.parametrize("module", FILES)


def load(module: str) -> Rule:
    rule = import_module(f"envcheck.rules.{module}").RULE
    assert isinstance(rule, Rule)
    return rule


def test_every_file_is_registered_exactly_once() -> None:
    assert sorted(listed.module for listed in RULES) == FILES


def test_the_registry_is_in_the_order_of_the_areas_and_alphabetical_within_one() -> None:
    areas = list(Area)
    places = [(areas.index(listed.area), listed.module) for listed in RULES]
    assert places == sorted(places)
    assert [(listed.name, listed.area) for listed in RULES] == [(rule.name, rule.area) for rule in all_rules()]


def test_every_rule_is_found_by_its_name_and_no_other() -> None:
    names = [rule.name for rule in all_rules()]
    assert len(names) == len(set(names)) == len(RULES)
    assert all(find_rule(name) is rule for name, rule in zip(names, all_rules(), strict=True))
    assert find_rule("no-such-rule") is None


@each_rule
def test_the_file_has_the_name_of_its_rule(module: str) -> None:
    assert load(module).name == module.replace("_", "-")
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", load(module).name)
    assert (FOLDER / f"{module}.py").read_text("utf-8").startswith(f'"""{load(module).name}: ')


@each_rule
def test_the_title_is_a_phrase(module: str) -> None:
    title = load(module).title
    assert len(title.split()) >= 2
    assert title == title.strip().rstrip(".")
    assert title.isprintable()


@each_rule
def test_the_manual_has_real_text_in_every_field_and_names_a_source(module: str) -> None:
    manual = load(module).manual
    for field in msgspec.structs.fields(manual):
        text = getattr(manual, field.name)
        if field.name == "sources":
            assert text
            assert all(len(source) > 4 for source in text)
        else:
            assert len(text.split()) >= 4, field.name
            assert not re.search(r"\b(TODO|TBD|FIXME|XXX|lorem)\b", text, re.IGNORECASE), field.name
            assert text == text.strip()
    assert len({manual.checks, manual.why, manual.example, manual.fix, manual.ignore_when}) == 5


@each_rule
def test_the_manual_is_a_constant_that_survives_the_removal_of_docstrings(module: str) -> None:
    assert import_module(f"envcheck.rules.{module}").MANUAL is load(module).manual


@each_rule
def test_what_it_explains_exists(module: str) -> None:
    known = {load(other).name for other in FILES} | {kind.value for kind in SymptomKind}
    assert load(module).explains <= known
    assert load(module).name not in load(module).explains


@each_rule
def test_it_has_a_test_file_of_its_own(module: str) -> None:
    assert (TESTS / f"test_{module}.py").is_file()


@each_rule
def test_its_layer_and_area_are_members(module: str) -> None:
    rule = load(module)
    assert isinstance(rule.area, Area)
    assert isinstance(rule.layer, Layer)


@each_rule
@pytest.mark.parametrize(
    "snapshot",
    [
        pytest.param(Snapshot(), id="nothing known"),
        pytest.param(Snapshot(live=True, taken="2026-11-21T09:00:00Z"), id="a machine that told nothing"),
        pytest.param(Snapshot(observed=EVERYTHING_SEEN), id="a complete text with nothing in it"),
        pytest.param(Snapshot(live=True, taken="2026-11-21T09:00:00Z", observed=EVERYTHING_SEEN), id="a machine that has nothing"),
    ],
)
def test_where_nothing_is_known_it_says_something_and_accuses_nobody(module: str, snapshot: Snapshot) -> None:
    outcomes = list(load(module).check(Case(snapshot)))
    assert outcomes
    for outcome in outcomes:
        assert isinstance(outcome, Found | Passed | NotEvaluated | NotApplicable)
        assert not isinstance(outcome, Found) or outcome.severity is Severity.INFO
        if isinstance(outcome, NotEvaluated | NotApplicable):
            assert len(outcome.reason.split()) >= 2


# Where the summary stands among the arguments.
_PLACE_OF_SUMMARY = {"by_hand": 0, "reinstall_torch": 1, "install_again": 2}


def _summaries(tree: ast.AST) -> Iterator[str]:
    """What remedies are called, as far as it stands in the source; `…` for what is filled in."""
    values = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "summary"]
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        values += [keyword.value for keyword in call.keywords if keyword.arg == "summary"]
        place = _PLACE_OF_SUMMARY.get(ast.unparse(call.func))
        values += call.args[place : place + 1] if place is not None else []
    for value in values:
        parts = value.values if isinstance(value, ast.JoinedStr) else [value]
        text = "".join(part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "…" for part in parts)
        if text != "…":
            yield text


def test_a_remedy_continues_the_words_to_do_or_or() -> None:
    files = [*FOLDER.glob("*.py"), *(FOLDER.parent / "prescribing").glob("*.py")]
    summaries = [text for path in files for text in _summaries(ast.parse(path.read_text("utf-8")))]
    assert len(summaries) > 40
    assert [text for text in summaries if text[:1].isupper() or text.lower().startswith("or ") or text.endswith(".")] == []
