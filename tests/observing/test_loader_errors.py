"""Shared libraries that do not load, built with a real compiler and refused by the real loader: each is its own kind of symptom."""

import sys
from pathlib import Path

import pytest

from envcheck.facts.claims import resolve
from envcheck.facts.snapshot import Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.engine import diagnose
from envcheck.observing.frameworks import Room
from envcheck.rules import all_rules
from tests.compiler import Compiler
from tests.observing.trying import import_frameworks

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the words are those of Linux's loader")


@pytest.fixture
def site(bare_venv: Path) -> Path:
    """The site-packages of a new environment."""
    return next(bare_venv.glob("lib/python*/site-packages"))


def imported(site: Path) -> tuple[Snapshot, Symptom]:
    """What comes of `import torch` there: the snapshot, and its first symptom."""
    evidence = import_frameworks(str(site.parents[2] / "bin" / "python"), ["torch"], Room(cores=1, memory_bytes=None))
    snapshot = resolve(evidence, taken="", live=True)
    return snapshot, snapshot.symptoms[0]


def first_rule(snapshot: Snapshot) -> str:
    return diagnose(snapshot, all_rules()).findings[0].rule


def extension(site: Path) -> Path:
    """Where a compiled module `torch` lies."""
    return site / "torch.so"


INIT = "void *PyInit_torch(void) { return 0; }\n"


def test_a_library_that_is_not_there(site: Path, compile_c: Compiler) -> None:
    needed = compile_c(site / "libcudart.so.12", "int cuda_version(void) { return 12; }", "-Wl,-soname,libcudart.so.12")
    compile_c(extension(site), f"int cuda_version(void); int call(void) {{ return cuda_version(); }}\n{INIT}", str(needed))
    needed.unlink()
    snapshot, symptom = imported(site)
    assert (symptom.kind, symptom.details["library"]) == (SymptomKind.LIBRARY_NOT_FOUND, "libcudart.so.12")
    assert snapshot.imports[0].status == "failed"


def test_a_symbol_that_nobody_has(site: Path, compile_c: Compiler) -> None:
    text = f"int _ZN3c105ErrorC2E(void); int call(void) {{ return _ZN3c105ErrorC2E(); }}\n{INIT}"
    compile_c(extension(site), text, "-Wl,-z,now", "-Wl,--allow-shlib-undefined")
    _, symptom = imported(site)
    assert (symptom.kind, symptom.details["symbol"]) == (SymptomKind.UNDEFINED_SYMBOL, "_ZN3c105ErrorC2E")


def test_a_symbol_version_that_the_library_is_too_old_for(site: Path, compile_c: Compiler, tmp_path: Path) -> None:
    (tmp_path / "new.map").write_text("GLIBCXX_3.4.99 { global: newer; };\n")
    (tmp_path / "old.map").write_text("GLIBCXX_3.4.1 { global: newer; };\n")
    soname = "-Wl,-soname,libstdc++.so.6"
    library = tmp_path / "libstdc++.so.6"
    compile_c(library, "int newer(void) { return 1; }", soname, f"-Wl,--version-script={tmp_path / 'new.map'}")
    text = f"int newer(void); int call(void) {{ return newer(); }}\n{INIT}"
    compile_c(extension(site), text, str(library), f"-Wl,-rpath,{tmp_path}")
    compile_c(library, "int newer(void) { return 1; }", soname, f"-Wl,--version-script={tmp_path / 'old.map'}")
    snapshot, symptom = imported(site)
    assert (symptom.kind, symptom.details["version"]) == (SymptomKind.SYMBOL_VERSION_MISSING, "GLIBCXX_3.4.99")
    assert first_rule(snapshot) == "libstdcxx-too-old"


def test_a_file_that_is_no_library(site: Path) -> None:
    extension(site).write_bytes(b"\x7fELF but no more")
    snapshot, symptom = imported(site)
    assert symptom.subject == "torch"
    assert snapshot.imports[0].status == "failed"


def test_an_instruction_that_the_processor_does_not_have(site: Path, compile_c: Compiler) -> None:
    compile_c(extension(site), "void *PyInit_torch(void) { __builtin_trap(); }\n")
    snapshot, symptom = imported(site)
    assert (symptom.kind, symptom.details["signal"]) == (SymptomKind.SIGNAL, "SIGILL")
    assert snapshot.imports[0].status == "crashed"
