"""lspci in its forms: the same card must come out of each of them."""

import pytest

from envcheck.parsers.pci.lspci import is_whole, parse_lspci

PLAIN = "01:00.0 VGA compatible controller: NVIDIA Corporation GA102 [GeForce RTX 3090] (rev a1)"
WORDS = "NVIDIA Corporation GA102 [GeForce RTX 3090]"


@pytest.mark.parametrize(
    ("line", "words", "pci_id"),
    [
        (PLAIN, WORDS, ""),
        (f"{PLAIN} (prog-if 00 [VGA controller])", WORDS, ""),
        (f"    {PLAIN}", WORDS, ""),
        (f"- {PLAIN}", WORDS, ""),
        (f"GPU: {PLAIN}", WORDS, ""),
        ("01:00.0 VGA compatible controller [0300]: NVIDIA Corporation GA102 [GeForce RTX 3090] [10de:2204] (rev a1)", WORDS, "10de:2204"),
        ("01:00.0 0300: 10de:2204 (rev a1)", "", "10de:2204"),
        ('01:00.0 "VGA compatible controller" "NVIDIA Corporation" "GA102 [GeForce RTX 3090]" -ra1 "Gigabyte" "Device 4043"', WORDS, ""),
        (
            '01:00.0 "VGA compatible controller [0300]" "NVIDIA Corporation [10de]" "GA102 [GeForce RTX 3090] [2204]" -ra1',
            WORDS,
            "10de:2204",
        ),
    ],
)
def test_every_form_names_the_card(line: str, words: str, pci_id: str) -> None:
    (device,) = parse_lspci([line])
    assert (device.address, device.words, device.pci_id, device.computes) == ("01:00.0", words, pci_id, True)


def test_a_record_of_lspci_for_machines() -> None:
    record = "Slot:\t0000:41:00.0\nClass:\t3D controller\nVendor:\tNVIDIA Corporation\nDevice:\tGA100 [A100 PCIe 80GB]\nDriver:\tnvidia\n"
    (device,) = parse_lspci(record.split("\n"))
    assert (device.address, device.kind, device.words) == ("0000:41:00.0", "3D controller", "NVIDIA Corporation GA100 [A100 PCIe 80GB]")
    assert device.driver == "nvidia"


def test_the_driver_stands_below_the_card() -> None:
    lines = [PLAIN, "\tSubsystem: Gigabyte Device 4043", "\tKernel driver in use: nouveau", "\tKernel modules: nvidiafb, nouveau"]
    (device,) = parse_lspci(lines)
    assert device.driver == "nouveau"
    assert device.lines == [0, 1, 2, 3]


def test_modules_without_a_driver_mean_that_none_has_it() -> None:
    assert parse_lspci([PLAIN, "\tKernel modules: nvidiafb, nouveau"])[0].driver is None


def test_a_card_without_details_says_nothing_of_its_driver() -> None:
    assert parse_lspci([PLAIN])[0].driver == ""
    assert parse_lspci([PLAIN, "\tSubsystem: Gigabyte Device 4043"])[0].driver == ""  # cut by grep -A1


def test_a_whole_entry_without_a_driver_in_a_list_of_drivers_has_none() -> None:
    listed = [
        *("00:00.0 Host bridge: Intel Corporation Device 3ec2", "\tKernel driver in use: skl_uncore"),
        *("00:01.0 PCI bridge: Intel Corporation Device 1901", "\tKernel driver in use: pcieport"),
        *("00:1f.0 ISA bridge: Intel Corporation Device a305", "\tKernel driver in use: lpc_ich"),
        *(PLAIN, "\tSubsystem: Gigabyte Device 4043"),
    ]
    assert parse_lspci(listed)[-1].driver == ""  # the text may have been cut here
    assert parse_lspci([*listed, "01:00.1 Audio device: NVIDIA Corporation GA102 High Definition Audio Controller"])[3].driver is None


@pytest.mark.parametrize(
    "line",
    [
        "12:30.5 something happened: NVIDIA",
        "2024-01-01 12:00:00.1 VGA",
        "the VGA compatible controller: NVIDIA",
        '01:00.0 "VGA',
        "01:00.0 ",
        "00:01.0 Note: this is no device",
    ],
)
def test_other_lines_are_no_devices(line: str) -> None:
    assert parse_lspci([line]) == []


WHOLE = [
    "00:00.0 Host bridge: Intel Corporation 440FX - 82441FX PMC [Natoma] (rev 02)",
    "00:01.0 ISA bridge: Intel Corporation 82371SB PIIX3 ISA [Natoma/Triton II]",
    "00:03.0 Ethernet controller: Red Hat, Inc. Virtio network device",
]


def test_a_list_with_its_host_bridge_is_whole() -> None:
    assert is_whole(parse_lspci(WHOLE), WHOLE)


@pytest.mark.parametrize("asked", ["$ lspci | grep -v nothing", "root@h:~# lspci -nnk | head -40", "$ lspci -s 00:", "$ lspci -d 10de:"])
def test_a_list_that_was_narrowed_is_not_whole(asked: str) -> None:
    assert not is_whole(parse_lspci(WHOLE), [asked, *WHOLE])


@pytest.mark.parametrize(
    "more",
    [
        "00:00.0 PCI bridge: NVIDIA Corporation Device 229e (rev a1)",  # a Jetson, whose GPU is not on the bus
        "3b7f:00:00.0 3D controller: Microsoft Corporation Basic Render Driver",  # WSL
    ],
)
def test_a_machine_whose_gpu_is_elsewhere_has_no_whole_list(more: str) -> None:
    assert not is_whole(parse_lspci([*WHOLE, more]), WHOLE)


def test_a_few_cards_are_not_a_whole_bus() -> None:
    lines = [PLAIN, "01:00.1 Audio device: NVIDIA Corporation GA102 High Definition Audio Controller (rev a1)"]
    assert not is_whole(parse_lspci(lines), lines)
