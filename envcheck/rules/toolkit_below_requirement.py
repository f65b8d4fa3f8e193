"""toolkit-below-requirement: an installed CUDA, cuDNN, NCCL or ROCm is not of the version that a profile asks for."""

from collections.abc import Iterator

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import judge
from envcheck.judging.rule import Layer, Manual, Outcome, Rule
from envcheck.prescribing.install import by_hand
from envcheck.profiles.model import Requirement
from envcheck.report import Area, Remedy

MANUAL = Manual(
    checks="Whether a toolkit on the disk is of the version that a profile asks for; of several, one that fits is enough. None of the "
    "profiles that come with envcheck asks for one.",
    why=(
        "Toolkits are needed to compile CUDA or HIP code, such as extensions of PyTorch. The wheels of the frameworks bring what they need."
    ),
    example="cuda: 11.2; the profile gpu-lab needs 12.6 or newer.",
    fix="Install the toolkit of that version, or let a conda environment have it.",
    ignore_when="Nothing is compiled here.",
    sources=(
        "https://docs.nvidia.com/cuda/cuda-installation-guide-linux/",
        "https://rocm.docs.amd.com/",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """Judges every requirement on toolkits. That none was seen does not mean that there is none."""
    yield from judge(case, case.required("toolkits["), "", _remedies)


def _remedies(requirement: Requirement, comparison: Comparison) -> tuple[Remedy, ...]:
    if not requirement.asked:
        return (by_hand(f"remove the {comparison.subject} toolkit, or take its folder off the paths that programs search"),)
    return (by_hand(f"install the {comparison.subject} toolkit, {comparison.need}, from its maker or by conda"),)


RULE = Rule(
    name="toolkit-below-requirement",
    title="A toolkit is not of the required version",
    area=Area.SYSTEM,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
)
