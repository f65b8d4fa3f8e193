"""Frameworks that raise, hang, crash, exit, print, eat memory or compute wrong numbers: one result each, and the others finish.

The framework is one of our own in a real virtual environment, and so is its test.
"""

import itertools
import os
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from envcheck.facts.claims import resolve
from envcheck.facts.snapshot import Smoke, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.observing import process
from envcheck.observing.frameworks import Room, Surroundings, try_frameworks
from envcheck.observing.smoke import SmokeRequest

AMPLE = Room(cores=4, memory_bytes=8 * 10**9)
# A test of a framework named "made": what it does on each device is what the framework's own functions do.
TEST = """
TEST = {"title": "Made", "import": "made", "names": ("made",), "import_s": 0.1, "test_s": 0.1, "peak_bytes": 10000000}
MANUAL = {"computed": "It does what it was made to do."}

def devices(made, wanted):
    return made.devices(wanted)

def check(trial):
    trial.layer("tensor")
    trial.layer("computed")
    found = trial.framework.compute(trial.device)
    trial.layer("compared")
    trial.expect("answer", found, 42)
"""
WELL = """
def devices(wanted):
    return ["cpu"]
def compute(device):
    return 42
"""


@pytest.fixture
def python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An interpreter of an empty environment; the probes are a copy that has a test of "made" as well."""
    probes = tmp_path / "probes"
    shutil.copytree(process.folder("probes"), probes, ignore=shutil.ignore_patterns("__pycache__"))
    (probes / "smoke" / "made.py").write_text(TEST)
    monkeypatch.setattr(process, "folder", lambda name: tmp_path / name)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "environment")], check=True)
    return tmp_path / "environment" / "bin" / "python"


def tried(python: Path, modules: dict[str, str], *requests: SmokeRequest, room: Room = AMPLE) -> Snapshot:
    site = next(python.parent.parent.glob("lib/python*/site-packages"))
    for name, body in modules.items():
        (site / f"{name}.py").write_text(textwrap.dedent(body))
    evidence = try_frameworks(str(python), (), requests, room, Surroundings(dict(os.environ)))
    return resolve(evidence, taken="", live=True)


MADE = SmokeRequest(name="made", import_name="made", import_deadline_s=5.0, test_deadline_s=3.0)


def only(snapshot: Snapshot) -> tuple[Smoke, list[Symptom]]:
    assert len(snapshot.smoke) == 1, snapshot.smoke
    return snapshot.smoke[0], list(snapshot.symptoms)


def test_one_that_computes_has_passed_with_its_layers_and_times(python: Path) -> None:
    smoke, symptoms = only(tried(python, {"made": WELL}, replace(MADE, asked_for=True)))
    assert (smoke.framework, smoke.device, smoke.status, smoke.layer, smoke.compared) == ("made", "cpu", "passed", "compared", ("answer",))
    assert [layer.name for layer in smoke.layers] == ["tensor", "computed", "compared"]
    assert smoke.asked_for
    assert "MPLCONFIGDIR" in smoke.changed_variables
    assert known(smoke.seconds, 0.0) == pytest.approx(known(smoke.import_seconds, 0.0) + known(smoke.compute_seconds, 0.0), abs=0.01)
    assert not symptoms


def test_what_it_imported_is_told_as_an_import(python: Path) -> None:
    snapshot = tried(python, {"made": WELL}, MADE)
    assert [(entry.name, entry.status) for entry in snapshot.imports] == [("made", "imported")]


def test_a_wrong_number_is_a_wrong_result(python: Path) -> None:
    smoke, symptoms = only(tried(python, {"made": WELL.replace("42", "43")}, MADE))
    assert (smoke.status, smoke.layer) == ("failed", "compared")
    assert [symptom.kind for symptom in symptoms] == [SymptomKind.WRONG_RESULT]
    details = symptoms[0].details
    assert (details["what"], details["got"], details["expected"], details["test"]) == ("answer", "43", "42", "made@cpu")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("raise ValueError('odd')", SymptomKind.SMOKE_TEST_FAILED),
        ("raise SystemExit(3)", SymptomKind.SMOKE_TEST_FAILED),
        ("raise KeyboardInterrupt", SymptomKind.SMOKE_TEST_FAILED),
        ("raise OSError('libcudart.so.12: cannot open shared object file: No such file or directory')", SymptomKind.LIBRARY_NOT_FOUND),
        ("raise RuntimeError('CUDA error: no kernel image is available for execution on the device')", SymptomKind.CUDA_ERROR),
    ],
)
def test_one_that_raises_has_failed_in_its_layer_and_says_its_words(python: Path, body: str, kind: SymptomKind) -> None:
    smoke, symptoms = only(tried(python, {"made": WELL.replace("return 42", body)}, MADE))
    assert (smoke.status, smoke.layer) == ("failed", "computed")
    assert kind in [symptom.kind for symptom in symptoms]
    assert all((each.details["test"], each.details["layer"]) == ("made@cpu", "computed") for each in symptoms if each.kind is kind)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")
@pytest.mark.parametrize(
    ("body", "status", "kind", "detail"),
    [
        ("import os; os.abort()", "crashed", SymptomKind.SIGNAL, ("signal", "SIGABRT")),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashed", SymptomKind.SIGNAL, ("signal", "SIGSEGV")),
        ("import os; os._exit(7)", "crashed", SymptomKind.EXITED, ("status", "7")),
        ("import time; time.sleep(60)", "timed_out", SymptomKind.TIMED_OUT, ("layer", "computed")),
        # A regular expression of the C engine, which keeps the interpreter's lock for ever.
        ("import re; re.match('(a*)*b', 'a' * 40)", "timed_out", SymptomKind.TIMED_OUT, ("layer", "computed")),
    ],
)
def test_one_that_ends_its_process_is_a_result(python: Path, body: str, status: str, kind: SymptomKind, detail: tuple[str, str]) -> None:
    smoke, symptoms = only(tried(python, {"made": WELL.replace("return 42", body)}, MADE))
    assert (smoke.device, smoke.status, smoke.layer) == ("cpu", status, "computed")
    said = next(symptom for symptom in symptoms if symptom.kind is kind)
    assert said.details[detail[0]] == detail[1]
    assert said.details["test"] == "made@cpu"


def test_one_that_eats_memory_is_stopped(python: Path) -> None:
    body = "held = []\n    while True:\n        held.append(bytearray(10**7))"
    room = Room(cores=2, memory_bytes=250 * 10**6)
    smoke, symptoms = only(tried(python, {"made": WELL.replace("return 42", body)}, replace(MADE, test_deadline_s=20.0), room=room))
    assert smoke.status == "killed_for_memory"
    assert SymptomKind.KILLED_FOR_MEMORY in [symptom.kind for symptom in symptoms]


def test_one_that_writes_megabytes_and_leaves_a_process_behind_has_its_result(python: Path, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    body = f"""
    import subprocess, sys
    left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    open({str(pid)!r}, "w").write(str(left.pid))
    for _ in range(50):
        sys.stdout.write("x" * 2**20)
        sys.stderr.write("y" * 2**20)
    return 42
    """
    smoke, _ = only(tried(python, {"made": WELL.replace("return 42", body.strip())}, replace(MADE, test_deadline_s=20.0)))
    assert smoke.status == "passed"
    assert not _runs(int(pid.read_text()))


def _runs(pid: int) -> bool:
    for _ in range(100):
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return False
        time.sleep(0.05)
    return True


def test_one_that_cannot_be_imported_has_its_result_and_the_import_its_symptom(python: Path) -> None:
    snapshot = tried(python, {"made": "import nothing_of_that_name"}, MADE)
    smoke, symptoms = only(snapshot)
    assert (smoke.status, smoke.layer, smoke.device) == ("failed", "imported", "cpu")
    assert snapshot.imports[0].status == "failed"
    assert symptoms[0].details["module"] == "nothing_of_that_name"


def test_one_that_is_not_there_is_absent(python: Path) -> None:
    smoke, _ = only(tried(python, {}, MADE))
    assert (smoke.status, smoke.layer) == ("absent", "found")


def test_one_whose_devices_cannot_be_listed_has_failed_there(python: Path) -> None:
    smoke, symptoms = only(tried(python, {"made": WELL.replace('return ["cpu"]', "raise RuntimeError('no answer')")}, MADE))
    assert (smoke.status, smoke.layer) == ("failed", "devices")
    assert symptoms[0].details["layer"] == "devices"


def test_after_one_that_died_listing_devices_the_cpu_is_tested_without_the_cards(python: Path) -> None:
    hangs = """
    import os, time
    def devices(wanted):
        if os.environ.get("CUDA_VISIBLE_DEVICES") != "-1":
            time.sleep(60)
        return [wanted]
    def compute(device):
        return 42
    """
    snapshot = tried(python, {"made": hangs}, MADE)
    assert {(smoke.device, smoke.status, smoke.layer) for smoke in snapshot.smoke} == {
        ("auto", "timed_out", "devices"),
        ("cpu", "passed", "compared"),
    }
    assert [symptom.details["test"] for symptom in snapshot.symptoms] == ["made@auto"]
    cards = tried(python, {"made": hangs}, replace(MADE, device="cuda"))
    assert [(smoke.device, smoke.status) for smoke in cards.smoke] == [("cuda", "timed_out")]


def test_one_that_dies_before_its_first_layer_died_on_its_first_device(python: Path) -> None:
    dies = """
    import os
    def devices(wanted):
        return ["cuda:3"]
    def __getattr__(name):
        if name == "compute":
            os._exit(7)
        raise AttributeError(name)
    """
    test = python.parents[2] / "probes" / "smoke" / "made.py"
    test.write_text(test.read_text().replace('    trial.layer("tensor")', "    trial.framework.compute\n    trial.layer('tensor')"))
    smoke, _ = only(tried(python, {"made": dies}, MADE))
    assert (smoke.device, smoke.status, smoke.layer) == ("cuda:3", "crashed", "devices")


def test_one_that_dies_between_two_devices_died_on_the_second(python: Path) -> None:
    dies = """
    def devices(wanted):
        return ["cpu", "cuda:0", "cuda:1"]
    def compute(device):
        return 42
    """
    test = python.parents[2] / "probes" / "smoke" / "made.py"
    test.write_text(
        test.read_text().replace(
            '    trial.layer("tensor")', "    if trial.device == 'cuda:0':\n        import os; os.abort()\n    trial.layer('tensor')"
        )
    )
    found = {smoke.device: smoke.status for smoke in tried(python, {"made": dies}, MADE).smoke}
    assert found == {"cpu": "passed", "cuda:0": "crashed", "cuda:1": "passed"}


def test_a_kind_of_device_that_it_does_not_have_is_skipped_and_no_failure(python: Path) -> None:
    smoke, symptoms = only(tried(python, {"made": WELL.replace('return ["cpu"]', "return []")}, replace(MADE, device="cuda")))
    assert (smoke.device, smoke.status, symptoms) == ("cuda", "skipped", [])
    assert smoke.reason


DEVICES = """
def devices(wanted):
    return ["cpu", "cuda:0", "cuda:1", "cuda:2"]
