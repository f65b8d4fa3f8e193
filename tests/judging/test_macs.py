"""What tells a Mac's chip, for which processor its Python was made, and its release."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.macs import apple_chip, has_intel_chip, macos_version, x86_python


def facts(**given: Any) -> Snapshot:
    return msgspec.convert(given, Snapshot)


@pytest.mark.parametrize(
    ("given", "fact"),
    [
        ({"apple": {"chip": "Apple M3 Max"}}, "apple.chip"),
        ({"cpu": {"model": "Apple M1"}}, "cpu.model"),
        ({"cpu": {"model": "VirtualApple @ 2.50GHz"}}, "cpu.model"),
        ({"cpu": {"vendor": "VirtualApple"}}, "cpu.vendor"),
        ({"accelerators": [{"index": 0, "vendor": "amd"}, {"index": 1, "vendor": "apple", "name": "Apple M2"}]}, "accelerators[1].name"),
        ({"cpu": {"model": "Intel(R) Core(TM) i9", "vendor": "GenuineIntel"}}, None),
        ({}, None),
    ],
)
def test_the_chip_is_apples_where_a_fact_says_so(given: dict[str, Any], fact: str | None) -> None:
    proof = apple_chip(facts(**given))
    assert (proof.fact if proof is not None else None) == fact


@pytest.mark.parametrize(
    ("cpu", "intel"),
    [
        ({"model": "Intel(R) Core(TM) i9"}, True),
        ({"vendor": "GenuineIntel"}, True),
        ({"model": "Apple M1"}, False),
        ({"vendor": "VirtualApple", "model": "Intel emulation"}, False),
        ({}, False),
    ],
)
def test_the_chip_is_intels_only_where_nothing_says_apple(cpu: dict[str, str], intel: bool) -> None:
    assert has_intel_chip(facts(cpu=cpu)) is intel


@pytest.mark.parametrize(
    ("given", "fact"),
    [
        ({"python": {"platform": "macosx-10.9-x86_64"}}, "python.platform"),
        ({"python": {"platform": "macosx-11.0-arm64"}, "system": {"machine": "x86_64"}}, None),
        ({"python": {"tags": ["cp311-cp311-macosx_12_0_x86_64"]}}, "python.tags"),
        ({"python": {"tags": ["cp311-cp311-macosx_12_0_x86_64", "cp311-cp311-macosx_12_0_arm64"]}, "system": {"machine": "x86_64"}}, None),
        ({"python": {"tags": ["cp311-none-any"]}, "system": {"rosetta": True}}, "system.rosetta"),
        ({"system": {"machine": "x86_64"}}, "system.machine"),
        ({"system": {"machine": "arm64"}}, None),
    ],
)
def test_what_python_says_of_itself_comes_first(given: dict[str, Any], fact: str | None) -> None:
    proof = x86_python(facts(**given))
    assert (proof.fact if proof is not None else None) == fact


@pytest.mark.parametrize(("version", "release"), [("12.2.1", "12.2.1"), ("14", "14"), ("10.16", None), ("", None), ("Sonoma", None)])
def test_a_number_for_old_programs_is_no_release(version: str, release: str | None) -> None:
    assert macos_version(facts(system={"distribution_version": version})) == release
