"""A requirement compared with the facts: met, not met, not to be told, or no question here. Severities and sentences are made elsewhere."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.profiles.bounds import format_size, parse_count, parse_size
from envcheck.profiles.model import Operator, Requirement
from envcheck.profiles.vocabulary import Fact, parse_fact
from envcheck.report import Proof

# What firmware and error correction take away of memory: a module of 8 GB is never seen whole.
TOLERANCE = 0.03
_X86 = ("x86_64", "amd64", "i386", "i686", "x86")
# Names of instruction sets that only x86 processors have.
_X86_FEATURES = ("avx", "sse", "ssse", "fma", "f16c", "amx", "bmi", "aes", "popcnt")


class Met(enum.Enum):
    """How a fact stands to a requirement."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    MOOT = "moot"  # the question does not arise here


@dataclass(frozen=True)
class Comparison:
    """The outcome of one comparison, in the words that a message needs.

    `have` and `need` are values ("6.2 GB", "16 GB"); `reason` and `needs` explain what is unknown or moot; `share` says how much of the
    bound is there; `limited`: the machine itself has enough, but this process may not use it.
    """

    met: Met
    subject: str
    have: str = ""
    need: str = ""
    reason: str = ""
    needs: tuple[str, ...] = ()
    evidence: tuple[Proof, ...] = ()
    share: float | None = None
    limited: bool = False


Comparer = Callable[[Requirement, Fact, Snapshot], Comparison]


def compare(requirement: Requirement, facts: Snapshot) -> Comparison:
    """Compares one requirement's bound of today with the facts. Raises KeyError for a fact that no profile may speak of."""
    fact = parse_fact(requirement.fact)
    if fact is None:
        raise KeyError(requirement.fact)
    if not requirement.holds:
        words = requirement.today.says if requirement.today else ""
        return Comparison(Met.MOOT, subject_of(fact), reason=f"it is no requirement any more: {words}")
    return _comparers()[fact.collection](requirement, fact, facts)


def subject_of(fact: Fact) -> str:
    """What a finding about the fact is about: `torch`; of what may stand for each other `tensorflow, torch or jax`."""
    *others, last = fact.members or ("",)
    return (f"{', '.join(others)} or {last}" if others else last) or _SUBJECTS.get(fact.collection, fact.collection)


def bound_in_words(requirement: Requirement) -> str:
    """`3.10 or newer`, `3.13 or older`, `2.18`."""
    suffix = {Operator.AT_LEAST: " or newer", Operator.AT_MOST: " or older"}.get(requirement.operator, "")
    return requirement.asked + suffix


_SUBJECTS = {"accelerators": "GPU", "nvidia": "NVIDIA driver", "cpu": "CPU", "python": "Python"}


def proof(facts: Snapshot, fact: str, value: object) -> Proof:
    """A fact as evidence, with where it is from."""
    return Proof(fact=fact, value=str(value), source=facts.source_of(fact))


def unknown(facts: Snapshot, fact: str, subject: str, thing: str, *needs: str) -> Comparison:
    """What is not known, with the reason where it was asked for; `thing` is a word for the fact, `needs` what would tell it."""
    why = facts.why_unknown(fact)
    if why is None:
        where = "on this machine" if facts.live else "in what was given"
        return Comparison(Met.UNKNOWN, subject, reason=f"{thing} was not found {where}", needs=needs)
    detail = f": {why.detail}" if why.detail else ""
    return Comparison(
        Met.UNKNOWN, subject, reason=f"{thing} could not be found out ({why.reason.value.replace('_', ' ')}){detail}", needs=needs
    )


def _comparers() -> dict[str, Comparer]:
    from envcheck.judging import software_requirements as software
    from envcheck.judging.gpu_requirements import compare_accelerators, compare_nvidia

    return {
        "system": _compare_system,
        "memory": _compare_memory,
        "disks": _compare_disk,
        "cpu": _compare_cpu,
        "accelerators": compare_accelerators,
        "nvidia": compare_nvidia,
        "toolkits": software.compare_toolkit,
        "python": software.compare_python,
        "packages": software.compare_package,
        "tools": software.compare_tool,
    }


def _compare_system(requirement: Requirement, fact: Fact, facts: Snapshot) -> Comparison:
    thing = "operating system" if fact.shape == "system.os" else "kind of processor"
    have = facts.system.os if fact.shape == "system.os" else facts.system.machine
    if not isinstance(have, str):
        return unknown(facts, fact.shape, thing, f"the {thing}", "the output of uname -sm, or the system type of Windows")
    met = Met.YES if have.lower() == requirement.asked.lower() else Met.NO
    return Comparison(met, thing, have, requirement.asked, evidence=(proof(facts, fact.shape, have),))


