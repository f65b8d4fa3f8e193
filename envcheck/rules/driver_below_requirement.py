"""driver-below-requirement: NVIDIA's driver is older than a profile asks for, or none answers."""

from collections.abc import Iterator

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import judge
from envcheck.judging.rule import Layer, Manual, Outcome, Rule
from envcheck.knowledge.drivers import find_minimum
from envcheck.prescribing.install import by_hand
from envcheck.profiles.model import Requirement
from envcheck.report import Area, Remedy

MANUAL = Manual(
    checks="Whether NVIDIA's driver supports the CUDA version that a profile asks for, or is of the version that it asks for. What the "
    "driver says counts, not a toolkit on the disk.",
    why="Documents ask for a CUDA toolkit. The wheels of PyTorch, TensorFlow and JAX bring CUDA with them and need the driver only: 525 "
    "or newer for CUDA 12, 580 or newer for CUDA 13.",
    example="NVIDIA driver: 470.82.01 supports CUDA 11.4; the profile cuda needs a driver for CUDA 12.0.",
    fix="Update the driver of the machine; in a container, that of its host. Do not install a toolkit for it.",
    ignore_when="The installed builds are for the older CUDA and work.",
    sources=("https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html",),
)


def check(case: Case) -> Iterator[Outcome]:
    """Judges every requirement on NVIDIA's driver."""

    def remedies(requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
        return (_remedy(case, requirement),)

    yield from judge(case, case.required("nvidia."), "NVIDIA driver", remedies)


def _remedy(case: Case, requirement: Requirement) -> Remedy:
    wanted = requirement.asked
    if requirement.fact == "nvidia.cuda_version":
        minimum = find_minimum(requirement.asked)
        wanted = f"{minimum.linux_min} (Windows: {minimum.windows_min})" if minimum is not None else f"for CUDA {wanted}"
    where = "on the host of this container" if isinstance(case.facts.system.container, str) else "on this machine"
    return by_hand(
        f"install NVIDIA driver {wanted} or newer {where}",
        "take it from the operating system's packages where it has them",
        "restart the machine",
    )


RULE = Rule(
    name="driver-below-requirement",
    title="The NVIDIA driver is older than required",
    area=Area.GPU,
    layer=Layer.DRIVER,
    manual=MANUAL,
    check=check,
)
