"""The kernel's drivers that have a card on the bus and let no program compute on it."""

from __future__ import annotations

# They lend a device to a virtual machine, or keep it for that.
LENDERS = frozenset(("vfio-pci", "nvgrace-gpu-vfio-pci", "pci-stub", "pciback", "xen-pciback", "uio_pci_generic"))
# They draw, as the kernel's own drivers for NVIDIA's cards and for AMD's old ones do, and those of any screen.
_DRAWING = frozenset(("nouveau", "nova", "nova_core", "NovaCore", "nvidiafb", "rivafb", "radeon", "simpledrm", "efifb"))
WITHOUT_COMPUTING = LENDERS | _DRAWING
