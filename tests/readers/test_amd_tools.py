"""AMD's outputs in longer texts: several of them, cut ones, and what only looks like them."""

import pytest

from envcheck.facts.snapshot import UnknownReason
from envcheck.readers.read import read_text

ROCMINFO = (
    "ROCk module is loaded\n*******\nAgent 2\n*******\n  Name:  gfx1100\n  Marketing Name:  Radeon RX 7900 XTX\n  Device Type:  GPU\n"
)
SMI = (
    '{"card0": {"Device ID": "0x744c", "VRAM Total Memory (B)": "25753026560", "PCI Bus": "0000:03:00.0"}, '
    '"system": {"Driver version": "6.12.12"}}'
)


def test_two_tools_speak_of_one_card():
    snapshot = read_text(f"$ rocminfo\n{ROCMINFO}\n$ rocm-smi --json\n{SMI}\n")
    (card,) = snapshot.accelerators
    assert (card.architecture, card.memory_bytes, card.pci_address) == ("gfx1100", 25753026560, "0000:03:00.0")
    assert (snapshot.amd.driver_version, snapshot.amd.state) == ("6.12.12", "ok")


def test_a_document_that_is_cut_gives_what_is_left():
    (card,) = read_text(f"$ rocm-smi --json\n{SMI[: SMI.index('0000:03')]}\n[cut]\n").accelerators
    assert (card.pci_id, card.memory_bytes) == ("1002:744c", 25753026560)


def test_a_document_that_cannot_be_read_is_told():
    snapshot = read_text('$ rocm-smi --json\n{"card0": }\n')
    assert [(entry.fact, entry.reason) for entry in snapshot.unknown] == [("accelerators", UnknownReason.UNPARSABLE)]


def test_the_words_of_rocminfo_are_still_heard():
    snapshot = read_text("ROCk module is NOT loaded, possibly no GPU devices\n")
    assert snapshot.amd.state == "driver-not-loaded"
    assert [symptom.kind.value for symptom in snapshot.symptoms] == ["kernel-module-failed"]


@pytest.mark.parametrize(
    "text", ["GPU: 0\nGPU: 1\n", "Agent 007\n", "GPU[0] is fast", "device,price\ncard0,5\n", '{"card0": {"ace": 1}}\n', "100 VRAM%"]
)
def test_what_only_looks_like_it_is_no_card(text: str):
    assert read_text(text).accelerators == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("GPU: Radeon RX 580 Series", "Radeon RX 580 Series"),
        ("- Graphics card: AMD Radeon RX 6800 XT, 16 GB", "AMD Radeon RX 6800 XT"),
        ("GPU: Instinct MI250X", "Instinct MI250X"),
        ("My friend has a Radeon RX 580", None),
        ("GPU: some Radeon thing that is old", None),
    ],
)
def test_a_card_that_somebody_names(text: str, name: str | None):
    assert [card.name for card in read_text(text).accelerators] == ([name] if name else [])


def test_a_target_that_somebody_copied():
    (card,) = read_text("rocminfo: amdgcn-amd-amdhsa--gfx902:xnack+").accelerators
    assert card.architecture == "gfx902"


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("$ cat /opt/rocm/.info/version\n6.2.0-66\n", "6.2.0"),
        ("$ cat /opt/rocm-6.4.1/.info/version\n6.4.1-83\nHIP version: 6.4.43483-a187df25c\n", "6.4.1"),
        ("$ hipconfig\nHIP version  : 6.2.41134-65d174c3e\n", "6.2"),
    ],
)
def test_rocms_release(text: str, version: str):
    assert read_text(text).amd.rocm_version == version


def test_a_file_that_is_not_there_tells_no_release():
    text = "$ cat /opt/rocm/.info/version\ncat: /opt/rocm/.info/version: No such file or directory\n$ ls\n"
    assert not isinstance(read_text(text).amd.rocm_version, str)


def test_pasted_files_of_the_kernels_topology():
    node = "cpu_cores_count 0\nsimd_count 152\nsimd_per_cu 4\ngfx_target_version 90402\ndevice_id 29857\nlocation_id 1280\nunique_id 3\n"
    other = node.replace("1280", "1281")
    snapshot = read_text(f"It hangs.\n$ cat /sys/class/kfd/kfd/topology/nodes/*/properties\n{node}{other}Thanks\n")
    (card,) = snapshot.accelerators
    assert (card.vendor, card.architecture, card.compute_units, card.pci_address) == ("amd", "gfx942", 76, "0000:05:00.0")


def test_cards_of_which_a_tool_measures_only_are_counted():
    snapshot = read_text(
        "GPU  Temp   AvgPwr  SCLK    MCLK    Fan    Perf  PwrCap  VRAM%  GPU%\n0    30.0c  N/A  8Mhz  1Mhz  1%  auto  1.0W  N/A  0%\n"
    )
    assert [card.vendor for card in snapshot.accelerators] == ["amd"]
    usage = '[{"gpu": 0, "usage": {"gfx_activity": {"value": 4, "unit": "%"}}}, {"gpu": 1, "usage": {"gfx_activity": "N/A"}}]'
    assert len(read_text(f"$ amd-smi metric -u --json\n{usage}\n").accelerators) == 2
