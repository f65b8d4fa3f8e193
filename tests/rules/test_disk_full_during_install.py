from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.disk_full_during_install import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def full(subject: str = "pip", **details: str) -> dict[str, Any]:
    return {"kind": "no-space", "text": "[Errno 28] No space left on device", "subject": subject, "details": details}


def disk(purpose: str, free: int, filesystem: str = "ext4") -> dict[str, Any]:
    return {"purpose": purpose, "path": f"/{purpose}", "free_bytes": free, "filesystem": filesystem, "writable": True}


@pytest.mark.parametrize("subject", ["pip", "uv", "conda", ""])
def test_an_installer_without_space_is_found(subject: str):
    (found,) = judge(full(subject))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY
    assert found.would_confirm


@pytest.mark.parametrize(("free", "certainty"), [(1_000_000_000, "certain"), (5_999_999_999, "certain"), (6_000_000_000, "likely")])
def test_a_small_temporary_folder_makes_it_certain(free: int, certainty: str):
    (found,) = judge(full(), disks=[disk("temp", free, "tmpfs"), disk("home", 50_000_000_000)])
    assert found.certainty is Certainty(certainty)
    assert "TMPDIR to /home" in found.remedies[0].steps[0].do or certainty == "likely"


def test_the_volume_and_its_room_are_named():
    (found,) = judge(full(), disks=[disk("temp", 1_500_000_000, "tmpfs")])
    assert "/temp" in found.message
    assert "1.5 GB" in found.message
    assert "remount,size=16G" in found.remedies[0].steps[2].run


def test_windows_has_other_variables():
    assert "TEMP" in judge(full(), system={"os": "Windows"})[0].remedies[0].steps[0].do


def test_another_programs_full_disk_cannot_be_judged():
    assert isinstance(judge(full("torch"))[0], NotEvaluated)


def test_shared_memory_is_another_rules():
    assert isinstance(judge(full(path="/dev/shm/torch_1"))[0], NotApplicable)


def test_a_full_disk_that_stopped_nobody_is_another_rules():
    assert isinstance(judge(disks=[disk("temp", 0)])[0], NotApplicable)


def test_where_the_environment_itself_is_full_another_temporary_folder_is_no_help():
    (found,) = judge(full(path="/usr/lib/python3.10/site-packages/torch/lib/libtorch_cuda.so"))
    assert "TMPDIR" not in " ".join(step.do for step in found.remedies[0].steps)
    assert "/usr/lib/python3.10/site-packages/torch/lib" in found.remedies[0].steps[0].do


def test_an_engine_needs_room_of_its_own() -> None:
    text = "failed to register layer: write /usr/lib/python3/dist-packages/torch/lib/libtorch_cuda.so: no space left on device"
    (found,) = RULE.check(Case(read_text(text)))
    assert isinstance(found, Found)
    assert found.remedies[0].steps[1].run == ("docker", "system", "df")


@pytest.mark.parametrize(("temp", "outcome"), [(6_000_000_000, Passed), (5_999_999_999, NotApplicable)])
def test_room_for_an_installation_passes(temp: int, outcome: type):
    (told,) = judge(disks=[disk("temp", temp), disk("environment", 80_000_000_000)])
    assert isinstance(told, outcome)


def test_room_in_one_of_the_two_places_says_nothing():
    (told,) = judge(disks=[disk("temp", 80_000_000_000)])
    assert isinstance(told, NotApplicable)


@pytest.mark.parametrize(
    ("mount", "words"),
    [
        ({"purpose": "root", "path": "/"}, 'a folder in your home (mkdir -p "$HOME/tmp"'),
        ({"purpose": "home", "path": "/home"}, 'a folder in your home (mkdir -p "$HOME/tmp"'),
        ({"purpose": "data", "path": "/data"}, "a folder below /data that you may write to"),
        ({"purpose": "environment", "path": "/home/u/env", "writable": True}, "set TMPDIR to /home/u/env and"),
        ({"purpose": "shm", "path": "/dev/shm", "filesystem": "tmpfs"}, "a folder on a disk with room"),
    ],
)
def test_the_folder_that_is_named_is_one_that_the_user_may_write_to(mount: dict[str, Any], words: str):
    (found,) = judge(full(), disks=[disk("temp", 0, "tmpfs"), {"free_bytes": 100_000_000_000, **mount}])
    assert words in found.remedies[0].steps[0].do


def test_a_volume_of_which_nothing_is_left_is_told_though_nobody_complains() -> None:
    text = "$ df -h\nFilesystem      Size  Used Avail Use% Mounted on\n/dev/sda2  {used} /\n/dev/loop0 128K  128K     0 100% /snap/bare/5\n"
    (found,) = RULE.check(Case(read_text(text.format(used="234G  222G     0 100%"))))
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.CERTAIN)
    assert found.message.startswith("The volume of / has no space left: all of its 251 GB are used")
    assert not [each for each in RULE.check(Case(read_text(text.format(used="234G  122G  100G  55%")))) if isinstance(each, Found)]
