"""Which CUDA wheel of torch fits this machine: driver, every card, Python and, if it is to stay, the installed release."""

from dataclasses import dataclass

from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.cards import driver_cuda, has_windows_driver, nvidia_cards
from envcheck.knowledge.capability import Capability, covers
from envcheck.knowledge.drivers import find_minimum
from envcheck.knowledge.torch import COMPANIONS, Release, Wheel, find_kernels, find_release, find_series, releases, wheels_of
from envcheck.knowledge.versions import is_below, major, series
from envcheck.prescribing.install import by_hand, install, manager_for, uninstall
from envcheck.report import Remedy

_EVERY_DRIVER = 12


@dataclass(frozen=True)
class TorchIndex:
    """A release of torch and the index that has the fitting build of it."""

    torch: str
    tag: str
    url: str


def choose_index(facts: Snapshot, torch: str | None = None) -> TorchIndex | None:
    """The installed release (`torch`) with the newest tag that fits, else the newest release that has one; None: nothing is known to fit.

    Nothing fits for certain while neither the driver nor a card's compute capability is known, so then the answer is None.
    """
    cards = [card.capability for card in nvidia_cards(facts)]
    capabilities = [capability for capability in cards if capability is not None]
    if not capabilities or len(capabilities) < len(cards):
        return None
    kept = find_release(torch) if torch else None
    for row in ((kept,) if kept else ()) + releases():
        if not _has_python(row, facts):
            continue
        for wheel in wheels_of(row.version):
            if _fits(wheel, row, capabilities, facts):
                return TorchIndex(row.version, wheel.tag, wheel.index)
    return None


def index_for_driver(facts: Snapshot, torch: str) -> TorchIndex | None:
    """The newest variant of this very release that the driver runs, whatever the card: None where the release is in no table."""
    row = find_release(torch)
    fitting = (wheel for wheel in wheels_of(torch) if platform_of(facts) in wheel.platforms and runs(wheel.cuda, facts))
    wheel = next(fitting, None) if row is not None else None
    return TorchIndex(row.version, wheel.tag, wheel.index) if row is not None and wheel is not None else None


def reinstall_torch(facts: Snapshot, summary: str, torch: str | None = None) -> Remedy:
    """The remedy that replaces torch and its installed companions by the build that fits; by hand where none is known to."""
    chosen = choose_index(facts, torch)
    if chosen is None:
        return by_hand(
            summary,
            "choose the build for this driver and card on https://pytorch.org/get-started/locally/",
            "the column CUDA Version of nvidia-smi is the newest CUDA that the driver runs; no CUDA toolkit is needed",
        )
    manager = manager_for(facts, "torch")
    if manager == "conda":
        # conda-forge builds one variant per CUDA major and takes the one that the driver runs, unless a CPU variant is pinned.
        remedy = install(facts, "pytorch-gpu", summary=summary, manager="conda")
        pinned = (uninstall(facts, "cpuonly", manager="conda"),) if facts.package("cpuonly") is not None else ()
        return Remedy(summary=summary, manager="conda", safety=remedy.safety, steps=(*pinned, *remedy.steps))
    companions = [f"{name}=={version}" for name in COMPANIONS if (version := _companion(facts, chosen.torch, name))]
    remedy = install(facts, f"torch=={chosen.torch}", *companions, summary=summary, manager=manager, index=chosen.url)
    if known(facts.python.externally_managed, default=False):
        return remedy  # it makes an environment of its own: there is nothing to take away first
    # pip takes the wrong build of the same version for the wanted one, so that it has to go first.
    installed = ["torch", *(name for name in COMPANIONS if facts.package(name) is not None)]
    return Remedy(
        summary=summary, manager=manager, safety=remedy.safety, steps=(uninstall(facts, *installed, manager=manager), *remedy.steps)
    )


def companion_of(torch: str, name: str) -> str | None:
    """The newest companion that belongs to a release of torch, as a version or a series ("0.13.*"); None: the tables know none."""
    row = find_release(torch)
    if row is not None:
        return row.companions(name)[-1] if row.companions(name) else None
    older = find_series(torch, name)
    return f"{older.version}.*" if older is not None else None


def _companion(facts: Snapshot, torch: str, name: str) -> str | None:
    return companion_of(torch, name) if facts.package(name) is not None else None


def _has_python(row: Release, facts: Snapshot) -> bool:
    return not isinstance(facts.python.version, str) or series(facts.python.version) in row.python


def _fits(wheel: Wheel, row: Release, capabilities: list[Capability], facts: Snapshot) -> bool:
    kernels = find_kernels(wheel.tag, row.version, platform_of(facts))
    if platform_of(facts) not in wheel.platforms or kernels is None or not runs(wheel.cuda, facts):
        return False
    return all(covers(kernels.arch_list, capability) for capability in capabilities)


def platform_of(facts: Snapshot) -> str:
    """The platform as the tables name it; what is not known is taken for the commonest."""
    if known(facts.system.os, "") == "Windows":
        return "win_amd64"
    if known(facts.system.os, "") == "Darwin":
        return "macos_arm64"
    return "linux_aarch64" if known(facts.system.machine, "").lower() in ("aarch64", "arm64") else "linux_x86_64"


def runs(cuda: str, facts: Snapshot) -> bool:
    """Whether the driver runs a build for this CUDA; an unknown driver is taken to run CUDA 12 and older, as any since 2023 does."""
    supported, driver = driver_cuda(facts), facts.nvidia.driver_version
    if supported is None and not isinstance(driver, str):
        return major(cuda) <= _EVERY_DRIVER
    if supported is not None and major(supported) != major(cuda):
        return major(supported) > major(cuda)
    minimum = find_minimum(cuda)
    if minimum is None or not isinstance(driver, str):
        return True
    return not is_below(driver, minimum.version(windows=has_windows_driver(facts)))
