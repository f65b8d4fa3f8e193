"""Linux's own files, in small trees; whole recorded machines are in test_recorded_machines.py."""

import os
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux shows")
KIB, GIB = 2**10, 2**30
X86 = "".join(
    f"processor\t: {cpu}\nvendor_id\t: GenuineIntel\nmodel name\t: Some CPU\nphysical id\t: 0\nsiblings\t: 4\ncore id\t\t: {cpu // 2}\n"
    f"cpu cores\t: 2\nflags\t\t: lm cmov cx8 fpu fxsr mmx syscall sse sse2\n\n"
    for cpu in range(4)
)
MEMINFO = "MemTotal:       16777216 kB\nMemAvailable:    8388608 kB\nSwapTotal:       1048576 kB\n"


@pytest.fixture
def collect(tmp_path: Path, probe: Callable[[str], types.ModuleType], channel: Any) -> Callable[..., Any]:
    """What is told of a machine with these files."""

    def told(files: dict[str, str], variables: dict[str, str] | None = None, machine: str = "x86_64") -> Any:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("utf-8", "surrogateescape"))
        probe("machine.host_linux").collect(channel, str(tmp_path), variables or {}, machine)
        return channel

    return told


def test_an_ordinary_machine_is_told(collect: Callable[..., Any]) -> None:
    facts = collect({"proc/cpuinfo": X86, "proc/meminfo": MEMINFO, "etc/os-release": 'ID=debian\nPRETTY_NAME="Debian 12"\n'}).facts
    assert facts["memory.total_bytes"] == 16 * GIB
    assert facts["memory.available_bytes"] == 8 * GIB
    assert facts["memory.swap_bytes"] == GIB
    assert facts["memory.limit_bytes"] is None
    assert facts["memory.shm_bytes"] is None
    assert (facts["cpu.model"], facts["cpu.vendor"]) == ("Some CPU", "GenuineIntel")
    assert (facts["cpu.logical_cores"], facts["cpu.physical_cores"], facts["cpu.usable_cores"]) == (4, 2, 4.0)
    assert facts["cpu.level"] == "x86-64-v1"
    assert (facts["system.distribution"], facts["system.distribution_id"]) == ("Debian 12", "debian")


def test_an_empty_tree_is_unknown_and_not_zero(collect: Callable[..., Any]) -> None:
    told = collect({})
    assert not [
        fact for fact in told.facts if fact.startswith(("cpu.logical", "cpu.physical", "cpu.usable", "memory.total", "memory.avail"))
    ]
    assert {"memory", "cpu.logical_cores", "cpu.physical_cores", "cpu.features", "cpu.usable_cores", "cpu.level"} <= set(told.unknowns)
    assert told.facts["system.distribution"] is None


def test_garbage_in_every_file_breaks_nothing(collect: Callable[..., Any]) -> None:
    garbage = "\x00\udcff:\x1b[31m" * 50 + "\n" + "9" * 400 + "\n"
    names = ("cpuinfo", "meminfo", "version", "self/cgroup", "self/mountinfo", "self/status", "self/cpuset", "1/environ", "1/comm")
    files = {f"proc/{name}": garbage for name in names} | {"etc/os-release": garbage, "sys/devices/system/cpu/online": garbage}
    told = collect(files)
    assert told.unknowns["memory.total_bytes"][0] == "unparsable"
    assert "cpu.logical_cores" in told.unknowns


def test_without_an_estimate_of_what_is_available_it_is_unknown(collect: Callable[..., Any]) -> None:
    told = collect({"proc/meminfo": "MemTotal: 1024 kB\nMemFree: 512 kB\n"})
    assert told.facts["memory.total_bytes"] == 1024 * KIB
    assert told.unknowns["memory.available_bytes"][0] == "unsupported"


@pytest.mark.parametrize(("limit", "told"), [(GIB, GIB), (16 * GIB, None), (17 * GIB, None)])
def test_a_limit_that_the_machine_does_not_reach_is_none(collect: Callable[..., Any], limit: int, told: int | None) -> None:
    files = {"proc/meminfo": MEMINFO, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": f"{limit}\n"}
    assert collect(files).facts["memory.limit_bytes"] == told


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "lots\n"}, "unparsable"),
        ({"proc/self/cgroup": "4:memory:/a\n", "proc/self/mountinfo": "1 0 0:1 / / rw - ext4 x rw\n"}, "unsupported"),
    ],
)
def test_a_limit_that_cannot_be_read_is_unknown(collect: Callable[..., Any], files: dict[str, str], reason: str) -> None:
    told = collect({"proc/meminfo": MEMINFO, **files})
    assert "memory.limit_bytes" not in told.facts
    assert told.unknowns["memory.limit_bytes"][0] == reason


