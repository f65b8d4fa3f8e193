"""Requirements on accelerators and on NVIDIA's driver, compared with the facts: of cards that a program could use."""

from msgspec.structs import replace

from envcheck.facts.snapshot import Accelerator, Completeness, Snapshot, known
from envcheck.judging.cards import driver_cuda, has_no_nvidia_card, has_windows_driver, nvidia_cards
from envcheck.judging.case import proof
from envcheck.judging.comparison import TOLERANCE, Comparison, Met, bound_in_words, unknown
from envcheck.judging.gpu_memory import GpuMemory, gpu_memory
from envcheck.judging.usable_gpus import usable_accelerators, why_unusable
from envcheck.judging.wording import listed
from envcheck.knowledge.capability import shown
from envcheck.knowledge.versions import release
from envcheck.profiles.bounds import fits, format_size, parse_size
from envcheck.profiles.model import Operator, Requirement
from envcheck.profiles.vocabulary import Fact
from envcheck.report import Proof

_NEEDS = ("the output of nvidia-smi, rocm-smi or xpu-smi",)
_VENDORS = {"cuda": "nvidia", "rocm": "amd", "metal": "apple", "xpu": "intel", "tpu": "google"}
_MEMORY_NEEDS = ("the output of nvidia-smi, rocm-smi or xpu-smi, with the memory of the GPU",)
_MAKERS = {"nvidia": "NVIDIA", "amd": "AMD", "apple": "Apple", "intel": "Intel", "google": "Google"}
_BACKENDS = {"cuda": "an NVIDIA GPU", "rocm": "an AMD GPU", "metal": "an Apple GPU", "xpu": "an Intel GPU", "tpu": "a TPU"}


def compare_accelerators(requirement: Requirement, fact: Fact, facts: Snapshot) -> Comparison:
    """Presence, backend, memory and compute capability; of several cards the best decides, as a program can choose it."""
    cards = usable_accelerators(facts)
    if fact.shape == "accelerators":
        return _compare_presence(requirement, cards, facts)
    if fact.shape == "accelerators.backend":
        return _compare_backend(requirement, cards, facts)
    if not cards:
        return _none(requirement, facts)
    if fact.shape == "accelerators.memory_bytes":
        return _compare_memory(requirement, cards, facts)
    return _compare_capability(requirement, facts)


def _none(requirement: Requirement, facts: Snapshot) -> Comparison:
    """There is no accelerator that a program could use, or none is known."""
    need = f"one with {requirement.asked}" if requirement.fact == "accelerators.memory_bytes" else _capability(requirement)
    if not _is_all_known(facts):
        return unknown(facts, "accelerators", "GPU", "a GPU", *_NEEDS)
    have = _no_card_in_words(facts)
    return Comparison(Met.NO, "GPU", have, need, evidence=(proof(facts, "accelerators", have),))


def _is_all_known(facts: Snapshot) -> bool:
    """Whether there are no other cards than those that are listed."""
    return facts.observed.accelerators is Completeness.COMPLETE


def _may_offer(card: Accelerator, backend: str) -> bool:
    """Whether a card whose backend is not known may be of that one: by its maker, where he is known."""
    return not isinstance(card.backend, str) and known(card.vendor, _VENDORS.get(backend, "")) == _VENDORS.get(backend, "")


def _no_card_in_words(facts: Snapshot) -> str:
    """`none found`, or which there are and why no program can use them."""
    if not facts.accelerators:
        return "none found"
    if all(card.visible is False for card in facts.accelerators):
        return "every GPU is hidden from programs"
    reasons = dict.fromkeys(filter(None, map(why_unusable, facts.accelerators)))
    return f"no program can use {_named(facts.accelerators)}: {listed(tuple(reasons), limit=2)}"


def _capability(requirement: Requirement) -> str:
    return f"compute capability {bound_in_words(requirement)}"


