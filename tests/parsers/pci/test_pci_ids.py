"""Names out of a list of PCI devices."""

import pytest

from envcheck.parsers.pci.pci_ids import find_pci_names

LIST = (
    b"#\n#\tList of PCI ID's\n#\n0001  SafeNet (wrong ID)\n1002  Advanced Micro Devices, Inc. [AMD/ATI]\n\t2204  of another maker\n"
    b"10de  NVIDIA Corporation\n\t2203  GA102 [GeForce RTX 3090 Ti]\n# a remark between them\n\t2204  GA102 [GeForce RTX 3090]\n"
    b"\t\t10de 2205  Founders Edition\n\t\t2230 0001  no device\n10df  Emulex Corporation\n\t2230  of another maker\n"
    b"C 03  Display controller\n"
)


@pytest.mark.parametrize(
    ("pci_id", "names"),
    [
        ("10de:2204", ("NVIDIA Corporation", "GA102 [GeForce RTX 3090]")),
        ("10DE:2204", ("NVIDIA Corporation", "GA102 [GeForce RTX 3090]")),
        ("1002:2204", ("Advanced Micro Devices, Inc. [AMD/ATI]", "of another maker")),
        ("10de:2230", ("NVIDIA Corporation", None)),
        ("0001:0001", ("SafeNet (wrong ID)", None)),
        ("2204:10de", (None, None)),
        ("", (None, None)),
    ],
)
def test_maker_and_device(pci_id: str, names: tuple[str | None, str | None]) -> None:
    assert find_pci_names(LIST, pci_id) == names


@pytest.mark.parametrize("data", [b"", b"\n", b"10de", b"10de  ", b"10de  NVIDIA\n\t2204", b"10de  NVIDIA\n\t2204  ", LIST[:-60]])
def test_a_list_that_was_cut(data: bytes) -> None:
    maker, name = find_pci_names(data, "10de:2204")
    assert maker in (None, "", "NVIDIA", "NVIDIA Corporation")
    assert name in (None, "", "GA102 [GeForce RTX 3090]")


def test_the_first_line_may_be_the_one() -> None:
    assert find_pci_names(b"10de  NVIDIA\n\t2204  GA102\n", "10de:2204") == ("NVIDIA", "GA102")
