"""A Mac in pasted text: system_profiler, sysctl, sw_vers, uname, and what must not be taken for them."""

import json
from typing import Any

import pytest

from envcheck.facts.snapshot import Snapshot, known
from envcheck.readers.read import read_text

APPLE = """Software:

    System Software Overview:

      System Version: macOS 15.6.1 (24G90)
      Kernel Version: Darwin 24.6.0
      Boot Volume: Macintosh HD

Hardware:

    Hardware Overview:

      Model Name: Mac mini
      Model Identifier: Macmini9,1
      Chip: Apple M1
      Total Number of Cores: 8 (4 performance and 4 efficiency)
      Memory: 16 GB

Graphics/Displays:

    Apple M1:

      Chipset Model: Apple M1
      Type: GPU
      Bus: Built-In
      Total Number of Cores: 7
      Vendor: Apple (0x106b)
      Metal Support: Metal 3
      Displays:
        PHL 273V7:
          Resolution: 1920 x 1080 (1080p FHD - Full High Definition)
"""
INTEL = """Graphics/Displays:

    Intel UHD Graphics 630:

      Chipset Model: Intel UHD Graphics 630
      Type: GPU
      Bus: Built-In
      VRAM (Dynamic, Max): 1536 MB
      Vendor: Intel
      Device ID: 0x3e9b
      Metal Family: Supported, Metal GPUFamily macOS 2

    AMD Radeon Pro 5500M:

      Chipset Model: AMD Radeon Pro 5500M
      Type: GPU
      Bus: PCIe
      VRAM (Total): 8 GB
      Vendor: AMD (0x1002)
      Device ID: 0x7340
      Metal Family: Supported, Metal GPUFamily macOS 2
"""


def told(card: Any) -> dict[str, Any]:
    fields = ("vendor", "name", "backend", "memory_bytes", "shared_memory_bytes", "compute_units", "metal", "integrated", "pci_id")
    return {field: known(getattr(card, field), None) for field in fields if known(getattr(card, field), None) is not None}


def test_system_profiler_of_an_apple_chip() -> None:
    facts = read_text(APPLE)
    assert (facts.cpu.model, facts.cpu.physical_cores, facts.memory.total_bytes) == ("Apple M1", 8, 16 * 2**30)
    assert (facts.system.distribution, facts.system.kernel) == ("macOS 15.6.1", "24.6.0")
    assert (facts.apple.chip, facts.apple.gpu_cores, facts.apple.metal) == ("Apple M1", 7, "metal3")
    (card,) = facts.accelerators
    assert told(card) == {
        "vendor": "apple",
        "name": "Apple M1",
        "backend": "metal",
        "compute_units": 7,
        "metal": "metal3",
        "integrated": True,
    }
    assert card.unified_memory is True


def test_the_same_without_indentation_and_in_prose() -> None:
    flat = "My Mac:\n" + "\n".join(line.strip() for line in APPLE.splitlines() if line.strip()) + "\nMemory: it was fine before\n"
    facts = read_text(flat)
    assert (facts.cpu, facts.accelerators, facts.memory) == (read_text(APPLE).cpu, read_text(APPLE).accelerators, read_text(APPLE).memory)


def test_an_intel_mac_with_two_gpus() -> None:
    cards = {card.vendor: told(card) for card in read_text(INTEL).accelerators}
    assert cards["intel"] == {
        "vendor": "intel",
        "name": "Intel UHD Graphics 630",
        "backend": "metal",
        "shared_memory_bytes": 1536 * 2**20,
        "metal": "metal",
        "integrated": True,
        "pci_id": "8086:3e9b",
    }
    assert (cards["amd"]["memory_bytes"], cards["amd"]["pci_id"]) == (8 * 2**30, "1002:7340")


