"""The commands of conda, mamba and pixi, which take packages of conda-forge: those have names, builds and releases of their own."""

from collections.abc import Iterator

from envcheck.choosing.build import Build, Impossible, Reason, Wishes
from envcheck.choosing.machine import Machine
from envcheck.facts.snapshot import Snapshot
from envcheck.knowledge.versions import major
from envcheck.planning.commands import Installation
from envcheck.planning.options import cuda_of, kind_of
from envcheck.report import Step

CHANNEL = "conda-forge"
_NAMES = {"torch": "pytorch", "ray": "ray-default", "h2o": "h2o-py", "opencv-python": "opencv", "onnxruntime-gpu": "onnxruntime"}
_BUILT_FOR = {"cuda": "cuda*", "cpu": "cpu*"}
# Packages of one name whose builds differ in the device; torch has a package for each.
_BY_BUILD = frozenset({"tensorflow", "onnxruntime", "onnxruntime-gpu"})
_KINDS = {"rocm": "AMD's GPUs", "xpu": "Intel's GPUs"}
_SOURCE = "https://conda-forge.org/docs/user/tipsandtricks/"


def refuse(builds: tuple[Build, ...]) -> Impossible | None:
    """Why conda-forge cannot serve; None: it can."""
    for build in builds:
        kind = kind_of(build)
        if kind in _KINDS or (kind == "metal" and build.distribution != "torch"):
            what = _KINDS.get(kind, "Apple's GPUs")
            variant = f" ({build.variant})" if build.variant else ""
            nearest = Reason(
                "--manager pip", f"{build.distribution} {build.version}{variant} of the wheels computes on them", build.why[-1].source
            )
            return Impossible(f"conda-forge has no build of {build.distribution} for {what}.", (nearest,))
    return None


def steps(facts: Snapshot, manager: str, wanted: Installation, wishes: Wishes, machine: Machine) -> Iterator[Step]:
    """One command: the solver has to see all packages at once."""
    own = wanted.new_python or machine.place.python
    python = f"python-freethreading={own[:-1]}" if own.endswith("t") else f"python={own}"
    cuda = family(wanted.builds, wishes)
    versions = (f"={wishes.version}" if wishes.version and build is wanted.builds[0] else _at_most(build) for build in wanted.builds)
    specs = [spec for build, version in zip(wanted.builds, versions, strict=True) for spec in _specs(build, version, machine.place.os)]
    specs += [f"cuda-version={cuda}"] if cuda else []
    specs += [pin.requirement for pin in wanted.pins]
    variables = {"CONDA_OVERRIDE_CUDA": override(wanted.builds, wishes)} if cuda and not machine.knows_driver else {}
    if manager == "pixi":
        yield Step(run=("pixi", "add", python, *specs), env=variables)
    elif wanted.new_python:
        name = f"python{wanted.new_python}"
        yield Step(run=(manager, "create", "--yes", "--name", name, "--channel", CHANNEL, python, *specs), env=variables)
    else:
        prefix = ("--prefix", facts.python.prefix) if isinstance(facts.python.prefix, str) else ()
        yield Step(run=(manager, "install", "--yes", *prefix, "--channel", CHANNEL, *specs), env=variables)


def family(builds: tuple[Build, ...], wishes: Wishes) -> str:
    """The CUDA to hold the solver to: the wished one, else any of the major version that the driver runs; empty: none."""
    found = [cuda for build in builds if (cuda := cuda_of(build))]
    return wishes.cuda or str(min(map(major, found))) if found else ""


def override(builds: tuple[Build, ...], wishes: Wishes) -> str:
    """The CUDA of the driver that will be there when the environment is used, where the machine that makes it has none."""
    return wishes.cuda or max((cuda_of(build) for build in builds), key=lambda cuda: (major(cuda), len(cuda)))


def reasons(builds: tuple[Build, ...], wishes: Wishes, machine: Machine) -> Iterator[Reason]:
    """What differs from wheels."""
    yield Reason(CHANNEL, "its releases are not in the tables: the solver takes its newest up to the release that fits by the wheels")
    cuda = family(builds, wishes)
    if cuda:
        yield Reason(f"cuda-version={cuda}", "it keeps all CUDA libraries of the environment to what the driver runs", _SOURCE)
    if cuda and not machine.knows_driver:
        words = (
            "no driver is known here, so that conda would take builds for the CPU: set it to what nvidia-smi shows where it will compute"
        )
        yield Reason(f"CONDA_OVERRIDE_CUDA={override(builds, wishes)}", words, _SOURCE)


def _at_most(build: Build) -> str:
    return f"<={build.version}" if build.version else ""


def _specs(build: Build, version: str, system: str) -> Iterator[str]:
    """A build string is the third word of a specification, with the version as its second."""
    name, kind = _NAMES.get(build.distribution, build.distribution), kind_of(build)
    if build.distribution == "torch":
        names = {"cuda": "pytorch-gpu"} if system == "macos" else {"cuda": "pytorch-gpu", "cpu": "pytorch-cpu"}
        yield f"{names.get(kind, name)}{version}"
        yield from (companion.name for companion in build.companions if companion.name == "torchvision")
    elif build.distribution in _BY_BUILD and kind in _BUILT_FOR:
        yield f"{name} {version or '*'} {_BUILT_FOR[kind]}"
    elif build.distribution == "jax" and kind in _BUILT_FOR:
        yield f"{name}{version}"
        yield f"jaxlib * *{_BUILT_FOR[kind]}"
    elif build.distribution == "xgboost" and kind == "cuda":
        yield f"py-xgboost-gpu{version}"
    else:
        yield f"{name}{version}"
