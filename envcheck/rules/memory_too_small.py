"""memory-too-small: less memory than a profile asks for, counting the limit of a container or job."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import judge
from envcheck.judging.rule import Layer, Manual, Outcome, Rule
from envcheck.prescribing.install import by_hand
from envcheck.profiles.model import Requirement
from envcheck.report import Area, Remedy

MANUAL = Manual(
    checks="Whether the machine has the memory that a profile asks for. In a container or a batch job the limit counts where it is below "
    'the machine\'s own memory. "GB" in a document is 10⁹ bytes; 3 % less passes, because firmware keeps a part for itself.',
    why="A process that needs more is ended by the system without a word of its own (exit status 137), or makes the whole machine crawl. "
    "Beginners meet it as a notebook kernel that died.",
    example="Memory: 4.2 GB (limit of the container or job; the machine has 33.5 GB); the profile system-minimum needs 8 GB.",
    fix="Give the container or job more memory, or the machine; where that is out of the question, use smaller batches and load data in "
    "parts.",
    ignore_when="You know how much memory your own models and data need, and it is less.",
    sources=(
        "https://docs.kernel.org/admin-guide/cgroup-v2.html",
        "https://docs.docker.com/engine/containers/resource_constraints/",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """Judges every requirement on the size of the memory."""

    def remedies(requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
        return (_remedy(case.facts, requirement),)

    yield from judge(case, case.required("memory.total_bytes"), "Memory", remedies)


def _remedy(facts: Snapshot, requirement: Requirement) -> Remedy:
    total, limit = facts.memory.total_bytes, facts.memory.limit_bytes
    if not isinstance(limit, int) or (isinstance(total, int) and total <= limit):
        return by_hand(f"run this on a machine with {requirement.asked} of memory", "or use smaller batches and load the data in parts")
    size = requirement.asked.replace(" ", "").rstrip("iB")  # 8 GB → 8G, as schedulers and container engines write it
    if known(facts.system.scheduler, "") == "slurm":
        return by_hand(f"ask for {requirement.asked} of memory", f"submit the job with --mem={size}")
    return by_hand(
        f"raise the memory limit to {requirement.asked}",
        f"with Docker: start the container with --memory={size.lower()}",
        "on Windows and macOS the settings of Docker Desktop have a limit of their own",
    )


RULE = Rule(
    name="memory-too-small",
    title="There is less memory than required",
    area=Area.MEMORY,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
)
