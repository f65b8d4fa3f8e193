"""Why the installed build of a framework has no CUDA: the index, the platform, the Python, conda's choice, or how it was made.

Only what the facts show; where several are possible, the one that the version and its source speak for.
"""

import enum
from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Completeness, Package, Snapshot, known
from envcheck.judging.jax_installation import JaxInstallation
from envcheck.judging.tensorflow_build import TensorflowBuild
from envcheck.judging.torch_build import TorchBuild
from envcheck.knowledge.torch import find_release, wheels_of
from envcheck.knowledge.versions import is_below, is_unfinished, local_tag, series
from envcheck.parsers.python.build_tag import parse_conda_build
from envcheck.report import Proof

_CUDA_ON_AARCH64 = "2.11"  # the first release whose PyPI wheel for Linux on aarch64 has CUDA
_ARM = ("aarch64", "arm64")


class Source(enum.Enum):
    """Where a CPU build comes from; each is mended in another way."""

    CPU_INDEX = "cpu index"
    PYPI_FOR_WINDOWS = "PyPI for Windows"
    PYPI_FOR_ARM = "PyPI for ARM"
    NO_CUDA_BUILD = "no CUDA build for the platform"
    NO_CUDA_FOR_PYTHON = "no CUDA build for the Python"
    CONDA_PINNED = "cpuonly"
    CONDA_CHOICE = "conda's choice"
    DISTRIBUTION = "the distribution's package"
    FROM_SOURCE = "built from source"
    NAMED_FOR_CPU = "a distribution for the CPU"
    WITHOUT_PLUGIN = "no plugin beside it"


class Reason(msgspec.Struct, frozen=True):
    """`words` end a sentence after "because"; `sure`: the facts leave no other; `cure` is what keeps it from coming back."""

    source: Source
    words: str
    cure: str
    evidence: tuple[Proof, ...] = ()
    sure: bool = True


def because(reason: Reason | None, *, certain: bool) -> str:
    """A sentence of its own, behind that which says what is installed."""
    if reason is None:
        return ""
    sure = reason.sure and certain
    return f" {'That is because' if sure else 'Probably'} {reason.words}."


def why_cpu_torch(facts: Snapshot, build: TorchBuild | None) -> Reason | None:
    """None: nothing tells."""
    package = facts.package("torch") or facts.package("pytorch")
    if build is None or not build.version:
        return None
    manager = known(package.manager, "") if package is not None else ""
    if manager == "conda" or (package is not None and parse_conda_build(known(package.build, ""))) or facts.package("cpuonly") is not None:
        return _of_conda(facts, package)
    if manager == "system":
        words = "the distribution's own package of torch is built without CUDA"
        cure = "leave the system's package alone and install torch from PyTorch's index into a virtual environment"
        return Reason(Source.DISTRIBUTION, words, cure, (_proof(facts, "packages[torch].manager", "system"),))
    return _of_wheel(facts, build, package)


def why_cpu_tensorflow(facts: Snapshot, build: TensorflowBuild) -> Reason | None:
    """None: nothing tells."""
    package, version = facts.package(build.distribution), f"packages[{build.distribution}].version"
    if package is not None and known(package.manager, "") == "conda":
        return _conda_choice(facts, package)
    if build.distribution == "tensorflow-cpu":
        words = "tensorflow-cpu is the distribution without CUDA"
        cure = "name tensorflow[and-cuda] in place of tensorflow-cpu, in the requirements file too"
        return Reason(Source.NAMED_FOR_CPU, words, cure, (_proof(facts, version, build.version),))
    if known(facts.system.machine, "").lower() in _ARM and known(facts.system.os, "Linux") == "Linux":
        words = "TensorFlow's own wheels for Linux on aarch64 have no CUDA"
        return Reason(Source.NO_CUDA_BUILD, words, "keep to NVIDIA's container or wheel on this machine", _of_system(facts, "machine"))
    if build.distribution == "tensorflow" and is_below(build.version or "2.1", "2.1"):
        words = "before 2.1 tensorflow was the build for the CPU, and tensorflow-gpu the one for CUDA"
        return Reason(Source.NAMED_FOR_CPU, words, "name tensorflow-gpu in the requirements file", (_proof(facts, version, build.version),))
    return None


def why_cpu_jax(facts: Snapshot, jax: JaxInstallation) -> Reason | None:
    """For an installation that has neither a plugin nor a build with CUDA. None: nothing tells."""
    package = facts.package("jaxlib")
    if package is None:
        return None
    if known(package.manager, "") == "conda":
        return _conda_choice(facts, package)
    if local_tag(jax.jaxlib) or is_unfinished(jax.jaxlib):
        return None
    words = "jax was installed without its extra for CUDA: PyPI's jaxlib computes on the CPU, and no plugin stands beside it"
    cure = "name jax with its extra for CUDA in the requirements file too, so that the next installation takes it again"
    listed = facts.observed.packages is Completeness.COMPLETE
    proof = _proof(facts, "packages[jaxlib].version", jax.jaxlib)
    return Reason(Source.WITHOUT_PLUGIN, words, cure, (proof,), sure=listed)


def _of_conda(facts: Snapshot, package: Package | None) -> Reason:
    if facts.package("cpuonly") is not None:
        words = "the package cpuonly is installed, which keeps conda to the builds without CUDA"
        pin = _proof(facts, "packages[cpuonly].version", "installed")
        return Reason(Source.CONDA_PINNED, words, "remove cpuonly, also from environment.yml", (pin,))
    return _conda_choice(facts, package)


