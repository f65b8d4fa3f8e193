from envcheck.readers.read import read_text

TWO = """$ ./deviceQuery
deviceQuery Starting...

Detected 2 CUDA Capable device(s)

Device 0: "NVIDIA RTX 4090"
  CUDA Driver Version / Runtime Version          12.7 / 12.4
  CUDA Capability Major/Minor version number:    8.9
  Total amount of global memory:                 24210 MBytes (25386352640 bytes)
  Device PCI Domain ID / Bus ID / location ID:   0 / 193 / 0

Device 1: "Tesla T4"
  CUDA Driver Version / Runtime Version          12.7 / 12.4
  CUDA Capability Major/Minor version number:    7.5
  Total amount of global memory:                 14918 MBytes (15642329088 bytes)
  Device PCI Domain ID / Bus ID / location ID:   0 / 1 / 0
Result = PASS
"""
LISTED = """index, name, pci.bus_id, memory.total [MiB]
0, Tesla T4, 00000000:01:00.0, 15360 MiB
1, NVIDIA RTX 4090, 00000000:C1:00.0, 24564 MiB
"""


def test_the_cards_that_cuda_sees_and_the_driver_s_cuda() -> None:
    facts = read_text(TWO)
    assert [(card.name, card.compute_capability, card.memory_bytes, card.state, card.visible) for card in facts.accelerators] == [
        ("Tesla T4", "7.5", 15642329088, "ok", True),
        ("NVIDIA RTX 4090", "8.9", 25386352640, "ok", True),
    ]
    assert facts.nvidia.cuda_version == "12.7"
    assert facts.observed.accelerators.value == "partial"


def test_beside_nvidia_smi_they_are_the_same_cards_with_the_driver_s_memory() -> None:
    """CUDA counts its cards in another order, so that the place on the bus decides."""
    for text in (LISTED + TWO, TWO + LISTED):
        cards = read_text(text).accelerators
        assert [(card.index, card.name, card.compute_capability, card.memory_bytes) for card in cards] == [
            (0, "Tesla T4", "7.5", 15360 * 2**20),
            (1, "NVIDIA RTX 4090", "8.9", 24564 * 2**20),
        ]


def test_a_run_that_found_nothing_tells_cuda_s_error() -> None:
    beginning = "deviceQuery Starting...\n\ncudaGetDeviceCount returned "
    for number, sentence, code in (
        (100, "no CUDA-capable device is detected", 100),
        (999, "unknown error", 999),
        (30, "unknown error", 999),
    ):
        facts = read_text(f"{beginning}{number}\n-> {sentence}\nResult = FAIL\n")
        assert [(symptom.kind.value, symptom.code) for symptom in facts.symptoms] == [("cuda-error", code)]
        assert facts.accelerators == ()
