"""Which build of torch is installed, from what it says of itself before what its version's tag says."""

import enum
import re
from dataclasses import dataclass

from envcheck.facts.snapshot import Build, Package, Snapshot, known
from envcheck.knowledge.torch import find_release
from envcheck.knowledge.versions import local_tag

_CUDA_TAG = re.compile(r"cu(\d{2,3})(?:\.|$)")
# conda's build strings: py3.9_cuda11.3_cudnn8_0, cuda118py310h…, gpu_cuda126py312h…; py3.9_cpu_0, cpu_mkl_py312h…
_CONDA_CUDA = re.compile(r"cuda_?(\d{1,2}?)\.(\d)|cuda_?(\d{2})(\d)")
_CONDA_CPU = re.compile(r"(?:^|_)cpu(?:_|$)")


class BuildKind(enum.Enum):
    """What the build computes on."""

    CPU = "cpu"
    CUDA = "cuda"
    ROCM = "rocm"
    XPU = "xpu"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class TorchBuild:
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
    if build.cuda is None and not _by_tag(version, "").kind.value.startswith(("rocm", "xpu", "cuda")):
        return TorchBuild(version, BuildKind.CPU, None, "builds[torch].cuda")
    return None


def _by_conda(facts: Snapshot, version: str, package: Package | None) -> TorchBuild | None:
    """What conda's build string says, or the package that pins every framework to its CPU build."""
    words = known(package.build, "") if package is not None else ""
    cuda = _CONDA_CUDA.search(words)
    if cuda:
        return TorchBuild(version, BuildKind.CUDA, f"{cuda[1] or cuda[3]}.{cuda[2] or cuda[4]}", "packages[torch].build")
    if _CONDA_CPU.search(words):
        return TorchBuild(version, BuildKind.CPU, None, "packages[torch].build")
    return TorchBuild(version, BuildKind.CPU, None, "packages[cpuonly].version") if facts.package("cpuonly") is not None else None


def _by_tag(version: str, fact: str) -> TorchBuild:
    tag = local_tag(version)
    cuda = _CUDA_TAG.match(tag)
    if cuda:
        return TorchBuild(version, BuildKind.CUDA, f"{cuda[1][:-1]}.{cuda[1][-1]}", fact)
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
