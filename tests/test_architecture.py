"""The house: which room may import which, what probes may import, and which Pythons the code must parse on."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import find_pythons

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "envcheck"
PROBES = sorted((ROOT / "probes").rglob("*.py"))
PARSERS = sorted((PACKAGE / "parsers").rglob("*.py"))
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "bundled" not in path.parts)

# The rooms in the order in which data flows through them; what stands together on a line may import each other.
ORDER: tuple[tuple[str, ...], ...] = (
    ("__init__", "mistake", "shipped", "toml_text", "parsers"),
    ("facts",),
    ("messages",),
    ("observing", "readers"),
    ("report", "knowledge", "profiles", "judging"),
    ("choosing",),
    ("prescribing",),
    ("planning", "rules"),
    ("rendering",),
    ("cli",),
    ("__main__",),
)
FLOOR = {room: number for number, rooms in enumerate(ORDER) for room in rooms}
# Neighbours on one floor that have nothing to say to each other, or one way only.
STRANGERS = {
    ("observing", "readers"),
    ("readers", "observing"),
    ("report", "judging"),
    ("knowledge", "judging"),
    ("knowledge", "profiles"),
    ("profiles", "judging"),
    ("planning", "rules"),
    ("rules", "planning"),
}
FRAMEWORKS = {"torch", "tensorflow", "jax", "ray", "sklearn", "keras", "xgboost", "transformers", "onnxruntime", "numpy", "scipy", "pandas"}


def room_of(path: Path) -> str:
    """`envcheck/rules/x.py` → "rules", `envcheck/report.py` → "report"."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else path.stem


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every import of a file, wherever it stands in it, as (line, module); `from a import b` may mean the module a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide which room is meant"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def rooms_imported(path: Path) -> Iterator[tuple[int, str]]:
    for line, module in imports(path):
        first, *rest = module.split(".")
        if first == "envcheck":
            yield line, rest[0] if rest and rest[0] in FLOOR else "__init__"


def test_every_module_has_its_room() -> None:
    assert {room_of(path) for path in MODULES} <= set(FLOOR)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_of_a_later_room_is_imported_by_an_earlier_one(path: Path) -> None:
    here = room_of(path)
    for line, other in rooms_imported(path):
        assert FLOOR[other] <= FLOOR[here], f"line {line}: {here} must not know {other}"
        assert (here, other) not in STRANGERS, f"line {line}: {here} must not know {other}"


def test_one_rule_knows_nothing_of_another() -> None:
    """Two rules that share something share it through judging or knowledge: a rule can be read, and removed, alone."""
    for path in sorted((PACKAGE / "rules").glob("[a-z]*.py")):
        assert not [module for _, module in imports(path) if module.startswith("envcheck.rules")], path.name


def belongs_to_smoke_tests(path: Path) -> bool:
    return path.is_relative_to(ROOT / "probes") and path.relative_to(ROOT / "probes").parts[0] in ("smoke", "smoke_steps")


@pytest.mark.parametrize("path", PROBES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_probe_imports_the_standard_library_and_our_parsers_alone(path: Path) -> None:
    """Besides what is used where it is importable, and then only inside a function: that can do without, or that tests that very thing."""
    optional = {"psutil", "cpuinfo", "pynvml"}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    at_the_top = {node.lineno for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)}
    for line, module in imports(path):
        first = module.split(".")[0]
        if first in optional or (belongs_to_smoke_tests(path) and first != "envcheck"):
            assert first in sys.stdlib_module_names or first == "envcheck_probes" or line not in at_the_top, f"line {line}"
            continue
        allowed = first in sys.stdlib_module_names or first == "envcheck_probes" or module.startswith("envcheck.parsers.")
        assert allowed, f"line {line}: {module}"


@pytest.mark.parametrize("path", PARSERS, ids=lambda path: path.name)
def test_a_parser_imports_the_standard_library_and_parsers_alone(path: Path) -> None:
    for line, module in imports(path):
        assert module.split(".")[0] in sys.stdlib_module_names or module.startswith("envcheck.parsers."), f"line {line}: {module}"


@pytest.mark.parametrize("path", [*PROBES, *PARSERS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_runs_under_the_examined_python_is_written_for_python_3_8(path: Path) -> None:
    """Syntax alone; the probes' own tests run them under every interpreter that is found."""
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_the_program_that_every_python_is_given_is_understood_by_those_that_are_too_old() -> None:
    """Else Python 2 would answer with a SyntaxError, and not with its version."""
    child = str(ROOT / "probes" / "child.py")
    for version, python in find_pythons().items():
        program = "import sys; compile(open(sys.argv[1]).read(), sys.argv[1], 'exec')"
        done = subprocess.run([python, "-c", program, child], capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, ""), version


@pytest.mark.parametrize("path", [*MODULES, *PROBES], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nobody_imports_a_framework(path: Path) -> None:
    """Not even lazily: frameworks are imported by name, in children, under the examined interpreter. A smoke test may import its own."""
    assert belongs_to_smoke_tests(path) or not [(line, module) for line, module in imports(path) if module.split(".")[0] in FRAMEWORKS]


def test_envcheck_never_imports_a_probe() -> None:
    for path in MODULES:
        assert not [module for _, module in imports(path) if module.split(".")[0] in ("probes", "envcheck_probes")], path
