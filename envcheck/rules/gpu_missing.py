"""gpu-missing: a profile asks for a GPU, or for one of a certain maker, and there is none."""

from collections.abc import Iterator

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import judge
from envcheck.judging.rule import Layer, Manual, Outcome, Rule
from envcheck.judging.usable_gpus import usable_accelerators
from envcheck.prescribing.install import by_hand
from envcheck.profiles.model import Operator, Requirement
from envcheck.report import Area, Remedy

MANUAL = Manual(
    checks="Whether there is a GPU that programs can see, where a profile asks for one. Without such a profile a machine without a GPU "
    "is healthy.",
    why="A cluster's login node, a container without the GPU passed in and a notebook with a CPU runtime all look like this, and "
    "frameworks then compute on the CPU without a word.",
    example="GPU: none found; the profile gpu needs a GPU.",
    fix="Use a machine or a runtime with a GPU, pass it into the container (docker run --gpus all), or ask the scheduler for it.",
    ignore_when="The CPU is fast enough for what you do: then do not ask for the profile.",
    sources=("https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/docker-specialized.html",),
)


def check(case: Case) -> Iterator[Outcome]:
    """Judges what is asked of the presence and the maker of GPUs."""

    def remedies(requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
        return (_remedy(case, requirement),)

    asked = list(case.required("accelerators"))
    presence = [entry for entry in asked if entry.operator in _PRESENCE]
    if usable_accelerators(case.facts):
        yield from judge(case, presence, "GPU", remedies)
    else:
        # Who asks for GPU memory asks for a GPU; all of it is missed by one and the same absence.
        yield from judge(case, presence or asked, "GPU", remedies, together=True)


_PRESENCE = (Operator.INSTALLED, Operator.ABSENT, Operator.INCLUDES)


def _remedy(case: Case, requirement: Requirement) -> Remedy:
    system = case.facts.system
    if requirement.operator is Operator.ABSENT:
        return by_hand("run this where no GPU is seen", "hide NVIDIA's GPUs by setting CUDA_VISIBLE_DEVICES to -1")
    if isinstance(system.container, str):
        option = "--device=/dev/kfd --device=/dev/dri" if requirement.asked == "rocm" else "--gpus all"
        return by_hand("give the container the GPU of its host", f"with Docker: start it with {option}")
    if isinstance(system.scheduler, str):
        return by_hand("ask the scheduler for a node with a GPU", "with Slurm: --gres=gpu:1")
    if case.facts.python.service in ("colab", "kaggle"):
        return by_hand("choose a runtime with a GPU in the settings of the notebook")
    return by_hand("use a machine with such a GPU; without one the frameworks compute on the CPU")


RULE = Rule(
    name="gpu-missing",
    title="There is no GPU of the required kind",
    area=Area.GPU,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
    explains=frozenset({"driver-below-requirement"}),
)
