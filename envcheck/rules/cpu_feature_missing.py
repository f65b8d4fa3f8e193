"""cpu-feature-missing: the processor lacks an instruction set that a profile asks for."""

from collections.abc import Iterator

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import judge
from envcheck.judging.rule import Layer, Manual, Outcome, Rule
from envcheck.prescribing.install import by_hand
from envcheck.profiles.model import Requirement
from envcheck.report import Area, Remedy

MANUAL = Manual(
    checks="Whether the processor has the instruction sets that a profile asks for, such as avx2. For x86 instruction sets on an ARM "
    "processor the question does not arise.",
    why='Wheels are compiled for common processors. Without AVX, TensorFlow and JAX end with "Illegal instruction" as soon as they are '
    "imported; without AVX2 much of the arithmetic takes slower ways. A virtual machine may hide what its host's processor has.",
    example="CPU: QEMU Virtual CPU version 2.5+ has no avx2; the profile system-minimum recommends avx2.",
    fix=("In a virtual machine, let the guest see the host's processor. Otherwise use another machine, or a build for older processors."),
    ignore_when="The frameworks that you use import and compute: then it only costs speed.",
    sources=(
        "https://www.tensorflow.org/install/pip",
        "https://www.qemu.org/docs/master/system/qemu-cpu-models.html",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """Judges every requirement on instruction sets."""

    def remedies(requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
        if isinstance(case.facts.system.virtual_machine, str):
            return (
                by_hand("let the virtual machine see the processor of its host", "on QEMU and KVM: -cpu host; on Proxmox: CPU type host"),
            )
        return (by_hand(f"run this on a machine whose processor has {requirement.asked}"),)

    yield from judge(case, case.required("cpu.features"), "CPU", remedies)


RULE = Rule(
    name="cpu-feature-missing",
    title="The processor lacks a required instruction set",
    area=Area.CPU,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
)
