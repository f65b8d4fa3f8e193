"""The loader on paper against the real one: what `ld.so` finds, misses and refuses of made libraries and of those of frameworks."""

import os
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.compiler import Compiler

LOADER = "/lib64/ld-linux-x86-64.so.2"
pytestmark = pytest.mark.skipif(not Path(LOADER).exists(), reason="it is compared with glibc's loader")
Verdict = tuple[dict[str, str], set[str], set[str]]
Compare = Callable[..., tuple[Verdict, Verdict]]


@pytest.fixture
def compare(probe: Callable[[str], ModuleType]) -> Compare:
    """(found: name → path, missing, versions that are missing) by us and by the loader."""
    loading, disk = probe("on_disk.loading"), probe("on_disk.rooted").Disk()

    def compare(*files: Path, path: str = "") -> list[tuple[Verdict, Verdict]]:
        variables = {"LD_LIBRARY_PATH": path} if path else {}
        system = loading.System(disk, "/bin/cat", variables)  # needs nothing but libc, as the loader itself
        return [(on_paper(loading.Process(system), file), by_loader(file, variables)) for file in files]

    return compare


def on_paper(process: object, file: Path) -> Verdict:
    process.load(str(file))  # type: ignore[attr-defined]
    found = {name: os.path.realpath(loaded.file.path) for name, loaded in process._names.items()}  # type: ignore[attr-defined]
    missing = {name for name, _ in process.missing}  # type: ignore[attr-defined]
    return found, missing, {version for _, version, _ in process.lacking}  # type: ignore[attr-defined]


def by_loader(file: Path, variables: dict[str, str]) -> Verdict:
    environment = {"PATH": os.environ["PATH"], "LD_TRACE_LOADED_OBJECTS": "1", **variables}
    done = subprocess.run([LOADER, str(file)], env=environment, capture_output=True, text=True, check=False, timeout=60)
    said = done.stdout + done.stderr
    found = {name: os.path.realpath(path) for name, path in re.findall(r"^\t(\S+) => (/\S+) \(0x", said, re.MULTILINE)}
    missing = set(re.findall(r"^\t(\S+) => not found", said, re.MULTILINE))
    return found, missing, set(re.findall(r"version `(\S+)' not found", said))


def same(ours: Verdict, real: Verdict) -> bool:
    return {name: ours[0].get(name) for name in real[0]} == real[0] and ours[1:] == real[1:]


def is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


OLD = "-Wl,--disable-new-dtags"


def make(compile_c: Compiler, folder: Path, name: str, *flags: str, needs: Path | None = None) -> Path:
    """A library that says which folder it lies in, and needs another."""
    folder.mkdir(parents=True, exist_ok=True)
    call = f"int in_{needs.stem}(void); int call_{name}(void) {{ return in_{needs.stem}(); }}" if needs else ""
    text = f"{call}\nint in_lib{name}(void) {{ return {len(str(folder))}; }}"
    return compile_c(folder / f"lib{name}.so", text, f"-Wl,-soname,lib{name}.so", *([str(needs)] if needs else []), *flags)


@pytest.mark.parametrize("outer", ["", "-Wl,-rpath,$ORIGIN/b"])
@pytest.mark.parametrize("inner", ["", "-Wl,-rpath,$ORIGIN"])
@pytest.mark.parametrize("dtags", [OLD, "-Wl,--enable-new-dtags"])
def test_every_way_to_name_a_folder(compile_c: Compiler, compare: Compare, tmp_path: Path, outer: str, inner: str, dtags: str) -> None:
    """A DT_RPATH counts for what is needed by what it loads, a DT_RUNPATH for the file's own needs alone."""
    leaf = make(compile_c, tmp_path / "b", "leaf")
    middle = make(compile_c, tmp_path / "b", "middle", *filter(None, [inner]), dtags, needs=leaf)
    top = make(compile_c, tmp_path, "top", *filter(None, [outer]), dtags, needs=middle)
    make(compile_c, tmp_path / "other", "leaf")
    for path in ("", str(tmp_path / "other"), f"{tmp_path / 'other'}:{tmp_path / 'b'}"):
        ((ours, real),) = compare(top, path=path)
        assert same(ours, real), (path, ours, real)


def test_a_searched_file_of_another_machine_is_passed_over(compile_c: Compiler, compare: Compare, tmp_path: Path) -> None:
    leaf = make(compile_c, tmp_path / "b", "leaf")
    top = make(compile_c, tmp_path, "top", "-Wl,-rpath,$ORIGIN/b", needs=leaf)
    wrong = make(compile_c, tmp_path / "wrong", "leaf")
    data = bytearray(wrong.read_bytes())
    struct.pack_into("<H", data, 18, 183)
    wrong.write_bytes(data)
    ((ours, real),) = compare(top, path=str(tmp_path / "wrong"))
    assert same(ours, real)
    assert ours[0]["libleaf.so"] == str(leaf)


def test_the_libraries_of_real_frameworks(computing_python: str, compare: Compare) -> None:
    """Every tenth of all compiled files, and those that bring most with them."""
    (folder,) = Path(computing_python).parents[1].glob("lib/python3*/site-packages")
    files = sorted(path for path in folder.rglob("*.so*") if not path.is_symlink() and is_elf(path))
    largest = sorted(files, key=lambda path: -path.stat().st_size)[:10]
    chosen = list(dict.fromkeys([*largest, *files[::10]]))
    assert len(chosen) > 20
    verdicts = compare(*chosen)
    assert [str(file) for file, (ours, real) in zip(chosen, verdicts, strict=True) if not same(ours, real)] == []


def test_more_than_any_framework_has_is_refused(probe: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> None:
    loading = probe("on_disk.loading")
    monkeypatch.setattr(loading, "_MOST_OBJECTS", 1)
    with pytest.raises(loading.TooMuch, match="more than 1 libraries in one process"):
        loading.Process(loading.System(probe("on_disk.rooted").Disk(), sys.executable, {}))
