"""Limits of control groups, in trees of files laid out as kernels do it."""

import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from envcheck.parsers.linux.mounts import parse_mountinfo

V1 = (
    "31 0 0:1 {root} /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    "32 0 0:2 {root} /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
    "33 0 0:3 {root} /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
)
V2 = "31 0 0:1 {root} /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
HYBRID = V1 + "34 0 0:4 {root} /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
GIB = 2**30


@pytest.fixture
def limits(tmp_path: Path, probe: Callable[[str], types.ModuleType]) -> Callable[..., Any]:
    """What is found with these files below /sys/fs/cgroup."""

    def read(cgroup: str, mounts: str, files: dict[str, str], root: str = "/") -> Any:
        for name, text in files.items():
            file = tmp_path / "sys/fs/cgroup" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return probe("machine.host_limits").read_limits(str(tmp_path), cgroup, parse_mountinfo(mounts.format(root=root)))

    return read


def test_the_tightest_limit_of_all_groups_above_applies(limits: Callable[..., Any]) -> None:
    found = limits(
        "0::/a.slice/b.scope\n",
        V2,
        {
            "a.slice/b.scope/memory.max": "max\n",
            "a.slice/memory.max": f"{2 * GIB}\n",
            "memory.max": f"{8 * GIB}\n",
            "a.slice/b.scope/cpu.max": "400000 100000\n",
            "a.slice/cpu.max": "150000 100000\n",
            "a.slice/b.scope/cpuset.cpus.effective": "0-1\n",
        },
    )
    assert (found.memory_bytes, found.cpus, found.cpuset) == (2 * GIB, 1.5, {0, 1})
    assert found.memory_source == "/sys/fs/cgroup/a.slice/memory.max"


def test_version_1_has_a_hierarchy_for_each_controller(limits: Callable[..., Any]) -> None:
    found = limits(
        "5:cpu,cpuacct:/job\n4:memory:/job/step\n3:cpuset:/job\n",
        V1,
        {
            "memory/job/step/memory.limit_in_bytes": "9223372036854771712\n",
            "memory/job/memory.limit_in_bytes": f"{GIB}\n",
            "cpu,cpuacct/job/cpu.cfs_quota_us": "50000\n",
            "cpu,cpuacct/job/cpu.cfs_period_us": "100000\n",
            "cpuset/job/cpuset.cpus": "4-7\n",
        },
    )
    assert (found.memory_bytes, found.cpus, found.cpuset) == (GIB, 0.5, {4, 5, 6, 7})


def test_hybrid_machines_keep_memory_in_version_1(limits: Callable[..., Any]) -> None:
    found = limits("4:memory:/a\n0::/a\n", HYBRID, {"memory/a/memory.limit_in_bytes": f"{GIB}\n", "unified/a/cgroup.procs": "1\n"})
    assert (found.memory_bytes, found.hidden) == (GIB, [])


def test_a_container_that_sees_its_group_as_the_root_reads_it_there(limits: Callable[..., Any]) -> None:
    found = limits("4:memory:/docker/ab\n", V1, {"memory/memory.limit_in_bytes": f"{GIB}\n"}, root="/docker/ab")
    assert found.memory_bytes == GIB


def test_the_limit_of_a_group_that_a_container_does_not_see_stands_in_its_statistics(limits: Callable[..., Any]) -> None:
    files = {"memory/memory.limit_in_bytes": "9223372036854771712\n", "memory/memory.stat": f"cache 0\nhierarchical_memory_limit {GIB}\n"}
    assert limits("4:memory:/kubepods/pod7/ab\n", V1, files, root="/kubepods/pod7/ab").memory_bytes == GIB


def test_a_group_outside_of_the_namespace_is_not_mistaken_for_the_root(limits: Callable[..., Any]) -> None:
    found = limits("0::/../../elsewhere/b.scope\n", V2, {"memory.max": f"{GIB}\n"})
    assert (found.memory_bytes, found.hidden) == (None, ["unified"])


def test_a_group_outside_of_the_namespace_is_found_by_systemd_s_names(limits: Callable[..., Any]) -> None:
    files = {"user.slice/user-1000.slice/session-5.scope/memory.max": f"{GIB}\n"}
    found = limits("0::/../../user-1000.slice/session-5.scope\n", V2, files)
    assert (found.memory_bytes, found.hidden) == (GIB, [])


def test_without_a_table_of_mounts_the_usual_places_are_tried(limits: Callable[..., Any]) -> None:
    assert limits("4:memory:/a\n", "", {"memory/a/memory.limit_in_bytes": f"{GIB}\n"}).memory_bytes == GIB


def test_what_is_not_mounted_is_hidden_not_unlimited(limits: Callable[..., Any]) -> None:
    assert limits("4:memory:/a\n", "1 0 0:1 / / rw - ext4 x rw\n", {}).hidden == ["memory"]


def test_controllers_that_set_no_such_limits_do_not_matter(limits: Callable[..., Any]) -> None:
    assert limits("8:pids:/a\n1:name=systemd:/a\n", "1 0 0:1 / / rw - ext4 x rw\n", {}).hidden == []


def test_a_file_that_makes_no_sense_is_named(limits: Callable[..., Any]) -> None:
    found = limits("0::/\n", V2, {"memory.max": "lots\n", "cpu.max": "\x00"})
    assert (found.memory_bytes, found.cpus) == (None, None)
    assert found.garbled == ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/cpu.max"]
