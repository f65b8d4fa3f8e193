"""The parts for macOS and Windows, against stand-ins for uname and the registry."""

import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Probe = Callable[[str], types.ModuleType]
PCI = r"SYSTEM\CurrentControlSet\Enum\PCI"
CLASS = r"SYSTEM\CurrentControlSet\Control\Class"
DRIVER = r"{4d36e968-e325-11ce-bfc1-08002be10318}"


def uname(machine: str, version: str) -> Any:
    return types.SimpleNamespace(machine=machine, version=version)


@pytest.mark.parametrize("machine", ["arm64", "x86_64"])
def test_an_apple_chip_has_its_own_gpu_for_a_program_under_rosetta_too(probe: Probe, channel: Any, machine: str) -> None:
    version = "Darwin Kernel Version 24.1.0: Thu Oct 10 21:03:11 PDT 2024; root:xnu-11215.41.3~2/RELEASE_ARM64_T6000"
    probe("cards.accelerators_macos").tell_gpu(channel, uname(machine, version))
    card = {"vendor": "apple", "backend": "metal", "integrated": True, "unified_memory": True}
    assert channel.facts == {"accelerators[apple:0]": card}
    assert channel.collections == {"accelerators": "complete"}


def test_of_an_intel_mac_nothing_is_known_yet(probe: Probe, channel: Any) -> None:
    probe("cards.accelerators_macos").tell_gpu(
        channel, uname("x86_64", "Darwin Kernel Version 23.6.0: root:xnu-10063.141.2~1/RELEASE_X86_64")
    )
    assert channel.facts == {}
    assert channel.collections == {"accelerators": "none"}


class Registry:
    """Keys with their values, as Windows' registry has them; every part of a key is a key."""

    def __init__(self, values: dict[str, dict[str, Any]]) -> None:
        self.values = values

    def names(self, key: str) -> list[str]:
        below = [other[len(key) + 1 :].split("\\")[0] for other in self.values if other.startswith(key + "\\")]
        return list(dict.fromkeys(below))

    def value(self, key: str, name: str) -> Any:
        return self.values.get(key, {}).get(name)


def device(pci_id: str, kind: str, service: str | None, bus: int, driver: str | None = None) -> dict[str, dict[str, Any]]:
    vendor, number = pci_id.upper().split(":")
    own = {
        "CompatibleIDs": [rf"PCI\VEN_{vendor}&DEV_{number}&CC_{kind}", rf"PCI\VEN_{vendor}&CC_{kind[:4]}", rf"PCI\CC_{kind}"],
        "LocationInformation": rf"@System32\drivers\pci.sys,#65536;PCI bus %1, device %2, function %3;({bus},0,0)",
        "Service": service,
        "Driver": driver and rf"{DRIVER}\{driver}",
    }
    return {rf"{PCI}\VEN_{vendor}&DEV_{number}&SUBSYS_00000000&REV_A1\4&1&0&0008": own}


def test_cards_of_windows(probe: Probe, channel: Any) -> None:
    values = {
        **device("10de:2684", "030000", "nvlddmkm", 1, "0001"),
        **device("8086:a780", "030000", "igfxnd", 0, "0000"),
        **device("10de:22ba", "040300", "HDAudBus", 2),
        **device("1414:008e", "030200", "BasicDisplay", 3),
        rf"{CLASS}\{DRIVER}\0001": {
            "DriverDesc": "NVIDIA GeForce RTX 4090",
            "DriverVersion": "32.0.15.6109",
            "HardwareInformation.qwMemorySize": 25757220864,
        },
        rf"{CLASS}\{DRIVER}\0000": {"DriverDesc": "Intel(R) UHD Graphics 770", "HardwareInformation.qwMemorySize": 134217728},
    }
    probe("cards.accelerators_windows").tell_cards(channel, Registry(values))
    card = channel.facts["accelerators[0000:01:00.0]"]
    assert (card["vendor"], card["backend"], card["name"]) == ("nvidia", "cuda", "NVIDIA GeForce RTX 4090")
    assert (card["memory_bytes"], card["driver"], card["pci_id"]) == (25757220864, "nvlddmkm", "10de:2684")
    assert "state" not in card
    assert channel.facts["nvidia.driver_version"] == "561.09"
    graphics = channel.facts["accelerators[0000:00:00.0]"]
    assert (graphics["name"], graphics["integrated"]) == ("Intel(R) UHD Graphics 770", True)
    assert "memory_bytes" not in graphics
    assert set(channel.facts) == {"accelerators[0000:01:00.0]", "accelerators[0000:00:00.0]", "nvidia.driver_version"}
    assert channel.collections == {"accelerators": "partial"}


@pytest.mark.parametrize(("service", "driver"), [("BasicDisplay", "0000"), (None, None)])
def test_a_card_with_windows_own_driver_has_none(probe: Probe, channel: Any, service: str | None, driver: str | None) -> None:
    values = {
        **device("10de:2684", "030000", service, 1, driver),
        rf"{CLASS}\{DRIVER}\0000": {"DriverDesc": "Microsoft Basic Display Adapter"},
    }
    probe("cards.accelerators_windows").tell_cards(channel, Registry(values))
    card = channel.facts["accelerators[0000:01:00.0]"]
    assert card["state"] == "no-driver"
    assert "name" not in card


def test_a_registry_that_says_nothing_or_nonsense(probe: Probe, channel: Any) -> None:
    windows = probe("cards.accelerators_windows")
    windows.tell_cards(channel, Registry({}))
    assert channel.collections == {"accelerators": "none"}
    nonsense = {
        rf"{PCI}\VEN_10DE&DEV_2684\1": {"CompatibleIDs": [b"x", r"PCI\CC_0300"], "LocationInformation": 5, "Driver": ["a"], "Service": 7}
    }
    windows.tell_cards(channel, Registry(nonsense))
    assert channel.facts["accelerators[nvidia:0]"]["vendor"] == "nvidia"
    assert "pci_address" not in channel.facts["accelerators[nvidia:0]"]


def test_libraries_of_windows(probe: Probe, channel: Any, tmp_path: Path) -> None:
    system, old = tmp_path / "System32", tmp_path / "Programs" / "NVIDIA Corporation" / "NVSMI"
    for folder in (system, old):
        folder.mkdir(parents=True)
    (old / "nvml.dll").write_bytes(b"MZ")
    environment = {"SystemRoot": str(tmp_path), "ProgramW6432": str(tmp_path / "Programs")}
    tell = probe("cards.accelerators_windows").tell_libraries
    tell(channel, environment)
    assert Path(channel.facts["nvidia.nvml_path"]).name == "nvml.dll" or "\\" in channel.facts["nvidia.nvml_path"]
    assert channel.facts["nvidia.libcuda_path"] is None
    (system / "nvml.dll").write_bytes(b"MZ")
    tell(channel, environment)
    assert channel.facts["nvidia.nvml_path"] == str(system / "nvml.dll")
