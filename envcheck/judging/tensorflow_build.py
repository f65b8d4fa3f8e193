"""Which TensorFlow is installed, and the CUDA that it looks for: what its build says of itself, else what its release was built for."""

import msgspec
from msgspec.structs import replace

from envcheck.facts.snapshot import Snapshot, known
from envcheck.knowledge.frameworks import FRAMEWORKS, installed_among
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.tensorflow import Release, find_release
from envcheck.knowledge.versions import is_below, is_same, series

# Distributions that hold no code for CUDA, on any system.
FOR_CPU = ("tensorflow-cpu", "tensorflow-intel", "tensorflow-macos", "tensorflow-cpu-aws")
# Until here `tensorflow` was the CPU build, and `tensorflow-gpu` the other; 1.15.0 alone was for both, and those after it were not again.
_UNITED, _AND_BEFORE = "2.1", "1.15.0"


class TensorflowBuild(msgspec.Struct, frozen=True):
    """The installed TensorFlow; `cuda` and `cudnn` are empty where they are not known; `sure`: told by the build or a sure row."""

    distribution: str
    version: str
    cuda: str
    cudnn: str
    for_cuda: bool
    sure: bool
    release: Release | None
    fact: str

    @property
    def subject(self) -> str:
        """How findings name it."""
        return f"{self.distribution} {self.version}".strip()


def tensorflow_build(facts: Snapshot) -> TensorflowBuild | None:
    """The installed TensorFlow, None where there is none or none is known of."""
    package = next(installed_among(facts, _by_use(facts)), None)
    build = facts.builds.get("tensorflow")
    if package is None and build is None:
        return None
    name = package.name if package is not None else "tensorflow"
    version = known(package.version, "") if package is not None else ""
    version = version or (known(build.version, "") if build is not None else "")
    row = find_release(version)
    cuda = known(build.cuda, "") if build is not None else ""
    cudnn = known(build.cudnn, "") if build is not None else ""
    without = (build is not None and build.cuda is None) or name in FOR_CPU or (not cuda and _was_for_cpu(name, version))
    return TensorflowBuild(
        name,
        version,
        cuda or (row.cuda if row is not None and not without else ""),
        cudnn or (row.cudnn if row is not None and not without else ""),
        not without,
        bool(cuda) or (row is not None and row.confidence is Confidence.HIGH),
        row,
        "builds[tensorflow].cuda" if cuda or without else f"packages[{name}].version",
    )


def as_gpu_build(build: TensorflowBuild) -> TensorflowBuild:
    """The same where it was seen to look for CUDA: people write `tensorflow` for tensorflow-gpu too, when those were two."""
    row = build.release
    if build.for_cuda or row is None or build.distribution != "tensorflow":
        return build
    sure = row.confidence is Confidence.HIGH
    return replace(build, distribution="tensorflow-gpu", cuda=row.cuda, cudnn=row.cudnn, for_cuda=True, sure=sure)


def _by_use(facts: Snapshot) -> tuple[str, ...]:
    """The distributions, those first whose name says how they were built: `tensorflow` may only be the wrapper of another."""
    names = FRAMEWORKS["tensorflow"]
    gpu = facts.package("tensorflow-gpu")
    wrapped = gpu is not None and facts.package("tensorflow") is None
    return ("tensorflow-gpu", *names) if wrapped else names


def _was_for_cpu(name: str, version: str) -> bool:
    return name == "tensorflow" and bool(version) and is_below(version, _UNITED) and not is_same(version, _AND_BEFORE)


def fits_cuda(needed: str, installed: str) -> bool:
    """Whether an installed CUDA has the libraries that are looked for: from 11 on their names carry the major version alone."""
    if not is_below(needed, "11"):
        return series(needed).partition(".")[0] == series(installed).partition(".")[0]
    have, need = installed.split("."), needed.split(".")
    return have[: min(len(need), 2)] == need[:2]
