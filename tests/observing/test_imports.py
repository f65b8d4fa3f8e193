"""Importing frameworks that raise, hang, crash, print and fork: each is made for real, and each is one clear result."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from envcheck.facts.claims import resolve
from envcheck.facts.snapshot import Completeness, Import, Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.observing.frameworks import Room
from envcheck.observing.process import MARK_VARIABLE
from tests.observing.trying import import_frameworks

AMPLE = Room(cores=4, memory_bytes=8 * 10**9)


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A virtual environment's interpreter, to whose site-packages frameworks can be added."""
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder


def imported(environment: Path, modules: dict[str, str], room: Room = AMPLE, deadline_s: float = 30.0) -> Snapshot:
    """What is found after these modules were put into the environment and imported."""
    site = next(environment.glob("lib/python*/site-packages"))
    for name, body in modules.items():
        (site / f"{name}.py").write_text(textwrap.dedent(body))
    evidence = import_frameworks(str(environment / "bin" / "python"), modules, room, deadline_s)
    return resolve(evidence, taken="", live=True)


def only(snapshot: Snapshot) -> tuple[Import, list[Symptom]]:
    assert len(snapshot.imports) == 1
    return snapshot.imports[0], list(snapshot.symptoms)


def test_a_framework_that_comes_up_is_imported_with_its_version_and_time(environment: Path) -> None:
    entry, symptoms = only(imported(environment, {"torch": "__version__ = '2.13.0'"}))
    assert (entry.name, entry.status, entry.version, symptoms) == ("torch", "imported", "2.13.0", [])
    assert isinstance(entry.seconds, float)
    assert "MPLCONFIGDIR" in entry.changed_variables


def test_what_was_looked_at_is_said(environment: Path) -> None:
    assert imported(environment, {"torch": ""}).observed.imports is Completeness.COMPLETE


def test_a_package_that_is_not_there_is_absent(environment: Path) -> None:
    evidence = import_frameworks(str(environment / "bin" / "python"), ["torch"], AMPLE, 30.0)
    entry, symptoms = only(resolve(evidence, taken="", live=True))
    assert entry.status == "absent"
    assert [symptom.kind for symptom in symptoms] == [SymptomKind.MODULE_NOT_FOUND]


def test_a_package_whose_dependency_is_not_there_is_not_absent(environment: Path) -> None:
    entry, symptoms = only(imported(environment, {"torch": "import numpy_that_is_not_there"}))
    assert entry.status == "failed"
    assert symptoms[0].details["module"] == "numpy_that_is_not_there"


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ("raise ImportError('odd')", SymptomKind.IMPORT_FAILED, "ImportError: odd"),
        (
            "raise OSError('libcudart.so.12: cannot open shared object file: No such file or directory')",
            SymptomKind.LIBRARY_NOT_FOUND,
            "libcudart.so.12",
        ),
        ("raise SystemExit(3)", SymptomKind.IMPORT_FAILED, "SystemExit: 3"),
        ("raise KeyboardInterrupt", SymptomKind.IMPORT_FAILED, "KeyboardInterrupt"),
        ("class E(Exception):\n    def __str__(self): raise RuntimeError\nraise E", SymptomKind.IMPORT_FAILED, "could not be made"),
    ],
)
def test_an_import_that_raises_is_failed_and_says_its_words(environment: Path, body: str, kind: SymptomKind, words: str) -> None:
    entry, symptoms = only(imported(environment, {"torch": body}))
    assert entry.status == "failed"
    assert (symptoms[0].kind, symptoms[0].subject) == (kind, "torch")
    assert words in symptoms[0].text


def test_a_file_that_the_words_name_and_that_is_gone_is_heard(environment: Path) -> None:
    site = next(environment.glob("lib/python*/site-packages"))
    (site / "torch-2.9.0.dist-info").mkdir()
    (site / "torch-2.9.0.dist-info" / "RECORD").write_text("torch.py,,\ntorch_parts/__init__.py,,\ntorch_parts/inner.py,,\n")
    (site / "torch_parts").mkdir()
    (site / "torch_parts" / "__init__.py").touch()
    entry, symptoms = only(imported(environment, {"torch": "import torch_parts.inner"}))
    assert (entry.status, [symptom.kind for symptom in symptoms]) == (
        "failed",
        [SymptomKind.MODULE_NOT_FOUND, SymptomKind.FILE_DAMAGED],
    )
    assert symptoms[1].subject == "torch"
    assert symptoms[1].details == {
        "library": f"{site}/torch_parts/inner.py",
        "reason": "absent",
        "path": "torch_parts/inner.py",
        "distribution": "torch 2.9.0",
        "lost": "1",
    }


def test_the_cause_of_a_chained_exception_is_heard(environment: Path) -> None:
    body = """
        try:
            raise OSError("libcublas.so.12: cannot open shared object file: No such file or directory")
        except OSError as error:
            raise ImportError("something is wrong with the installation") from error
        """
    _, symptoms = only(imported(environment, {"torch": body}))
    assert SymptomKind.LIBRARY_NOT_FOUND in [symptom.kind for symptom in symptoms]


