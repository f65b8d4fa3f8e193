"""What the kernel lists of the PCI bus."""

from envcheck.parsers.pci.pci_devices import parse_pci_devices, parse_uevent

# Lines of a virtual machine, and of a card that a driver has.
LISTED = (
    "0000\t80860d57\t0" + "\t               0" * 14 + "\t\n"
    "0008\t1af41045\t0\t      4000000004" + "\t               0" * 6 + "\t           80000" + "\t               0" * 6 + "\tvirtio-pci\n"
    "3b01\t10de2204\t6f\t        b2000000\t      14000000000c\t               0\t      14080000000c\t               0\t            6001"
    "\t        b3080002\t         1000000\t       800000000\t               0\t         2000000\t               0\t              80"
    "\t           80000\tnvidia\n"
)


def test_place_number_largest_range_and_driver() -> None:
    bridge, network, card = parse_pci_devices(LISTED)
    assert (bridge.place, bridge.pci_id, bridge.largest, bridge.driver) == ("00:00.0", "8086:0d57", 0, None)
    assert (network.place, network.largest, network.driver) == ("00:01.0", 0x80000, "virtio-pci")
    assert (card.place, card.pci_id, card.largest, card.driver) == ("3b:00.1", "10de:2204", 2**35, "nvidia")


def test_the_rom_is_no_range() -> None:
    line = "0010\t10de2204\t0" + "\t               0" * 13 + "\t         2000000\tnouveau\n"
    assert parse_pci_devices(line)[0].largest == 0


def test_lines_of_another_shape_are_passed_over() -> None:
    assert parse_pci_devices("\0\n0000\t80860d57\t0\n" + "x" * 4 + "\t80860d57\t0" + "\t0" * 14 + "\n0000\tzzzzzzzz\t0" + "\t0" * 14) == []


def test_a_devices_own_fields() -> None:
    fields = parse_uevent("DRIVER=nvidia\nPCI_CLASS=30000\nPCI_ID=10DE:2704\nMODALIAS=pci:v000010DEd00002704\nno field\n")
    assert (fields["DRIVER"], fields["PCI_CLASS"], fields["PCI_ID"]) == ("nvidia", "30000", "10DE:2704")
