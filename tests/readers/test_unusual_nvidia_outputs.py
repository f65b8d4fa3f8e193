"""Outputs of NVIDIA's tools in forms that are rare: of vGPU hosts and Jetsons, in patches and logs, without header, of lost cards."""

import pytest
from msgspec import UNSET

from envcheck.facts.snapshot import Snapshot
from envcheck.readers.read import read_text

MIB = 2**20
UUIDS = ("GPU-5c4b7a1e-9d2f-4a6b-8c3d-1e2f3a4b5c6d", "GPU-6d5c8b2f-ae30-4b7c-9d4e-2f304a5b6c7e")


def table(driver: str = "550.54.15", cuda: str = "12.4", used: int = 1) -> str:
    return (
        f"| NVIDIA-SMI 550.54.15              Driver Version: {driver}      CUDA Version: {cuda}     |\n"
        "|   0  NVIDIA A100-SXM4-40GB          On  |   00000000:02:00.0 Off |                   On |\n"
        f"| N/A   26C    P0             46W /  400W |       {used}MiB /  40960MiB |     N/A      Default |\n"
        "|                                         |                        |              Enabled |\n"
        "+-----------------------------------------+------------------------+----------------------+\n"
    )


MIG = "| MIG devices:                                |\n| GPU  GI  CI  MIG |  Memory-Usage |        Vol|      Shared         |\n"


def names(facts: Snapshot) -> list[object]:
    return [card.name for card in facts.accelerators]


def test_a_table_that_finds_no_mig_devices_says_that_there_are_none() -> None:
    told = read_text(table() + MIG + "|  No MIG devices found                       |\n").accelerators[0]
    untold = read_text(table()).accelerators[0]
    assert (told.mig, told.mig_devices, untold.mig_devices) == ("enabled", (), UNSET)


def test_a_header_with_an_absent_version_still_tells_the_other() -> None:
    jetson = read_text(table(driver="N/A", cuda="12.2")).nvidia
    host_of_vgpus = read_text(table(cuda="N/A")).nvidia
    assert (jetson.driver_version, jetson.cuda_version) == (UNSET, "12.2")
    assert (host_of_vgpus.driver_version, host_of_vgpus.cuda_version) == ("550.54.15", UNSET)


def test_a_header_without_its_last_bar_is_whole_where_more_lines_follow() -> None:
    header = "| NVIDIA-SMI 346.72     Driver Version: 346.72"
    assert read_text(f"{header}\nthat is all\n").nvidia.driver_version == "346.72"
    assert read_text(header).nvidia.driver_version is UNSET


def test_a_card_whose_every_sensor_fails_is_lost_and_one_failing_sensor_is_none() -> None:
    row = "|   1  GeForce RTX 2080    Off  | 00000000:03:00.0 Off |                  N/A |\n"
    lost = read_text(row + "|ERR!   ERR! ERR!    ERR! / ERR! |      1MiB / 11019MiB |    ERR!      Default |\n| x |\n")
    power = read_text(row + "| N/A   29C    P0   ERR! / 250W |    593MiB / 16160MiB |      0%      Default |\n| x |\n")
    assert (lost.accelerators[0].state, power.accelerators[0].state) == ("lost", UNSET)


def test_what_a_host_of_vgpus_tells_above_its_cards_belongs_to_the_log() -> None:
    head = "==============NVSMI LOG==============\n\nDriver Version    : 580.105.06\nCUDA Version      : Not Found\n"
    section = "vGPU Driver Capability\n        Heterogenous Multi-vGPU           : Supported\n\n"
    card = "GPU 00000000:42:00.0\n    FB Memory Usage\n        Total    : 97887 MiB\n        Used     : 0 MiB\n"
    facts = read_text(f"{head}{section}Attached GPUs     : 2\n{card}\n")
    assert (facts.nvidia.driver_version, facts.accelerators[0].memory_bytes) == ("580.105.06", 97887 * MIB)
    assert [unknown.fact for unknown in facts.unknown] == ["accelerators"]
    assert "counts 2 GPUs and describes 1" in facts.unknown[0].detail


