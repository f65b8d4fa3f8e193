"""driver-end-of-life: a branch of NVIDIA's driver that gets no fixes any more."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from envcheck.facts.snapshot import known
from envcheck.judging.cards import has_windows_driver, nvidia_cards
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.knowledge import TABLES_DATE
from envcheck.knowledge.drivers import find_branch
from envcheck.knowledge.versions import major
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

if TYPE_CHECKING:
    from envcheck.knowledge.ends_of_life import BranchEnd

MANUAL = Manual(
    checks="Whether the branch of NVIDIA's driver (the first number of its version) still gets fixes, by NVIDIA's published schedule.",
    why="NVIDIA repairs holes in a few branches at a time: a branch for production for about a year, one with long-term support for "
    "three. An older driver goes on working, with its holes, and with no release for a new kernel. Cards up to Kepler (compute capability "
    "3.7) have only branches that have ended; Maxwell, Pascal and Volta end with branch 580.",
    example="Driver 550.54.15 in November 2026: branch 550 had ended by August 2025, while branch 580 gets fixes until June 2028.",
    fix="Update the driver to a branch that still gets fixes. Every newer driver runs what was built for an older CUDA.",
    ignore_when="The machine's maker or the distribution keeps this branch up itself, or the card has no newer driver.",
    sources=(
        "https://docs.nvidia.com/datacenter/tesla/drivers/driver-lifecycle.html",
        "https://docs.nvidia.com/datacenter/tesla/drivers/supported-drivers-and-cuda-toolkit-versions.html",
        "https://docs.nvidia.com/datacenter/tesla/drivers/cuda-toolkit-driver-and-architecture-matrix.html",
        "https://forums.developer.nvidia.com/t/current-graphics-driver-releases/28500",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """Compares with the time at which the facts were taken, or where a text does not tell, with that of the tables."""
    facts = case.facts
    version = known(facts.nvidia.driver_version, "")
    if not version:
        yield _without_version(case)
        return
    from envcheck.knowledge.ends_of_life import find_branch_end, spoken_month

    branch = _branch(case, version)
    row = find_branch_end(branch)
    subject = f"NVIDIA driver {version}"
    if row is None:
        yield NotEvaluated(subject, f"until when branch {branch} gets fixes is not known")
    elif (facts.taken or TABLES_DATE)[:7] > row.ends:
        yield _finding(case, version, row)
    else:
        yield Passed(subject, f"branch {row.branch} gets fixes until {spoken_month(row.ends)}")


def _without_version(case: Case) -> Outcome:
    if nvidia_cards(case.facts):
        return NotEvaluated("NVIDIA driver", "its version is not known", ("the output of nvidia-smi",))
    return NotApplicable("no NVIDIA driver is known of")


def _branch(case: Case, version: str) -> int:
    """Linux numbers drivers by their branch; Windows begins a little above it (551 is of branch 550)."""
    number = major(version)
    if not has_windows_driver(case.facts):
        return number
    row = find_branch(version)
    return row.branch if row is not None else number


def _finding(case: Case, version: str, row: "BranchEnd") -> Found:
    from envcheck.knowledge.ends_of_life import spoken_month

    since = f"since {spoken_month(row.ends)}" if row.exact else f"since {spoken_month(row.ends)} at the latest"
    sure = not has_windows_driver(case.facts)
    return Found(
        subject=f"NVIDIA driver {version}",
        message=f"NVIDIA driver {version} is of branch {row.branch}, which has had no fixes {since}, those of security included.",
        severity=Severity.INFO,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=(
            case.proof("nvidia.driver_version", version),
            Proof(fact=f"end of branch {row.branch}", value=spoken_month(row.ends), source=row.source),
        ),
        would_confirm=() if sure else ("NVIDIA's page of the driver says which branch it is of",),
        remedies=(_remedy(case),),
    )


def _remedy(case: Case) -> Remedy:
    from envcheck.knowledge.ends_of_life import longest_kept_branch, spoken_month
    from envcheck.prescribing.nvidia_driver import older_branch

    last = older_branch(case.facts)
    kept = longest_kept_branch(last.branch if last is not None else None)
    if (case.facts.taken or TABLES_DATE)[:7] > kept.ends:
        return by_hand("use another card: no branch with a driver for this one gets fixes any more")
    where = " on Windows" if isinstance(case.facts.system.wsl, int) else " on the host" if case.facts.system.container else ""
    return by_hand(
        f"update NVIDIA's driver{where} to branch {kept.branch}, which gets fixes until {spoken_month(kept.ends)}, or to a newer one"
    )


RULE = Rule(
    name="driver-end-of-life",
    title="The driver's branch gets no fixes any more",
    area=Area.GPU,
    layer=Layer.DRIVER,
    manual=MANUAL,
    check=check,
)
