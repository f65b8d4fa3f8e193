"""Installing JAX with CUDA: which of its extras fits driver and cards, and where there is none."""

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.cards import nvidia_cards
from envcheck.knowledge.capability import parse_capability
from envcheck.knowledge.jax import Extra, cuda_extras
from envcheck.knowledge.versions import is_below
from envcheck.prescribing.install import by_hand, install, interpreter, manager_for
from envcheck.report import Remedy, Step


def choose_extra(facts: Snapshot) -> Extra:
    """The newest CUDA that the driver and every card run; an unknown driver is taken for one of the oldest that still serves."""
    rows = cuda_extras()
    return next((row for row in rows if _fits(row, facts)), rows[-1])


def _fits(row: Extra, facts: Snapshot) -> bool:
    driver = facts.nvidia.driver_version
    if not isinstance(driver, str) or is_below(driver, row.driver_min):
        return False
    lowest = parse_capability(row.capability_min)
    capabilities = [card.capability for card in nvidia_cards(facts)]
    return lowest is not None and all(capability is not None and capability >= lowest for capability in capabilities)


def install_with_cuda(facts: Snapshot, jax: str, summary: str) -> Remedy:
    """The same release with its CUDA plugin, or the newest where that one has no such extra."""
    if manager_for(facts, "jaxlib") == "conda":
        return install(facts, "jax", "jaxlib=*=*cuda*", summary=summary, manager="conda")
    extra = choose_extra(facts)
    has_extra = bool(jax) and not is_below(jax, extra.first_jax) and "*" not in jax
    if has_extra:
        return install(facts, f"jax[{extra.name}]=={jax}", summary=summary)
    return install(facts, "--upgrade", f"jax[{extra.name}]", summary=summary)


def in_wsl(extra: str = "cuda12") -> Remedy:
    """Linux beside Windows, where JAX has CUDA."""
    return by_hand(
        "install JAX in WSL 2",
        "run in PowerShell as administrator, then restart",
        Step(run=("wsl", "--install")),
        "run in the Linux that WSL starts; it uses the driver of Windows",
        Step(run=("python3", "-m", "pip", "install", f"jax[{extra}]")),
    )


def ask_devices(facts: Snapshot) -> str:
    """What shows whether JAX reaches a GPU."""
    return f'{interpreter(facts)} -c "import jax; jax.print_environment_info()"'