def _compare_presence(requirement: Requirement, cards: tuple[Accelerator, ...], facts: Snapshot) -> Comparison:
    wanted = requirement.operator is Operator.INSTALLED
    need = "a GPU" if wanted else "no GPU"
    if cards:
        names = _named(cards)
        evidence = tuple(proof(facts, f"accelerators[{card.index}]", known(card.name, "GPU")) for card in cards[:3])
        return Comparison(Met.YES if wanted else Met.NO, "GPU", names, need, evidence=evidence)
    if not _is_all_known(facts):
        return unknown(facts, "accelerators", "GPU", "a GPU", *_NEEDS)
    have = _no_card_in_words(facts)
    return Comparison(Met.NO if wanted else Met.YES, "GPU", have, need, evidence=(proof(facts, "accelerators", have),))


def _compare_backend(requirement: Requirement, cards: tuple[Accelerator, ...], facts: Snapshot) -> Comparison:
    backend = requirement.asked
    need = _BACKENDS.get(backend, backend)
    fitting = tuple(card for card in cards if card.backend == backend)
    if fitting:
        evidence = (proof(facts, f"accelerators[{fitting[0].index}].backend", backend),)
        return Comparison(Met.YES, "GPU", _named(fitting), need, evidence=evidence)
    if any(_may_offer(card, backend) for card in cards) or not _is_all_known(facts):
        return unknown(facts, "accelerators", "GPU", need, *_NEEDS)
    have = _named(cards) if cards else _no_card_in_words(facts)
    return Comparison(Met.NO, "GPU", have, need, evidence=(proof(facts, "accelerators", have),))


def _compare_memory(requirement: Requirement, cards: tuple[Accelerator, ...], facts: Snapshot) -> Comparison:
    """Met where the largest has enough at the least, missed where none has enough at the most, and open in between."""
    sizes = {card: size for card in cards if (size := gpu_memory(card, facts)) is not None}
    if not sizes:
        return _unknown_memory(cards[0], None, facts)
    enough = parse_size(requirement.asked) * (1 - TOLERANCE)
    best = max(sizes, key=lambda card: (sizes[card].lowest, sizes[card].highest))
    most = max(sizes, key=lambda card: sizes[card].highest)
    if sizes[best].lowest >= enough:
        return _memory(Met.YES, requirement, best, sizes[best], facts)
    if sizes[most].highest >= enough:
        return _unknown_memory(most, sizes[most], facts)
    if len(sizes) < len(cards):
        return _unknown_memory(next(card for card in cards if card not in sizes), None, facts)
    comparison = _memory(Met.NO, requirement, best, sizes[best], facts)
    only_named = not all(size.is_measured or size.fact == "memory.total_bytes" for size in sizes.values())
    return replace(comparison, would_confirm=("the memory that nvidia-smi shows of every GPU",) if only_named else ())


def _memory(met: Met, requirement: Requirement, card: Accelerator, size: GpuMemory, facts: Snapshot) -> Comparison:
    need = parse_size(requirement.asked)
    count = size.lowest if met is Met.YES or size.is_measured else size.highest
    shown = format_size(count, requirement.asked)
    bound = "" if size.is_measured else "at least " if met is Met.YES else "at most "
    name = known(card.name, "the largest GPU")
    have = f"{bound}{shown} ({_in_gibibytes(count, requirement.asked)}{name}{f'; {size.how}' if size.how else ''})"
    value = str(count) if size.is_measured else f"{bound}{shown}, {size.how}"
    evidence = (Proof(fact=size.fact, value=value, source=size.source or facts.source_of(size.fact)),)
    return Comparison(met, "GPU memory", have, requirement.asked, evidence=evidence, share=count / need if need else None)


def _in_gibibytes(count: int, asked: str) -> str:
    """Documents count in GB, cards and their drivers in GiB: whoever has `8188MiB` before them finds it again."""
    return "" if "i" in asked else f"{format_size(count, 'GiB')}, "


