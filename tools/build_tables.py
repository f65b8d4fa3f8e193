"""Writes envcheck/knowledge/tables/*.json from the TOML beside them, which is what people edit; `--check` only compares."""

import json
import sys
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLES = Path(__file__).parent.parent / "envcheck" / "knowledge" / "tables"


def compiled(source: Path) -> str:
    """The JSON of one TOML table: one row a line, so that a changed row is a changed line."""
    tables = tomllib.loads(source.read_text(encoding="utf-8"))
    blocks = []
    for name, rows in tables.items():
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        blocks.append(f"{json.dumps(name)}: [\n{lines}\n]")
    return "{" + ",\n".join(blocks) + "}\n"


def main() -> int:
    """0 where every JSON is, or now is, what its TOML says."""
    stale = []
    for source in sorted(TABLES.glob("*.toml")):
        target = source.with_suffix(".json")
        text = compiled(source)
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            stale.append(target)
            if "--check" not in sys.argv:
                target.write_text(text, encoding="utf-8", newline="\n")
    for target in stale:
        print("stale:" if "--check" in sys.argv else "written:", target)
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
