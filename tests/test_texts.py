"""Texts of our own, at least two for every rule and many of healthy machines: each is named rightly, by the first finding."""

from pathlib import Path

import pytest

from envcheck.judging.engine import diagnose
from envcheck.readers.read import read_saved
from envcheck.report import Severity
from envcheck.rules import all_rules

TEXTS = Path(__file__).parent / "texts"
HEALTHY = "healthy"
CASES = sorted(path.relative_to(TEXTS).with_suffix("").as_posix() for path in TEXTS.glob("*/*.txt"))
# They compare with what a profile requires, and no text brings one.
OF_PROFILES = frozenset(
    {
        "cpu-feature-missing",
        "cpu-too-small",
        "disk-too-full",
        "driver-below-requirement",
        "framework-absent",
        "gpu-capability-too-low",
        "gpu-memory-too-small",
        "gpu-missing",
        "memory-too-small",
        "package-missing",
        "package-too-new",
        "package-too-old",
        "package-unwanted",
        "python-too-new",
        "python-too-old",
        "system-not-as-required",
        "tool-missing",
        "tool-too-new",
        "tool-too-old",
        "toolkit-below-requirement",
    }
)


@pytest.mark.parametrize("case", CASES)
def test_the_cause_is_named_first(case: str) -> None:
    category = case.partition("/")[0]
    report = diagnose(read_saved((TEXTS / f"{case}.txt").read_bytes(), "report.txt"), all_rules())
    told = [(finding.rule, finding.severity) for finding in report.findings]
    if category == HEALTHY:
        assert not [rule for rule, severity in told if severity is not Severity.INFO]
    else:
        assert [rule for rule, _ in told][:1] == [category], told


def test_every_rule_has_two_texts() -> None:
    numbers = {rule.name: len(list((TEXTS / rule.name).glob("*.txt"))) for rule in all_rules()}
    assert {name for name, number in numbers.items() if number < 2} <= OF_PROFILES


def test_every_folder_is_named_after_a_rule() -> None:
    assert {path.name for path in TEXTS.iterdir()} <= {HEALTHY, *(rule.name for rule in all_rules())}
