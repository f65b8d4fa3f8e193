"""What a run without --profile says of machines: a healthy one hears nothing."""

import msgspec
import pytest

from envcheck.facts.snapshot import Completeness, Cpu, Disk, Memory, Observed, Python, Snapshot, System
from envcheck.judging.engine import diagnose
from envcheck.profiles.load import hints
from envcheck.report import Severity
from envcheck.rules import find_rule

RULES = [
    rule
    for name in ("memory-too-small", "disk-too-full", "cpu-too-small", "cpu-feature-missing", "python-too-old", "gpu-missing")
    if (rule := find_rule(name)) is not None
]
HEALTHY = Snapshot(
    live=True,
    system=System(os="Linux", machine="x86_64"),
    cpu=Cpu(physical_cores=4, logical_cores=4, usable_cores=4, features=("avx", "avx2")),
    memory=Memory(total_bytes=16_500_000_000, limit_bytes=None),
    disks=(Disk(purpose="environment", path="/", free_bytes=40 * 10**9), Disk(purpose="temp", path="/tmp", free_bytes=8 * 10**9)),
    python=Python(version="3.12.4"),
    observed=Observed(packages=Completeness.COMPLETE, accelerators=Completeness.COMPLETE),
)


def told(snapshot: Snapshot) -> dict[str, Severity]:
    report = diagnose(snapshot, RULES, hints())
    assert not any(gap.required for gap in report.not_evaluated)
    return {finding.rule: finding.severity for finding in report.findings}


def test_a_machine_without_gpu_and_with_four_cores_and_16_gb_hears_nothing() -> None:
    assert len(RULES) == 6
    assert told(HEALTHY) == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"memory": Memory(total_bytes=6 * 10**9)}, {"memory-too-small": Severity.INFO}),
        ({"memory": Memory(total_bytes=3 * 10**9)}, {"memory-too-small": Severity.WARNING}),
        ({"memory": Memory(total_bytes=64 * 10**9, limit_bytes=2 * 10**9)}, {"memory-too-small": Severity.WARNING}),
        ({"cpu": Cpu(physical_cores=2, features=("avx2",))}, {"cpu-too-small": Severity.INFO}),
        ({"cpu": Cpu(physical_cores=1, features=("avx2",))}, {"cpu-too-small": Severity.WARNING}),
        ({"cpu": Cpu(physical_cores=32, usable_cores=1, features=("avx2",))}, {"cpu-too-small": Severity.INFO}),
        ({"disks": (Disk(purpose="environment", free_bytes=10**9),)}, {"disk-too-full": Severity.WARNING}),
        ({"python": Python(version="3.8.20")}, {"python-too-old": Severity.INFO}),
        ({"system": System(machine="arm64"), "cpu": Cpu(physical_cores=8, features=("asimd",))}, {}),
    ],
)
def test_what_is_short_is_a_remark_and_less_than_half_a_warning(changes: dict[str, object], expected: dict[str, Severity]) -> None:
    assert told(msgspec.structs.replace(HEALTHY, **changes)) == expected


def test_of_a_pasted_text_that_says_nothing_nothing_is_claimed() -> None:
    assert told(Snapshot()) == {}
