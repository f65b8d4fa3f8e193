"""A requirement compared with the facts: met, not met, not to be told, or no question here. Severities and sentences are made elsewhere."""

from collections.abc import Callable

from envcheck.facts.snapshot import Snapshot
from envcheck.judging import machine_requirements as machine
from envcheck.judging import software_requirements as software
from envcheck.judging.comparison import Comparison, Met, subject_of
from envcheck.judging.gpu_requirements import compare_accelerators, compare_nvidia
from envcheck.profiles.model import Requirement
from envcheck.profiles.vocabulary import Fact, parse_fact

_COMPARERS: dict[str, Callable[[Requirement, Fact, Snapshot], Comparison]] = {
    "system": machine.compare_system,
    "memory": machine.compare_memory,
    "disks": machine.compare_disk,
    "cpu": machine.compare_cpu,
    "accelerators": compare_accelerators,
    "nvidia": compare_nvidia,
    "toolkits": software.compare_toolkit,
    "python": software.compare_python,
    "packages": software.compare_package,
    "tools": software.compare_tool,
}


def compare(requirement: Requirement, facts: Snapshot) -> Comparison:
    """Compares one requirement's bound of today with the facts. Raises KeyError for a fact that no profile may speak of."""
    fact = parse_fact(requirement.fact)
    if fact is None:
        raise KeyError(requirement.fact)
    if not requirement.holds:
        words = requirement.today.says if requirement.today else ""
        return Comparison(Met.MOOT, subject_of(fact), reason=f"it is no requirement any more: {words}")
    return _COMPARERS[fact.collection](requirement, fact, facts)
