"""Search paths, streams, limits and names that no program should be given, for real."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes, limits and devices of POSIX")
ROOT = Path(__file__).resolve().parents[2]
# What envcheck itself needs, and what its probes do.
MODULES = ("json", "re", "enum", "subprocess", "threading", "ctypes", "typing", "platform", "signal", "click", "msgspec")


def shell(command: str, cwd: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """A line of shell in which $ENVCHECK starts envcheck."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ENVCHECK": f"{sys.executable} -m envcheck", **variables}
    done = subprocess.run(["bash", "-c", command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done


@pytest.mark.parametrize("where", ["the working folder", "PYTHONPATH"])
@pytest.mark.parametrize("module", MODULES)
def test_a_file_named_like_a_module_is_found_and_not_run(target: Any, tmp_path: Path, module: str, where: str) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / f"{module}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write(__import__('sys').argv[0] + '\\n')\nraise OSError")
    run = target.doctor("--quick", cwd=folder, **({"PYTHONPATH": str(folder)} if where == "PYTHONPATH" else {}))
    assert run.code == 0, run.err
    assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text()
    assert run.report["facts"]["memory"]["total_bytes"] > 2**20
    assert run.report["facts"]["packages"]
    if module not in ("click", "msgspec"):
        assert "module-shadowed" in run.rules


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONWARNINGS": "error"},
        {"PYTHONOPTIMIZE": "2"},
        {"PYTHONIOENCODING": "ascii:strict", "LC_ALL": "C"},
        {"PYTHONPROFILEIMPORTTIME": "1", "PYTHONVERBOSE": "1"},
        {"PYTHONSTARTUP": "/dev/zero", "PYTHONDEVMODE": "1"},
        {"COLUMNS": "0", "TERM": "dumb"},
        {"HF_HOME": "x" * 100_000, "TMPDIR": "/dev/null", "XDG_CACHE_HOME": "\udcff\x1b[31m"},
    ],
    ids=lambda variables: next(iter(variables)),
)
def test_variables_of_python_and_of_the_terminal_change_nothing(target: Any, variables: dict[str, str]) -> None:
    run = target.doctor("--quick", **variables)
    assert run.code == 0
    assert run.report["facts"]["memory"]["total_bytes"] > 2**20
    assert {package["name"] for package in run.report["facts"]["packages"]} == {"pandas"}


@posix
@pytest.mark.parametrize("limit", ["-n 7", "-n 10", "-n 16"])
def test_too_few_descriptors_leave_facts_unknown_and_blame_nobody(target: Any, limit: str) -> None:
    done = shell(f"ulimit {limit}; exec $ENVCHECK doctor --quick --format json --python {target.python}", target.folder)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["facts"]["packages"] if limit == "-n 16" else report["not_evaluated"]


@posix
def test_with_no_room_for_threads_facts_are_unknown(target: Any) -> None:
    """The limit counts what a user has running, so that it needs a user of its own; root has none."""
    capabilities = "+dac_override,+dac_read_search"
    user = f"setpriv --reuid 54327 --regid 54327 --clear-groups --inh-caps {capabilities} --ambient-caps {capabilities}"
    if not shutil.which("setpriv") or subprocess.run([*user.split(), "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this user may not become another one")
    for most in (2, 3, 5):
        done = shell(f"exec {user} bash -c 'ulimit -u {most}; exec $ENVCHECK doctor --quick'", target.folder)
        assert done.returncode == 0, done.stderr
        assert "not evaluated" in done.stdout


@posix
def test_without_proc_everything_else_is_told(target: Any) -> None:
    target.add("keras", "3.15.1", "import time; time.sleep(600)")
    if (
        not shutil.which("unshare")
        or subprocess.run(["unshare", "-m", "umount", "-l", "/proc"], capture_output=True, check=False).returncode
    ):
        pytest.skip("this user may not take /proc away")
    run = target.doctor(prefix=("unshare", "-m", "sh", "-c", 'umount -l /proc; exec "$@"', "sh"))
    assert run.imported == {"keras": "timed_out"}
    assert {package["name"] for package in run.report["facts"]["packages"]} == {"pandas", "keras"}


@posix
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("$ENVCHECK diagnose - <&-", 0),
        ("$ENVCHECK diagnose /dev/null", 0),
        ("$ENVCHECK diagnose /dev/null <&- 2>&-", 0),
        ("$ENVCHECK diagnose /dev/null >/dev/full", 3),
        ("$ENVCHECK diagnose /dev/null --format json >/dev/full", 3),
        ("$ENVCHECK diagnose /dev/null 2>/dev/full", 0),
        ("$ENVCHECK diagnose /dev/null --output json=/dev/full", 2),
        ("mkfifo pipe; $ENVCHECK diagnose /dev/null --output json=pipe", 2),
        ("mkfifo pipe; $ENVCHECK diagnose /dev/null --config pipe", 2),
        ("$ENVCHECK diagnose /dev/null --config /dev/zero", 2),
        ("$ENVCHECK diagnose /dev/zero", 2),
        ("$ENVCHECK diagnose /dev/null --output json=a.json --output json=./a.json", 2),
        ("ln -s a.json b.json; $ENVCHECK diagnose /dev/null --output a.json --output b.json", 2),
        ("$ENVCHECK diagnose /dev/null --output json=/dev/null --output txt.txt --output json=/dev/null", 0),
        (f"$ENVCHECK diagnose /dev/null --output json={'a' * 5000}", 2),
        ("$ENVCHECK diagnose /dev/null --profile '~nobody-of-this-name/x.toml'", 2),
        (f"$ENVCHECK diagnose /dev/null --profile {'a' * 5000}.toml", 2),
        ("truncate -s 90M big; ulimit -v 200000; $ENVCHECK diagnose big", 3),
    ],
)
def test_streams_and_files_of_every_kind_end_with_the_right_code(tmp_path: Path, command: str, code: int) -> None:
    done = shell(command, tmp_path)
    assert done.returncode == code, done.stderr
    assert "bug of envcheck" not in done.stderr
    assert len(done.stderr.splitlines()) <= 2


