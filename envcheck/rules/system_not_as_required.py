"""system-not-as-required: another operating system or kind of processor than a profile is for."""

from collections.abc import Iterator

from envcheck.judging.case import Case
from envcheck.judging.comparison import Comparison
from envcheck.judging.demands import judge
from envcheck.judging.rule import Layer, Manual, Outcome, Rule
from envcheck.prescribing.install import by_hand
from envcheck.profiles.model import Requirement
from envcheck.report import Area, Remedy

MANUAL = Manual(
    checks="Whether the operating system (Linux, Darwin, Windows) and the kind of processor (x86_64, arm64) are those that a profile is "
    "for. WSL is Linux.",
    why=(
        "Some builds exist for one system only: TensorFlow has none for GPUs on native Windows after 2.10, and Metal is a matter of macOS."
    ),
    example="operating system: Windows; the profile tensorflow-cuda needs Linux.",
    fix="On Windows use WSL 2, which is a Linux with the same GPU; otherwise choose the profile for this system.",
    ignore_when="You build the framework yourself.",
    sources=(
        "https://www.tensorflow.org/install/pip",
        "https://learn.microsoft.com/windows/wsl/install",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """Judges every requirement on the system."""

    def remedies(requirement: Requirement, _comparison: Comparison) -> tuple[Remedy, ...]:
        if requirement.asked == "Linux" and case.facts.system.os == "Windows":
            return (by_hand("use this from WSL 2", "install it with: wsl --install"),)
        return (by_hand(f"use a machine with {requirement.asked}, or the profile for this system"),)

    yield from judge(case, case.required("system."), "", remedies)


RULE = Rule(
    name="system-not-as-required",
    title="The system is not the one that a profile is for",
    area=Area.SYSTEM,
    layer=Layer.HARDWARE,
    manual=MANUAL,
    check=check,
)
