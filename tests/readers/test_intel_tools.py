"""Intel's GPUs in pasted outputs: sycl-ls, xpu-smi, clinfo, and what must not be taken for them."""

import json

import pytest

from envcheck.facts.snapshot import Completeness
from envcheck.readers.read import read_text

VERBOSE = """[level_zero:gpu][level_zero:0] Intel(R) oneAPI Unified Runtime over Level-Zero, Intel(R) Arc(TM) A770 12.55.8 [1.6.33578]

Platforms: 1
Platform [#1]:
    Version  : 1.6
    Name     : Intel(R) oneAPI Unified Runtime over Level-Zero
    Vendor   : Intel(R) Corporation
    Devices  : 1
        Device [#0]:
        Type              : gpu
        Version           : 12.55.8
        Name              : Intel(R) Arc(TM) A770
        Vendor            : Intel(R) Corporation
        Driver            : 1.6.33578
        UUID              : 1341281281608000300000000
        Num SubDevices    : 0
        Aspects           : gpu fp16 online_compiler
default_selector()      : gpu, Intel(R) oneAPI Unified Runtime over Level-Zero
"""


def test_the_verbose_list_repeats_what_the_short_one_says() -> None:
    facts = read_text(VERBOSE)
    assert [(card.vendor, card.name) for card in facts.accelerators] == [("intel", "Intel(R) Arc(TM) A770")]
    assert facts.intel.driver_version == "1.6.33578"
    assert len(read_text(VERBOSE.partition("\n")[2]).accelerators) == 1


def test_opencl_alone_shows_that_level_zero_is_missing() -> None:
    line = "[opencl:gpu][opencl:0] Intel(R) OpenCL Graphics, Intel(R) Arc(TM) B580 Graphics OpenCL 3.0 NEO  [24.52.32224]\n"
    assert read_text(line).intel.state == "no-level-zero"
    warning = "Warning: ONEAPI_DEVICE_SELECTOR environment variable is set to opencl:*.\n"
    facts = read_text(warning + line)
    assert not isinstance(facts.intel.state, str)
    assert facts.variables == {"ONEAPI_DEVICE_SELECTOR": "opencl:*"}


def test_cards_of_other_makers_are_theirs() -> None:
    facts = read_text(
        "[hip:gpu][hip:0] AMD HIP BACKEND, AMD Radeon RX 7900 XTX gfx1100 [HIP 60140.9]\n"
        "[cuda:gpu][cuda:0] NVIDIA CUDA BACKEND, NVIDIA GeForce RTX 4090 8.9 [CUDA 12.4]\n"
        "[opencl:gpu][opencl:0] NVIDIA CUDA, NVIDIA GeForce RTX 4090 OpenCL 3.0 CUDA [550.54]\n"
        "[native_cpu:cpu][native_cpu:0] SYCL_NATIVE_CPU, SYCL Native CPU 0.1 [0.0.0]\n"
        "[opencl:fpga][opencl:1] Intel(R) FPGA Emulation Platform for OpenCL(TM), Intel(R) FPGA Emulation Device OpenCL 1.2 [2023.16]\n"
    )
    assert {(card.vendor, card.backend) for card in facts.accelerators} == {("nvidia", "cuda"), ("amd", "rocm")}
    assert len(facts.accelerators) == 2
    assert {known for card in facts.accelerators for known in (card.architecture, card.compute_capability) if isinstance(known, str)} == {
        "gfx1100",
        "8.9",
    }
    assert facts.nvidia.cuda_version == "12.4"


TABLE = """$ xpu-smi discovery
+-----------+--------------------------------------------------------------------------------------+
| Device ID | Device Information                                                                   |
+-----------+--------------------------------------------------------------------------------------+
| 0         | Device Name: Intel(R) Data Center GPU Max 1550                                       |
|           | Vendor Name: Intel(R) Corporation                                                    |
|           | SOC UUID: 00000000-0000-0000-926a-83c28645e226                                       |
|           | PCI BDF Address: 0000:18:00.0                                                        |
|           | DRM Device: /dev/dri/card0                                                           |
|           | Memory Physical Size: 65536.00 MiB                                                   |
+-----------+--------------------------------------------------------------------------------------+
| 1         | Device Name: Intel(R) Data Center GPU Max 1550                                       |
|           | PCI BDF Address: 0000:42:00.0                                                        |
"""
DETAIL = """| Device ID | Device Information |
| 0         | Device Type: GPU                                                                     |
|           | Device Name: Intel(R) Data Center GPU Flex 170                                       |
|           | PCI Device ID: 0x56c0                                                                |
|           | Driver Version: I915_23.4.15_PSB                                                     |
|           |                                                                                      |
|           | PCI BDF Address: 0000:4d:00.0                                                        |
|           | Memory Physical Size: 14248,00 MiB                                                   |
"""


