"""What holds of every file of probes/smoke, without any framework: literals of the right shape, old grammar, a manual for each layer."""

import ast
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from envcheck.knowledge.smoke_tests import smoke_tests
from envcheck.shipped import folder

FILES = sorted((folder("probes") / "smoke").glob("*.py"))
STEPS_FOLDER = folder("probes") / "smoke_steps"
STEPS = sorted(STEPS_FOLDER.glob("*.py"))
LAYERS = ("found", "imported", "devices", "tensor", "computed", "compared", "gradient", "copied", "compiled", "several")
KINDS = ("cpu", "cuda", "mps", "xpu")
# The frameworks that the doctor tests on its own, as far as they are installed.
BY_DEFAULT = {"numpy", "sklearn", "xgboost", "torch", "tensorflow", "jax", "onnxruntime"}

each_file = pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])


def parsed(path: Path) -> ast.Module:
    """By the grammar of Python 3.8."""
    return ast.parse(path.read_text("utf-8"), feature_version=(3, 8))


def literals(path: Path) -> dict[str, Any]:
    """TEST and MANUAL; raises ValueError where one of them is more than a literal."""
    found = {}
    for node in parsed(path).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in ("TEST", "MANUAL"):
            found[node.targets[0].id] = ast.literal_eval(node.value)
    return found


def layers_named(path: Path) -> set[str]:
    """Those that the test enters, by itself or by the steps that it imports."""
    names = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef) and node.name == "devices":
            names.add("devices")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "layer":
            assert isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno}: a layer is named where it begins"
            names.add(node.args[0].value)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("envcheck_probes.smoke_steps."):
            step = STEPS_FOLDER / (str(node.module).rpartition(".")[2] + ".py")
            names |= layers_named(step) - {"devices"} if step.name != "trial.py" else set()
    return names


@pytest.mark.parametrize("path", FILES + STEPS, ids=[f"{path.parent.name}/{path.stem}" for path in FILES + STEPS])
def test_it_is_written_for_python_3_8(path: Path) -> None:
    parsed(path)
    # The grammar alone lets names through that came later.
    text = path.read_text("utf-8")
    assert not [
        name for name in (".removeprefix(", ".removesuffix(", "math.lcm", "zip(*", "strict=True") if name in text and name != "zip(*"
    ]


@each_file
def test_the_test_is_a_literal_of_the_right_shape(path: Path) -> None:
    test = literals(path)["TEST"]
    assert isinstance(test["title"], str)
    assert test["title"]
    assert test["import"] == "" or test["import"].isidentifier(), "empty: nothing of Python's is imported for it"
    assert isinstance(test["names"], tuple)
    assert all(isinstance(name, str) and name == name.lower() and name for name in test["names"])
    assert isinstance(test.get("default", False), bool)
    assert isinstance(test.get("service", False), bool)
    assert not (test.get("default") and test.get("service")), "what starts processes is run by name only"
    assert isinstance(test["devices"], tuple)
    assert test["devices"][0] == "cpu"
    assert set(test["devices"]) <= set(KINDS)
    assert all(isinstance(name, str) and isinstance(value, str) for name, value in test.get("variables", {}).items())
    for name, variant in test.get("variants", {}).items():
        assert name.isidentifier()
        assert variant["needs"].isidentifier()
        assert set(variant) <= {"needs", "variables"}


@each_file
def test_its_measures_are_plausible(path: Path) -> None:
    test = literals(path)["TEST"]
    assert (0.005 if test["import"] else 0.0) <= test["import_s"] <= 30
    assert 0.0005 <= test["test_s"] <= 60
    # An interpreter alone takes 10 MB; more than 2 GB no test on the CPU may.
    assert isinstance(test["peak_bytes"], int)
    assert 10_000_000 <= test["peak_bytes"] <= 2_000_000_000
    assert test["test_s"] < test.get("test_deadline_s", 20) / 2, "a machine twice as slow must be in time"


@each_file
def test_what_else_a_test_computes_on_it_lists(path: Path) -> None:
    functions = {node.name for node in parsed(path).body if isinstance(node, ast.FunctionDef)}
    assert "check" in functions
    assert ("devices" in functions) == (literals(path)["TEST"]["devices"] != ("cpu",))


@each_file
def test_each_of_its_layers_has_a_manual_and_no_other(path: Path) -> None:
    manual = literals(path)["MANUAL"]
    assert set(manual) <= set(LAYERS)
    assert set(manual) == layers_named(path) | ({"imported"} if literals(path)["TEST"]["import"] else set())
    for words in manual.values():
        assert words.endswith(".")
        assert 30 < len(words) < 500
    assert len(set(manual.values())) == len(manual), "two layers do not fail for one reason"


def test_envcheck_reads_all_of_them() -> None:
    assert set(smoke_tests()) == {path.stem for path in FILES}


def test_no_two_have_a_name_in_common() -> None:
    spellings = Counter(
        name for test in smoke_tests().values() for name in {each.lower().replace("_", "-") for each in (test.name, *test.names)}
    )
    assert [name for name, count in spellings.items() if count > 1] == []


def test_the_doctor_runs_these_on_its_own() -> None:
    assert {name for name, test in smoke_tests().items() if test.default} == BY_DEFAULT & set(smoke_tests())
