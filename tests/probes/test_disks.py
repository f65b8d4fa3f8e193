"""Volumes, asked for real: folders that are there and not, a file system that takes no writes, one that never answers."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from envcheck.facts.claims import resolve
from envcheck.facts.snapshot import Completeness
from envcheck.observing.process import Task
from envcheck.observing.runner import run
from envcheck.shipped import PACKAGE, folder

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has neither statvfs nor mount options")


@pytest.fixture
def disks(probe: Callable[[str], types.ModuleType]) -> types.ModuleType:
    return probe("disks")


def test_the_probe_answers_as_a_child(tmp_path: Path) -> None:
    task = Task("disks", "disks", sys.executable, (f"temp={tmp_path}", f"pip-cache={tmp_path / 'not' / 'yet'}", "home=/a=b\n c"))
    snapshot = resolve(run([task])["disks"].evidence, taken="", live=True)
    temp, cache, home = snapshot.disks
    assert (temp.purpose, cache.purpose, home.purpose) == ("temp", "pip-cache", "home")
    assert (temp.path, cache.path, home.path) == (str(tmp_path), str(tmp_path / "not" / "yet"), "/a=b\n c")
    assert temp.total_bytes == cache.total_bytes == shutil.disk_usage(tmp_path).total
    assert isinstance(temp.free_bytes, int)
    assert 0 <= temp.free_bytes <= int(str(temp.total_bytes))
    assert (temp.writable, cache.writable) == (True, True)
    assert temp.filesystem == cache.filesystem
    assert snapshot.observed.disks is Completeness.COMPLETE


def test_a_relative_path_is_told_whole(disks: types.ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert disks.read_disk(".")["path"] == str(tmp_path)


@posix
def test_a_link_is_asked_where_it_leads(disks: types.ModuleType, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/proc/self")
    assert disks.find_place(str(tmp_path / "link" / "absent")).startswith("/proc/")
    (tmp_path / "broken").symlink_to(tmp_path / "gone" / "deeper")
    assert disks.find_place(str(tmp_path / "broken")) == str(tmp_path)


def test_a_file_in_the_place_of_a_folder_is_asked_as_a_file(disks: types.ModuleType, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert disks.find_place(str(tmp_path / "file" / "below")) == str(tmp_path / "file")
    assert disks.read_disk(str(tmp_path / "file" / "below"))["writable"] is True


@pytest.fixture
def never(disks: types.ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A path that a dead network mount holds: whoever asks for it waits."""
    path = str(tmp_path / "dead")
    os.mkdir(path)
    released, ask = threading.Event(), disks.read_volume

    def read_volume(place: str) -> Any:
        if place == path:
            released.wait(60)
        return ask(place)

    monkeypatch.setattr(disks, "read_volume", read_volume)
    monkeypatch.setattr(disks, "LIMIT_S", 0.3)
    yield path
    released.set()


def test_a_mount_that_hangs_costs_its_own_path_and_no_other(disks: types.ModuleType, channel: Any, never: str, tmp_path: Path) -> None:
    disks.main(channel, [f"home={never}", f"temp={tmp_path}"])
    assert channel.unknowns == {"disks[home]": ("timed_out", never)}
    assert channel.facts["disks[temp]"]["path"] == str(tmp_path)
    assert channel.collections == {"disks": "partial"}


@pytest.mark.parametrize(("argument", "reason"), [("temp=", "unparsable"), ("temp=/a\0b", "unparsable")])
def test_a_path_that_is_none_is_unknown(disks: types.ModuleType, channel: Any, argument: str, reason: str) -> None:
    disks.main(channel, [argument])
    assert channel.unknowns["disks[temp]"][0] == reason
    assert channel.facts == {}


