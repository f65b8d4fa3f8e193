"""What is known of each smoke test before it is run: its framework, its devices, how long it takes and how much memory.

A test is one file of probes/smoke, which is never imported here: its TEST and MANUAL are literals, and are read as such.
"""

import ast
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from envcheck.shipped import folder


class Variant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way in which a framework may compute: `needs` is the import package that has to be there for it."""

    needs: str
    variables: dict[str, str] = {}


class SmokeTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One framework's smoke test.

    `import_s` and `test_s` are the seconds it was measured to take, `peak_bytes` the memory of its processes; `default`: the doctor runs
    it where the framework is installed; `service`: it starts processes of its own, and is run by name or profile only.
    """

    name: str  # its file's
    title: str
    import_name: str = msgspec.field(name="import")
    names: tuple[str, ...] = ()  # what else it is called
    default: bool = False
    service: bool = False
    devices: tuple[str, ...] = ("cpu",)
    import_s: float
    test_s: float
    peak_bytes: int
    test_deadline_s: float = 20.0
    needs: tuple[str, ...] = ()  # programs: java
    variables: dict[str, str] = {}
    variants: dict[str, Variant] = {}
    manual: dict[str, str] = {}  # by layer: what it means if that fails

    @property
    def expected_s(self) -> float:
        """How long it was measured to take, all in all."""
        return self.import_s + self.test_s


@cache
def smoke_tests() -> dict[str, SmokeTest]:
    """All of them, by name. Raises for a file that is no such test, which is a bug."""
    files = sorted((folder("probes") / "smoke").glob("*.py"))
    return {path.stem: _read(path) for path in files}


@cache
def smoke_test(name: str) -> SmokeTest | None:
    """The one of that name, of one of its other names, or of that import package."""
    path = folder("probes") / "smoke" / f"{name}.py"
    if name.isidentifier() and name == name.lower() and path.is_file():  # "Torch" is a file, too, where names have no case
        return _read(path)
    wanted = name.lower().replace("_", "-")
    return next((test for test in smoke_tests().values() if wanted in _spellings(test)), None)


def test_of_import(import_name: str) -> SmokeTest | None:
    """The one whose framework is that import package and that needs no processes of its own."""
    return next((test for test in smoke_tests().values() if test.import_name == import_name and not test.service), None)


def _spellings(test: SmokeTest) -> set[str]:
    return {each.lower().replace("_", "-") for each in (test.name, test.import_name, *test.names)}


@cache
def _read(path: Path) -> SmokeTest:
    literals: dict[str, Any] = {}
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in ("TEST", "MANUAL"):
            literals[node.targets[0].id] = ast.literal_eval(node.value)
    return msgspec.convert({"name": path.stem, **literals["TEST"], "manual": literals["MANUAL"]}, SmokeTest)
