"""Which numbers on the PCI bus are those of accelerators, of displays that compute nothing, and who the makers are.

Names are those of the list pci.ids (2023.04.11 and later) where it has the maker; a system whose own list is newer is believed first.
"""

from __future__ import annotations

# Whose every device that is a display or a processing accelerator is one to be told, by the names that `vendor` has for them.
MAKERS = {
    "10de": "nvidia",
    "1002": "amd",
    "8086": "intel",
    "1ae0": "google",
    "1022": "amd",
    "1da3": "Habana Labs Ltd.",
    "19e5": "Huawei Technologies Co., Ltd.",
    "1d0f": "Amazon.com, Inc.",
    "1e52": "Tenstorrent Inc",
    "17cb": "Qualcomm Technologies, Inc",
    "1e60": "Hailo Technologies Ltd.",
    "cabc": "Cambricon Technologies Corporation Limited",
    "1ed5": "Moore Threads Technology Co.,Ltd",
    "1d95": "Graphcore Ltd",
    "10ee": "Xilinx Corporation",
    "1ac1": "Global Unichip Corp.",
    "1ed2": "FuriosaAI, Inc.",
    "1de0": "Groq",
    "1e36": "Shanghai Enflame Technology Co. Ltd",
    "1d22": "Baidu Technology",
    "1d94": "Chengdu Haiguang IC Design Co., Ltd.",
}
BACKENDS = {"nvidia": "cuda", "amd": "rocm", "google": "tpu"}

# Accelerators by their whole number: their class on the bus is not that of one, or their maker makes much else.
ACCELERATORS = {
    "1ae0:0027": "TPU v2 or v3",
    "1ae0:0056": "TPU",
    "1ae0:005e": "TPU v4",
    "1ae0:0062": "TPU v5p",
    "1ae0:0063": "TPU v5e",
    "1ae0:006f": "TPU v6e",
    "1ae0:0076": "TPU7x",
    "1ac1:089a": "Coral Edge TPU",
    "1d0f:7064": "NeuronDevice (Inferentia)",
    "1d0f:7065": "NeuronDevice (Inferentia)",
    "1d0f:7066": "NeuronDevice (Inferentia)",
    "1d0f:7067": "NeuronDevice (Inferentia)",
    "1d0f:7164": "NeuronDevice (Trainium)",
    "1d0f:7264": "NeuronDevice (Inferentia2)",
    "1d0f:7364": "NeuronDevice (Trainium2)",
    "1d0f:7564": "NeuronDevice (Trainium3)",
    "1d0f:7565": "NeuronDevice (Trainium3)",
    "1d95:0001": "Colossus GC2 [C2]",
    "1d95:0002": "Colossus GC1 [S1]",
    "1da3:0001": "HL-1000 AI Inference Accelerator [Goya]",
    "1da3:1000": "HL-2000 AI Training Accelerator [Gaudi]",
    "1da3:1010": "HL-2000 AI Training Accelerator [Gaudi secured]",
    "1da3:1020": "Gaudi2 AI Training Accelerator",
    "1e60:2864": "Hailo-8 AI Processor",
    "17cb:a100": "Cloud AI 100",
}
# Makers of nothing but accelerators, so that each of their devices is looked at, however small.
ONLY_ACCELERATORS = ("1da3", "1e52", "cabc", "1ed5", "1d95", "1e60", "1ed2", "1de0", "1e36")

# Displays that a hypervisor emulates or a server's management chip brings: Bochs and QEMU, VMware, virtio, Cirrus, Hyper-V,
# VirtualBox, Xen, Parallels, ASPEED, Matrox, Silicon Motion.
_NO_ACCELERATORS = ("1234", "15ad", "1af4", "1b36", "1013", "1414", "80ee", "5853", "1ab8", "1a03", "102b", "126f")
# The same of makers who also make accelerators: Huawei's management chip, ATI's ES1000 and Rage XL on servers' boards, Amazon's console.
_MANAGEMENT = ("19e5:1711", "1002:515e", "1002:474d", "1002:474f", "1002:4752", "1d0f:1111")

DISPLAY, PROCESSING, OTHER_BRIDGE = 0x03, 0x12, 0x0680


def is_accelerator(pci_id: str, kind: int) -> bool:
    """Whether a device is one, by its number "10de:2204" and its class with the programming interface, 0x030000."""
    if pci_id in ACCELERATORS:
        return True
    if pci_id[:4] in _NO_ACCELERATORS or pci_id in _MANAGEMENT:
        return False
    return kind >> 16 in (DISPLAY, PROCESSING)


def is_worth_a_look(pci_id: str) -> bool:
    """Whether its class is asked however small its memory is: what else its maker makes is no more than a handful of devices."""
    return pci_id in ACCELERATORS or pci_id[:4] in ("10de", "1002", *ONLY_ACCELERATORS)
