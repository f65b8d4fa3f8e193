"""Replacing torch by the build of it that fits this machine."""

from envcheck.choosing.build import Build, Companion, Wishes
from envcheck.facts.snapshot import Snapshot, known
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.torch import COMPANIONS
from envcheck.knowledge.versions import is_below
from envcheck.prescribing.install import by_hand, install, manager_for, uninstall
from envcheck.report import Remedy

_FIRST_NUMPY_2 = "2"


def fitting_torch(facts: Snapshot, torch: str | None = None) -> Build | None:
    """The installed release (`torch`) in a variant that serves every GPU, else the newest release with one; None: none is known to."""
    from envcheck.choosing.choose import choose_build  # it and its tables are for those who need a remedy

    for wishes in (*((Wishes(version=torch.partition("+")[0]),) if torch else ()), Wishes()):
        build = choose_build(facts, "torch", wishes)
        if isinstance(build, Build) and build.variant != "cpu" and build.confidence is not Confidence.LOW and not build.unserved:
            return build
    return None


def variant_for_driver(facts: Snapshot, torch: str) -> Build | None:
    """The variant of this very release for CUDA that the driver runs; of a card of unknown capability it may lack the code."""
    from envcheck.choosing.choose import choose_build  # it and its tables are for those who need a remedy

    build = choose_build(facts, "torch", Wishes(version=torch.partition("+")[0], device="cuda"))
    return build if isinstance(build, Build) else None


def reinstall_torch(facts: Snapshot, summary: str, torch: str | None = None) -> Remedy:
    """The remedy that replaces torch and its installed companions by the build that fits; by hand where none is known to."""
    build = fitting_torch(facts, torch)
    if build is None:
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
    companions = [companion.requirement for companion in build.companions if _is_wanted(facts, companion)]
    remedy = install(facts, build.requirement, *companions, summary=summary, manager=manager, index=build.index)
    if known(facts.python.externally_managed, default=False):
        return remedy  # it makes an environment of its own: there is nothing to take away first
    # pip takes the wrong build of the same version for the wanted one, so that it has to go first.
    installed = ["torch", *(name for name in COMPANIONS if facts.package(name) is not None)]
    return Remedy(
        summary=summary, manager=manager, safety=remedy.safety, steps=(uninstall(facts, *installed, manager=manager), *remedy.steps)
    )


def torch_for_jetson() -> Remedy:
    """NVIDIA's own build, by hand: it belongs to the JetPack release."""
    return by_hand(
        "install NVIDIA's build of torch for this Jetson",
        "find the JetPack release with: cat /etc/nv_tegra_release",
        "install the wheel that NVIDIA publishes for that JetPack release and its Python version, or use an L4T container",
    )


def _is_wanted(facts: Snapshot, companion: Companion) -> bool:
    """What is installed stays with torch; NumPy is named only where the one that is there is too new."""
    package = facts.package(companion.name)
    if package is None or companion.name != "numpy":
        return package is not None
    return not is_below(known(package.version, _FIRST_NUMPY_2), _FIRST_NUMPY_2)