def _conda_choice(facts: Snapshot, package: Package | None) -> Reason:
    evidence = tuple(_of_package(facts, package)) if package is not None else ()
    if facts.variables.get("CONDA_OVERRIDE_CUDA") == "":
        words = "CONDA_OVERRIDE_CUDA is set to nothing, which tells conda that there is no CUDA"
        told = _proof(facts, "variables[CONDA_OVERRIDE_CUDA]", "empty")
        return Reason(Source.CONDA_CHOICE, words, "unset CONDA_OVERRIDE_CUDA", (*evidence, told))
    words = "conda chose the variant for the CPU, as it does where it sees no driver while it solves (a login node, an image being built)"
    channel = known(package.channel, "") if package is not None else ""
    if channel == "defaults" or "pkgs/" in channel:
        words += "; Anaconda's own channel has few others"
    cure = "solve on a machine with a driver, or set CONDA_OVERRIDE_CUDA to the driver's CUDA version before conda install"
    return Reason(Source.CONDA_CHOICE, words, cure, evidence, sure=False)


def _of_package(facts: Snapshot, package: Package) -> Iterator[Proof]:
    for field, value in (("build", package.build), ("channel", package.channel)):
        if isinstance(value, str):
            yield _proof(facts, f"packages[{package.name}].{field}", value)


def _of_wheel(facts: Snapshot, build: TorchBuild, package: Package | None) -> Reason | None:
    """The metadata of PyPI's wheels has no +cpu, though torch.__version__ of some has; that of the CPU index always has."""
    listed = known(package.version, "") if package is not None else ""
    version, windows = build.version, facts.system.os == "Windows"
    on_arm = known(facts.system.machine, "").lower() in _ARM
    unmet = _without_cuda_build(facts, version)
    if unmet is not None:
        return unmet
    if "git" in local_tag(version) or "a0" in version:
        words, cure = (
            "it was built from source where no CUDA toolkit was found",
            "build it again with CUDA_HOME set and USE_CUDA=1, or take a wheel",
        )
        return Reason(Source.FROM_SOURCE, words, cure, (_proof(facts, build.fact, version),), sure=False)
    tagged = local_tag(listed or version).startswith("cpu")
    plain = (bool(listed) and not local_tag(listed)) or not tagged
    if windows and plain and not is_unfinished(version):
        words = "PyPI has only builds without CUDA for Windows: those with CUDA are on PyTorch's own index"
        return Reason(Source.PYPI_FOR_WINDOWS, words, _NAME_INDEX, _of_system(facts, "os"))
    if on_arm and not windows and plain and is_below(version, _CUDA_ON_AARCH64) and not is_unfinished(version):
        words = f"PyPI's wheels for Linux on aarch64 have no CUDA up to 2.10 (this is {series(version)})"
        return Reason(Source.PYPI_FOR_ARM, words, _NAME_INDEX, _of_system(facts, "machine"))
    return _of_cpu_index(facts, build, listed, sure=bool(listed) or not (windows or on_arm)) if tagged else None


def _of_cpu_index(facts: Snapshot, build: TorchBuild, listed: str, *, sure: bool) -> Reason:
    where = "nightly/cpu" if is_unfinished(build.version) else "whl/cpu"
    words = f"it comes from PyTorch's index for the CPU ({where}), which an --index-url, a file of requirements or uv's torch-backend named"
    fact = "packages[torch].version" if local_tag(listed) else build.fact
    return Reason(Source.CPU_INDEX, words, _DROP_INDEX, (_proof(facts, fact, listed or build.version),), sure=sure)


_NAME_INDEX = "name PyTorch's index for CUDA in the requirements file or the lock too, so that the next installation takes it again"
_DROP_INDEX = (
    "take the index whl/cpu out of the file that named it: requirements, pip.conf, or pyproject.toml (tool.uv, its index or torch-backend)"
)


def _without_cuda_build(facts: Snapshot, version: str) -> Reason | None:
    """A platform, or a Python, for which this release of torch has no CUDA wheel at all."""
    machine = known(facts.system.machine, "").lower()
    if facts.system.os == "Windows" and machine in _ARM:
        words = "there is no build of torch with CUDA for Windows on ARM"
        return Reason(Source.NO_CUDA_BUILD, words, "use Linux on this machine, or another machine", _of_system(facts, "machine"))
    row, python = find_release(version), facts.python.version
    if row is None or not isinstance(python, str) or series(python) in row.python:
        return None
    if not any(_platform(facts) in wheel.platforms for wheel in wheels_of(row.version, "cuda")):
        return None
    words = f"torch {row.version} has builds with CUDA for Python {', '.join(row.python[-4:])} only, and this is {series(python)}"
    cure = "make an environment with one of those Pythons"
    return Reason(Source.NO_CUDA_FOR_PYTHON, words, cure, (_proof(facts, "python.version", python),), sure=False)


def _platform(facts: Snapshot) -> str:
    """As the table of wheels calls it."""
    if facts.system.os == "Windows":
        return "win_amd64"
    return "linux_aarch64" if known(facts.system.machine, "").lower() in _ARM else "linux_x86_64"


def _of_system(facts: Snapshot, field: str) -> tuple[Proof, ...]:
    return (_proof(facts, f"system.{field}", getattr(facts.system, field)),)


def _proof(facts: Snapshot, fact: str, value: object) -> Proof:
    return Proof(fact=fact, value=str(value), source=facts.source_of(fact))
