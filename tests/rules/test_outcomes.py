"""Each outcome that a rule can come to by its source is one that its own tests assert, by its name and not by a denial."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import envcheck.judging
import envcheck.rules
from envcheck.judging import gaps
from envcheck.judging.rule import NotEvaluated

RULES = Path(envcheck.rules.__file__).parent
JUDGING = Path(envcheck.judging.__file__).parent
TESTS = Path(__file__).parent
FILES = sorted(path.stem for path in RULES.glob("*.py") if path.stem != "__init__")
GAPS = {name for name, value in vars(gaps).items() if isinstance(value, NotEvaluated)}
OUTCOMES = frozenset(("Found", "Passed", "NotEvaluated", "NotApplicable"))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _made(path: Path, names: frozenset[str] | None = None) -> frozenset[str]:
    """The outcomes that are made in a file, or by those of its functions and what they call, there and in the folder judging."""
    tree = _tree(path)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    nodes: list[ast.AST] = [tree] if names is None else [functions[name] for name in names if name in functions]
    called = {name for node in nodes for name in _called(node)}
    seen = set(names or ())
    while names is not None and (more := (called & functions.keys()) - seen):
        seen |= more
        called |= {name for function in more for name in _called(functions[function])}
    found = called & OUTCOMES
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("envcheck.judging."):
            other = JUDGING / f"{(node.module or '').rpartition('.')[2]}.py"
            wanted = frozenset(alias.name for alias in node.names) & called - OUTCOMES
            found |= _made_there(other, wanted) if wanted and other.stem != "rule" else frozenset()
    return frozenset(found)


@cache
def _made_there(path: Path, names: frozenset[str]) -> frozenset[str]:
    return _made(path, names)


def _called(node: ast.AST) -> set[str]:
    """The names of what is called; a gap is made already, and only named."""
    called = {each.func.id for each in ast.walk(node) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)}
    named = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return called | {"NotEvaluated"} if named & GAPS else called


def _asserted(path: Path) -> frozenset[str]:
    """By `assert isinstance(…, Found)`, by comparison, or as what a table of cases expects; a union of several asserts none of them."""
    names: set[str] = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Assert):
            names.update(_claimed(node.test))
        elif isinstance(node, ast.FunctionDef):
            names.update(each.id for table in node.decorator_list for each in ast.walk(table) if isinstance(each, ast.Name))
    return OUTCOMES & names


def _claimed(test: ast.AST) -> Iterator[str]:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return
    if isinstance(test, ast.Call) and ast.unparse(test.func) == "isinstance":
        yield ast.unparse(test.args[1])
    elif isinstance(test, ast.Compare):
        if all(isinstance(operator, ast.Is | ast.Eq) for operator in test.ops):
            yield from (each.id for each in ast.walk(test) if isinstance(each, ast.Name))
    else:
        for part in ast.iter_child_nodes(test):
            yield from _claimed(part)


@pytest.mark.parametrize("module", FILES)
def test_every_outcome_that_a_rule_comes_to_is_asserted_by_its_own_tests(module: str) -> None:
    made = _made(RULES / f"{module}.py")
    assert {"Found"} < made, "a rule finds something, and says so where it does not"
    assert not made - _asserted(TESTS / f"test_{module}.py")


def test_the_inspection_sees_what_it_has_to_see(tmp_path: Path) -> None:
    through = tmp_path / "rule.py"
    through.write_text("from envcheck.judging.imports_tried import none_tried\n\ndef check(case):\n    yield none_tried(case.facts)\n")
    assert _made(through) == {"NotApplicable", "NotEvaluated"}
    denials = tmp_path / "denials.py"
    denials.write_text(
        "from x import Found, Passed\nassert not isinstance(a, Found)\nassert isinstance(a, Found | Passed)\nassert a != Passed\n"
    )
    assert _asserted(denials) == frozenset()
    claims = tmp_path / "claims.py"
    claims.write_text("assert isinstance(a, Found) and b\nassert type(a) is Passed\nassert all(isinstance(a, NotEvaluated) for a in c)\n")
    assert _asserted(claims) == {"Found", "Passed", "NotEvaluated"}
