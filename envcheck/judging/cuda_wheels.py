"""NVIDIA's wheels against the frameworks that were built with them: which release each asks for, and which CUDA each is for."""

from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Package, Snapshot, known
from envcheck.judging.jax_installation import jax_installation
from envcheck.judging.pairs import Need, need_of_release
from envcheck.judging.tensorflow_build import tensorflow_build
from envcheck.judging.torch_build import TorchBuild, torch_build, torch_cuda
from envcheck.knowledge.frameworks import FRAMEWORKS
from envcheck.knowledge.jax import find_plugin
from envcheck.knowledge.specifiers import split_requirement
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.torch import find_release
from envcheck.knowledge.versions import is_unfinished, major, series
from envcheck.parsers.expression import regex

_SUFFIX = regex(r"nvidia-[a-z0-9-]{1,60}?-cu(?P<cuda>1[1-9])")
# From CUDA 13 on most wheels have no suffix, and the number of the toolkit.
_UNSUFFIXED = frozenset(
    f"nvidia-{name}"
    for name in ("cublas", "cuda-cupti", "cuda-nvrtc", "cuda-runtime", "cufft", "curand", "cusolver", "cusparse", "nvjitlink", "nvtx")
)
_FIRST_UNSUFFIXED = 13
_OF_JAX = regex(r"jax-cuda(?P<cuda>\d{2})-(?:plugin|pjrt)")
_OTHERS = regex(r"(?:cupy-cuda|paddlepaddle-gpu-cu|cudf-cu|cuml-cu|faiss-gpu-cu|onnxruntime-gpu-cu)(?P<cuda>1[1-9])x?")


class Built(msgspec.Struct, frozen=True):
    """A framework, the release of one of NVIDIA's libraries that it was built with, and the wheel that brings it here."""

    framework: str
    need: Need
    wheel: Package

    @property
    def have(self) -> str:
        """The installed release."""
        return known(self.wheel.version, "")


def built_with(facts: Snapshot, library: str) -> Iterator[Built]:
    """What the frameworks ask of `nvidia-<library>-cuNN`, as far as its wheel for their CUDA is installed."""
    yield from _torch(facts, library)
    if library == "cudnn":
        yield from _jax(facts)
        yield from _tensorflow(facts)


def _torch(facts: Snapshot, library: str) -> Iterator[Built]:
    package, build = facts.package("torch"), torch_build(facts)
    for line in known(package.requires, ()) if package is not None else ():
        name, specifier = split_requirement(line)
        wheel = facts.package(name) if name.startswith(f"nvidia-{library}-cu") else None
        if wheel is not None and specifier:
            source = f"METADATA of torch {known(package.version, '') if package is not None else ''}".strip()
            yield Built(_title(build), Need("torch", name, specifier, source, sure=True), wheel)
    if build is None or is_unfinished(build.version) or (package is not None and isinstance(package.requires, tuple)):
        return
    cuda, sure = torch_cuda(build)
    need = need_of_release("torch", build.version, f"nvidia-{library}")
    wheel = facts.package(f"nvidia-{library}-cu{major(cuda)}") if cuda is not None else None
    by_conda = package is not None and known(package.manager, "") == "conda"
    if need is not None and wheel is not None and not by_conda and not _is_other_variant(build):
        certain = need.sure and sure
        yield Built(_title(build), Need("torch", wheel.name, need.specifier, need.source, certain), wheel)


def of_unknown_variant(facts: Snapshot, library: str) -> Package | None:
    """The wheel of a library beside a torch whose own pins no table has: it has those of the build that PyPI gives, and builds differ."""
    package, build = facts.package("torch"), torch_build(facts)
    if build is None or (package is not None and isinstance(package.requires, tuple)) or not _is_other_variant(build):
        return None
    cuda, _ = torch_cuda(build)
    return facts.package(f"nvidia-{library}-cu{major(cuda)}") if cuda is not None else None


