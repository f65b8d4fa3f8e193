import pytest

from envcheck.parsers.amd.amd_smi_tables import parse_amd_smi_tables

MONITOR = """
$ amd-smi monitor -ptv
GPU  POWER  GPU_TEMP  MEM_TEMP  VRAM_USED  VRAM_TOTAL

  0   11 W     43 °C     58 °C     200 MB    24000 MB
  1    N/A       N/A       N/A     100 MB    24000 MB
$ exit
  2  more of it
"""
STATIC = """gpu,market_name,vendor_id,vendor_name,device_id,num_compute_units,target_graphics_version,bdf,driver_version
0,AMD Instinct MI210,0x1002,"Advanced Micro Devices, Inc.",0x740f,104,gfx90a,0000:63:00.0,6.10.5
1,N/A,0x1002,AMD,N/A,N/A,N/A,N/A,N/A

2,not,of,this,table,any,more,at,all
"""


def rows(text: str) -> dict[int, dict[str, object]]:
    return {row.number: row.fields for row in parse_amd_smi_tables(text.split("\n"))}


def test_a_monitor_tells_memory_heat_and_power_of_each_card():
    assert rows(MONITOR) == {
        0: {
            "memory_bytes": 24000 * 2**20,
            "memory_used_bytes": 200 * 2**20,
            "memory_free_bytes": 23800 * 2**20,
            "temperature_c": 43.0,
            "power_w": 11.0,
        },
        1: {"memory_bytes": 24000 * 2**20, "memory_used_bytes": 100 * 2**20, "memory_free_bytes": 23900 * 2**20},
    }


def test_memory_that_was_rounded_to_gigabytes_is_not_told():
    assert rows("GPU  VRAM_USED  VRAM_TOTAL  GPU_T\n  0  0.3 GB  192.0 GB  41 °C\n") == {0: {"temperature_c": 41.0}}


def test_csv_of_static():
    assert rows(STATIC) == {
        0: {
            "name": "AMD Instinct MI210",
            "pci_id": "1002:740f",
            "architecture": "gfx90a",
            "compute_units": 104,
            "pci_address": "0000:63:00.0",
        },
        1: {},
    }
    assert next(parse_amd_smi_tables(STATIC.split("\n"))).driver_version == "6.10.5"


def test_csv_of_metric_is_in_mebibytes():
    assert rows("gpu,socket_power,total_vram,used_vram,free_vram\n3,40,65520,20,65500\n") == {
        3: {"memory_bytes": 65520 * 2**20, "memory_used_bytes": 20 * 2**20, "memory_free_bytes": 65500 * 2**20, "power_w": 40.0}
    }


@pytest.mark.parametrize(
    "text",
    [
        "gpu,price\n0,100\n",
        "GPU  Price\n0  100\n",
        "GPU   PID  USER\n  0  1234\n",
        "GPU  Name\n  0  Tesla T4  On\n",
        "gpu,market_name\n",
    ],
)
def test_other_tables_are_none_of_them(text: str):
    assert rows(text) == {}
