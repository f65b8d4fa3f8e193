"""Requirements on the system, its memory, disks and processor, compared with the facts."""

from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.judging.case import proof
from envcheck.judging.comparison import TOLERANCE, Comparison, Met, unknown
from envcheck.knowledge.cpus import is_x86
from envcheck.profiles.bounds import format_size, parse_count, parse_size
from envcheck.profiles.model import Requirement
from envcheck.profiles.vocabulary import Fact

# Names of instruction sets that only x86 processors have.
_X86_FEATURES = ("avx", "sse", "ssse", "fma", "f16c", "amx", "bmi", "aes", "popcnt")


def compare_system(requirement: Requirement, fact: Fact, facts: Snapshot) -> Comparison:
    """The operating system, or the kind of processor."""
    thing = "operating system" if fact.shape == "system.os" else "kind of processor"
    have = facts.system.os if fact.shape == "system.os" else facts.system.machine
    if not isinstance(have, str):
        return unknown(facts, fact.shape, thing, f"the {thing}", "the output of uname -sm, or the system type of Windows")
    met = Met.YES if have.lower() == requirement.asked.lower() else Met.NO
    return Comparison(met, thing, have, requirement.asked, evidence=(proof(facts, fact.shape, have),))


def compare_memory(requirement: Requirement, fact: Fact, facts: Snapshot) -> Comparison:
    """The memory that may be used: a limit of the container or job counts where it is lower."""
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


def compare_disk(requirement: Requirement, fact: Fact, facts: Snapshot) -> Comparison:
    """The free space of the volume that a purpose has."""
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


def compare_cpu(requirement: Requirement, fact: Fact, facts: Snapshot) -> Comparison:
    """The number of cores, or an instruction set."""
    return _compare_features(requirement, facts) if fact.shape == "cpu.features" else _compare_cores(requirement, facts)


def _compare_features(requirement: Requirement, facts: Snapshot) -> Comparison:
    feature = requirement.asked.lower()
    machine = known(facts.system.machine, "").lower()
    if machine and not is_x86(machine) and feature.startswith(_X86_FEATURES):
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
