"""The host probe as a child of its own on this machine, its allow-list of variables, and the parts for other systems that run anywhere."""

import os
import sys
import types
from collections.abc import Callable
from typing import Any

import pytest

from envcheck.facts.claims import resolve
from envcheck.facts.snapshot import Completeness, Snapshot
from envcheck.observing.answer import Ending
from envcheck.observing.process import Task
from envcheck.observing.runner import run


def host(**variables: str | None) -> Snapshot:
    answer = run([Task("host", "host", sys.executable, variables=variables)])["host"]
    assert (answer.ending, answer.stderr) == (Ending.ANSWERED, "")
    return resolve(answer.evidence, taken="", live=True)


@pytest.fixture(scope="module")
def here() -> Snapshot:
    return host()


def test_this_machine_is_known_without_gaps_that_matter(here: Snapshot) -> None:
    assert here.system.os in ("Linux", "Darwin", "Windows")
    assert here.system.machine
    assert here.system.kernel
    assert isinstance(here.memory.total_bytes, int)
    assert here.memory.total_bytes > 2**28
    assert here.cpu.logical_cores == os.cpu_count()
    assert isinstance(here.cpu.features, tuple)
    assert here.observed.variables is Completeness.COMPLETE


@pytest.mark.skipif(sys.platform != "linux", reason="compares with what Linux tells Python")
def test_what_is_told_agrees_with_what_python_knows(here: Snapshot) -> None:
    assert here.cpu.usable_cores is not None
    assert 0 < float(str(here.cpu.usable_cores)) <= len(os.sched_getaffinity(0))
    assert here.system.kernel == os.uname().release
    assert str(here.system.libc).split()[0] in ("glibc", "musl")
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert isinstance(here.memory.total_bytes, int)
    assert here.memory.total_bytes <= pages
    assert not [unknown for unknown in here.unknown if unknown.reason == "crashed"]


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="Linux lets a process choose its processors")
def test_a_process_that_may_use_one_cpu_has_one(here: Snapshot) -> None:
    allowed = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        snapshot = host()
    finally:
        os.sched_setaffinity(0, allowed)
    assert snapshot.cpu.usable_cores is not None
    assert float(str(snapshot.cpu.usable_cores)) <= 1.0
    assert snapshot.cpu.logical_cores == here.cpu.logical_cores


def test_variables_of_the_list_are_told_and_others_are_not() -> None:
    told = host(CUDA_VISIBLE_DEVICES="", NCCL_DEBUG="INFO", HF_TOKEN="hf_x", AWS_SECRET_ACCESS_KEY="x", MY_OWN="x").variables
    assert told["CUDA_VISIBLE_DEVICES"] == ""  # set and empty hides every card: it is not the same as unset
    assert told["NCCL_DEBUG"] == "INFO"
    assert not {"HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "MY_OWN", "PATH", "HOME"} & set(told)
    assert "CUDA_VISIBLE_DEVICES" not in host(CUDA_VISIBLE_DEVICES=None).variables


def test_a_secret_is_not_told_even_under_a_prefix_of_the_list(probe: Callable[[str], types.ModuleType]) -> None:
    chosen = probe("host").chosen_variables({"NCCL_AUTH_TOKEN": "x", "UCX_PASSWORD": "x", "NCCL_DEBUG": "WARN", "nccl_debug": "x"})
    assert chosen == {"NCCL_DEBUG": "WARN"}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("https://me:word@host/simple", "https://***@host/simple"),
        ("a b=http://token@host:80 c=ftp://x@y/z", "a b=http://***@host:80 c=ftp://***@y/z"),
        ("https://host/a@b", "https://host/a@b"),
        ("https://me:p@ss@host/", "https://***@host/"),
        ("/usr/lib:/opt/lib", "/usr/lib:/opt/lib"),
        ("://", "://"),
        ("\udcff", "\\xff"),
    ],
)
def test_what_stands_before_the_at_sign_of_an_address_is_left_out(probe: Callable[[str], types.ModuleType], value: str, told: str) -> None:
    assert probe("host").without_credentials(value) == told


def test_an_unheard_of_system_is_named_and_the_rest_unknown(probe: Callable[[str], types.ModuleType], channel: Any) -> None:
    probe("host").tell_other_system(channel)
    assert channel.facts["system.os"]
    assert {reason for reason, _ in channel.unknowns.values()} == {"unsupported"}
    assert {"cpu", "memory"} <= set(channel.unknowns)
