"""The children that ask Intel's and Apple's own tools, with real programs in their place."""

import json
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET

from envcheck.facts.claims import resolve
from envcheck.facts.snapshot import Snapshot
from envcheck.observing.process import Task
from envcheck.observing.runner import run

Probe = Callable[[str], types.ModuleType]
# A child ends with its pipes still open; where it runs inside the test, Python minds that.
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="scripts of a POSIX shell"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]

LIST = {
    "device_list": [
        {"device_id": number, "device_name": "Intel(R) Max 1100", "pci_bdf_address": f"0000:2{number}:00.0"} for number in (0, 1)
    ]
}
DETAIL = {"device_id": 0, "device_name": "Intel(R) Max 1100", "pci_bdf_address": "0000:20:00.0", "memory_physical_size_byte": "51539607552"}


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(0o755)
    return path


def ask_intel(folder: Path, *arguments: str) -> Snapshot:
    """What the probe tells, run as the child that it is, with the folder before the system's own on PATH."""
    task = Task("intel", "intel", sys.executable, arguments, own=True, variables={"PATH": f"{folder}:/usr/bin:/bin"})
    return resolve(run([task])["intel"].evidence, taken="", live=True)


def test_each_device_is_asked_for_its_memory(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text(json.dumps(LIST))
    (tmp_path / "0.json").write_text(json.dumps(DETAIL))
    one = 'elif [ "$3" = 0 ]; then cat 0.json; else echo no; fi'
    program(tmp_path, "xpu-smi", f'cd {tmp_path}\necho warning >&2\nif [ "$2" = -j ]; then cat list.json; {one}\n')
    snapshot = ask_intel(tmp_path)
    first, second = snapshot.accelerators
    assert (first.memory_bytes, first.name, first.vendor, first.backend) == (51539607552, "Intel(R) Max 1100", "intel", "xpu")
    assert (second.memory_bytes, second.pci_address) == (UNSET, "0000:21:00.0")
    assert [(unknown.fact, unknown.reason.value) for unknown in snapshot.unknown] == [("intel.driver_version", "unparsable")]


def test_a_tool_that_hangs_costs_its_deadline_once(tmp_path: Path) -> None:
    program(tmp_path, "xpu-smi", "exec sleep 60\n")
    snapshot = ask_intel(tmp_path, "deadline=0.5")
    assert snapshot.accelerators == ()
    assert [(unknown.fact, unknown.reason.value) for unknown in snapshot.unknown] == [("intel.driver_version", "timed_out")]


def test_without_the_tool_nothing_is_told(tmp_path: Path) -> None:
    snapshot = ask_intel(tmp_path)
    assert (snapshot.accelerators, snapshot.unknown, snapshot.intel) == ((), (), Snapshot().intel)


MAC = {
    "SPHardwareDataType": [{"chip_type": "Apple M2 Pro", "number_processors": "proc 12:8:4", "physical_memory": "16 GB"}],
    "SPDisplaysDataType": [{"sppci_model": "Apple M2 Pro", "sppci_cores": "19", "spdisplays_mtlgpufamilysupport": "spdisplays_metal3"}],
}


def test_what_system_profiler_says_of_the_chip(probe: Probe, channel: Any, tmp_path: Path) -> None:
    (tmp_path / "mac.json").write_text(json.dumps(MAC))
    path = program(tmp_path, "system_profiler", f'echo "warning: something" >&2\ncat {tmp_path}/mac.json\n')
    probe("apple").report_mac(channel, 5.0, str(path))
    assert channel.facts["apple.chip"] == "Apple M2 Pro"
    assert (channel.facts["apple.gpu_cores"], channel.facts["apple.metal"]) == (19, "metal3")
    assert channel.facts["accelerators[apple:0]"]["unified_memory"] is True
    assert channel.collections == {"accelerators": "complete"}
    assert not any(fact.startswith(("cpu.", "memory.", "system.")) for fact in channel.facts)


@pytest.mark.parametrize(
    ("script", "reason"), [("echo nonsense\n", "unparsable"), ("exec sleep 60\n", "timed_out"), ("echo '{}'\n", "unparsable")]
)
def test_a_mac_that_does_not_say(probe: Probe, channel: Any, tmp_path: Path, script: str, reason: str) -> None:
    probe("apple").report_mac(channel, 0.5, str(program(tmp_path, "system_profiler", script)))
    assert channel.unknowns["apple"][0] == reason
    assert channel.collections == {}


def test_a_program_that_is_not_there(probe: Probe, channel: Any, tmp_path: Path) -> None:
    probe("apple").report_mac(channel, 0.5, str(tmp_path / "none"))
    assert channel.unknowns["apple"][0] == "crashed"