def _compare_memory(requirement: Requirement, fact: Fact, facts: Snapshot) -> Comparison:
    total, limit, need = facts.memory.total_bytes, facts.memory.limit_bytes, parse_size(requirement.asked)
    values = [value for value in (total, limit) if isinstance(value, int)]
    usable = min(values, default=0)
    if not values or (not isinstance(total, int) and _is_enough(usable, need)):
        return unknown(facts, fact.shape, "memory", "the size of the memory", "the output of free -b, or the memory line of systeminfo")
    is_limit = isinstance(limit, int) and usable == limit and usable != total
    have = format_size(usable, requirement.asked)
    if is_limit:
        whole = f"; the machine has {format_size(total, requirement.asked)}" if isinstance(total, int) else ""
        have += f" (limit of the container or job{whole})"
    evidence = [proof(facts, "memory.total_bytes", total)] if isinstance(total, int) else []
    evidence += [proof(facts, "memory.limit_bytes", limit)] if isinstance(limit, int) else []
    met = Met.YES if _is_enough(usable, need) else Met.NO
    return Comparison(met, "memory", have, requirement.asked, evidence=tuple(evidence), share=usable / need if need else None)


def _is_enough(have: float, need: float) -> bool:
    return have >= need * (1 - TOLERANCE)


def _compare_disk(requirement: Requirement, fact: Fact, facts: Snapshot) -> Comparison:
    purpose = fact.members[0]
    disk = next((disk for disk in facts.disks if disk.purpose == purpose), None)
    path = f"disks[{purpose}].free_bytes"
    if disk is None and purpose in _CACHES and facts.observed.disks is Completeness.COMPLETE and facts.why_unknown(path) is None:
        return Comparison(Met.MOOT, f"disk ({purpose})", reason=f"there is no {_PURPOSES[purpose]} here")
    if disk is None or not isinstance(disk.free_bytes, int):
        return unknown(facts, path, f"disk ({purpose})", f"the free space for {_PURPOSES.get(purpose, purpose)}", "the output of df")
    free, need = disk.free_bytes, parse_size(requirement.asked)
    place = f" on {disk.path}" if isinstance(disk.path, str) else ""
    have = f"{format_size(free, requirement.asked)} free{place} ({_PURPOSES.get(purpose, purpose)})"
    met = Met.YES if free >= need else Met.NO
    return Comparison(
        met, f"disk ({purpose})", have, requirement.asked, evidence=(proof(facts, path, free),), share=free / need if need else None
    )


_CACHES = ("pip-cache", "conda-packages", "uv-cache", "huggingface-cache")
_PURPOSES = {
    "environment": "the environment",
    "pip-cache": "cache of pip",
    "conda-packages": "cache of conda",
    "uv-cache": "cache of uv",
    "huggingface-cache": "cache of Hugging Face",
    "temp": "temporary files",
    "home": "the home folder",
    "working-folder": "the working folder",
}


def _compare_cpu(requirement: Requirement, fact: Fact, facts: Snapshot) -> Comparison:
    return _compare_features(requirement, facts) if fact.shape == "cpu.features" else _compare_cores(requirement, facts)


def _compare_features(requirement: Requirement, facts: Snapshot) -> Comparison:
    feature = requirement.asked.lower()
    machine = known(facts.system.machine, "").lower()
    if machine and machine not in _X86 and feature.startswith(_X86_FEATURES):
        return Comparison(Met.MOOT, "CPU", reason=f"{feature} is a matter of x86 processors, and this one is {machine}")
    features = facts.cpu.features
    if not isinstance(features, tuple):
        return unknown(facts, "cpu.features", "CPU", "the instruction sets of the CPU", "the output of lscpu")
    has = feature in (entry.lower() for entry in features)
    model = known(facts.cpu.model, "this CPU")
    evidence = (proof(facts, "cpu.features", f"{'with' if has else 'without'} {feature}, {model}"),)
    return Comparison(Met.YES if has else Met.NO, "CPU", f"{model} {'has' if has else 'has no'} {feature}", feature, evidence=evidence)


def _compare_cores(requirement: Requirement, facts: Snapshot) -> Comparison:
    physical, logical, usable = facts.cpu.physical_cores, facts.cpu.logical_cores, facts.cpu.usable_cores
    need = parse_count(requirement.asked)
    # More threads than cores, never fewer: too few threads decide where the cores are not known.
    cores = physical if isinstance(physical, int) else logical if isinstance(logical, int) and logical < need else None
    if cores is None:
        return unknown(facts, "cpu.physical_cores", "CPU", "the number of cores", "the output of lscpu")
    words = f"{cores} physical {'core' if cores == 1 else 'cores'}" if cores == physical else f"{cores} logical cores"
    evidence = [proof(facts, "cpu.physical_cores" if cores == physical else "cpu.logical_cores", cores)]
    limited = cores >= need and isinstance(usable, int | float) and usable < need
    if limited:
        words = f"{usable:g} of {words} may be used here"
        evidence.append(proof(facts, "cpu.usable_cores", f"{usable:g}"))
    met = Met.NO if limited or cores < need else Met.YES
    asked = f"{requirement.asked} cores"
    return Comparison(met, "CPU", words, asked, evidence=tuple(evidence), share=cores / need if need else None, limited=limited)