def _is_other_variant(build: TorchBuild) -> bool:
    """Whether it is for another CUDA than the build on PyPI: 2.7.0+cu118, while PyPI has the one for 12.6."""
    row = find_release(build.version)
    cuda, _ = torch_cuda(build)
    return row is None or not row.pypi_cuda or cuda is None or series(cuda) != series(row.pypi_cuda)


def _title(build: TorchBuild | None) -> str:
    return build.subject if build is not None else "torch"


def _jax(facts: Snapshot) -> Iterator[Built]:
    """What a plugin's extra asks for: the plugin itself requires no wheel, so that a range stands for what it was built with."""
    jax = jax_installation(facts)
    for package in jax.plugins if jax is not None else ():
        cuda = _OF_JAX.fullmatch(package.name)
        row = find_plugin(package.name, known(package.version, ""))
        wheel = facts.package(f"nvidia-cudnn-cu{cuda['cuda']}") if cuda is not None else None
        if row is not None and row.cudnn and wheel is not None:
            need = Need(package.name, wheel.name, row.cudnn, row.source, row.confidence is Confidence.HIGH)
            yield Built(f"{package.name} {row.version}", need, wheel)


def _tensorflow(facts: Snapshot) -> Iterator[Built]:
    build = tensorflow_build(facts)
    if build is None or not build.for_cuda or not build.cudnn or known(facts.system.os, "Linux") != "Linux":
        return
    wheel = facts.package(f"nvidia-cudnn-cu{major(build.cuda)}")
    if wheel is not None and build.release is not None:
        specifier = f">={build.cudnn},<{major(build.cudnn) + 1}"
        yield Built(build.subject, Need("tensorflow", wheel.name, specifier, build.release.source, sure=False), wheel)


def cuda_of_wheel(package: Package) -> int | None:
    """The CUDA major that one of NVIDIA's wheels is for; None: it is no library of CUDA, or does not tell."""
    found = _SUFFIX.fullmatch(package.name)
    if found is not None:
        return int(found["cuda"])
    if package.name not in _UNSUFFIXED:
        return None
    number = major(known(package.version, ""))
    return number if number >= _FIRST_UNSUFFIXED else None


def cudas_in_use(facts: Snapshot) -> dict[int, str]:
    """The CUDA majors that installed frameworks are built for, each with one of them; an unknown one is not among them."""
    found: dict[int, str] = {}
    torch = torch_build(facts)
    cuda, _ = torch_cuda(torch)
    if torch is not None and cuda is not None:
        found[major(cuda)] = torch.subject
    tensorflow = tensorflow_build(facts)
    if tensorflow is not None and tensorflow.for_cuda and tensorflow.cuda:
        found.setdefault(major(tensorflow.cuda), tensorflow.subject)
    for package in facts.packages:
        told = _OF_JAX.fullmatch(package.name) or _OTHERS.match(package.name)
        if told is not None:
            found.setdefault(int(told["cuda"]), package.name)
    return found


def told_by_name(facts: Snapshot, speaker: str) -> tuple[int, Package] | None:
    """The CUDA major that an import package is built for by its distribution's name: cupy of cupy-cuda11x; None: the name is silent."""
    if not speaker:
        return None
    for package in facts.packages:
        told = _OTHERS.match(package.name)
        if told is not None and package.name.partition("-")[0] == speaker.lower():
            return int(told["cuda"]), package
    return None


def has_framework_of_unknown_cuda(facts: Snapshot) -> bool:
    """Whether something is installed that may use a CUDA that nothing tells here."""
    names = {"paddlepaddle-gpu", "vllm", "tensorrt", *FRAMEWORKS["onnxruntime"][1:2], "mxnet", "ctranslate2", "nvidia-dali"}
    torch = torch_build(facts)
    unsure = torch is not None and torch_cuda(torch) == (None, False)
    return unsure or any(package.name in names for package in facts.packages)