def test_the_table_of_xpu_smi() -> None:
    cards = read_text(TABLE).accelerators
    assert [(card.pci_address, card.name) for card in cards] == [
        ("0000:18:00.0", "Intel(R) Data Center GPU Max 1550"),
        ("0000:42:00.0", "Intel(R) Data Center GPU Max 1550"),
    ]
    assert cards[0].memory_bytes == 65536 * 2**20
    assert not isinstance(cards[1].memory_bytes, int)


def test_one_device_of_xpu_smi() -> None:
    facts = read_text(DETAIL)
    (card,) = facts.accelerators
    assert (card.memory_bytes, card.pci_id) == (14248 * 2**20, "8086:56c0")
    assert facts.intel.driver_version == "I915_23.4.15_PSB"


def test_a_size_in_a_string_and_several_documents() -> None:
    one = {
        "device_id": 1,
        "device_name": "Intel(R) Arc(TM) B580",
        "pci_bdf_address": "0000:03:00.0",
        "memory_physical_size_byte": "12809404416",
    }
    both = {"device_list": [{"device_id": 0, "device_name": "Intel(R) Graphics", "pci_bdf_address": "0000:00:02.0"}, one]}
    text = f"$ xpu-smi discovery -j\n{json.dumps(both, indent=2)}\n$ xpu-smi discovery -d 1 -j\n{json.dumps(one, indent=4)}\n"
    cards = read_text(text).accelerators
    assert [card.memory_bytes for card in cards if isinstance(card.memory_bytes, int)] == [12809404416]
    assert len(cards) == 2


STATS = """+-----------------------------+--------------------------------------------------------------------+
| Device ID                   | 0                                                                  |
+-----------------------------+--------------------------------------------------------------------+
| GPU Utilization (%)         | 0                                                                  |
| GPU Memory Used (MiB)       | 44                                                                 |
"""
TOP = '[\n{\n\t"period": {\n\t\t"duration": 16.0\n\t},\n\t"engines": {\n\t\t"Render/3D": {"busy": 3.0, "unit": "%"}\n\t}\n},\n'


@pytest.mark.parametrize(
    "text", [STATS, TOP, '{"device_id": 0, "device_level": [{"metrics_type": "XPUM_STATS_POWER", "value": 20}]}', "Device Name: x"]
)
def test_measurements_are_no_devices(text: str) -> None:
    facts = read_text(text)
    assert facts.accelerators == ()
    assert facts.observed.accelerators is Completeness.NONE


CLINFO = """Number of platforms                               3
  Platform Name                                   Intel(R) OpenCL Graphics
  Platform Vendor                                 Intel(R) Corporation

  Platform Name                                   Intel(R) OpenCL Graphics
Number of devices                                 2
  Device Name                                     Intel(R) Arc(TM) A770 Graphics
  Device Vendor                                   Intel(R) Corporation
  Driver Version                                  23.30.26918.50
  Device Type                                     GPU
  Device PCI bus info (KHR)                       PCI-E, 0000:03:00.0
  Global memory size                              16225243136 (15.11GiB)
  Unified memory for Host and Device              No
  Device Name                                     Intel(R) UHD Graphics 770
  Device Vendor                                   Intel(R) Corporation
  Device Type                                     GPU
  Global memory size                              26000000000 (24.21GiB)
  Unified memory for Host and Device              Yes

  Platform Name                                   Portable Computing Language
Number of devices                                 1
  Device Name                                     cpu-haswell-Intel(R) Core(TM) i7
  Device Type                                     CPU

  Platform Name                                   NVIDIA CUDA
Number of devices                                 1
  Device Name                                     NVIDIA GeForce RTX 3060
  Device Vendor                                   NVIDIA Corporation
  Driver Version                                  550.54.15
  Device Type                                     GPU
  Compute Capability (NV)                         8.6
  Global memory size                              12622168064 (11.76GiB)

NULL platform behavior
  clGetPlatformInfo(NULL, CL_PLATFORM_NAME, ...)  Intel(R) OpenCL Graphics
    Device Name                                   Intel(R) Arc(TM) A770 Graphics
"""


def test_clinfo() -> None:
    facts = read_text(CLINFO)
    cards = {card.name: card for card in facts.accelerators}
    assert len(facts.accelerators) == 3
    nvidia, arc, built_in = (
        cards[name] for name in ("NVIDIA GeForce RTX 3060", "Intel(R) Arc(TM) A770 Graphics", "Intel(R) UHD Graphics 770")
    )
    assert (nvidia.vendor, arc.vendor, built_in.vendor) == ("nvidia", "intel", "intel")
    assert (arc.memory_bytes, arc.pci_address) == (16225243136, "0000:03:00.0")
    assert (built_in.shared_memory_bytes, built_in.unified_memory) == (26000000000, True)
    assert nvidia.compute_capability == "8.6"
    assert facts.nvidia.driver_version == "550.54.15"