@pytest.mark.parametrize(
    ("lines", "cores", "memory"),
    [
        ("Chip: Apple M2\nTotal Number of Cores: 8 (4 performance and 4 efficiency)\nMemory: 24 GB", 8, 24),
        ("Processor Name: 6-Core Intel Core i7\nTotal Number of Cores: 6\nMemory: 16 GB\nModel Identifier: Macmini8,1", 6, 16),
    ],
)
def test_a_few_lines_are_enough(lines: str, cores: int, memory: int) -> None:
    facts = read_text(lines)
    assert (facts.cpu.physical_cores, facts.memory.total_bytes) == (cores, memory * 2**30)


@pytest.mark.parametrize(
    "text", ["Memory: 16 GB\nChip: ESP32\nTotal Number of Cores: 4\n", "Model Name: x\nMemory: 8 GB\n", "Vendor: Apple\n"]
)
def test_labels_that_others_have_too_say_nothing_alone(text: str) -> None:
    facts = read_text(text)
    assert (facts.memory, facts.accelerators, facts.apple) == (Snapshot().memory, (), Snapshot().apple)


def document(**parts: Any) -> str:
    return json.dumps({f"SP{name}DataType": [part] for name, part in parts.items()}, indent=2, ensure_ascii=False)


def test_json_in_another_language() -> None:
    facts = read_text(document(Hardware={"chip_type": "Apple M3", "number_processors": "proc 8:4:4", "physical_memory": "16\xa0Go"}))
    assert (facts.memory.total_bytes, facts.cpu.physical_cores) == (16 * 2**30, 8)


def test_json_of_software() -> None:
    system = read_text(document(Software={"os_version": "macOS 14.5 (23F79)", "kernel_version": "Darwin 23.5.0"})).system
    assert (system.os, system.distribution_version, system.kernel) == ("Darwin", "14.5", "23.5.0")


@pytest.mark.parametrize(
    ("entry", "metal"),
    [
        ({"spdisplays_metal": "spdisplays_metal4"}, "metal4"),
        ({"spdisplays_mtlgpufamilysupport": "spdisplays_metal3"}, "metal3"),
        ({"spdisplays_metalfamily": "spdisplays_mtlgpufamilymac2"}, None),
        ({"spdisplays_metal": "spdisplays_not_supported"}, None),
        ({"spdisplays_metal": "spdisplays_metalfeaturesetfamily11"}, "metal"),
    ],
)
def test_the_names_of_metal(entry: dict[str, str], metal: str | None) -> None:
    (card,) = read_text(document(Displays={"sppci_model": "Apple M1", **entry})).accelerators
    assert known(card.metal, None) == metal


def test_a_document_that_is_cut_gives_what_is_left() -> None:
    whole = document(Displays={"sppci_model": "Apple M1", "sppci_cores": "8", "spdisplays_ndrvs": [{"_name": "Color LCD"}]})
    (card,) = read_text(whole[: whole.index("spdisplays_ndrvs")]).accelerators
    assert (card.name, card.compute_units) == ("Apple M1", 8)


@pytest.mark.parametrize(
    "document_",
    [
        '{"SPDisplaysDataType": 3}',
        '{"SPHardwareDataType": [[1]]}',
        '{"SPHardwareDataType": [{"chip_type": ["x"], "number_processors": {}}]}',
        '{"SPDisplaysDataType": [{"sppci_model": 7, "sppci_cores": true}]}',
    ],
)
def test_documents_of_other_shapes_are_survived(document_: str) -> None:
    assert not isinstance(read_text(document_).cpu.model, str)


def test_sw_vers() -> None:
    system = read_text("$ sw_vers\nProductName:\t\tMac OS X\nProductVersion:\t\t10.15.7\nBuildVersion:\t\t19H2\n").system
    assert (system.os, system.distribution, system.distribution_version) == ("Darwin", "Mac OS X 10.15.7", "10.15.7")


def test_sysctl_tells_of_rosetta() -> None:
    facts = read_text(
        "machdep.cpu.brand_string: Apple M1 Pro\nsysctl.proc_translated: 1\nkern.osproductversion: 13.2.1\nhw.memsize = 17179869184\n"
    )
    assert (facts.system.rosetta, facts.cpu.vendor, facts.apple.chip) == (True, "Apple", "Apple M1 Pro")
    assert (facts.system.distribution_version, facts.memory.total_bytes) == ("13.2.1", 17179869184)