def test_what_follows_the_license_of_a_virtual_gpu_is_read_too() -> None:
    card = "GPU 00000000:02:00.0\n    Product Name    : GRID T4-16Q\n    GPU Virtualization Mode\n        Virtualization Mode    : VGPU\n"
    license_of = "    vGPU Software Licensed Product\n        Product Name    : NVIDIA RTX Virtual Workstation\n"
    memory = "    FB Memory Usage\n        Total    : 16384 MiB\n        Used    : 0 MiB\n"
    (read,) = read_text(f"==============NVSMI LOG==============\nAttached GPUs    : 1\n{card}{license_of}{memory}").accelerators
    assert (read.name, read.memory_bytes, read.virtualization) == ("GRID T4-16Q", 16384 * MIB, "vgpu")


def test_cards_that_another_output_lists_are_not_unknown() -> None:
    card = "GPU 00000000:42:00.0\n    FB Memory Usage\n        Total    : 97887 MiB\n"
    short = f"==============NVSMI LOG==============\nAttached GPUs     : 2\n{card}"
    listed = "\n".join(f"GPU {index}: NVIDIA L40S (UUID: {uuid})" for index, uuid in enumerate(UUIDS))
    assert read_text(f"{short}\n\n{listed}\nend\n").unknown == ()


@pytest.mark.parametrize(
    "text",
    [
        f"I have two: GPU 0: NVIDIA L4 (UUID: {UUIDS[0]}), GPU 1: NVIDIA L4 (UUID: {UUIDS[1]}), and no other",
        f"+    GPU 0: NVIDIA L4 (UUID: {UUIDS[0]})\n+    GPU 1: NVIDIA L4 (UUID: {UUIDS[1]})\n+ end",
    ],
)
def test_cards_are_listed_in_prose_and_in_a_patch_too(text: str) -> None:
    facts = read_text(f"{text}\n")
    assert [(card.index, card.name, card.uuid) for card in facts.accelerators] == [(0, "NVIDIA L4", UUIDS[0]), (1, "NVIDIA L4", UUIDS[1])]


def test_the_rows_of_a_loop_are_one_card() -> None:
    rows = "index, temperature.gpu, utilization.gpu [%], pstate\n0, 56, 26 %, P3\n0, 55, 25 %, P3\n0, 54, 24 %, P3\n\n"
    facts = read_text(rows)
    assert [(card.index, card.temperature_c) for card in facts.accelerators] == [(0, 56.0)]
    assert facts.contradictions == ()


def test_watts_without_a_unit_are_no_driver() -> None:
    assert read_text("\nGeForce RTX 2080 Ti, 100, 37, 56, 228.82, 210.00\nend\n").nvidia.driver_version is UNSET
    assert read_text("\nGeForce RTX 2080 Ti, 442.19, 11264 MiB\nend\n").nvidia.driver_version == "442.19"


def test_an_empty_line_may_stand_between_header_and_rows() -> None:
    facts = read_text("name, memory.total [MiB], power.limit [W]\n\nGeForce RTX 2080 Ti, 11264, 210.00\n\n")
    assert [(card.name, card.memory_bytes, card.power_limit_w) for card in facts.accelerators] == [
        ("GeForce RTX 2080 Ti", 11264 * MIB, 210)
    ]


def test_memory_is_counted_in_mib_where_neither_header_nor_value_says_so() -> None:
    facts = read_text("$ nvidia-smi --query-gpu=name,memory.total --format=csv,noheader,nounits\nGeForce RTX 2080, 7979\nend\n")
    assert facts.accelerators[0].memory_bytes == 7979 * MIB


def test_rows_with_the_time_and_rows_of_a_jetson_are_known_without_a_header() -> None:
    facts = read_text("\n2024/06/01 11:27:05.177, NVIDIA L4, 00000000:3B:00.0, 545.23.08, P0, 4 MiB\nend\n")
    assert (names(facts), facts.nvidia.driver_version) == (["NVIDIA L4"], "545.23.08")
    assert names(read_text("\n0, Orin (nvgpu), [N/A], [N/A]\nend\n")) == ["Orin (nvgpu)"]


@pytest.mark.parametrize("words", ["[GPU is lost]", "[GPU requires reset]"])
def test_a_card_that_has_to_be_reset_is_lost(words: str) -> None:
    facts = read_text(
        f"index, name, temperature.gpu, memory.total [MiB]\n0, NVIDIA L4, 33, 23034 MiB\n1, NVIDIA L4, {words}, 23034 MiB\n\n"
    )
    assert [card.state for card in facts.accelerators] == ["ok", "lost"]


