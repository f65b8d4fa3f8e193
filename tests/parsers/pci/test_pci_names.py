import pytest

from envcheck.parsers.pci.pci_names import backend_of, is_emulated, is_integrated, parse_pci_id, parse_pci_name


@pytest.mark.parametrize(
    ("words", "maker", "name"),
    [
        ("NVIDIA Corporation GA102 [GeForce RTX 3090]", "nvidia", "GeForce RTX 3090"),
        ("nVidia Corporation GF100 [GeForce GTX 480]", "nvidia", "GeForce GTX 480"),
        ("NVIDIA Corporation Device 2684", "nvidia", None),
        ("Advanced Micro Devices, Inc. [AMD/ATI] Navi 31 [Radeon RX 7900 XTX]", "amd", "Radeon RX 7900 XTX"),
        ("Advanced Micro Devices, Inc. [AMD/ATI] Raphael", "amd", "Raphael"),
        ("ATI Technologies Inc RV770 [Radeon HD 4870]", "amd", "Radeon HD 4870"),
        ("Intel Corporation DG2 [Arc A770]", "intel", "Arc A770"),
        ("Intel Corporation HD Graphics 630", "intel", "HD Graphics 630"),
        ("Habana Labs Ltd. Gaudi2 AI Training Accelerator", "Habana Labs Ltd.", "Gaudi2 AI Training Accelerator"),
        ("Huawei Technologies Co., Ltd. Device d802", "Huawei Technologies Co., Ltd.", None),
        ("Moore Threads Technology Co.,Ltd MTT S80", "Moore Threads Technology Co.,Ltd", "MTT S80"),
        ("Somebody", "Somebody", None),
        ("", "", None),
    ],
)
def test_maker_and_product(words: str, maker: str, name: str | None) -> None:
    assert parse_pci_name(words) == (maker, name)


def test_a_number_for_a_name_is_its_pci_id() -> None:
    assert parse_pci_id("NVIDIA Corporation Device 2684") == "10de:2684"
    assert parse_pci_id("NVIDIA Corporation GA102 [GeForce RTX 3090]") is None
    assert parse_pci_id("Huawei Technologies Co., Ltd. Device d802") is None


@pytest.mark.parametrize(
    "words",
    [
        *(
            "VMware SVGA II Adapter",
            "Cirrus Logic GD 5446",
            "ASPEED Technology, Inc. ASPEED Graphics Family",
            "Red Hat, Inc. Virtio 1.0 GPU",
        ),
        *("Matrox Electronics Systems Ltd. G200eR2", "Microsoft Corporation Hyper-V virtual VGA", "InnoTek Systemberatung GmbH VirtualBox"),
        *("Device 1234:1111", "Amazon.com, Inc. Device 1111", "Advanced Micro Devices, Inc. [AMD/ATI] ES1000"),
        "Huawei Technologies Co., Ltd. Hi171x Series [iBMC Intelligent Management system chip w/VGA support]",
    ],
)
def test_displays_that_compute_nothing(words: str) -> None:
    assert is_emulated(words)


def test_real_cards_are_not_emulated() -> None:
    assert not is_emulated("NVIDIA Corporation GA102 [GeForce RTX 3090]", "10de:2204")
    assert not is_emulated("Advanced Micro Devices, Inc. [AMD/ATI] Mirage")
    assert is_emulated("", "15ad:0405")


@pytest.mark.parametrize(
    ("maker", "words", "address", "integrated", "backend"),
    [
        ("intel", "Intel Corporation CoffeeLake-S GT2 [UHD Graphics 630]", "00:02.0", True, None),
        ("intel", "Intel Corporation DG2 [Arc A770]", "03:00.0", False, "xpu"),
        ("intel", "Intel Corporation Meteor Lake-P [Intel Arc Graphics]", "00:02.0", True, "xpu"),
        ("intel", "Intel Corporation Ponte Vecchio XT (2 Tile) [Data Center GPU Max 1550]", "4d:00.0", False, "xpu"),
        ("intel", "Intel Corporation Meteor Lake NPU", "00:0b.0", True, None),
        ("amd", "Advanced Micro Devices, Inc. [AMD/ATI] Navi 31 [Radeon RX 7900 XTX]", "03:00.0", False, "rocm"),
        ("amd", "Advanced Micro Devices, Inc. [AMD/ATI] Raphael", "12:00.0", True, "rocm"),
        ("amd", "Advanced Micro Devices, Inc. [AMD/ATI] Device 9999", "12:00.0", None, "rocm"),
        ("nvidia", "NVIDIA Corporation GA102 [GeForce RTX 3090]", "01:00.0", None, "cuda"),
        ("Habana Labs Ltd.", "Habana Labs Ltd. Gaudi2", "09:00.0", None, None),
    ],
)
def test_integrated_and_backend(maker: str, words: str, address: str, integrated: bool | None, backend: str | None) -> None:
    assert is_integrated(maker, words, address) is integrated
    assert backend_of(maker, words) == backend
