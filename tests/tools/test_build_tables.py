"""The JSON and the date that are written from the tables: what a start reads is what people edited."""

import importlib.util
import subprocess
import sys
import types
from pathlib import Path

import msgspec
import pytest

from envcheck.knowledge import TABLES_DATE
from envcheck.knowledge.table import FOLDER
from tests.conftest import ROOT


class _Row(msgspec.Struct):
    checked: str


@pytest.fixture(scope="module")
def build_tables() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("build_tables", ROOT / "tools" / "build_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tables_date_is_the_newest_day_on_which_a_row_was_read() -> None:
    tables = [msgspec.json.decode(path.read_bytes(), type=dict[str, list[_Row]]) for path in Path(FOLDER).glob("*.json")]
    assert max(row.checked for rows in tables for row in [each for array in rows.values() for each in array]) == TABLES_DATE


def test_the_date_is_had_without_loading_a_table() -> None:
    code = (
        "import builtins, sys\n"
        "read = builtins.open\n"
        "def refuse(file, *rest, **more):\n"
        "    if str(file).endswith('.json'): raise SystemExit('a table was read')\n"
        "    return read(file, *rest, **more)\n"
        "builtins.open = refuse\n"
        "from envcheck.knowledge import TABLES_DATE\n"
        "assert 'msgspec' not in sys.modules, 'a library was loaded for a date'\n"
        "print(TABLES_DATE)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout.strip()) == (0, TABLES_DATE), done.stderr


def test_the_newest_day_of_any_table_is_written(build_tables: types.ModuleType, tmp_path: Path) -> None:
    for number, checked in enumerate(("2026-03-04", "2027-01-02", "2025-12-31")):
        text = f'[[one]]\nchecked = "2020-01-01"\n\n[[two]]\nchecked = "{checked}"\n'
        (tmp_path / f"{number}.toml").write_text(text, encoding="utf-8")
    module = build_tables.date_module(sorted(tmp_path.glob("*.toml")))
    found: dict[str, object] = {}
    exec(module, found)
    assert found["TABLES_DATE"] == "2027-01-02"
    assert module.startswith('"""')


def test_every_row_of_a_table_is_a_line_of_its_json(build_tables: types.ModuleType, tmp_path: Path) -> None:
    source = tmp_path / "a.toml"
    source.write_text('[[row]]\nname = "ü"\n\n[[row]]\nname = "b"\n', encoding="utf-8")
    text = build_tables.compiled(source)
    assert text == '{"row": [\n{"name": "ü"},\n{"name": "b"}\n]}\n'