def test_the_memory_of_cards_is_not_the_machine_s(collect: Callable[..., Any]) -> None:
    node = "sys/devices/system/node/node{}/meminfo"
    facts = collect(
        {
            "proc/meminfo": MEMINFO,
            "proc/driver/nvidia/gpus/0004:04:00.0/numa_status": "Node:      255\nStatus:    online\n",
            "proc/driver/nvidia/gpus/0004:05:00.0/numa_status": "Node:      254\nStatus:    offline\n",
            node.format(255): "Node 255 MemTotal: 4194304 kB\nNode 255 MemFree: 2097152 kB\n",
            node.format(254): "Node 254 MemTotal: 4194304 kB\n",
            node.format(3): "Node 3 MemTotal: 4194304 kB\n",  # memory without processors that is no card's
        }
    ).facts
    assert facts["memory.total_bytes"] == 12 * GIB
    assert facts["memory.available_bytes"] == 6 * GIB


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"proc/self/status": "Name:\tx\nCpus_allowed_list:\t0,2\n"}, 2.0),
        ({"proc/self/status": "Cpus_allowed_list:\t0-3\n", "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "150000 100000\n"}, 1.5),
        ({"proc/self/status": "Cpus_allowed_list:\t0\n", "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "150000 100000\n"}, 1.0),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpuset.cpus.effective": "1-3\n"}, 3.0),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "800000 100000\n"}, 4.0),
    ],
)
def test_usable_cores_are_the_least_of_affinity_and_quota(collect: Callable[..., Any], files: dict[str, str], cores: float) -> None:
    assert collect({"proc/cpuinfo": X86, **files}).facts["cpu.usable_cores"] == cores


def test_cores_come_from_the_topology_where_cpuinfo_does_not_tell(collect: Callable[..., Any]) -> None:
    arm = "".join(f"processor\t: {cpu}\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n\n" for cpu in range(4))
    topology = {f"sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list": f"{cpu}\n" for cpu in range(4)}
    told = collect({"proc/cpuinfo": arm, "sys/devices/system/cpu/online": "0-3\n", **topology}, machine="aarch64")
    assert told.facts["cpu.physical_cores"] == 4
    assert told.facts["cpu.model"] == "Neoverse-N1"
    assert told.facts["cpu.level"] is None  # no x86-64 at all


def test_an_emulated_x86_has_no_known_level(collect: Callable[..., Any]) -> None:
    told = collect({"proc/cpuinfo": "processor\t: 0\nFeatures\t: fp asimd\n"}, machine="x86_64")
    assert told.unknowns["cpu.level"][0] == "unparsable"


def test_wsl_with_a_kernel_of_one_s_own_is_known_by_its_way_to_windows(collect: Callable[..., Any]) -> None:
    files = {"proc/version": "Linux version 6.9.0-mine (me@here)\n", "proc/sys/fs/binfmt_misc/WSLInterop": "enabled\n"}
    assert collect(files).facts["system.wsl"] == 2


def test_rosetta_below_linux_is_told(collect: Callable[..., Any]) -> None:
    assert collect({"proc/cpuinfo": "processor\t: 0\nvendor_id\t: VirtualApple\nflags\t: lm\n"}).facts["system.rosetta"] is True


def test_shared_memory_is_measured_where_it_is(collect: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "dev/shm").mkdir(parents=True)
    status = os.statvfs(tmp_path)
    assert collect({}).facts["memory.shm_bytes"] == status.f_blocks * status.f_frsize


def test_musl_is_asked_for_its_version_by_its_loader(probe: Callable[[str], types.ModuleType], tmp_path: Path) -> None:
    loader = tmp_path / "ld-musl-x86_64.so.1"
    loader.write_text("#!/bin/sh\nprintf 'musl libc (x86_64)\\nVersion 1.2.4\\nDynamic Program Loader\\n' >&2\nexit 1\n")
    loader.chmod(0o755)
    linux = probe("machine.host_linux")
    assert linux.ask_musl(str(loader)) == ("musl 1.2.4", str(loader))
    assert linux.ask_musl(str(tmp_path / "absent"))[0] is None
    assert linux.parse_musl("ld.so (Debian GLIBC 2.36)\nVersion 9\n") is None


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(collect: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    os.mkfifo(tmp_path / "etc/os-release")
    assert collect({}).facts["system.distribution"] is None


def test_a_file_without_end_is_read_to_its_limit(probe: Callable[[str], types.ModuleType], tmp_path: Path) -> None:
    (tmp_path / "long").write_text("line\n" * 100000)
    text = probe("kernel_files").read_text(str(tmp_path), "/long", 1002)
    assert text == "line\n" * 200