@pytest.mark.parametrize(
    ("body", "kind", "detail"),
    [
        ("import os; os.abort()", SymptomKind.SIGNAL, ("signal", "SIGABRT")),
        ("import ctypes; ctypes.string_at(0)", SymptomKind.SIGNAL, ("signal", "SIGSEGV")),
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", SymptomKind.SIGNAL, ("signal", "SIGILL")),
        ("import os; os._exit(5)", SymptomKind.EXITED, ("status", "5")),
    ],
)
def test_a_crash_names_the_signal_or_the_status_and_the_stage(
    environment: Path, body: str, kind: SymptomKind, detail: tuple[str, str]
) -> None:
    entry, symptoms = only(imported(environment, {"torch": body}))
    assert (entry.status, entry.stage) == ("crashed", "importing torch")
    assert symptoms[0].kind is kind
    assert symptoms[0].details[detail[0]] == detail[1]
    assert symptoms[0].details["stage"] == "importing torch"


def test_a_hang_names_the_line_where_it_hangs(environment: Path) -> None:
    entry, symptoms = only(imported(environment, {"torch": "import time\ntime.sleep(600)"}, deadline_s=1.0))
    assert entry.status == "timed_out"
    assert symptoms[0].kind is SymptomKind.TIMED_OUT
    assert "torch.py:2" in symptoms[0].details["frame"]


def test_one_that_eats_memory_is_stopped_and_the_other_finishes(environment: Path) -> None:
    hungry = "kept = []\nwhile True:\n    kept.append(bytearray(2**20))"
    snapshot = imported(environment, {"torch": hungry, "jax": "__version__ = '1'"}, Room(cores=2, memory_bytes=500 * 2**20))
    assert {entry.name: entry.status for entry in snapshot.imports} == {"torch": "killed_for_memory", "jax": "imported"}
    assert [symptom.kind for symptom in snapshot.symptoms] == [SymptomKind.KILLED_FOR_MEMORY]


@pytest.mark.parametrize(
    "body",
    [
        "import sys\nfor _ in range(50): sys.stdout.write('x' * 2**20)",
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)",
        "import atexit, time\natexit.register(time.sleep, 600)",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()",
        "import sys, os\nsys.stdout.close(); sys.stderr.close(); os.close(1); os.close(2)",
        "import sys\nsys.modules['torch'] = None",
        "import sys\nsys.modules['json'] = None\nsys.path.clear()",
        "import os\nos.chdir('/')\nos.environ.clear()",
    ],
    ids=[
        "prints 50 MB",
        "leaves a child",
        "hangs at exit",
        "leaves a thread",
        "closes its streams",
        "replaces itself",
        "breaks json",
        "moves",
    ],
)
def test_what_an_import_does_besides_does_not_take_its_answer(environment: Path, body: str) -> None:
    entry, symptoms = only(imported(environment, {"torch": body}))
    assert (entry.status, symptoms) == ("imported", [])


def test_an_older_message_on_stderr_of_a_crash_is_heard(environment: Path) -> None:
    message = "OMP: Error #15: Initializing libiomp5.so, but found libiomp5.so already initialized."
    body = f"import os, sys\nsys.stderr.write({message!r})\nsys.stderr.flush()\nos.abort()"
    _, symptoms = only(imported(environment, {"torch": body}))
    assert SymptomKind.DUPLICATE_RUNTIME in [symptom.kind for symptom in symptoms]


def test_as_many_run_beside_each_other_as_there_are_cores() -> None:
    assert [Room(cores=cores, memory_bytes=None).children for cores in (8, 2, 0.5)] == [8, 2, 1]


def test_the_mark_of_a_child_is_in_its_environment(environment: Path) -> None:
    """A detached process is found by it."""
    snapshot = imported(environment, {"torch": f"import os\n__version__ = str('{MARK_VARIABLE}' in os.environ)"})
    assert snapshot.imports[0].version == "True"


def test_trouble_that_is_printed_while_the_import_goes_well_is_heard_and_noise_is_not(environment: Path) -> None:
    body = """
        import sys
        sys.stderr.write("A module that was compiled using NumPy 1.x cannot be run in\\nNumPy 2.4.6 as it may crash.\\n")
        sys.stderr.write("ImportError: libnothing.so.1: cannot open shared object file: No such file or directory\\n")
        """
    entry, symptoms = only(imported(environment, {"torch": body}))
    assert entry.status == "imported"
    assert {symptom.kind for symptom in symptoms} == {SymptomKind.ABI_MISMATCH}


def test_of_a_module_made_for_another_numpy_the_deepest_frame_tells_which_it_is(environment: Path) -> None:
    inner = """
        import sys, traceback
        sys.stderr.write("A module that was compiled using NumPy 1.x cannot be run in\\nNumPy 2.1.3 as it may crash.\\n\\n")
        sys.stderr.write("Traceback (most recent call last):")
        traceback.print_stack()
        sys.stderr.write("AttributeError: _ARRAY_API not found\\n")
    """
    site = next(environment.glob("lib/python*/site-packages"))
    (site / "inner.py").write_text(textwrap.dedent(inner))
    _, (printed, *_more) = only(imported(environment, {"outer": "import inner"}))
    assert (printed.kind, printed.subject, printed.details["module"]) == (SymptomKind.ABI_MISMATCH, "outer", "inner")


def test_of_an_exception_too(environment: Path) -> None:
    inner = 'raise ValueError("numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C header, got 88")'
    (next(environment.glob("lib/python*/site-packages")) / "inner.py").write_text(inner)
    _, (said,) = only(imported(environment, {"outer": "import inner"}))
    assert (said.kind, said.subject, said.details["module"]) == (SymptomKind.ABI_MISMATCH, "outer", "inner")
