"""Which build of torch is installed, from what it says of itself before what its version's tag says."""

import enum

import msgspec

from envcheck.facts.snapshot import Build, Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.knowledge.capability import is_cuda_list
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
    if (of_itself := _of_itself(version, build)) is not None or by_tag.kind is not BuildKind.UNKNOWN:
        return of_itself or by_tag
    return _by_conda(facts, version, package) or _by_answers(facts, version, build) or by_tag


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


def _by_answers(facts: Snapshot, version: str, build: Build | None) -> TorchBuild | None:
    """What only a build with GPU code answers; for which CUDA that is stays unknown."""
    targets = build.arch_list if build is not None and isinstance(build.arch_list, tuple) else ()
    if targets:
        return TorchBuild(version, BuildKind.CUDA if is_cuda_list(targets) else BuildKind.ROCM, None, "builds[torch].arch_list")
    if any(card.vendor == "amd" for card in facts.accelerators):
        return None  # its builds give their answers under CUDA's names
    if build is not None:
        counted = isinstance(build.device_count, int) and build.device_count > 0
        answers = (("cuda_available", build.cuda_available is True), ("cudnn", isinstance(build.cudnn, str)), ("device_count", counted))
        for name, given in answers:
            if given:
                return TorchBuild(version, BuildKind.CUDA, None, f"builds[torch].{name}")
    if any(_failed_on_its_gpu(symptom) for symptom in facts.symptoms):
        return TorchBuild(version, BuildKind.CUDA, None, "builds[torch].version")
    return None


def _failed_on_its_gpu(symptom: Symptom) -> bool:
    """Torch's own words of a computation on the card that ran out of memory or failed there."""
    details = symptom.details
    if symptom.subject != "torch":
        return False
    of_memory = symptom.kind is SymptomKind.OUT_OF_MEMORY and details.get("device") == "cuda" and "own" in details
    return of_memory or (symptom.kind is SymptomKind.PROGRAM_ERROR and details.get("what") == "device assert")


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
    if build.cuda is not None or build.kind not in (BuildKind.UNKNOWN, BuildKind.CUDA):
        return build.cuda, True
    row = find_release(build.version)
    return (row.pypi_cuda, False) if row is not None else (None, False)
