"""gpu-memory-too-small: no GPU has the memory that a profile asks for."""

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
    checks="Whether at least one GPU has the memory that a profile asks for: the whole of it, not what is free at the moment. 3 % less "
    "passes, because drivers and error correction keep a part. Of a card that is divided (MIG) its slice counts.",
    why='Model, gradients, optimiser and data must fit in it at the same time; what does not fit ends with "CUDA out of memory".',
    example="GPU memory: 4.2 GB (NVIDIA GeForce GTX 1650); the profile gpu needs 6 GB.",
    fix="Use a GPU with more memory; or smaller batches, half precision, gradient checkpointing, a smaller model.",
    ignore_when="Your models are known to fit.",
    sources=(
        "https://docs.pytorch.org/docs/stable/notes/cuda.html#memory-management",
        "https://docs.nvidia.com/datacenter/tesla/mig-user-guide/",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """Judges every requirement on the memory of GPUs by the largest of them."""
    if not usable_accelerators(case.facts):
        yield NotApplicable("there is no GPU, which is another rule's matter")
        return
    yield from judge(case, case.required("accelerators.memory_bytes"), "GPU memory", _remedies)


def _remedies(requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
    return (by_hand(f"use a GPU with {requirement.asked} of memory", "or smaller batches and half precision on this one"),)


RULE = Rule(
    name="gpu-memory-too-small",
    title="No GPU has the required memory",
    area=Area.GPU,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
)
