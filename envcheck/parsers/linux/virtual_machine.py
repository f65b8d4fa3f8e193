"""Which hypervisor a machine runs under, by the names that its firmware, clock and device tree carry.

The names: kvm, qemu, vmware, hyper-v, virtualbox, xen, amazon, google, parallels, apple, bhyve, nutanix, powervm, other.
"""

from __future__ import annotations

# Words in the maker's or the product's name (lower case) that only virtual machines have.
_FIRMWARE = (
    ("vmware", "vmware"),
    ("virtualbox", "virtualbox"),
    ("innotek gmbh", "virtualbox"),
    ("qemu", "qemu"),
    ("bochs", "qemu"),
    ("kvm", "kvm"),
    ("openstack", "kvm"),
    ("kubevirt", "kvm"),
    ("ovirt", "kvm"),
    ("hvm domu", "xen"),
    ("parallels", "parallels"),
    ("apple virtualization", "apple"),
    ("bhyve", "bhyve"),
    ("nutanix", "nutanix"),
)
# Clouds that let whole machines too, under the same maker's name: whether it is one is for the processor to say.
_CLOUDS = (
    ("amazon ec2", "amazon"),
    ("google compute engine", "google"),
    ("alibaba cloud", "kvm"),
    ("digitalocean", "kvm"),
    ("hetzner", "kvm"),
)


def hypervisor_of_firmware(maker: str, product: str) -> str | None:
    """The hypervisor by the firmware's names, such as ("QEMU", "Standard PC (Q35 + ICH9, 2009)"); None if they are no virtual machine's."""
    words = f"{maker} {product}".lower()
    if "microsoft corporation" in words and "virtual machine" in words:
        return "hyper-v"
    if maker.strip().lower() == "xen":
        return "xen"
    return next((name for word, name in _FIRMWARE if word in words), None)


def hypervisor_of_cloud(maker: str, product: str) -> str | None:
    """The cloud whose machine it is, virtual or not."""
    words = f"{maker} {product}".lower()
    return next((name for word, name in _CLOUDS if word in words), None)


def hypervisor_of_clock(sources: str) -> str | None:
    """The hypervisor by the clocks that it offers: `tsc kvm-clock acpi_pm`, `hyperv_clocksource_tsc_page`, `xen`."""
    for word, name in (("kvm-clock", "kvm"), ("hyperv_clocksource", "hyper-v"), ("xen", "xen")):
        if word in sources:
            return name
    return None


def hypervisor_of_power(machine: str, platform: str) -> tuple[bool, str | None]:
    """Of a POWER machine, whether it is known, and the hypervisor: `PowerNV 8335-GTW` is the bare machine.

    `CHRP IBM pSeries (emulated by qemu)` is QEMU's; any other pSeries is a partition under PowerVM.
    """
    if "PowerNV" in (machine.split(" ", maxsplit=1)[0], platform):
        return True, None
    if "emulated by qemu" in machine:
        return True, "qemu"
    return platform == "pSeries", "powervm" if platform == "pSeries" else None


def hypervisor_of_device_tree(compatible: str) -> str | None:
    """The hypervisor by /proc/device-tree/hypervisor/compatible: `linux,kvm`, `xen,xen-4.17`."""
    for word, name in (("kvm", "kvm"), ("xen", "xen"), ("vmware", "vmware"), ("hyperv", "hyper-v")):
        if word in compatible.lower():
            return name
    return "other" if compatible.strip("\0 \n") else None