def test_the_list_of_clinfo() -> None:
    facts = read_text(
        "Platform #0: Intel(R) OpenCL HD Graphics\n `-- Device #0: Intel(R) UHD Graphics 620 [0x3ea0]\n"
        "Platform #1: Intel(R) OpenCL\n `-- Device #0: Intel(R) Core(TM) i7-8565U CPU @ 1.80GHz\n"
        "Platform #2: NVIDIA CUDA\n +-- Device #0: GeForce GTX 1080 Ti\n `-- Device #1: Quadro K420\n"
        "Platform #3: rusticl\n `-- Device #0: Intel(R) UHD Graphics 620 (mesa, LLVM 21.1)\n"
        "Platform #4: Apple\n +-- Device #0: Apple M1\n"
    )
    assert sorted(str(card.name) for card in facts.accelerators) == [
        "Apple M1",
        "GeForce GTX 1080 Ti",
        "Intel(R) UHD Graphics 620 [0x3ea0]",
        "Quadro K420",
    ]


@pytest.mark.parametrize(
    "line", ["Platform [#1]:", "[level_zero:gpu][level_zero:0] " + "x, " * 200, "| 0 | Device Name: " + "a" * 100 + "|", "{" * 50]
)
def test_what_repeats_itself_without_end_is_bounded(line: str) -> None:
    assert len(read_text((line + "\n") * 3_000).accelerators) <= 256


def test_xpu_smi_without_borders() -> None:
    table = """$ xpu-smi discovery -d 0

  Device ID     Device Information
  0             Device Type: Discrete GPU
                Device Name: Intel(R) Arc(TM) A770 Graphics
                PCI Device ID: 0x56a0

                Driver Version: 17013219
                PCI BDF Address: 0000:03:00.0
                Memory Physical Size: 16000.00 MiB
$ exit
                Device Name: not of the table any more
"""
    facts = read_text(table)
    (card,) = facts.accelerators
    assert (card.name, card.pci_id, card.pci_address) == ("Intel(R) Arc(TM) A770 Graphics", "8086:56a0", "0000:03:00.0")
    assert (card.memory_bytes, facts.intel.driver_version) == (16000 * 2**20, "17013219")


def test_sycl_ls_of_old_names_platforms_only() -> None:
    facts = read_text(
        "[opencl:0] CPU : Intel(R) OpenCL 3.0 [2021.13.11.0.23_160000]\n"
        "[opencl:0] GPU : Intel(R) OpenCL HD Graphics 3.0 [22.17.23034]\n"
        "[level_zero:0] GPU : Intel(R) Level-Zero 1.3 [1.3.23034]\n"
        "[host:0] HOST: SYCL host platform 1.2 [1.2]\n"
    )
    (card,) = facts.accelerators
    assert (card.vendor, card.backend) == ("intel", "xpu")
    assert (facts.intel.state, facts.intel.driver_version) == ("ok", "1.3.23034")


AMDS_CLINFO = """Number of platforms:                             1
  Platform Version:                              OpenCL 2.1 AMD-APP (3652.0)
  Platform Name:                                 AMD Accelerated Parallel Processing

  Platform Name:                                 AMD Accelerated Parallel Processing
Number of devices:                               2
  Device Type:                                   CL_DEVICE_TYPE_GPU
  Vendor ID:                                     1002h
  Board name:                                    A card of AMD
  Device Topology:                               PCI[ B#12, D#0, F#0 ]
  Global memory size:                            17163091968
  Name:                                          gfx1030
  Vendor:                                        Advanced Micro Devices, Inc.
  Driver version:                                3652.0 (HSA1.1,LC)
  Device Type:                                   CL_DEVICE_TYPE_CPU
  Board name:
  Global memory size:                            16787128320
  Name:                                          A processor
  Vendor:                                        GenuineIntel
"""


def test_the_clinfo_that_comes_with_rocm() -> None:
    facts = read_text(AMDS_CLINFO)
    (card,) = facts.accelerators
    assert (card.vendor, card.backend, card.name, card.architecture) == ("amd", "rocm", "A card of AMD", "gfx1030")
    assert (card.memory_bytes, card.pci_address) == (17163091968, "0000:0c:00.0")
    assert facts.cpu == type(facts.cpu)()


def test_a_place_that_no_card_has_is_not_told() -> None:
    (card,) = read_text(AMDS_CLINFO.replace("B#12, D#0", "B#0, D#8")).accelerators
    assert card.pci_address == type(card)(index=0).pci_address
