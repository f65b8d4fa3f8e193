"""Every plan against a checker that was written from the constraints, on machines of every kind and on those of pasted reports."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from envcheck.choosing.build import Wishes
from envcheck.facts.snapshot import Snapshot
from envcheck.judging.cards import nvidia_cards
from envcheck.planning.planner import plan
from envcheck.profiles.load import chain, load_profile, shipped_names
from envcheck.readers.read import read_saved
from tests.choosing import test_every_constraint as constraints
from tests.choosing.test_every_constraint import Machine
from tests.planning.checker import MACHINES, check_impossible, check_newest, check_versions, expected, facts_of

# Apple's plugin for TensorFlow has a test of its own.
PROFILES = tuple(
    name for name in shipped_names() if any(each.frameworks for each in chain(load_profile(name))) and name != "tensorflow-metal"
)
# What the profiles ask of releases, in their own files; a release below is taken only where no Python has another.
LEAST = {"pytorch": "2.8", "pytorch-cuda": "2.8", "pytorch-ecosystem": "2.8", "tensorflow": "2.20", "tensorflow-cuda": "2.20"}


@pytest.mark.parametrize(
    ("profile", "framework"), [("pytorch", "torch"), ("tensorflow", "tensorflow"), ("jax", "jax"), ("torch", "torch"), ("jax-cuda", "jax")]
)
def test_it_is_the_newest_release_that_the_machine_can_have(profile: str, framework: str) -> None:
    seen = set()
    for machine in MACHINES:
        if profile == "jax-cuda" and not machine["cards"]:
            continue
        made = plan(facts_of(machine), (profile,))
        best, pythons = expected(framework, machine, LEAST.get(profile, "0"))
        version = next((package.version for package in made.packages if package.name == framework), None)
        assert version == best, (machine, made)
        assert (made.impossible is None) == (best is not None)
        if best is not None:
            assert made.python in pythons
        seen.add(best)
    assert len(seen) > 3


@pytest.mark.parametrize("profile", PROFILES)
def test_a_plan_keeps_every_constraint_or_is_rightly_impossible(profile: str) -> None:
    assert len(MACHINES) > 60
    possible = 0
    for machine in MACHINES:
        made = plan(facts_of(machine), (profile,))
        if made.impossible is not None:
            assert not made.steps
            assert not made.packages
            assert re.fullmatch(r"[A-Za-z][^!?\n]+\.", made.impossible)
            check_impossible(profile, machine)
            continue
        possible += 1
        check_versions(profile, machine, made)
        check_newest(machine, made)
    assert possible > 10


@pytest.mark.parametrize("like", ["2.8", "2.5.1", "1.13"])
def test_a_wished_release_is_planned_or_refused(like: str) -> None:
    for machine in MACHINES[::3]:
        made = plan(facts_of(machine), ("torch",), Wishes(version=like))
        version = next((package.version for package in made.packages if package.name == "torch"), None)
        if version is not None:
            assert version == like or version.startswith(f"{like}.")
            check_versions("torch", machine, made)
        else:
            assert made.impossible is not None


PAIRS: tuple[Any, ...] = tuple(
    itertools.combinations(("pytorch", "tensorflow", "jax", "keras", "transformers", "mlflow", "wandb", "tf-keras"), 2)
)


@pytest.mark.parametrize("names", PAIRS, ids="-".join)
def test_several_in_one_environment_go_together(names: tuple[str, str]) -> None:
    for machine in MACHINES[::7]:
        made = plan(facts_of(machine), names)
        if made.impossible is None:
            check_versions("+".join(names), machine, made)
        else:
            assert made.why or machine["os"] != "Linux"


TEXTS = Path(__file__).parents[1] / "texts"


def recorded() -> Iterator[tuple[str, Snapshot, Machine]]:
    """The machines of pasted reports that tell system, processor, Python, and driver and capability of the cards that they have."""
    for path in sorted(TEXTS.glob("*/*.txt")):
        facts = read_saved(path.read_bytes(), path.name)
        system, python = facts.system, facts.python.version
        if system.os not in ("Linux", "Windows") or not isinstance(system.machine, str) or not isinstance(python, str):
            continue
        cards = [card.capability for card in nvidia_cards(facts)]
        told = not cards or (isinstance(facts.nvidia.driver_version, str) and None not in cards)
        plain = not isinstance(system.wsl, int) and not isinstance(facts.nvidia.jetson, str) and len(facts.accelerators) == len(cards)
        if told and plain and facts.python.implementation in (msgspec.UNSET, "CPython"):
            driver = facts.nvidia.driver_version if isinstance(facts.nvidia.driver_version, str) else None
            glibc = system.libc.removeprefix("glibc ") if isinstance(system.libc, str) else "2.36"
            names = tuple(f"{card[0]}.{card[1]}" for card in cards if card is not None)
            yield path.stem, facts, constraints.machine_of(driver, names, minor_of(python), (system.os, system.machine), glibc)


def minor_of(python: str) -> str:
    return ".".join(python.split(".")[:2])


def test_the_machines_of_pasted_reports_get_what_they_can_have() -> None:
    machines = tuple(recorded())
    assert len(machines) > 20
    for name, facts, machine in machines:
        for profile in ("pytorch", "tensorflow", "jax", "xgboost", "onnx-runtime", "starter-kit"):
            made = plan(facts, (profile,))
            if made.impossible is None:
                check_versions(f"{name}: {profile}", machine, made)
