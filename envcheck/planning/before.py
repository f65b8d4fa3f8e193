"""What has to be there before the packages are of use: a driver, another Python, Java, the OpenMP runtime of a Mac."""

from collections.abc import Iterator

from envcheck.choosing.build import Build, Reason
from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.judging.cards import nvidia_cards
from envcheck.knowledge.java import Framework, java_to_install, nearest_javas
from envcheck.knowledge.versions import series
from envcheck.parsers.text.tool_versions import java_feature
from envcheck.planning.options import kind_of
from envcheck.planning.plan import CONDAS
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.nvidia_driver import driver_from_outside, get_driver
from envcheck.prescribing.programs import install_java
from envcheck.prescribing.required import get_python
from envcheck.report import Remedy, Step

# Their wheels look for Homebrew's; those of torch and scikit-learn have a copy in them.
_WITHOUT_OPENMP = ("xgboost", "lightgbm")
_ON_JAVA = ("pyspark", "h2o")
_PIXI_PLATFORMS = {"linux_x86_64": "linux-64", "linux_aarch64": "linux-aarch64", "win_amd64": "win-64"}


def before(facts: Snapshot, builds: tuple[Build, ...], manager: str, new_python: str) -> Iterator[Remedy]:
    """The remedies in the order in which they work; `new_python` is one that has to come from somewhere first, or empty."""
    if any(kind_of(build) == "cuda" for build in builds) and lacks_driver(facts):
        yield driver_from_outside(facts) or get_driver(facts)
    if new_python and manager == "pip":
        yield by_hand(f"install Python {new_python}, unless it is there", get_python(facts, new_python))
    for build in builds:
        java = _java(facts, build)
        if java is not None:
            yield install_java(facts, java)
    if facts.system.os == "Darwin" and manager not in CONDAS and any(build.distribution in _WITHOUT_OPENMP for build in builds):
        yield by_hand("install the OpenMP runtime with Homebrew", Step(run=("brew", "install", "libomp")))


def declare_cuda(platform: str, cuda: str) -> Remedy:
    """Pixi takes builds for the CPU where the workspace's platform has no CUDA."""
    name = _PIXI_PLATFORMS.get(platform, platform)
    words = f'in pixi.toml, below [workspace], write: platforms = [{{ platform = "{name}", cuda = "{cuda}" }}]'
    return by_hand("tell pixi which CUDA the driver runs; pixi init makes a workspace where there is none", words)


def lacks_driver(facts: Snapshot) -> bool:
    """Whether there are cards, and it is known that no driver answers for them."""
    return bool(nvidia_cards(facts)) and facts.nvidia.driver_version is None and not isinstance(facts.nvidia.cuda_version, str)


def java_reasons(facts: Snapshot, builds: tuple[Build, ...]) -> Iterator[Reason]:
    """Which Java the planned frameworks run on."""
    for build in builds:
        if build.distribution in _ON_JAVA:
            row = nearest_javas(build.distribution, build.version)
            which = _on_which(row, build) if row is not None else "needs a Java; on which it runs is in no table"
            there = "" if _is_known(facts) else "; whether one is there is not known"
            yield Reason("Java", f"{build.distribution} {build.version} {which}{there}", row.source if row is not None else "")


def _on_which(row: Framework, build: Build) -> str:
    own = row.series == series(build.version)
    return f"runs on Java {row.in_words}{'' if own else f', if it is as {row.series}'}"


def _java(facts: Snapshot, build: Build) -> int | None:
    """The Java to be installed; None: none is needed, the one that is there will do, or nothing is known of it."""
    if build.distribution not in _ON_JAVA or not _is_known(facts):
        return None
    row = nearest_javas(build.distribution, build.version)
    tool = next((tool for tool in facts.tools if tool.name == "java"), None)
    feature = java_feature(known(tool.version, "")) if tool is not None else None
    fits = feature is not None and (row is None or feature in row.java)
    return None if fits else java_to_install(row)


def _is_known(facts: Snapshot) -> bool:
    tool = next((tool for tool in facts.tools if tool.name == "java"), None)
    if tool is not None:
        return isinstance(tool.version, str)
    return facts.observed.tools is Completeness.COMPLETE and facts.why_unknown("tools[java]") is None