@pytest.mark.parametrize(
    ("words", "index", "address"),
    [
        ("GPU2: Unknown Error", 2, UNSET),
        ("GPU 0000:01:00.0: Not Found", 0, "0000:01:00.0"),
        ("GPU3: 0000:5F:00.0: Unknown Error", 3, "0000:5F:00.0"),
    ],
)
def test_a_card_without_a_handle_is_lost_however_it_is_named(words: str, index: int, address: object) -> None:
    facts = read_text(f"Unable to determine the device handle for {words}\n")
    (card,) = facts.accelerators
    assert (card.index, card.pci_address, card.state, facts.nvidia.state) == (index, address, "lost", "gpu-lost")
    assert facts.symptoms[0].details["device"] == (address if isinstance(address, str) else str(index))


def test_another_driver_is_another_machine_even_where_the_cards_are_alike() -> None:
    facts = read_text(table() + "\nthe other one:\n" + table(driver="470.57.02", used=777) + MIG + "|  No MIG devices found     |\n")
    assert (facts.accelerators[0].memory_used_bytes, facts.accelerators[0].mig_devices) == (MIB, UNSET)


def test_lspci_names_a_card_in_other_words_and_does_not_contradict() -> None:
    bus = "02:00.0 3D controller: NVIDIA Corporation GA100 [A100 SXM4 40GB] (rev a1)\n\tKernel driver in use: nvidia\n"
    for text in (table() + bus, bus + table()):
        facts = read_text(text)
        assert (names(facts), facts.contradictions) == (["NVIDIA A100-SXM4-40GB"], ())
    other = read_text(table() + bus.replace("A100 SXM4 40GB", "A30"))
    assert [entry.value for entry in other.contradictions] == ["A30"]


def test_markup_that_was_escaped_is_read() -> None:
    xml = (
        "<nvidia_smi_log>\n<driver_version>430.64</driver_version>\n"
        '<gpu id="00000000:29:00.0">\n<product_name>GeForce GTX 1660 Ti</product_name>\n</gpu>\n</nvidia_smi_log>\n'
    )
    facts = read_text(xml.replace("<", "&lt;").replace(">", "&gt;"))
    assert (names(facts), facts.nvidia.driver_version) == (["GeForce GTX 1660 Ti"], "430.64")


INFORMATION = (
    "Model: \t\t {model}\nIRQ:   \t\t 16\nGPU UUID: \t {uuid}\nVideo BIOS: \t 95.04.65.00.13\nBus Type: \t PCIe\n"
    "DMA Mask: \t 0x7fffffffffff\nBus Location: \t {address}\nDevice Minor: \t 0\n"
)


def test_the_kernel_modules_own_files_tell_the_cards() -> None:
    first = INFORMATION.format(model="NVIDIA L4", uuid=UUIDS[0], address="0000:70:00.0")
    failed = INFORMATION.format(model="Unknown", uuid="GPU-????????-????-????-????-????????????", address="0000:81:00.0")
    facts = read_text(f"$ cat /proc/driver/nvidia/gpus/*/information\n{first}{failed}")
    assert [(card.name, card.uuid, card.pci_address, card.driver) for card in facts.accelerators] == [
        ("NVIDIA L4", UUIDS[0], "0000:70:00.0", "nvidia"),
        (UNSET, UNSET, "0000:81:00.0", "nvidia"),
    ]


def test_a_model_alone_is_no_card() -> None:
    assert read_text("Model: XPS 15\nSerial: 7\n\nModel: NVIDIA L4\nIRQ: 16\n").accelerators == ()


def test_a_card_that_the_open_modules_do_not_support_keeps_the_module_from_running() -> None:
    facts = read_text(
        "[ 11.5] NVRM: The NVIDIA GPU 0000:af:00.0 (PCI ID: 10de:1db5)\n"
        "        NVRM: installed in this system is not supported by open\n"
        "        NVRM: nvidia.ko because it does not include the required GPU\n"
    )
    (said,) = facts.symptoms
    assert said.kind.value == "kernel-module-failed"
    assert (said.details["device"], said.details["reason"]) == ("0000:af:00.0", "the card is not supported by the open kernel modules")
