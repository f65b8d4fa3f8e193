"""Which accelerators a program could use, and in words why it cannot use the others."""

from envcheck.facts.snapshot import Accelerator, Snapshot, known
from envcheck.parsers.pci.kernel_drivers import LENDERS, WITHOUT_COMPUTING

# The states of a card that no program can use, as a reason in words.
_UNUSABLE = {
    "no-driver": "it has no driver",
    "other-driver": "another driver than the maker's has it",
    "lost": "it no longer answers",
    "denied": "this user may not open it",
    "hidden": "it is not given to this process",
}


def usable_accelerators(facts: Snapshot) -> tuple[Accelerator, ...]:
    """Every accelerator that programs are shown and that answers to them."""
    return tuple(card for card in facts.accelerators if why_unusable(card) is None)


def why_unusable(card: Accelerator) -> str | None:
    """The reason why no program can use a card; None: nothing is known to be against it."""
    if card.visible is False:
        return "it is hidden from programs"
    if known(card.state, "") in _UNUSABLE:
        return f"{_other_driver(card)} has it" if card.state == "other-driver" else _UNUSABLE[known(card.state, "")]
    if known(card.driver, "") in WITHOUT_COMPUTING:
        return f"{_other_driver(card)} has it"
    if known(card.compute_mode, "") == "prohibited":
        return "its compute mode forbids programs"
    if is_divided_into_nothing(card):
        return "it is in MIG mode and has no instance"
    return None


def is_given_away(card: Accelerator) -> bool:
    """Whether it is kept for a virtual machine."""
    return card.driver in LENDERS


def framework_reaches_gpu(facts: Snapshot) -> bool:
    """Whether a framework was seen to compute on a GPU, or said that it can."""
    return any(build.cuda_available is True for build in facts.builds.values())


def is_divided_into_nothing(card: Accelerator) -> bool:
    """In MIG mode, and known to have no instance that programs could use."""
    return card.mig == "enabled" and card.mig_devices == ()


def _other_driver(card: Accelerator) -> str:
    return f"the driver {card.driver}" if isinstance(card.driver, str) else "another driver than the maker's"
