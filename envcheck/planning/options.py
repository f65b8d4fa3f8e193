"""The builds of one distribution that a machine can have, the newest first; also of those that the tables know little about."""

from collections.abc import Iterator

from msgspec.structs import replace

from envcheck.choosing.build import Build, Impossible, Reason, Wishes
from envcheck.choosing.candidate import is_wished
from envcheck.choosing.choose import choose_build
from envcheck.choosing.machine import read_machine
from envcheck.facts.snapshot import Snapshot
from envcheck.knowledge.packages import releases_of
from envcheck.knowledge.python_wheels import is_listed
from envcheck.knowledge.specifiers import accepts
from envcheck.knowledge.table import Confidence
from envcheck.parsers.expression import regex

# Those that have a build for more than one kind of device; a wish for a device is no matter of the others.
WITH_DEVICES = frozenset({"torch", "tensorflow", "jax", "xgboost", "onnxruntime", "onnxruntime-gpu", "tensorflow-cpu"})
_MOST = 16
_CUDA = regex(r"\d+(?:\.\d+)?")


def options(facts: Snapshot, distribution: str, wishes: Wishes) -> Iterator[Build]:
    """Every build that fits, down to some releases below the newest."""
    for _ in range(_MOST):
        build = best_build(facts, distribution, wishes)
        if isinstance(build, Impossible):
            return
        yield build
        if not build.version:
            return
        wishes = replace(wishes, below=build.version)


def best_build(facts: Snapshot, distribution: str, wishes: Wishes) -> Build | Impossible:
    """The newest build that fits; of a distribution that no table has, whichever the installer takes."""
    if distribution in WITH_DEVICES:
        return choose_build(facts, distribution, wishes)
    wishes = replace(wishes, device="", cuda="")
    if is_listed(distribution):
        answer = choose_build(facts, distribution, wishes)
        # Which device it was chosen for is said of those that have a choice.
        return replace(answer, why=answer.why[1:]) if isinstance(answer, Build) else answer
    return _from_source(facts, distribution, wishes) if releases_of(distribution) else _unlisted(facts, distribution, wishes)


def _from_source(facts: Snapshot, distribution: str, wishes: Wishes) -> Build | Impossible:
    python = read_machine(facts, wishes).place.python
    rows = [row for row in releases_of(distribution) if is_wished(row.version, wishes)]
    fitting = next((row for row in rows if not python or accepts(row.requires_python, python.rstrip("t"))), None)
    if fitting is None and rows:
        needs = f"{distribution} {rows[-1].version} needs Python {rows[-1].requires_python}"
        return Impossible(f"No release of {distribution} fits this machine: {needs}.")
    if fitting is None:
        return Impossible(f"The tables have no such release of {distribution}.")
    why = Reason(f"{distribution} {fitting.version}", "the newest release for this Python; it comes as source code alone", fitting.source)
    return _plain(distribution, fitting.version, python, why, fitting.confidence)


def _unlisted(facts: Snapshot, distribution: str, wishes: Wishes) -> Build | Impossible:
    if wishes.version or wishes.below:
        return Impossible(f"The tables know no releases of {distribution}.")
    why = Reason(distribution, "the tables know no releases of it: the installer takes the newest that it finds")
    return _plain(distribution, "", read_machine(facts, wishes).place.python, why, Confidence.LOW)


def _plain(distribution: str, version: str, python: str, why: Reason, confidence: Confidence) -> Build:
    return Build(
        framework=distribution,
        distribution=distribution,
        version=version,
        variant="",
        index=None,
        extras=(),
        python=python,
        companions=(),
        why=(why,),
        confidence=confidence,
    )


def kind_of(build: Build) -> str:
    """What it computes on: cpu, cuda, rocm, xpu or metal; empty for what comes in one kind only."""
    return build.why[0].choice if build.distribution in WITH_DEVICES else ""


def cuda_of(build: Build) -> str:
    """The CUDA that it brings or needs: 12.6, or as much of that as the tables tell; empty for every other kind."""
    if kind_of(build) != "cuda":
        return ""
    if build.variant:
        digits = build.variant.removeprefix("cu")
        return f"{digits[:-1]}.{digits[-1]}"
    told = (name for name in (*build.extras, *(reason.choice for reason in build.why)) if name.startswith(("cuda1", "CUDA ")))
    return next((found[0] for name in told if (found := _CUDA.search(name))), "12")
