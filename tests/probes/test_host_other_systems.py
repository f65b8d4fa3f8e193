"""The parts for macOS and Windows, run here against stand-ins for sysctl and the registry; psutil is the real one."""

import plistlib
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MAC = """machdep.cpu.brand_string: Apple M4
hw.physicalcpu: 10
hw.logicalcpu: 10
hw.memsize: 17179869184
hw.optional.arm64: 1
hw.optional.arm.FEAT_BF16: 1
kern.hv_vmm_present: 0
vm.swapusage: total = 1024.00M  used = 0.00M  free = 1024.00M
"""


@pytest.fixture
def mac(probe: Callable[[str], types.ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], types.ModuleType]:
    """The part for macOS, with a sysctl that says this and complains about the rest."""

    def made(said: str) -> types.ModuleType:
        module = probe("machine.host_macos")
        (tmp_path / "said").write_text(said)
        (tmp_path / "sysctl").write_text(f"#!/bin/sh\ncat '{tmp_path / 'said'}'\necho 'unknown oid' >&2\nexit 1\n")
        (tmp_path / "sysctl").chmod(0o755)
        (tmp_path / "version.plist").write_bytes(plistlib.dumps({"ProductName": "macOS", "ProductVersion": "15.1"}))
        monkeypatch.setattr(module, "_SYSCTL", str(tmp_path / "sysctl"))
        monkeypatch.setattr(module, "_VERSION", str(tmp_path / "version.plist"))
        return module

    return made


@pytest.mark.skipif(sys.platform == "win32", reason="macOS's part asks uname")
def test_a_mac_is_told(mac: Callable[[str], types.ModuleType], channel: Any) -> None:
    mac(MAC).collect(channel)
    facts = channel.facts
    assert (facts["system.distribution"], facts["system.distribution_version"]) == ("macOS 15.1", "15.1")
    assert (facts["cpu.model"], facts["cpu.vendor"], facts["cpu.physical_cores"], facts["cpu.usable_cores"]) == (
        "Apple M4",
        "Apple",
        10,
        10.0,
    )
    assert (facts["memory.total_bytes"], facts["memory.swap_bytes"], facts["memory.limit_bytes"]) == (16 * 2**30, 2**30, None)
    assert (facts["system.rosetta"], facts["system.virtual_machine"], facts["cpu.level"]) == (False, None, None)
    assert facts["memory.available_bytes"] > 0
    assert "FEAT_BF16" in facts["cpu.features"]


@pytest.mark.skipif(sys.platform == "win32", reason="macOS's part asks uname")
def test_a_mac_that_says_nothing_is_unknown(mac: Callable[[str], types.ModuleType], channel: Any) -> None:
    mac("").collect(channel)
    assert {"cpu.model", "cpu.features", "memory.total_bytes", "memory.swap_bytes", "system.virtual_machine"} <= set(channel.unknowns)
    assert not {"cpu.level", "cpu.logical_cores", "memory.total_bytes"} & set(channel.facts)


REGISTRY = {
    (r"SOFTWARE\Microsoft\Windows NT\CurrentVersion", "ProductName"): "Windows 10 Pro",
    (r"HARDWARE\DESCRIPTION\System\BIOS", "SystemManufacturer"): "Microsoft Corporation",
    (r"HARDWARE\DESCRIPTION\System\BIOS", "SystemProductName"): "Virtual Machine",
    (r"HARDWARE\DESCRIPTION\System\CentralProcessor\0", "ProcessorNameString"): "AMD EPYC 7763 64-Core Processor   ",
}
FLAGS = [
    "lm",
    "cmov",
    "cx8",
    "fpu",
    "fxsr",
    "mmx",
    "syscall",
    "sse",
    "sse2",
    "cx16",
    "lahf_lm",
    "popcnt",
    "pni",
    "sse4_1",
    "sse4_2",
    "ssse3",
    "rdrnd",
]


class Key:
    def __init__(self, key: str) -> None:
        self.key = key

    def __enter__(self) -> str:
        return self.key

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""


def query(key: str, name: str) -> tuple[str, int]:
    if (key, name) not in REGISTRY:
        raise FileNotFoundError(2, "not in the registry")
    return REGISTRY[key, name], 1


@pytest.fixture
def windows(probe: Callable[[str], types.ModuleType], monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    registry: Any = types.ModuleType("winreg")
    registry.HKEY_LOCAL_MACHINE = 0
    registry.OpenKey = lambda root, key: Key(key)
    registry.QueryValueEx = query
    cpuinfo: Any = types.ModuleType("cpuinfo")
    cpuinfo.get_cpu_info = lambda: {"flags": FLAGS}
    monkeypatch.setitem(sys.modules, "winreg", registry)
    monkeypatch.setitem(sys.modules, "cpuinfo", cpuinfo)
    version = types.SimpleNamespace(major=10, minor=0, build=26100)
    monkeypatch.setattr(sys, "getwindowsversion", lambda: version, raising=False)
    monkeypatch.setenv("PROCESSOR_ARCHITECTURE", "AMD64")
    monkeypatch.delenv("PROCESSOR_ARCHITEW6432", raising=False)
    return probe("machine.host_windows")


@pytest.mark.skipif(sys.platform == "darwin", reason="psutil has no affinity there")
def test_a_windows_machine_is_told(windows: types.ModuleType, channel: Any) -> None:
    windows.collect(channel)
    facts = channel.facts
    assert (facts["system.distribution"], facts["system.kernel"]) == ("Windows 11 Pro", "10.0.26100")
    assert (facts["system.machine"], facts["system.virtual_machine"]) == ("AMD64", "hyper-v")
    assert facts["cpu.model"] == "AMD EPYC 7763 64-Core Processor"
    assert facts["cpu.level"] == "x86-64-v2"
    assert "rdrand" in facts["cpu.features"]
    assert facts["memory.total_bytes"] > 0
    assert facts["cpu.usable_cores"] > 0
    assert channel.unknowns["cpu.vendor"][0] == "unsupported"  # the registry here has none


def test_without_its_libraries_windows_facts_are_unknown(windows: types.ModuleType, channel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("psutil", "cpuinfo"):
        monkeypatch.setitem(sys.modules, name, None)
    windows.collect(channel)
    assert {"memory.total_bytes", "cpu.physical_cores", "cpu.features", "cpu.level"} <= set(channel.unknowns)
    assert "cpu.logical_cores" in channel.facts


def test_a_32_bit_python_on_windows_is_told_the_machine_s_architecture(windows: types.ModuleType) -> None:
    assert windows.read_machine({"PROCESSOR_ARCHITECTURE": "x86", "PROCESSOR_ARCHITEW6432": "AMD64"}) == "AMD64"
    assert windows.read_machine({"PROCESSOR_ARCHITECTURE": "ARM64"}) == "ARM64"


def test_windows_11_is_told_by_its_build(windows: types.ModuleType) -> None:
    assert windows.product_name("Windows 10 Pro", 22000) == "Windows 11 Pro"
    assert windows.product_name("Windows 10 Pro", 19045) == "Windows 10 Pro"
    assert windows.product_name(None, 26100) is None