def compute(device):
    if device == "cuda:1":
        {}
    return 42
"""


@pytest.mark.parametrize(
    ("body", "status"),
    [("import os; os.abort()", "crashed"), ("import time; time.sleep(60)", "timed_out"), ("raise ValueError('odd')", "failed")],
)
def test_after_one_device_the_others_are_tested_all_the_same(python: Path, body: str, status: str) -> None:
    found = {smoke.device: smoke.status for smoke in tried(python, {"made": DEVICES.format(body)}, MADE).smoke}
    assert found == {"cpu": "passed", "cuda:0": "passed", "cuda:1": status, "cuda:2": "passed"}


def test_one_that_gets_on_is_slow_and_not_dead(python: Path) -> None:
    body = """
    import time
    def devices(wanted):
        return ["cpu"]
    class Slow:
        def __eq__(self, other):
            return other == 42
    def compute(device):
        time.sleep(1.4)
        return 42
    """
    # The import takes longer than its second, and brings a module every few moments; each layer takes less than two, all of them more.
    modules = {f"part{number}": "import time; time.sleep(0.4)" for number in range(6)}
    imports = "\n".join(f"import part{number}" for number in range(6))
    smoke, _ = only(
        tried(python, {"made": imports + textwrap.dedent(body), **modules}, replace(MADE, import_deadline_s=1.5, test_deadline_s=1.6))
    )
    assert (smoke.status, smoke.slow) == ("passed", True)


def test_of_several_each_has_its_result(python: Path) -> None:
    bodies = {"one": "import os; os.abort()", "two": "import time; time.sleep(60)", "three": "raise ValueError", "four": "return 42"}
    probes = process.folder("probes") / "smoke"
    for name in bodies:
        (probes / f"{name}.py").write_text(TEST.replace('"made"', f'"{name}"'))
    requests = [replace(MADE, name=name, import_name=name) for name in bodies]
    snapshot = tried(python, {name: WELL.replace("return 42", body) for name, body in bodies.items()}, *requests)
    assert {smoke.framework: smoke.status for smoke in snapshot.smoke} == {
        "one": "crashed",
        "two": "timed_out",
        "three": "failed",
        "four": "passed",
    }


def _spans(python: Path, room: Room, requests: Sequence[SmokeRequest], tmp_path: Path) -> list[tuple[float, float]]:
    body = """
    import time
    began = time.time()
    def devices(wanted):
        return ["cpu"]
    def compute(device):
        time.sleep(0.5)
        with open({path!r}, "a") as file:
            file.write(f"{{began}} {{time.time()}}\\n")
        return 42
    """
    path = tmp_path / "spans"
    tried(python, {"made": textwrap.dedent(body).format(path=str(path))}, *requests, room=room)
    return [(float(begin), float(end)) for begin, end in map(str.split, path.read_text().splitlines())]


@pytest.mark.parametrize(
    ("room", "beside"),
    [
        (Room(cores=4, memory_bytes=None), True),
        (Room(cores=1, memory_bytes=None), False),
        (Room(cores=4, memory_bytes=10**9), False),  # each is expected to take more than half of it
    ],
)
def test_as_many_run_beside_each_other_as_cores_and_memory_allow(python: Path, room: Room, beside: bool, tmp_path: Path) -> None:
    requests = [replace(MADE, variant=name, expected_bytes=500 * 10**6) for name in ("a", "b", "c")]
    spans = sorted(_spans(python, room, requests, tmp_path))
    assert len(spans) == 3
    assert any(later[0] < earlier[1] for earlier, later in itertools.pairwise(spans)) is beside


def test_the_slowest_is_begun_first(python: Path) -> None:
    begun: list[str] = []
    site = next(python.parent.parent.glob("lib/python*/site-packages"))
    (site / "made.py").write_text(WELL)
    requests = [replace(MADE, variant=name, expected_s=seconds) for name, seconds in (("short", 1.0), ("long", 9.0), ("middle", 4.0))]

    def progress(task: str, event: str) -> None:
        if event == "started":
            begun.append(task)

    try_frameworks(str(python), (), requests, Room(cores=1, memory_bytes=None), Surroundings(dict(os.environ), progress=progress))
    assert begun == ["smoke made:long", "smoke made:middle", "smoke made:short"]


def test_what_a_framework_tells_of_others_is_not_believed(python: Path) -> None:
    body = """
    import sys
    def devices(wanted):
        return ["cpu"]
    def compute(device):
        channel = next(frame for frame in _frames() if "channel" in frame)["channel"]
        channel.fact("smoke[torch@cpu]", {"status": "passed"}, "nobody")
        channel.fact("memory.total_bytes", 1, "nobody")
        return 42
    def _frames():
        frame = sys._getframe()
        while frame:
            yield frame.f_locals
            frame = frame.f_back
    """
    snapshot = tried(python, {"made": textwrap.dedent(body)}, MADE)
    assert [smoke.framework for smoke in snapshot.smoke] == ["made"]
    assert known(snapshot.memory.total_bytes, None) is None


def test_a_number_of_threads_that_the_user_has_set_is_left(python: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    body = "import os\n" + WELL.replace(
        "return 42", "assert os.environ['OMP_NUM_THREADS'] == '7' and int(os.environ['MKL_NUM_THREADS']) <= 2; return 42"
    )
    assert only(tried(python, {"made": body}, MADE))[0].status == "passed"


@pytest.mark.parametrize("has_settings", [True, False])
def test_keras_writes_no_settings_into_the_home_and_reads_those_that_are_there(
    python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_settings: bool
) -> None:
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    if has_settings:
        (tmp_path / ".keras").mkdir()
        (tmp_path / ".keras" / "keras.json").write_text("{}")
    smoke, _ = only(tried(python, {"made": WELL}, MADE))
    assert ("KERAS_HOME" in smoke.changed_variables) is not has_settings
