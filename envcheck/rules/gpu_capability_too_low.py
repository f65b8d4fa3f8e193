"""gpu-capability-too-low: no NVIDIA GPU is as modern as a profile asks for, by its compute capability."""

from collections.abc import Iterator

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import judge
from envcheck.judging.rule import Layer, Manual, NotApplicable, Outcome, Rule
from envcheck.judging.usable_gpus import usable_accelerators
from envcheck.prescribing.install import by_hand
from envcheck.profiles.model import Requirement
from envcheck.report import Area, Remedy

MANUAL = Manual(
    checks="Whether at least one NVIDIA GPU has the compute capability that a profile asks for. Other makers' GPUs have none, and are "
    "not judged.",
    why="Compute capability is NVIDIA's number for a generation of GPUs: a GTX 1660 has 7.5, an RTX 3060 has 8.6. CUDA 13, which the "
    "newest frameworks are built for, begins at 7.5.",
    example="GPU: compute capability 6.1 (NVIDIA GeForce GTX 1080 Ti); the profile gpu needs compute capability 7.5 or newer.",
    fix="Use a newer GPU; or keep to releases that were built for the old one, such as torch up to 2.14 from its cu126 index.",
    ignore_when="The installed frameworks have code for the GPU and work on it.",
    sources=(
        "https://developer.nvidia.com/cuda-gpus",
        "https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/index.html",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """Judges every requirement on compute capability by the best GPU."""
    if not usable_accelerators(case.facts):
        yield NotApplicable("there is no GPU, which is another rule's matter")
        return
    yield from judge(case, case.required("accelerators.compute_capability"), "GPU", _remedies)


def _remedies(requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
    return (
        by_hand(
            f"use a GPU of compute capability {requirement.asked}",
            "or install releases that have code for this one; envcheck names them where a framework is installed",
        ),
    )


RULE = Rule(
    name="gpu-capability-too-low",
    title="The GPU is of an older generation than required",
    area=Area.GPU,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
)