@pytest.mark.parametrize(("machine", "rosetta"), [("x86_64", True), ("arm64", None)])
def test_the_kernel_names_its_own_architecture(machine: str, rosetta: bool | None) -> None:
    line = f"Darwin m.local 22.2.0 Darwin Kernel Version 22.2.0: Fri Nov 11 02:03:51 PST 2022; root:xnu-8/RELEASE_ARM64_T6000 {machine}"
    system = read_text(line).system
    assert (system.os, system.kernel, system.machine, known(system.rosetta, None)) == ("Darwin", "22.2.0", machine, rosetta)


def test_what_file_says_of_a_python() -> None:
    facts = read_text("/Users/me/miniconda3/bin/python3.10: Mach-O 64-bit executable x86_64\n")
    assert facts.python.platform == "macosx-x86_64"


GERMAN = """Hardware-Übersicht:

  Modellname: MacBook Pro
  Modell-Identifizierung: MacBookPro15,1
  Prozessortyp: Intel Core i7
  Prozessorgeschwindigkeit: 2,2 GHz
  Gesamtanzahl der Kerne: 6
  Speicher: 16 GB

  Chipsatz-Modell: Intel HD Graphics 4600
  Typ: GPU
  Bus: Integriert
  VRAM (dynamisch, maximal): 1536 MB
  Hersteller: Intel
  Geräte-ID: 0x0412
  Metal-Familie: Unterstützt, Metal GPUFamily macOS 1
"""
CHINESE = """  型号名称: MacBook Pro
  型号标识符: MacBookPro17,1
  芯片: Apple M1
  核总数: 8(4性能和4能效)
  内存: 16 GB
  * 芯片组型号: Intel HD Graphics 620
  * 类型: GPU
  * 总线: 内建
  * VRAM(动态,最大值): 1536 MB
  * 供应商: Intel
  * 设备ID: 0x5916
  * Metal: 支持,功能集macOS GPUFamily2 v1
"""
_WIDE = str.maketrans({":": "\uff1a", "(": "\uff08", ")": "\uff09", ",": "\uff0c"})


def test_system_profiler_in_german() -> None:
    facts = read_text(GERMAN)
    assert (facts.cpu.model, facts.cpu.physical_cores, facts.memory.total_bytes) == ("Intel Core i7", 6, 16 * 2**30)
    (card,) = facts.accelerators
    assert told(card) == {
        "vendor": "intel",
        "name": "Intel HD Graphics 4600",
        "backend": "metal",
        "shared_memory_bytes": 1536 * 2**20,
        "metal": "metal",
        "integrated": True,
        "pci_id": "8086:0412",
    }
    none = read_text(GERMAN.replace("Unterstützt, Metal GPUFamily macOS 1", "Nicht unterstützt")).accelerators
    assert none[0].metal is None


@pytest.mark.parametrize("text", [CHINESE, "\n".join(line[:8] + line[8:].translate(_WIDE) for line in CHINESE.split("\n"))])
def test_system_profiler_in_chinese(text: str) -> None:
    facts = read_text(text.replace("MacBookPro17\uff0c1", "MacBookPro17,1"))
    assert (facts.apple.chip, facts.cpu.physical_cores, facts.memory.total_bytes) == ("Apple M1", 8, 16 * 2**30)
    (card,) = facts.accelerators
    assert (card.name, card.metal, card.pci_id, card.integrated) == ("Intel HD Graphics 620", "metal", "8086:5916", True)


def test_german_prose_is_no_mac() -> None:
    facts = read_text("Speicher: 16 GB\nTyp: GPU\nHersteller: Intel\nChip: NVIDIA\n")
    assert (facts.accelerators, facts.memory, facts.system) == ((), read_text("").memory, read_text("").system)
