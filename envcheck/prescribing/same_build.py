"""The same release and build of a package once more: what a damaged one is replaced by."""

from envcheck.facts.snapshot import Package, Snapshot, known
from envcheck.knowledge.torch import WHEEL_INDEX
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import install, manager_for
from envcheck.report import Remedy

_TORCH_VARIANT = regex(r"\+(?P<tag>cpu|xpu|cu\d+|rocm[\d.]+)$")


def same_build(facts: Snapshot, package: Package) -> tuple[str, str | None]:
    """The requirement, and the index where the default one has another build: `("torch==2.13.0", "https://download.pytorch.org/whl/cpu")`.

    What the framework's own files say of their version stands before the metadata, of which there may be two.
    """
    build = facts.builds.get(package.name)
    version = known(build.version, "") if build is not None else ""
    version = version or known(package.version, "")
    release, _, local = version.partition("+")
    requirement = f"{package.name}=={release}" if release and (not local or package.name == "torch") else package.name
    variant = _TORCH_VARIANT.search(version) if package.name == "torch" else None
    return requirement, f"{WHEEL_INDEX}{variant['tag']}" if variant else None


def install_again(facts: Snapshot, package: Package, summary: str, *, dependencies: bool = False) -> Remedy:
    """Writes the same build over the one that is there; what it depends on is left alone unless it is asked for."""
    requirement, index = same_build(facts, package)
    manager = manager_for(facts, package.name)
    return install(facts, requirement, summary=summary, manager=manager, index=index, reinstall=True, dependencies=dependencies)
