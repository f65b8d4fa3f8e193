import pytest

from envcheck.parsers.amd.amd_devices import BUILT_IN_TARGETS, CARD_TARGETS, find_product, is_built_in, parse_rocm_version, parse_uevent

IDS = "# List of AMDGPU IDs\n1.0.0\n744C,\tC8,\tAMD Radeon RX 7900 XTX\n15D8,\t93,\tAMD Radeon Vega 1 Graphics, with a comma\n"


@pytest.mark.parametrize(
    ("device", "revision", "name"),
    [
        ("0x744c", "0xc8", "AMD Radeon RX 7900 XTX"),
        ("0x15d8", "0x93", "AMD Radeon Vega 1 Graphics, with a comma"),
        ("0x744c", "0xc9", None),
        ("", "", None),
        ("junk", "0x", None),
    ],
)
def test_the_list_of_products(device: str, revision: str, name: str | None):
    assert find_product(IDS, device, revision) == name


@pytest.mark.parametrize(
    ("target", "neighbour", "expected"),
    [("gfx1103", "", True), ("gfx1100", "", False), (None, "0x1022\n", True), (None, "0x1002", None), ("gfx942", "", None)],
)
def test_what_is_built_in(target: str | None, neighbour: str, expected: bool | None):
    assert is_built_in(target, neighbour) is expected


def test_nothing_is_both():
    assert not BUILT_IN_TARGETS & CARD_TARGETS


@pytest.mark.parametrize(
    ("text", "version"), [("6.2.0-66\n", "6.2.0"), ("7.0.2", "7.0.2"), ("", None), ("unknown", None), ("9" * 100, None)]
)
def test_rocms_version(text: str, version: str | None):
    assert parse_rocm_version(text) == version


def test_a_uevent():
    text = "DRIVER=amdgpu\nPCI_ID=1002:744C\nPCI_SLOT_NAME=0000:03:00.0\nnonsense\n"
    assert parse_uevent(text) == {"driver": "amdgpu", "pci_id": "1002:744c", "pci_address": "0000:03:00.0"}
    assert parse_uevent("") == {}
