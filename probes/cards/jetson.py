"""NVIDIA's Jetson boards, whose GPU is a part of the processor, on no PCI bus, with no memory of its own."""

from envcheck_probes.kernel_files import exists, find_text

from envcheck.parsers.nvidia.tegra_release import parse_tegra_release

_RELEASE = "/etc/nv_tegra_release"
_TREE = "/proc/device-tree/"


def read_board(root):
    """The board's name, or None where it is none; a container sees the release file that its runtime mounts, and no device tree."""
    compatible = find_text(root, _TREE + "compatible", 4096)
    if compatible is not None:
        if "nvidia,tegra" not in compatible:
            return None
        model = (find_text(root, _TREE + "model", 4096) or "").strip().strip("\0")
        return model or "NVIDIA Tegra"
    return "NVIDIA Jetson" if exists(root, _RELEASE) else None


def tell_board(channel, root, board, has_card):
    """The board, and its GPU where the PCI bus has not shown it: the newest boards put theirs there."""
    channel.fact("nvidia.jetson", board, _TREE + "model" if exists(root, _TREE + "model") else _RELEASE)
    version = parse_tegra_release(find_text(root, _RELEASE, 4096) or "")
    if version is not None:
        channel.fact("nvidia.l4t_version", version, _RELEASE)
    if not has_card:
        card = {"vendor": "nvidia", "backend": "cuda", "integrated": True, "unified_memory": True}
        driver = next((name for name in ("nvgpu", "nvidia") if exists(root, "/sys/module/" + name)), None)
        if driver is not None:
            card["driver"] = driver
        channel.fact("accelerators[nvidia:0]", card, _TREE + "compatible")
