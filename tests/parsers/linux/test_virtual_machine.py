import pytest

from envcheck.parsers.linux.virtual_machine import (
    hypervisor_of_clock,
    hypervisor_of_cloud,
    hypervisor_of_device_tree,
    hypervisor_of_firmware,
    hypervisor_of_power,
)


@pytest.mark.parametrize(
    ("maker", "product", "name"),
    [
        ("QEMU", "Standard PC (Q35 + ICH9, 2009)", "qemu"),
        ("VMware, Inc.", "VMware Virtual Platform", "vmware"),
        ("innotek GmbH", "VirtualBox", "virtualbox"),
        ("Microsoft Corporation", "Virtual Machine", "hyper-v"),
        ("Microsoft Corporation", "Surface Laptop 5", None),
        ("Xen", "HVM domU", "xen"),
        ("Apple Inc.", "Apple Virtualization Generic Platform", "apple"),
        ("OpenStack Foundation", "OpenStack Nova", "kvm"),
        ("Red Hat", "KVM", "kvm"),
        ("HP", "HP EliteBook 840 14 inch G10 Notebook PC", None),
        ("Dell Inc.", "PowerEdge R630", None),
        ("NVIDIA", "NVIDIA_DGX_Spark", None),
        ("Amazon EC2", "m5.metal", None),  # the processor decides
        ("", "", None),
    ],
)
def test_firmware_names_the_hypervisor(maker: str, product: str, name: str | None) -> None:
    assert hypervisor_of_firmware(maker, product) == name


def test_clouds_are_named_apart_since_they_let_whole_machines_too() -> None:
    assert hypervisor_of_cloud("Amazon EC2", "m5.large") == "amazon"
    assert hypervisor_of_cloud("Google", "Google Compute Engine") == "google"
    assert hypervisor_of_cloud("Supermicro", "H8QG6") is None


@pytest.mark.parametrize(
    ("sources", "name"),
    [("tsc kvm-clock acpi_pm", "kvm"), ("hyperv_clocksource_tsc_page acpi_pm", "hyper-v"), ("xen tsc", "xen"), ("tsc hpet acpi_pm", None)],
)
def test_clocks_name_the_hypervisor(sources: str, name: str | None) -> None:
    assert hypervisor_of_clock(sources) == name


@pytest.mark.parametrize(
    ("machine", "platform", "known", "name"),
    [
        ("PowerNV 8335-GTW", "PowerNV", True, None),
        ("CHRP IBM pSeries (emulated by qemu)", "pSeries", True, "qemu"),
        ("CHRP IBM,9009-42A", "pSeries", True, "powervm"),
        ("", "", False, None),
        ("ODROID-C2", "", False, None),
    ],
)
def test_power_machines_say_whether_they_are_bare(machine: str, platform: str, known: bool, name: str | None) -> None:
    assert hypervisor_of_power(machine, platform) == (known, name)


def test_a_device_tree_names_the_hypervisor_where_it_has_one() -> None:
    assert hypervisor_of_device_tree("linux,kvm\0") == "kvm"
    assert hypervisor_of_device_tree("somebody,else\0") == "other"
    assert hypervisor_of_device_tree("") is None
