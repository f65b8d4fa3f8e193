"""Cards and their drivers in words.

Memory of a card is shown in GiB, as every driver shows it: an RTX 3090 has 24 GiB, which are 25.7 GB. Requirements count in GB, as
documents do, and their messages give both.
"""

from collections import Counter
from collections.abc import Iterator

from msgspec import UNSET

from envcheck.facts.snapshot import Accelerator, Completeness, Snapshot, Toolkit, known
from envcheck.facts.symptoms import SymptomKind

# Words of `Accelerator.state`; what is not in here is shown as it is, and what works is not worth a word.
_STATES = {
    "ok": "",
    "no-driver": "no driver has taken it",
    "lost": "it no longer answers",
    "denied": "this user may not open it",
    "hidden": "not given to this process",
}
_VIRTUAL = {"vgpu": "a virtual GPU"}
_NVIDIA_STATES = {
    "driver-not-loaded": "its kernel module does not run",
    "driver-library-mismatch": "its libraries and its kernel module are of two versions",
    "nvml-library-missing": "its libraries are missing",
    "no-devices": "it has no card",
    "gpu-lost": "a card no longer answers",
    "container-lost-devices": "it refuses this container",
    "wsl-gpu-blocked": "Windows does not pass the card on",
    "denied": "it refuses this user",
    "system-not-ready": "it waits for the fabric manager",
}


def cards_in_words(facts: Snapshot) -> Iterator[str]:
    """One short text per kind of card: `2 x NVIDIA A100-SXM4-80GB with 80 GiB (compute capability 8.0)`."""
    counted = Counter(_card(card) for card in facts.accelerators)
    for card, number in counted.items():
        yield f"{number} x {card}" if number > 1 else card


def no_card_in_words(facts: Snapshot) -> str:
    """That there is none, as far as anybody looked; nothing where nobody did."""
    if facts.observed.accelerators is Completeness.COMPLETE:
        return "no GPU found"
    if facts.observed.accelerators is Completeness.PARTIAL:
        return "no GPU seen, but not everything could be looked at"
    return ""


def drivers_in_words(facts: Snapshot) -> Iterator[str]:
    """The drivers that answer, with what they support; of NVIDIA's also what keeps it from answering."""
    nvidia = facts.nvidia
    trouble = _NVIDIA_STATES.get(known(nvidia.state, ""), "")
    version = known(nvidia.driver_version, known(nvidia.kernel_module_version, ""))
    if trouble and not version and _has_nothing_of_the_driver(facts):
        yield "no NVIDIA driver"
    elif version or trouble:
        cuda = f" (CUDA up to {nvidia.cuda_version})" if known(nvidia.cuda_version, "") else ""
        yield f"NVIDIA driver{f' {version}' if version else ''}{cuda}{f': {trouble}' if trouble else ''}"
    elif nvidia.driver_version is None and any(card.vendor == "nvidia" for card in facts.accelerators):
        yield "no NVIDIA driver"
    elif nvidia.driver_version is UNSET and _is_left_open(facts):
        yield "NVIDIA driver not in what was given"
    if known(facts.amd.rocm_version, ""):
        yield f"ROCm {facts.amd.rocm_version}"
    for name, maker in (("AMD", facts.amd), ("Intel", facts.intel)):
        if known(maker.driver_version, ""):
            yield f"{name} driver {maker.driver_version}"


def _has_nothing_of_the_driver(facts: Snapshot) -> bool:
    """Whether its module and its libraries were looked for, and none is there."""
    nvidia = facts.nvidia
    return nvidia.kernel_module_version is None and nvidia.nvml_path is None and nvidia.libcuda_path is None


def _is_left_open(facts: Snapshot) -> bool:
    """Whether a pasted text shows an NVIDIA card, and nothing of its driver."""
    missed = any(symptom.kind is SymptomKind.DRIVER_NOT_FOUND for symptom in facts.symptoms)
    return not facts.live and not missed and any(card.vendor == "nvidia" for card in facts.accelerators)


def toolkits_in_words(facts: Snapshot) -> str:
    """`CUDA toolkit 12.4 in /usr/local/cuda-12.4 and 1 more`: the one that a build would use; what frameworks bring is no toolkit."""
    installed = [toolkit for toolkit in facts.toolkits if toolkit.name == "cuda" and "wheel" not in known(toolkit.found_by, ())]
    first = min(installed, key=_turn, default=None)
    if first is None:
        return ""
    version, path = known(first.version, ""), known(first.path, "")
    more = len({known(toolkit.path, "") for toolkit in installed}) - 1
    words = f"CUDA toolkit{f' {version}' if version else ''}{f' in {path}' if path else ''}"
    return f"{words} and {more} more" if more else words


def _turn(toolkit: Toolkit) -> int:
    """Builds ask CUDA_HOME first, then PATH."""
    found_by = known(toolkit.found_by, ())
    return next((turn for turn, place in enumerate(("CUDA_HOME", "PATH")) if place in found_by), 2)


def _card(card: Accelerator) -> str:
    name = known(card.name, "") or f"a card of {_maker(card)}"
    details = ", ".join(filter(None, (_capability(card), _mig(card), _VIRTUAL.get(known(card.virtualization, ""), ""), _state(card))))
    return f"{name}{_memory(card)}{f' ({details})' if details else ''}"


def _maker(card: Accelerator) -> str:
    vendor = known(card.vendor, "an unknown maker")
    return {"nvidia": "NVIDIA", "amd": "AMD", "apple": "Apple", "intel": "Intel", "google": "Google"}.get(vendor, vendor)


def _memory(card: Accelerator) -> str:
    if card.unified_memory is True:
        return ", sharing the machine's memory"
    return f" with {gibibytes(card.memory_bytes)}" if isinstance(card.memory_bytes, int) else ""


def gibibytes(count: int) -> str:
    """25_769_803_776 → "24 GiB"; one digit behind the point, cut, where there is any."""
    tenths = count * 10 // 2**30
    if tenths == 0:
        return f"{count // 2**20} MiB"
    return f"{tenths // 10}{f'.{tenths % 10}' if tenths % 10 else ''} GiB"


def _capability(card: Accelerator) -> str:
    if known(card.compute_capability, ""):
        return f"compute capability {card.compute_capability}"
    architecture = known(card.architecture, "")
    return architecture if architecture.startswith("gfx") else ""


def _mig(card: Accelerator) -> str:
    if card.mig != "enabled":
        return ""
    parts = card.mig_devices if isinstance(card.mig_devices, tuple) else None
    return "in MIG mode" if parts is None else f"in MIG mode, {len(parts)} part{'' if len(parts) == 1 else 's'}"


def _state(card: Accelerator) -> str:
    state = known(card.state, "ok")
    if state == "other-driver":
        return f"taken by the driver {known(card.driver, 'of somebody else')}"
    words = _STATES.get(state, state)
    return words or ("hidden from programs" if card.visible is False else "")
