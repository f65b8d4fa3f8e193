"""The xFormers that belongs to a torch, or none at all."""

from envcheck.facts.snapshot import Snapshot
from envcheck.knowledge.package_pairs import fitting_release
from envcheck.knowledge.torch import WHEEL_INDEX
from envcheck.knowledge.versions import is_unfinished, local_tag
from envcheck.prescribing.install import by_hand, install, manager_for, uninstall
from envcheck.report import Remedy


def fitting_xformers(facts: Snapshot, torch: str) -> tuple[Remedy, ...]:
    """The release that was built for this torch, or where to look for it; and to do without. `torch` may be empty: not known."""
    fitting = fitting_release("xformers", "torch", torch) if torch and not is_unfinished(torch) else ""
    without = by_hand(
        "do without xFormers: torch 2 and newer has scaled_dot_product_attention",
        uninstall(facts, "xformers", manager=manager_for(facts, "xformers")),
    )
    if not fitting:
        first = by_hand(
            "install the xFormers that was built for this torch",
            "its release notes name the torch of each release: https://github.com/facebookresearch/xformers/releases",
        )
        return (first, without)
    tag = local_tag(torch)
    manager = manager_for(facts, "xformers")
    index = f"{WHEEL_INDEX}{tag}" if tag.startswith("cu") and manager != "conda" else None
    summary = f"install the xFormers that was built for torch {torch.partition('+')[0]}"
    # Without it pip would bring a torch of its own choice.
    return (install(facts, f"xformers=={fitting}", summary=summary, manager=manager, index=index, dependencies=False), without)
