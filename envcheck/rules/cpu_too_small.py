"""cpu-too-small: fewer processor cores than a profile asks for."""

from collections.abc import Iterator

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import judge
from envcheck.judging.rule import Layer, Manual, Outcome, Rule
from envcheck.prescribing.install import by_hand
from envcheck.profiles.model import Requirement
from envcheck.report import Area, Remedy

MANUAL = Manual(
    checks="Whether the processor has the cores that a profile asks for. Cores are counted, not threads. Where the machine has enough "
    "and a container, a job or an affinity mask lends this process fewer, that is told as a remark only.",
    why="Loading and preparing data is done by several processes beside the training; with one or two cores a GPU waits for them.",
    example="CPU: 2 physical cores; the profile system-minimum recommends 4 cores.",
    fix="Use a machine with more cores, or raise the CPU limit of the container or job.",
    ignore_when="The machine is for small models, teaching or tests, and time is of no matter.",
    sources=(
        "https://docs.docker.com/engine/containers/resource_constraints/#cpu",
        "https://man7.org/linux/man-pages/man2/sched_setaffinity.2.html",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """Judges every requirement on the number of cores."""
    yield from judge(case, case.required("cpu.physical_cores"), "CPU", _remedies)


def _remedies(requirement: Requirement, comparison: Comparison) -> tuple[Remedy, ...]:
    if comparison.limited:
        return (by_hand(f"let the container or job use {requirement.asked} cores", f"with Docker: --cpus={requirement.asked}"),)
    return (by_hand(f"run this on a machine with {requirement.asked} cores", "until then expect the preparation of data to set the pace"),)


RULE = Rule(
    name="cpu-too-small",
    title="There are fewer processor cores than required",
    area=Area.CPU,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
)
