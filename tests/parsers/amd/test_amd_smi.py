import pytest

from envcheck.parsers.amd.amd_smi import parse_amd_smi_json, parse_amd_smi_text

TABLE = """
+------------------------------------------------------------------------------+
| AMD-SMI 26.0.2+39589fda      amdgpu version: Linuxver ROCm version: 7.0.2    |
| Platform: Linux Baremetal                                                    |
|-------------------------------------+----------------------------------------|
| BDF                        GPU-Name | Mem-Uti   Temp   UEC       Power-Usage |
| GPU  HIP-ID  OAM-ID  Partition-Mode | GFX-Uti    Fan               Mem-Usage |
|=====================================+========================================|
| 0000:05:00.0    AMD Instinct MI300X | 0 %      40 °C   0           142/750 W |
|   0       0       7        DPX/NPS1 | 0 %        N/A           283/196592 MB |
|-------------------------------------+----------------------------------------|
| 0000:05:00.1    AMD Instinct MI300X | N/A        N/A   0                 N/A |
|   1       1     N/A             N/A | N/A        N/A            492/98296 MB |
|-------------------------------------+----------------------------------------|
| 0000:26:00.0    AMD Instinct MI300X | 0 %      41 °C   0           141/750 W |
|   2       2       6        DPX/NPS1 | 0 %        N/A           283/196592 MB |
"""
LIST = """
GPU: 0
    BDF: 0000:23:00.0
    UUID: 4dff74a0-0000-1000-8019-3a4e8e2d2b23
    KFD_ID: 45412
    NODE_ID: 1
    PARTITION_ID: 0
"""
MONITOR = """
GPU  POWER   GPU_T   MEM_T   GFX_CLK   GFX%   MEM%   ENC%   DEC%      VRAM_USAGE
  0  305 W   49 °C   43 °C  2106 MHz   97 %    1 %    N/A    0 %    3.0/191.7 GB
"""


def lines(text: str) -> list[str]:
    return text.split("\n")


def test_the_table_and_its_partitions():
    printed = parse_amd_smi_text(lines(TABLE))
    assert sorted(printed.listing.cards) == [0, 2]
    card = printed.listing.cards[0]
    assert (card["name"], card["memory_bytes"], card["pci_address"]) == ("AMD Instinct MI300X", 196592 * 2**20, "0000:05:00.0")
    assert (printed.listing.rocm_version, printed.listing.driver_version) == ("7.0.2", None)


def test_a_list():
    assert parse_amd_smi_text(lines(LIST)).listing.cards == {0: {"pci_address": "0000:23:00.0"}}


def test_a_monitor_whose_memory_is_rounded_tells_none():
    cards = parse_amd_smi_text(lines(MONITOR)).listing.cards
    assert cards == {0: {"temperature_c": 49.0, "power_w": 305.0}}


@pytest.mark.parametrize(
    ("words", "driver"),
    [
        ("6.10.5", "6.10.5"),
        ("N/A", None),
        ("Linuxversion6.8.0-79-generic(buildd@lcy02-amd64-049)(x86_64-linux-gnu-gcc-13(Ubuntu)13.3.0)#79", "6.8.0-79-generic"),
    ],
)
def test_versions(words: str, driver: str | None):
    line = f"AMDSMI Tool: 25.4.2+aca1101 | ROCm version: 6.4.1 | amdgpu version: {words} | amd_hsmp version: N/A"
    listing = parse_amd_smi_text([line]).listing
    assert (listing.rocm_version, listing.driver_version) == ("6.4.1", driver)


def test_versions_as_json():
    listing = parse_amd_smi_json(
        [{"tool": "AMDSMI Tool", "amdsmi_library_version": "25.4.0", "rocm_version": "6.4.1", "amdgpu_version": "6.10.5"}]
    )
    assert listing is not None
    assert listing.rocm_version == "6.4.1"


@pytest.mark.parametrize("wrap", [lambda gpus: gpus, lambda gpus: {"gpu_data": gpus}], ids=["list", "object"])
def test_static_in_both_shapes(wrap: object):
    gpu = {
        "gpu": 0,
        "asic": {"market_name": "N/A", "target_graphics_version": "N/A"},
        "board": {"product_name": "Navi 31"},
        "vram": {"size": "N/A"},
    }
    listing = parse_amd_smi_json(wrap([gpu, {"gpu": 1, "vram": {"size": {"value": 16, "unit": "GB"}}}]))  # type: ignore[operator] # a lambda
    assert listing is not None
    assert listing.cards == {0: {"name": "Navi 31"}, 1: {"memory_bytes": 16 * 2**30}}


@pytest.mark.parametrize(
    "document", [{}, [], [1], [{"gpu": "0"}], [{"gpu": 0, "name": "RTX"}], {"gpu_data": {}}, None, "x", [{"gpu": None, "asic": {}}]]
)
def test_somebody_elses_document(document: object):
    assert parse_amd_smi_json(document) is None


def test_a_block_of_another_programs_is_not_taken():
    assert not parse_amd_smi_text(lines("GPU: 0\n    Speed: 3\nGPU: Radeon RX 580\n")).listing