def test_a_dead_file_system_s_own_error_is_told(
    disks: types.ModuleType, channel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dead(place: str) -> None:
        raise OSError(107, "Transport endpoint is not connected")

    monkeypatch.setattr(disks, "read_volume", dead)
    disks.main(channel, [f"temp={tmp_path}"])
    reason, detail = channel.unknowns["disks[temp]"]
    assert reason == "crashed"
    assert "Transport endpoint is not connected" in detail


@pytest.mark.skipif(not Path("/proc/self/mountinfo").exists(), reason="asks Linux's /proc")
def test_a_file_system_without_a_size_has_no_size_and_is_no_full_disk(disks: types.ModuleType, channel: Any) -> None:
    disks.main(channel, ["odd=/proc"])
    told = channel.facts["disks[odd]"]
    assert (told["filesystem"], set(told)) == ("proc", {"path", "filesystem", "writable"})
    assert {"disks[odd].total_bytes", "disks[odd].free_bytes"} <= set(channel.unknowns)


@posix
def test_a_read_only_mount_is_not_writable_whoever_asks(disks: types.ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = types.SimpleNamespace(f_blocks=10, f_bavail=5, f_frsize=4096, f_flag=os.ST_RDONLY)
    monkeypatch.setattr(disks.os, "statvfs", lambda place: frozen)
    told = disks.read_disk(str(tmp_path))
    assert (told["writable"], told["total_bytes"], told["free_bytes"]) == (False, 40960, 20480)


@posix
def test_a_size_without_end_is_no_size(disks: types.ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.statvfs(tmp_path)
    endless = types.SimpleNamespace(f_blocks=2**63, f_bavail=2**63, f_frsize=4096, f_flag=real.f_flag)
    monkeypatch.setattr(disks.os, "statvfs", lambda place: endless)
    assert disks.read_volume(str(tmp_path)) == (None, None, False)


def as_somebody_else(question: Callable[[], object]) -> str:
    """The answer's text when a user without privileges asks; root is not stopped by permissions, so it becomes nobody in a fork."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other tests' threads are not used in the fork
        child = os.fork()
    if child == 0:
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            os.write(writer, repr(question()).encode())
        except BaseException as error:  # noqa: BLE001 - a fork must not go on with the test
            os.write(writer, type(error).__name__.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return text


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user may pass through, unlike those that pytest makes."""
    with tempfile.TemporaryDirectory(dir="/tmp") as path:
        os.chmod(path, 0o755)
        yield Path(path)


@posix
def test_a_folder_that_the_user_may_not_write_to_is_not_writable(disks: types.ModuleType, open_folder: Path) -> None:
    mine = open_folder / "mine"
    mine.mkdir()
    mine.chmod(0o555)
    assert as_somebody_else(lambda: disks.read_disk(str(mine / "cache"))["writable"]) == "False"
    mine.chmod(0o755)


@posix
def test_a_folder_that_the_user_may_not_look_into_is_denied_and_not_absent(disks: types.ModuleType, open_folder: Path) -> None:
    secret = open_folder / "secret"
    (secret / "inner").mkdir(parents=True)
    secret.chmod(0o000)
    assert as_somebody_else(lambda: disks.find_place(str(secret / "inner"))) == "PermissionError"
    secret.chmod(0o755)


_MOUNT = ["unshare", "--mount", "--map-root-user", "--"]


def can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*_MOUNT, "mount", "-t", "tmpfs", "none", "/mnt"], check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(sys.platform != "linux" or not can_mount(), reason="this system lets nobody mount in a namespace of their own")
def test_mounts_are_told_by_kind_size_and_whether_they_take_writes(tmp_path: Path, disks: types.ModuleType) -> None:
    small, frozen = tmp_path / "small disk", tmp_path / "frozen"
    small.mkdir()
    frozen.mkdir()
    question = (
        "import sys, types\n"
        f"for name, path in (('envcheck', {str(PACKAGE)!r}), ('envcheck_probes', {str(folder('probes'))!r})):\n"
        "    sys.modules[name] = types.ModuleType(name)\n    sys.modules[name].__path__ = [path]\n"
        "from envcheck_probes.disks import read_disk\n"
        f"small, frozen = read_disk({str(small / 'x')!r}), read_disk({str(frozen)!r})\n"
        "print(small['filesystem'], small['total_bytes'], small['writable'])\n"
        "print(frozen['filesystem'] != 'tmpfs', frozen['total_bytes'] > 2**20, frozen['writable'])\n"
    )
    script = 'mount -t tmpfs -o size=1M none "$1" && mount --bind "$2" "$2" && mount -o remount,bind,ro "$2" && exec "$3" -c "$4"'
    command = [*_MOUNT, "sh", "-c", script, "sh", str(small), str(frozen), sys.executable, question]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["tmpfs 1048576 True", "True True False"]
