"""Every recorded machine that is at hand, against what is known of it. The same behaviours have small tests of their own elsewhere."""

import importlib
import shutil
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from envcheck.parsers.containers.container import container_of_groups
from envcheck.parsers.cpu.cpu_cores import physical_cores
from envcheck.parsers.cpu.cpu_list import parse_cpu_list
from envcheck.parsers.cpu.cpuinfo import BRAND_KEYS, CpuInfo, parse_cpuinfo
from envcheck.parsers.linux.cgroup import parse_cgroup
from envcheck.parsers.linux.kernel import parse_wsl
from envcheck.parsers.linux.meminfo import parse_meminfo
from envcheck.parsers.macs.sysctl import parse_sysctl

tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"
# The recording's own note says that the count of 1 core, four threads on it, is not the count: nothing is claimed.
NO_COUNT = {"ohai-x86-guest-xen"}
Probe = Callable[[str], types.ModuleType]


def machines(kind: str, pattern: str = "*") -> list[Any]:
    folders = sorted(path.parent for path in (RECORDINGS / kind).glob(pattern + "/SOURCE.toml"))
    absent = pytest.param(None, id="none", marks=pytest.mark.skip(reason="the recordings are not here"))
    return [pytest.param(folder, id=folder.name) for folder in folders] or [absent]


def expected(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "SOURCE.toml").read_text())["expect"]


def text_of(folder: Path, name: str) -> str:
    return (folder / name).read_bytes().decode("utf-8", "backslashreplace")


def of_cpuinfo(cpu: CpuInfo, expect: dict[str, Any]) -> dict[str, Any]:
    """What we say, under the names that the recordings use."""
    features = cpu.features or []
    said = {
        "processors": cpu.logical,
        "logical_cpus": cpu.logical,
        "brand": cpu.model,
        "vendor": cpu.vendor,
        "isa": (cpu.isa or "")[: len(expect.get("isa", ""))],  # the recording's own copy of a long one was cut
        "model": cpu.of_machine("machine"),
        "hardware": cpu.of_machine("Hardware"),
        "flags_present": [name for name in expect.get("flags_present", ()) if name in features],
        "flags_absent": [name for name in expect.get("flags_absent", ()) if name not in features],
        "flag_count": len(features),
        "implementer_part": [f"{implementer:#04x}/{part:#05x}" for implementer, part in cpu.parts],
        "brand_key": next((key for key in BRAND_KEYS if cpu.first((key,))), None),
        "cpu_cores_field": _number(cpu, "cpu cores"),
        "siblings_field": _number(cpu, "siblings"),
        "sockets_listed": len({block.get("physical id") for block in cpu.processors}),
        "physical_cores": physical_cores(cpu),
    }
    if "isa" in expect and "flag_count" not in expect:
        said["flag_count"] = 0
    return said


def _number(cpu: CpuInfo, key: str) -> int | None:
    return int(cpu.processors[0][key]) if key in cpu.processors[0] else None


# Said by the recording for its readers, and checked through other names here.
NOT_OURS = {"archspec_name", "lscpu", "complete_file", "physical_cores_listed", "physical_core_evidence_disagrees"}


def check_cpuinfo(cpu: CpuInfo, expect: dict[str, Any], name: str) -> None:
    said = of_cpuinfo(cpu, expect)
    wanted = {key: value for key, value in expect.items() if key not in NOT_OURS}
    if "flags_present" in wanted and len(cpu.parts) > 1:
        wanted["implementer_part"] = sorted(wanted["implementer_part"])
        said["implementer_part"] = sorted(said["implementer_part"])
    if wanted.get("processors") == 0:  # the kernel of a single-core ARM lists none; the recording says so apart from it
        wanted["processors"] = wanted["logical_cpus"]
    if name in NO_COUNT:
        wanted["physical_cores"] = None
    if expect.get("complete_file") is False:
        wanted["physical_cores"] = expect["physical_cores_listed"]
    assert {key: said[key] for key in wanted} == wanted


@pytest.mark.parametrize("folder", machines("cpuinfo"))
def test_processors(folder: Path) -> None:
    expect = expected(folder)
    cpu = parse_cpuinfo(text_of(folder, "cpuinfo"))
    check_cpuinfo(cpu, expect, folder.name)
    lscpu = expect.get("lscpu", {})
    cores = physical_cores(cpu)
    if cores is not None and "offline" not in lscpu and lscpu.get("cpus") == cpu.logical and folder.name not in NO_COUNT:
        assert cores == lscpu.get("physical_cores", cores)


@pytest.mark.parametrize("folder", machines("meminfo"))
def test_memory(folder: Path) -> None:
    check_meminfo(parse_meminfo(text_of(folder, "meminfo")), expected(folder))


def check_meminfo(sizes: dict[str, int], expect: dict[str, Any]) -> None:
    said = {
        "total_bytes": sizes.get("MemTotal"),
        "available_bytes": sizes.get("MemAvailable"),
        "free_bytes": sizes.get("MemFree"),
        "swap_total_bytes": sizes.get("SwapTotal"),
        "has_available": "MemAvailable" in sizes,
    }
    assert {key: said[key] for key in expect} == expect