def _unknown_memory(card: Accelerator, size: GpuMemory | None, facts: Snapshot) -> Comparison:
    if size is None:
        return unknown(facts, f"accelerators[{card.index}].memory_bytes", "GPU memory", "the memory of every GPU", *_MEMORY_NEEDS)
    name = known(card.name, "the GPU")
    span = f"between {format_size(size.lowest)} and {format_size(size.highest)}"
    return Comparison(Met.UNKNOWN, "GPU memory", reason=f"{name} can have {span}: {size.how}", needs=_MEMORY_NEEDS)


def _compare_capability(requirement: Requirement, facts: Snapshot) -> Comparison:
    cards = [card for card in nvidia_cards(facts) if why_unusable(card.accelerator) is None]
    if not cards:
        return Comparison(Met.MOOT, "GPU", reason="only NVIDIA GPUs have a compute capability, and there is none")
    told = {card: card.capability for card in cards if card.capability is not None and card.sure}
    best = max(told, key=lambda card: told[card], default=None)
    met = best is not None and fits(told[best], requirement.operator, requirement.asked)
    if best is None or (not met and len(told) < len(cards)):
        path = f"accelerators[{cards[0].accelerator.index}].compute_capability"
        return unknown(facts, path, "GPU", "the compute capability", "the output of nvidia-smi --query-gpu=name,compute_cap --format=csv")
    number = shown(told[best])
    evidence = (proof(facts, f"{best.fact}.compute_capability", number),)
    have = f"compute capability {number} ({best.name})"
    return Comparison(Met.YES if met else Met.NO, "GPU", have, _capability(requirement), evidence=evidence)


def compare_nvidia(requirement: Requirement, fact: Fact, facts: Snapshot) -> Comparison:
    """The driver's own version, or the newest CUDA that it supports."""
    is_cuda = fact.shape == "nvidia.cuda_version"
    driver = known(facts.nvidia.driver_version, "") or _loaded(facts)
    version = driver_cuda(facts) if is_cuda else driver
    need = f"a driver for CUDA {requirement.asked}" if is_cuda else f"driver {bound_in_words(requirement)}"
    if version and release(version):
        words = f"{f'{driver} ' if driver and is_cuda else ''}{'supports CUDA ' if is_cuda else ''}{version}"
        met = Met.YES if fits(release(version), requirement.operator, requirement.asked) else Met.NO
        return Comparison(met, "NVIDIA driver", words, need, evidence=(proof(facts, fact.shape, version),))
    if has_no_nvidia_card(facts):
        return Comparison(
            Met.NO, "NVIDIA driver", "there is no NVIDIA GPU", need, evidence=(proof(facts, "accelerators", "none of NVIDIA's"),)
        )
    if facts.nvidia.driver_version is None or (is_cuda and facts.nvidia.cuda_version is None):
        return Comparison(Met.NO, "NVIDIA driver", "none answers", need, evidence=(proof(facts, fact.shape, "none"),))
    return unknown(facts, fact.shape, "NVIDIA driver", "the version of the driver", "the output of nvidia-smi")


def _loaded(facts: Snapshot) -> str:
    """The version of the module that the kernel has loaded, which is the driver's; under WSL and on Windows the driver is elsewhere."""
    return "" if has_windows_driver(facts) else known(facts.nvidia.kernel_module_version, "")


def _unnamed(card: Accelerator) -> str:
    vendor = known(card.vendor, "")
    return f"the {_MAKERS.get(vendor, vendor)} GPU".replace("  ", " ")


def _named(cards: tuple[Accelerator, ...]) -> str:
    """`2 NVIDIA A100 and AMD Radeon`."""
    names = [known(card.name, "") or _unnamed(card) for card in cards]
    counted = {name: names.count(name) for name in names}
    return listed([name if count == 1 else f"{count} {name}" for name, count in counted.items()])
