"""Requirements on accelerators and on NVIDIA's driver, compared with the facts."""

from envcheck.facts.snapshot import Accelerator, Completeness, Snapshot, known
from envcheck.judging.cards import driver_cuda, has_no_nvidia_card, nvidia_cards
from envcheck.judging.case import proof
from envcheck.judging.comparison import TOLERANCE, Comparison, Met, bound_in_words, unknown
from envcheck.judging.wording import listed
from envcheck.knowledge.capability import shown
from envcheck.knowledge.versions import release
from envcheck.profiles.bounds import fits, format_size, parse_size
from envcheck.profiles.model import Operator, Requirement
from envcheck.profiles.vocabulary import Fact

_NEEDS = ("the output of nvidia-smi, rocm-smi or xpu-smi",)
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


def usable_accelerators(facts: Snapshot) -> tuple[Accelerator, ...]:
    """Every accelerator that is not hidden from programs."""
    return tuple(card for card in facts.accelerators if card.visible is not False)


def _none(requirement: Requirement, facts: Snapshot) -> Comparison:
    """There is no accelerator that a program could use, or none is known."""
    need = f"one with {requirement.asked}" if requirement.fact == "accelerators.memory_bytes" else _capability(requirement)
    if facts.observed.accelerators is not Completeness.COMPLETE:
        return unknown(facts, "accelerators", "GPU", "a GPU", *_NEEDS)
    have = _no_card_in_words(facts)
    return Comparison(Met.NO, "GPU", have, need, evidence=(proof(facts, "accelerators", have),))


def _no_card_in_words(facts: Snapshot) -> str:
    return "every GPU is hidden from programs" if facts.accelerators else "none found"


def _capability(requirement: Requirement) -> str:
    return f"compute capability {bound_in_words(requirement)}"


def _compare_presence(requirement: Requirement, cards: tuple[Accelerator, ...], facts: Snapshot) -> Comparison:
    wanted = requirement.operator is Operator.INSTALLED
    need = "a GPU" if wanted else "no GPU"
    if cards:
        names = _named(cards)
        evidence = tuple(proof(facts, f"accelerators[{card.index}]", known(card.name, "GPU")) for card in cards[:3])
        return Comparison(Met.YES if wanted else Met.NO, "GPU", names, need, evidence=evidence)
    if facts.observed.accelerators is not Completeness.COMPLETE:
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
    undecided = any(not isinstance(card.backend, str) for card in cards)
    if undecided or facts.observed.accelerators is not Completeness.COMPLETE:
        return unknown(facts, "accelerators", "GPU", need, *_NEEDS)
    have = _named(cards) if cards else _no_card_in_words(facts)
    return Comparison(Met.NO, "GPU", have, need, evidence=(proof(facts, "accelerators", have),))


def _compare_memory(requirement: Requirement, cards: tuple[Accelerator, ...], facts: Snapshot) -> Comparison:
    sizes = {card.index: card.memory_bytes for card in cards if isinstance(card.memory_bytes, int)}
    need = parse_size(requirement.asked)
    best = max(cards, key=lambda card: sizes.get(card.index, -1))
    size = sizes.get(best.index, -1)
    enough = size >= need * (1 - TOLERANCE)
    if not enough and len(sizes) < len(cards):
        return unknown(facts, f"accelerators[{best.index}].memory_bytes", "GPU memory", "the memory of every GPU", *_NEEDS)
    have = f"{format_size(size, requirement.asked)} ({known(best.name, 'the largest GPU')})"
    evidence = (proof(facts, f"accelerators[{best.index}].memory_bytes", size),)
    met = Met.YES if enough else Met.NO
    return Comparison(met, "GPU memory", have, requirement.asked, evidence=evidence, share=size / need if need else None)


def _compare_capability(requirement: Requirement, facts: Snapshot) -> Comparison:
    cards = [card for card in nvidia_cards(facts) if card.accelerator.visible is not False]
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
    version = driver_cuda(facts) if is_cuda else facts.nvidia.driver_version
    driver = known(facts.nvidia.driver_version, "")
    need = f"a driver for CUDA {requirement.asked}" if is_cuda else f"driver {bound_in_words(requirement)}"
    if isinstance(version, str) and release(version):
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


def _named(cards: tuple[Accelerator, ...]) -> str:
    """`2 NVIDIA A100 and AMD Radeon`."""
    names = [known(card.name, known(card.vendor, "a GPU")) for card in cards]
    counted = {name: names.count(name) for name in names}
    return listed([name if count == 1 else f"{count} {name}" for name, count in counted.items()])
