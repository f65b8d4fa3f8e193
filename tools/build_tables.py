"""Writes envcheck/knowledge/tables/*.json from the TOML beside them, which is what people edit; `--check` only compares.

And, beside the folder, the date of the tables, which every report names: a start needs no table for it.
"""

import json
import sys
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLES = Path(__file__).parent.parent / "envcheck" / "knowledge" / "tables"
DATE = TABLES.parent / "tables_date.py"


def compiled(source: Path) -> str:
    """The JSON of one TOML table: one row a line, so that a changed row is a changed line."""
    tables = tomllib.loads(source.read_text(encoding="utf-8"))
    blocks = []
    for name, rows in tables.items():
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        blocks.append(f"{json.dumps(name)}: [\n{lines}\n]")
    return "{" + ",\n".join(blocks) + "}\n"


def date_module(sources: list[Path]) -> str:
    """The newest day on which any row was read.

    The newest, not the oldest: what was true of CUDA 10 stays true unread, while a table is out of date for what it lacks, and whoever
    went through the tables last has left that day in what they added or changed.
    """
    every = (row for source in sources for rows in tomllib.loads(source.read_text(encoding="utf-8")).values() for row in rows)
    newest = max(row["checked"] for row in every)
    return (
        f'"""The day on which the tables were last brought up to date; written by tools/build_tables.py."""\n\nTABLES_DATE = "{newest}"\n'
    )


def main() -> int:
    """0 where every file is, or now is, what the TOML says."""
    sources = sorted(TABLES.glob("*.toml"))
    written = {source.with_suffix(".json"): compiled(source) for source in sources} | {DATE: date_module(sources)}
    stale = []
    for target, text in written.items():
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            stale.append(target)
            if "--check" not in sys.argv:
                target.write_text(text, encoding="utf-8", newline="\n")
    for target in stale:
        print("stale:" if "--check" in sys.argv else "written:", target)
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
