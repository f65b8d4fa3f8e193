"""The same release and build of a package once more: what a damaged one is replaced by."""

import re

from envcheck.facts.snapshot import Package, Snapshot, known

_TORCH_VARIANT = re.compile(r"\+(?P<tag>cpu|xpu|cu\d+|rocm[\d.]+)$")


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
    return requirement, f"https://download.pytorch.org/whl/{variant['tag']}" if variant else None
