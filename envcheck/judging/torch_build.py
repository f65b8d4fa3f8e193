"""Which build of torch is installed, from what it says of itself before what its version's tag says."""

import enum

import msgspec

from envcheck.facts.snapshot import Build, Package, Snapshot, known
from envcheck.knowledge.torch import find_release
from envcheck.knowledge.versions import local_tag, series
from envcheck.parsers.python.build_tag import parse_conda_build, parse_version_tag


class BuildKind(enum.Enum):
    """What the build computes on."""

    CPU = "cpu"
    CUDA = "cuda"
    ROCM = "rocm"
    XPU = "xpu"
    UNKNOWN = "unknown"


class TorchBuild(msgspec.Struct, frozen=True):
    """The installed torch; `cuda` is None where it has none or where that is not known; `fact` is the deciding fact's path."""

    version: str
    kind: BuildKind
    cuda: str | None
    fact: str

    @property
    def subject(self) -> str:
        """How findings name it."""
        return f"torch {self.version}".strip()

    @property
    def tag(self) -> str:
        """The index tag of the wheel (`cu124`), empty where the version carries none."""
        return local_tag(self.version)


def torch_build(facts: Snapshot) -> TorchBuild | None:
    """The installed torch, None where there is none or none is known of."""
    build = facts.builds.get("torch")
    package = facts.package("torch") or facts.package("pytorch")
    if build is None and package is None:
        return None
    said = known(build.version, "") if build is not None else ""
    listed = known(package.version, "") if package is not None else ""
    version = said if local_tag(said) or not listed else listed if local_tag(listed) or not said else said
    by_tag = _by_tag(version, "builds[torch].version" if said else "packages[torch].version")
    return _of_itself(version, build) or (by_tag if by_tag.kind is not BuildKind.UNKNOWN else _by_conda(facts, version, package) or by_tag)


def _of_itself(version: str, build: Build | None) -> TorchBuild | None:
    if build is None:
        return None
    if isinstance(build.cuda, str):
        return TorchBuild(version, BuildKind.CUDA, build.cuda, "builds[torch].cuda")
    if isinstance(build.rocm, str):
        return TorchBuild(version, BuildKind.ROCM, None, "builds[torch].rocm")
    if isinstance(build.xpu, str):
        return TorchBuild(version, BuildKind.XPU, None, "builds[torch].xpu")
    if build.cuda is None and _by_tag(version, "").kind in (BuildKind.CPU, BuildKind.UNKNOWN):
        return TorchBuild(version, BuildKind.CPU, None, "builds[torch].cuda")
    return None


def _by_conda(facts: Snapshot, version: str, package: Package | None) -> TorchBuild | None:
    """What conda's build string says, or the package that pins every framework to its CPU build."""
    said = parse_conda_build(known(package.build, "")) if package is not None else {}
    if cuda := said.get("cuda"):
        return TorchBuild(version, BuildKind.CUDA, series(cuda), "packages[torch].build")
    if said:
        return TorchBuild(version, BuildKind.ROCM if said.get("rocm") else BuildKind.CPU, None, "packages[torch].build")
    return TorchBuild(version, BuildKind.CPU, None, "packages[cpuonly].version") if facts.package("cpuonly") is not None else None


def _by_tag(version: str, fact: str) -> TorchBuild:
    if cuda := parse_version_tag(version).get("cuda"):
        return TorchBuild(version, BuildKind.CUDA, cuda, fact)
    tag = local_tag(version)
    for kind in (BuildKind.CPU, BuildKind.ROCM, BuildKind.XPU):
        if tag.startswith(kind.value):
            return TorchBuild(version, kind, None, fact)
    return TorchBuild(version, BuildKind.UNKNOWN, None, fact)


def torch_cuda(build: TorchBuild | None) -> tuple[str | None, bool]:
    """The CUDA of torch's build and whether that is sure: what PyPI has for a plain version number is only likely."""
    if build is None:
        return None, False
    if build.kind is not BuildKind.UNKNOWN:
        return build.cuda, True
    row = find_release(build.version)
    return (row.pypi_cuda, False) if row is not None else (None, False)