@posix
def test_a_pipe_that_somebody_reads_gets_the_report(tmp_path: Path) -> None:
    done = shell("mkfifo pipe; cat pipe > got & sleep 0.3; $ENVCHECK diagnose /dev/null --output json=pipe; wait", tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "got").read_text())["schema"] == "envcheck/report/1"


@pytest.mark.parametrize(
    "text",
    [
        '[tool.envcheck]\n"\\u001b[31mkey\\u202e" = 1\n',
        "tool = 5 # envcheck\n",
        "[tool]\nenvcheck = 5\n",
        "[tool.envcheck]\nx" + ".a" * 200_000 + " = 1\n",
        "[tool.envcheck]\nx = " + "9" * 6000 + "\n",
        "[tool.envcheck]\nx = " + "[" * 100_000 + "\n",
        "[tool.envcheck]\nprofiles = ['~nobody-of-this-name/x.toml']\n",
        "[tool.envcheck]\nprofiles = ['\\u001b[31m']\n",
    ],
    ids=["what a terminal obeys", "tool is no table", "envcheck is no table", "long key", "long number", "nesting", "no home", "name"],
)
def test_a_cloned_folders_configuration_breaks_nothing(call: Any, tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    run = call("diagnose", "-", cwd=tmp_path)
    assert run.code == (0 if text.startswith("tool =") else 2)
    assert "\x1b" not in run.err
    assert "\u202e" not in run.err
    assert "bug of envcheck" not in run.err
    assert run.seconds < 10


def test_json_holds_nothing_that_a_terminal_obeys(call: Any, tmp_path: Path) -> None:
    hostile = "\x1b[31m\x9b31m\u202e\u2066x"
    saved = {"schema": "envcheck/snapshot/1", "live": True, "packages": [{"name": "keras", "state": "broken", "detail": hostile}]}
    run = call("diagnose", "-", "--format", "json", cwd=tmp_path, text=json.dumps(saved).encode())
    assert run.report["facts"]["packages"][0]["detail"] == hostile
    assert not {"\x1b", "\x9b", "\u202e", "\u2066"} & set(run.out)
    assert not {"\x1b", "\x9b", "\u202e", "\u2066"} & set(call("diagnose", "-", cwd=tmp_path, text=json.dumps(saved).encode()).out)


@posix
def test_files_of_an_environment_that_are_anything_cost_one_line_each(target: Any, tmp_path: Path) -> None:
    target.add("keras", "3.15.1")
    infos = {name: target.add(name, "1.0") for name in ("pipe", "zero", "circle", "endless", "secret", "nested")}
    for name in ("pipe", "zero", "circle"):
        (infos[name] / "METADATA").unlink()
    os.mkfifo(infos["pipe"] / "METADATA")
    (infos["zero"] / "METADATA").symlink_to("/dev/zero")
    (infos["circle"] / "METADATA").symlink_to("METADATA")
    for name in ("RECORD", "INSTALLER", "direct_url.json"):
        (infos["endless"] / name).unlink(missing_ok=True)
        os.mkfifo(infos["endless"] / name)
    for name, content in (("secret", '{"url": "https://me:SECRET@host/x"}'), ("nested", '{"url": ' + "[" * 100_000)):
        (infos[name] / "RECORD").write_text("direct_url.json,,\n")
        (infos[name] / "direct_url.json").write_text(content)
    (target.site / "new\nline-1.0.dist-info").mkdir()
    meta = target.folder / "conda-meta"
    meta.mkdir()
    os.mkfifo(meta / "a-1-0.json")
    (meta / "b-1-0.json").symlink_to("/dev/zero")
    (meta / "c-1-0.json").write_text("[" * 10**6)
    kernels = tmp_path / "home" / ".local" / "share" / "jupyter" / "kernels"
    for name in ("pipe", "zero", "nested", "line\n\x1b[31m"):
        (kernels / name).mkdir(parents=True)
    os.mkfifo(kernels / "pipe" / "kernel.json")
    (kernels / "zero" / "kernel.json").symlink_to("/dev/zero")
    (kernels / "nested" / "kernel.json").write_text("[" * 10**6)
    (kernels / "line\n\x1b[31m" / "kernel.json").write_text(json.dumps({"argv": ["/gone\x1b[31m"]}))
    (kernels / "circle").symlink_to("circle")
    programs = tmp_path / "programs"
    programs.mkdir()
    os.mkfifo(programs / "java")
    (programs / "conda").symlink_to("conda")
    (programs / "uv").mkdir()
    path = os.pathsep.join((str(programs), "/dev/zero", "x" * 5000, "", os.environ["PATH"]))
    run = target.doctor("--quick", HOME=str(tmp_path / "home"), PATH=path)
    assert run.seconds < 15
    assert "SECRET" not in run.out
    states = {package["name"]: package["state"] for package in run.report["facts"]["packages"]}
    assert {name: states[name] for name in ("pipe", "zero", "circle")} == dict.fromkeys(("pipe", "zero", "circle"), "broken")
    assert {states[name] for name in ("pandas", "keras", "endless", "secret", "nested")} == {"ok"}
    assert not [gap["reason"] for gap in run.report["not_evaluated"] if "itself crashed" in gap["reason"]]