@pytest.mark.parametrize("folder", machines("wsl", "proc-version-*"))
def test_wsl(folder: Path) -> None:
    expect = expected(folder)
    assert (parse_wsl(text_of(folder, "version")) or 0) == expect["wsl"]


@pytest.mark.parametrize("folder", machines("cgroup"))
def test_control_groups(folder: Path, probe: Probe, tmp_path: Path) -> None:
    expect = expected(folder)
    root, cgroup = cgroup_tree(folder, tmp_path)
    limits = probe("machine.host_limits").read_limits(str(root), cgroup, [])
    wanted_cpu = expect.get("cpu_limit", "none")
    assert limits.memory_bytes == expect.get("memory_limit_bytes")
    assert limits.cpus == (None if wanted_cpu == "none" else pytest.approx(wanted_cpu, rel=1e-4))
    assert limits.garbled == []
    assert container_of_groups(cgroup) == expect.get("container", container_of_groups(cgroup))
    if "cpuset" in expect:
        assert limits.cpuset == parse_cpu_list(expect["cpuset"])
    groups = parse_cgroup(cgroup)
    assert (1 if any(group.controllers for group in groups) else 2) == expect["version"]
    if "container" not in expect:  # that recording has the path and nothing of the tree
        assert set(limits.hidden) <= {"cpuset"}


def cgroup_tree(folder: Path, scratch: Path) -> tuple[Path, str]:
    """The root of the recorded tree and the process's groups. Where only the files of one group were recorded, they are put in place."""
    processes = sorted((folder / "proc").glob("*/cgroup"), key=lambda path: -len(path.parent.name))
    if processes:
        return folder, processes[0].read_text()
    if (folder / "proc-self-cgroup").is_file():
        return scratch, (folder / "proc-self-cgroup").read_text()
    shutil.copytree(folder, scratch / "sys/fs/cgroup")
    if (folder / "memory").is_dir():
        return scratch, "3:cpuset:/\n2:memory:/\n1:cpu:/\n"
    return scratch, "0::/\n"


@pytest.mark.parametrize("folder", machines("proc-tree"))
def test_whole_trees(folder: Path, probe: Probe, channel: Any, tmp_path: Path) -> None:
    expect = expected(folder)
    tree = shutil.copytree(folder, tmp_path / "tree")
    if (tree / "cgroup").is_dir():  # where it was mounted was not recorded
        (tree / "proc/self/mountinfo").write_text("1 0 0:1 / /cgroup/unified rw - cgroup2 none rw\n")
        (tree / "proc/self/cgroup").write_text("0::" + (tree / "proc/self/cpuset").read_text())
    machine = {"nvidia-dgx-gb10": "aarch64", "power9-6x-v100-ac922": "ppc64le"}.get(folder.name, "x86_64")
    probe("machine.host_linux").collect(channel, str(tree), {}, machine)
    facts = channel.facts
    total = expect["meminfo"]["total_bytes"]
    assert facts["memory.total_bytes"] == expect.get("ram_bytes_without_gpu", total)
    assert facts["memory.swap_bytes"] == expect["meminfo"]["swap_total_bytes"]
    assert ("memory.available_bytes" in facts) is expect["meminfo"]["has_available"]
    assert facts["cpu.logical_cores"] == expect["cpuinfo"]["processors"]
    wanted = expect.get("physical_cores", expect["cpuinfo"].get("physical_cores"))
    assert facts.get("cpu.physical_cores") == wanted
    assert facts["system.virtual_machine"] is None
    assert facts["system.wsl"] is None
    if "allowed_cpus" in expect:
        assert facts["cpu.usable_cores"] == len(parse_cpu_list(expect["allowed_cpus"]))
        assert (facts["system.scheduler"], facts["system.job"]) == ("slurm", "15389")
    check_cpuinfo(parse_cpuinfo(text_of(folder, "proc/cpuinfo")), {"physical_cores": wanted, **expect["cpuinfo"]}, folder.name)
    check_meminfo(parse_meminfo(text_of(folder, "proc/meminfo")), expect["meminfo"])
    assert probe("machine.host_linux").read_online(str(tree)) == parse_cpu_list(expect["cpus_online"])


@pytest.mark.parametrize("folder", machines("macos-sysctl"))
def test_macs(folder: Path) -> None:
    expect = expected(folder)
    mac = parse_sysctl(text_of(folder, "sysctl.txt"))
    features = mac.features or []
    said = {
        "cpu_brand": mac.model,
        "physical_cores": mac.physical_cores,
        "logical_cores": mac.logical_cores,
        "memory_bytes": mac.memory_bytes,
        "vendor": mac.vendor,
        "arm64": "arm64" in features,
        "avx": "avx" in features,
        "avx2": "avx2" in features,
        "features": [name for name in expect.get("features", ()) if name in features],
        "features_field": bool(features),
    }
    assert {key: said[key] for key in expect if key in said} == {key: value for key, value in expect.items() if key in said}
