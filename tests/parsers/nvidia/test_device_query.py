from envcheck.parsers.nvidia.device_query import parse_device_query

SPARK = """
Device 0: "NVIDIA Some Board"
  CUDA Driver Version / Runtime Version          13.0 / 13.0
  CUDA Capability Major/Minor version number:    12.1
  Total amount of global memory:                 122570 MBytes (128524353536 bytes)
  Integrated GPU sharing Host Memory:            Yes
  Device has ECC support:                        Disabled
  CUDA Device Driver Mode (TCC or WDDM):         WDDM (Windows Display Driver Model)
  Device PCI Domain ID / Bus ID / location ID:   15 / 24 / 31
  Compute Mode:
     < {mode} >
"""


def test_a_card_s_block_is_read_by_its_labels() -> None:
    (device,) = parse_device_query(SPARK.replace("{mode}", "Exclusive Process (many threads in one process)").split("\n"))
    assert device.facts == {
        "name": "NVIDIA Some Board",
        "compute_capability": "12.1",
        "integrated": True,
        "unified_memory": True,
        "ecc": "disabled",
        "driver_model": "wddm",
        "pci_address": "000f:18:1f.0",
        "compute_mode": "exclusive-process",
    }
    assert (device.memory_bytes, device.cuda_version) == (128524353536, "13.0")


def test_exclusive_without_more_is_the_mode_of_one_thread() -> None:
    (device,) = parse_device_query(SPARK.replace("{mode}", "Exclusive (only one host thread in one process)").split("\n"))
    assert device.facts["compute_mode"] == "exclusive-thread"


def test_the_driver_s_own_sample_names_no_runtime() -> None:
    block = ['Device 2: "GeForce GTX 680"', "  CUDA Driver Version:       11.4", "  CUDA Capability Major/Minor version number:  3.0"]
    (device,) = parse_device_query(block)
    assert (device.number, device.cuda_version, device.facts["compute_capability"]) == (2, "11.4", "3.0")


def test_a_place_that_no_bus_has_and_a_name_without_a_capability_are_nothing() -> None:
    lines = SPARK.replace("15 / 24 / 31", "0 / 256 / 0").split("\n")
    assert "pci_address" not in parse_device_query(lines)[0].facts
    assert parse_device_query(['Device 0: "a tape drive"', "  Total amount of storage:   12 (1234567 bytes)"]) == []


def test_lines_far_behind_a_block_belong_to_something_else() -> None:
    lines = ['Device 0: "X"', *[""] * 90, "  CUDA Capability Major/Minor version number:    9.0"]
    assert parse_device_query(lines) == []
