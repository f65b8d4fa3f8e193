r"""What Windows' registry says of devices and drivers."""

import pytest

from envcheck.parsers.pci.windows_display import nvidia_version, parse_class, parse_hardware_id, parse_location


@pytest.mark.parametrize(
    ("text", "pci_id"),
    [
        ("VEN_10DE&DEV_2684&SUBSYS_16F410DE&REV_A1", "10de:2684"),
        (r"PCI\VEN_8086&DEV_56A0", "8086:56a0"),
        ("ACPI0003", None),
        ("VEN_10DE&DEV_", None),
        ("", None),
    ],
)
def test_numbers(text: str, pci_id: str | None) -> None:
    assert parse_hardware_id(text) == pci_id


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        ([r"PCI\VEN_10DE&DEV_2684&CC_030000", r"PCI\VEN_10DE&CC_0300", r"PCI\CC_0300"], 0x030000),
        ([r"PCI\CC_0302"], 0x030200),
        ([r"PCI\VEN_10DE&DEV_2684&REV_A1", r"PCI\CC_040300"], 0x040300),
        ([r"PCI\VEN_10DE&DEV_2684"], None),
        ([r"PCI\CC_zz"], None),
        ([], None),
    ],
)
def test_classes(texts: list[str], kind: int | None) -> None:
    assert parse_class(texts) == kind


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (r"@System32\drivers\pci.sys,#65536;PCI bus %1, device %2, function %3;(1,0,0)", "0000:01:00.0"),
        (r"@System32\drivers\pci.sys,#65536;PCI bus %1, device %2, function %3;(257,31,7)", "0001:01:1f.7"),
        ("PCI bus 1, device 0, function 0", "0000:01:00.0"),
        ("PCI-Bus 193, Gerät 0, Funktion 1", "0000:c1:00.1"),
        ("somewhere", None),
        ("(1,2)", None),
    ],
)
def test_places(text: str, address: str | None) -> None:
    assert parse_location(text) == address


@pytest.mark.parametrize(
    ("version", "own"), [("32.0.15.6109", "561.09"), ("31.0.15.3623", "536.23"), ("27.21.14.5671", "456.71"), ("10.0", None), ("", None)]
)
def test_nvidias_own_version(version: str, own: str | None) -> None:
    assert nvidia_version(version) == own
