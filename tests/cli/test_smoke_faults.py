"""Smoke tests in broken surroundings: no home, nothing that can be written, any locale, nobody who reads; with a real framework."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.examined import ROOT, Environment, Run, run_envcheck

Call = Callable[..., Run]


@pytest.fixture
def smoke(computing_python: str, tmp_path: Path) -> Call:
    def call(*arguments: str, prefix: tuple[str, ...] = (), **variables: str) -> Run:
        words = ("smoke", "numpy", "--python", computing_python, *arguments)
        return run_envcheck(*words, cwd=tmp_path, prefix=prefix, **variables)

    return call


def assert_computes(run: Run) -> None:
    assert [(entry["framework"], entry["status"]) for entry in run.report["facts"]["smoke"]] == [("numpy", "passed")], run.err
    assert run.code == 0


@pytest.mark.parametrize(
    "prefix",
    [
        ("env", "HOME=/nonexistent/home"),
        ("env", "-u", "HOME", "-u", "USER"),
        ("env", "TMPDIR=/nonexistent/tmp"),
        ("env", "LC_ALL=C", "PYTHONUTF8=0", "PYTHONCOERCECLOCALE=0"),
        ("env", "LC_ALL=tr_TR.ISO-8859-9", "PYTHONUTF8=0"),
        ("env", "OMP_NUM_THREADS=many"),
    ],
    ids=" ".join,
)
def test_odd_surroundings_cost_nothing(smoke: Call, prefix: tuple[str, ...]) -> None:
    assert_computes(smoke("--format", "json", prefix=prefix))


@pytest.mark.skipif(shutil.which("unshare") is None, reason="there are no namespaces to mount in")
def test_a_read_only_file_system_costs_nothing(smoke: Call, tmp_path: Path) -> None:
    mount = "mount --bind / /mnt && mount --rbind /proc /mnt/proc && mount --rbind /dev /mnt/dev && mount -o remount,bind,ro /mnt"
    if subprocess.run(["unshare", "-m", "sh", "-c", mount], check=False, capture_output=True).returncode != 0:
        pytest.skip("this user may not mount a file system read-only in a namespace of its own")
    enter = f'{mount} && exec chroot /mnt sh -c \'cd "$0" && exec "$@"\' "$@"'
    assert_computes(smoke("--format", "json", prefix=("unshare", "-m", "sh", "-c", enter, "sh", str(tmp_path))))


def test_without_a_terminal_there_is_no_colour_and_no_spinner(smoke: Call) -> None:
    run = smoke()
    assert "\x1b" not in run.out + run.err
    assert [line.partition(" in ")[0] for line in run.err.splitlines()] == ["Testing numpy: about 1 s.", "numpy computes correctly on cpu"]


@pytest.mark.parametrize("streams", ["| true", ">&-", "2>&-", "<&-"])
def test_nobody_who_reads_changes_no_code(computing_python: str, tmp_path: Path, streams: str) -> None:
    words = f"{sys.executable} -m envcheck smoke numpy --python {computing_python}"
    noted = tmp_path / "code"
    command = f"({words}; echo $? > {noted}) {streams}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert noted.read_text().strip() == "0", done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("script", "words"),
    [(None, "does not exist"), ("import sys; sys.exit(0)", "is not a Python interpreter"), ("import os; os._exit(3)", "status 3")],
)
def test_an_interpreter_that_cannot_be_used_is_refused(tmp_path: Path, script: str | None, words: str) -> None:
    path = tmp_path / "python"
    if script is not None:
        path.write_text(f"#!{sys.executable}\n{script}\n")
        path.chmod(0o755)
    run = run_envcheck("smoke", "numpy", "--python", str(path), cwd=tmp_path)
    assert (run.code, run.out) == (2, "")
    assert words in run.err
    assert len(run.err.strip().splitlines()) <= 2


@pytest.mark.parametrize("metadata", [b"", b"Metadata-Ver", b"\xff\xfe\x00"], ids=["empty", "cut", "not UTF-8"])
def test_metadata_that_cannot_be_read_keeps_nobody_from_testing(environment: Environment, metadata: bytes) -> None:
    environment.add("numpy", "2.4.6", "raise ImportError('odd')", metadata=metadata)
    run = environment.smoke("numpy")
    assert [(entry["framework"], entry["status"], entry["layer"]) for entry in run.report["facts"]["smoke"]] == [
        ("numpy", "failed", "imported")
    ]
    assert run.code == 1
