from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.facts.symptoms import Symptom
from envcheck.judging.system_floors import Floor, Tag, has_other_processors_only, missed_floor, parse_tag
from envcheck.judging.wheel_refusals import Refusal, gather


def refusal(requirement: str, **details: str) -> Refusal:
    said = {"kind": "no-matching-distribution", "text": "…", "details": {"requirement": requirement, **details}}
    (gathered,) = gather([msgspec.convert(said, Symptom)])
    return gathered


def missed(asked: Refusal, system: dict[str, Any] | None = None, python: str = "") -> tuple[str, str, str, bool] | None:
    facts = msgspec.convert({"system": system or {}, "python": {"version": python} if python else {}}, Snapshot)
    floor: Floor | None = missed_floor(facts, asked)
    return (floor.system, floor.need, floor.have, floor.sure) if floor is not None else None


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("manylinux_2_28_x86_64", Tag("glibc", "2.28", "x86_64")),
        ("manylinux2014_aarch64", Tag("glibc", "2.17", "aarch64")),
        ("manylinux1_x86_64", Tag("glibc", "2.5", "x86_64")),
        ("macosx_11_0_arm64", Tag("macOS", "11.0", "arm64")),
        ("win_amd64", None),
        ("linux_x86_64", None),
        ("musllinux_1_2_x86_64", None),
        ("cp310", None),
    ],
)
def test_tags_of_platforms_name_the_oldest_system(text: str, tag: Tag | None):
    assert parse_tag(text) == tag


@pytest.mark.parametrize(
    ("have", "tags", "floor"),
    [
        ("manylinux_2_17_x86_64", "manylinux_2_28_x86_64, manylinux_2_17_aarch64", ("glibc", "2.28", "2.17", True)),
        ("manylinux_2_26_aarch64", "manylinux_2_28_x86_64, manylinux_2_28_aarch64", ("glibc", "2.28", "2.26", True)),
        ("macosx_12_0_arm64", "macosx_13_0_arm64, macosx_14_0_arm64", ("macOS", "13.0", "12.0", True)),
        ("macosx_12_0_x86_64", "macosx_13_0_universal2", ("macOS", "13.0", "12.0", True)),
        ("manylinux_2_35_x86_64", "manylinux_2_28_aarch64", None),
        ("manylinux_2_35_x86_64", "manylinux_2_28_x86_64", None),
        ("macosx_14_0_x86_64", "macosx_11_0_arm64, win_amd64", None),
        ("musllinux_1_2_x86_64", "manylinux_2_28_x86_64", None),
        ("win_arm64", "win_amd64", None),
    ],
)
def test_an_installer_names_what_fits_here_and_what_there_is(have: str, tags: str, floor: tuple[str, str, str, bool] | None):
    assert missed(refusal("torch==2.7.0", what="platform", have=have, tags=tags)) == floor


def test_wheels_for_another_processor_only_are_no_matter_of_the_system():
    assert has_other_processors_only(refusal("torch==2.6.0", what="platform", have="macosx_14_0_x86_64", tags="macosx_11_0_arm64"))
    assert not has_other_processors_only(refusal("torch==2.6.0", what="platform", have="macosx_10_0_arm64", tags="macosx_11_0_arm64"))
    assert not has_other_processors_only(refusal("torch==2.6.0", what="platform", have="win_arm64", tags="win_amd64"))


CENTOS = {"os": "Linux", "machine": "x86_64", "distribution_id": "centos", "distribution_version": "7.9", "distribution": "CentOS Linux 7"}
OFFERED = "2.4.1, 2.5.1, 2.6.0"


@pytest.mark.parametrize(
    ("system", "python", "floor"),
    [
        ({"os": "Linux", "machine": "x86_64", "libc": "glibc 2.17"}, "3.11.4", ("glibc", "2.28", "2.17", True)),
        (CENTOS, "3.11.4", ("glibc", "2.28", "2.17", True)),
        (CENTOS, "", ("glibc", "2.28", "2.17", False)),
        (CENTOS, "3.8.10", None),  # for that Python there is no wheel on any system
        ({"os": "Linux", "machine": "x86_64", "libc": "glibc 2.31"}, "3.11.4", None),
        ({"os": "Linux", "machine": "x86_64"}, "3.11.4", None),
        ({"os": "Linux", "machine": "x86_64", "libc": "musl 1.2"}, "3.11.4", None),
        ({"os": "Windows", "machine": "AMD64"}, "3.11.4", None),
        ({}, "3.11.4", None),
    ],
)
def test_of_what_pip_did_not_find_the_tables_know_the_system(system: dict[str, Any], python: str, floor: tuple[str, str, str, bool] | None):
    assert missed(refusal("torch==2.7.0", versions=OFFERED), system, python) == floor


def test_of_macs_too():
    old = {"os": "Darwin", "machine": "arm64", "distribution_version": "13.6"}
    offered = "2.12.0, 2.14.1"
    assert missed(refusal("torch==2.15.0", versions=offered), old, "3.12.1") == ("macOS", "14.0", "13.6", True)
    assert missed(refusal("torch==2.15.0", versions=offered), {**old, "distribution_version": "15.1"}, "3.12.1") is None


def test_a_file_that_was_named_tells_by_its_name():
    asked = refusal("torch-2.7.0-cp311-cp311-manylinux_2_28_x86_64.whl")
    assert missed(asked, {"os": "Linux", "libc": "glibc 2.17"}) == ("glibc", "2.28", "2.17", True)
    assert missed(asked, {"os": "Linux", "libc": "glibc 2.35"}) is None
    assert missed(refusal("x-1.0-cp311-cp311-win_amd64.whl"), {"os": "Linux", "libc": "glibc 2.17"}) is None
