"""Refreshes what package metadata can tell of envcheck/knowledge/tables/*.toml, and prints what changed.

    python tools/refresh_tables.py [--write | --check] [--date 2026-11-21] [--index URL] [TABLE ...]

It asks the index that pip is set up for. Nothing is written without --write; comments, order and all that metadata does not tell stay.
"""

import argparse
import datetime as dt
import subprocess
import sys
from pathlib import Path

from package_index import NoAnswer, PackageIndex, configured_index
from refreshed_rows import REFRESHERS, Refreshing
from toml_rows import TomlRows
from torch_index import refresh_variants

TABLES = Path(__file__).resolve().parent.parent / "envcheck" / "knowledge" / "tables"
_VARIANTS = "torch_wheels"


def main() -> int:
    """0: done, or nothing has changed; 1: `--check` found changes; 2: the index gave no answer."""
    options = arguments()
    try:
        index = PackageIndex(options.index or configured_index(), options.timeout)
        texts = {name: refreshed(index, name, options) for name in options.tables}
    except NoAnswer as reason:
        print(f"The tables stay as they are: {reason}.", file=sys.stderr)
        return 2
    changed = {path: text for path, text in texts.values() if path.read_text(encoding="utf-8") != text}
    if options.write and changed:
        for path, text in changed.items():
            path.write_text(text, encoding="utf-8", newline="\n")
        if options.folder == TABLES:
            subprocess.run([sys.executable, str(Path(__file__).with_name("build_tables.py"))], check=True)
    print(f"{len(changed)} of {len(texts)} tables {'written' if options.write else 'would change'}." if changed else "Nothing has changed.")
    return 1 if options.check and changed else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"which: {', '.join((*REFRESHERS, _VARIANTS))}; without any, all")
    parser.add_argument("--write", action="store_true", help="write what has changed, and the JSON beside it")
    parser.add_argument("--check", action="store_true", help="end with 1 where something has changed")
    parser.add_argument("--index", help="the package index to ask, with the simple API as JSON; without it, pip's")
    parser.add_argument("--torch-index", help="PyTorch's own index; without it, the one that the table of its wheels names")
    parser.add_argument("--date", type=day, default=dt.datetime.now(dt.timezone.utc).date().isoformat(), help="the day of reading")
    parser.add_argument("--timeout", type=float, default=20.0, metavar="S", help="for one answer, in seconds (20)")
    parser.add_argument("--folder", type=Path, default=TABLES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write and options.check:
        parser.error("--check only looks: it does not go with --write")
    options.tables = options.tables or [*REFRESHERS, _VARIANTS]
    unknown = [name for name in options.tables if name not in REFRESHERS and name != _VARIANTS]
    if unknown:
        parser.error(f"no table that metadata can tell of: {', '.join(unknown)}")
    return options


def day(text: str) -> str:
    """`2026-11-21`, as the rows have it."""
    return dt.date.fromisoformat(text).isoformat()


def refreshed(index: PackageIndex, name: str, options: argparse.Namespace) -> tuple[Path, str]:
    """Prints what has changed in one table, and gives its text as it should be."""
    path: Path = options.folder / f"{name}.toml"
    table = TomlRows(path.read_text(encoding="utf-8"))
    run = Refreshing(index, options.date)
    print(f"{name}.toml", flush=True)
    if name == _VARIANTS:
        try:
            refresh_variants(run, table, options.torch_index, options.timeout)
        except NoAnswer as reason:  # an index of its own: the others' answers still hold
            run.notes.append(f"left out: {reason}")
    else:
        REFRESHERS[name](run, table)
    for line in (*run.changes, *(f"? {note}" for note in run.notes)):
        print(f"  {line if line.isprintable() else ascii(line)}")
    print(f"  {len(run.changes)} changes" if run.changes else "  nothing has changed", flush=True)
    return path, table.text


if __name__ == "__main__":
    sys.exit(main())
