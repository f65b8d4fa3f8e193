"""Every answer against a checker that knows nothing of the code: it tries each build of the tables' own rows on each machine."""

import functools
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.choosing.build import Build, Wishes
from envcheck.choosing.choose import choose_build
from envcheck.facts.snapshot import Snapshot

TABLES = Path(__file__).parents[2] / "envcheck" / "knowledge" / "tables"
Machine = dict[str, Any]
Option = tuple[str, str]  # a release, and what tells its build from its other builds

DRIVERS: tuple[str | None, ...] = (
    None,
    "390.157",
    "440.33",
    "450.80.02",
    "470.82.01",
    "515.43",
    "525.60.12",
    "525.60.13",
    "535.54.03",
    "550.54.15",
    "555.42.06",
    "570.86.10",
    "580.65.06",
    "595.45.04",
)
CARDS = (
    "2.1",
    "3.0",
    "3.5",
    "3.7",
    "5.0",
    "5.2",
    "5.3",
    "6.0",
    "6.1",
    "6.2",
    "7.0",
    "7.2",
    "7.5",
    "8.0",
    "8.6",
    "8.7",
    "8.9",
    "9.0",
    "10.0",
    "10.3",
    "11.0",
    "12.0",
    "12.1",
)
TEGRA = ("3.2", "5.3", "6.2", "7.2", "8.7", "10.1", "11.0")  # Jetson and Drive; Thor, 10.1, became 11.0 in CUDA 13
PYTHONS = ("3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.13t", "3.14", "3.14t", "3.15", "3.16")
PLATFORMS = (("Linux", "x86_64"), ("Linux", "aarch64"), ("Windows", "AMD64"))
GLIBCS = ("2.17", "2.27", "2.28", "2.36")
FRAMEWORKS = ("torch", "tensorflow", "jax")


@functools.cache
def rows(table: str, name: str) -> list[dict[str, Any]]:
    return list(json.loads((TABLES / f"{table}.json").read_text(encoding="utf-8"))[name])


@functools.cache
def number(version: str) -> tuple[int, ...]:
    digits = re.match(r"\d+(?:\.\d+)*", version)
    found = tuple(map(int, digits[0].split("."))) if digits else ()
    return (*found, *(0,) * (5 - len(found)))


def minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


@functools.cache
def cuda_of_driver(driver: str) -> str:
    """By the nearest branch at or below; an older driver than any runs no CUDA that is asked for here."""
    below = [row for row in rows("cuda_drivers", "branch") if row["branch"] <= number(driver)[0]]
    return str(max(below, key=lambda row: row["branch"])["cuda"]) if below else "0.0"


@functools.cache
def oldest_driver(cuda: str, *, windows: bool) -> str:
    (family,) = (row for row in rows("cuda_drivers", "family") if row["major"] == number(cuda)[0])
    return str(family["windows_min" if windows else "linux_min"])


@functools.cache
def runs_machine_code(target: str, card: str) -> bool:
    """Same major number, and no newer minor; "not supported for Tegra", nor "between desktop and Tegra" (Binary Compatibility)."""
    found = re.fullmatch(r"sm_(\d+)(\d)", target)
    if found is not None and (card in TEGRA or f"{found[1]}.{found[2]}" in TEGRA):
        return f"{found[1]}.{found[2]}" == card or (target, card) == ("sm_101", "11.0")
    return found is not None and int(found[1]) == number(card)[0] and int(found[2]) <= number(card)[1]


@functools.cache
def runs_ptx(target: str, card: str) -> bool:
    found = re.fullmatch(r"compute_(\d+)(\d)", target)
    return found is not None and (int(found[1]), int(found[2])) <= number(card)[:2]


def card_is_served(machine: Machine, card: str, targets: list[str], cuda: str) -> bool:
    if any(runs_machine_code(target, card) for target in targets):
        return True
    compiles = machine["driver"] is None or number(cuda_of_driver(machine["driver"])) >= number(minor(cuda))
    return compiles and any(runs_ptx(target, card) for target in targets)


def driver_fits(machine: Machine, cuda: str, own: str = "") -> bool:
    driver, windows = machine["driver"], machine["os"] == "Windows"
    if driver is None:
        return number(cuda)[0] <= 12 or bool(machine["any_cuda"])
    if not windows and own and number(driver) < number(own):
        return False
    return number(driver) >= number(oldest_driver(cuda, windows=windows)) and number(cuda_of_driver(driver))[0] >= number(cuda)[0]


def glibc_fits(machine: Machine, need: str) -> bool:
    return machine["os"] != "Linux" or number(machine["glibc"]) >= number(need)


def platform_of(machine: Machine) -> str:
    return "win_amd64" if machine["os"] == "Windows" else f"linux_{machine['machine']}"


def torch_options(machine: Machine) -> Iterator[Option]:
    platform = platform_of(machine)
    for release in rows("torch_releases", "release"):
        need = release["glibc_aarch64" if machine["machine"] == "aarch64" else "glibc"]
        if machine["python"] not in release["python"] or not glibc_fits(machine, need):
            continue
        for wheel in rows("torch_wheels", "wheel"):
            if wheel["kind"] == "cuda" and wheel["torch"] == minor(release["version"]) and platform in wheel["platforms"]:
                targets = torch_targets(wheel["tag"], wheel["torch"], platform)
                served = bool(targets) and all(card_is_served(machine, card, targets, wheel["cuda"]) for card in machine["cards"])
                if served and driver_fits(machine, wheel["cuda"]):
                    yield release["version"], wheel["tag"]


@functools.cache
def torch_targets(tag: str, torch: str, platform: str) -> list[str]:
    for row in rows("torch_wheels", "kernels"):
        first, last = number(row["torch_min"]), number(row["torch_max"])
        if row["tag"] == tag and platform in row["platforms"] and first <= number(torch) <= last:
            names = [capability.replace(".", "") for capability in row["capabilities"]]
            return [f"sm_{name}" for name in names] + ([f"compute_{names[-1]}"] if row["ptx"] else [])
    return []


def tensorflow_options(machine: Machine) -> Iterator[Option]:
    for release in rows("tensorflow_releases", "release"):
        windows = machine["os"] == "Windows"
        if machine["machine"] == "aarch64" or platform_of(machine) not in release["platforms"] or (windows and not release["windows_gpu"]):
            continue
        cuda = release["wheel_cuda"] or release["cuda"]
        cards = all(
            number(card) >= number(release["capability_min"])
            and (not release["targets"] or card_is_served(machine, card, release["targets"], cuda))
            for card in machine["cards"]
        )
        fits = machine["python"] in release["python"] and glibc_fits(machine, release["glibc"])
        if cards and fits and driver_fits(machine, cuda, release["driver_min"]):
            yield release["version"], "and-cuda" if release["extra"] else ""


def jax_options(machine: Machine) -> Iterator[Option]:
    if machine["os"] == "Windows":
        return
    for release in rows("jax_releases", "release"):
        if machine["python"] not in release["python"] or not glibc_fits(machine, release["glibc"]):
            continue
        for extra in rows("jax_releases", "extra"):
            cuda = extra["name"].removeprefix("cuda")
            cards = all(
                number(card) >= number(extra["capability_min"]) and card_is_served(machine, card, extra["targets"], cuda)
                for card in machine["cards"]
            )
            known = extra["name"] in release["extras"] and number(release["version"]) >= number(extra["first_jax"])
            if known and cards and driver_fits(machine, cuda, extra["driver_min"]):
                yield release["version"], extra["name"]


OPTIONS = {"torch": torch_options, "tensorflow": tensorflow_options, "jax": jax_options}


def best_of(framework: str, machine: Machine) -> Option | None:
    """The newest release, and of it the build for the newest CUDA."""
    return max(OPTIONS[framework](machine), key=lambda option: (number(option[0]), number(option[1].lstrip("cuda-n") or "0")), default=None)


def expected(framework: str, machine: Machine) -> Option | None:
    """An unknown driver is asked for CUDA 12 at most while any such build serves; of cards that no build serves together, the newest."""
    for cards in (machine["cards"], *([card] for card in sorted(machine["cards"], key=number, reverse=True))):
        for any_cuda in (False, True):
            best = best_of(framework, {**machine, "cards": cards, "any_cuda": any_cuda})
            if best is not None:
                return best
    return None


def snapshot(machine: Machine) -> Snapshot:
    cards = [
        {"index": index, "vendor": "nvidia", "backend": "cuda", "name": f"card {index}", "compute_capability": card}
        for index, card in enumerate(machine["cards"])
    ]
    system = {"os": machine["os"], "machine": machine["machine"]}
    if machine["os"] == "Linux":
        system["libc"] = f"glibc {machine['glibc']}"
    free = machine["python"].endswith("t")
    tag = machine["python"].replace(".", "").rstrip("t")
    python = {"version": machine["python"].rstrip("t") + ".1", "tags": [f"cp{tag}-cp{tag}{'t' if free else ''}-any"]}
    nvidia = {"driver_version": machine["driver"]} if machine["driver"] else {}
    observed = {"accelerators": "complete"}
    return msgspec.convert({"accelerators": cards, "system": system, "python": python, "nvidia": nvidia, "observed": observed}, Snapshot)


def check(framework: str, machine: Machine) -> None:
    answer = choose_build(snapshot(machine), framework, Wishes())
    best = expected(framework, machine)
    if best is None:
        assert not isinstance(answer, Build), (framework, machine, answer)
        assert re.fullmatch(r"[^.!?]+(?:\.\d[^.!?]*)*\.", answer.reason), answer.reason
        return
    assert isinstance(answer, Build), (framework, machine, best, answer)
    told = answer.variant if framework == "torch" else next(iter(answer.extras), "")
    assert (answer.version, told) == best, (framework, machine)
    assert (machine["driver"] is not None and not answer.unserved) or answer.confidence.value != "high"


def machine_of(driver: str | None, cards: tuple[str, ...], python: str, platform: tuple[str, str], glibc: str) -> Machine:
    return {"driver": driver, "cards": list(cards), "python": python, "os": platform[0], "machine": platform[1], "glibc": glibc}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_newest_build_that_keeps_every_constraint(framework: str) -> None:
    every = itertools.product(DRIVERS, CARDS, PYTHONS, PLATFORMS, GLIBCS)
    for driver, card, python, platform, glibc in itertools.islice(every, 0, None, 61):
        check(framework, machine_of(driver, (card,), python, platform, glibc))


@settings(max_examples=150, deadline=None)
@given(
    framework=st.sampled_from(FRAMEWORKS),
    driver=st.sampled_from(DRIVERS),
    cards=st.lists(st.sampled_from(CARDS), min_size=2, max_size=4, unique=True),
    python=st.sampled_from(PYTHONS),
    platform=st.sampled_from(PLATFORMS),
    glibc=st.sampled_from(GLIBCS),
)
def test_several_cards_are_served_together_or_the_newest_alone(
    framework: str, driver: str | None, cards: list[str], python: str, platform: tuple[str, str], glibc: str
) -> None:
    check(framework, machine_of(driver, tuple(cards), python, platform, glibc))


@settings(max_examples=100, deadline=None)
@given(python=st.sampled_from(PYTHONS), platform=st.sampled_from(PLATFORMS), glibc=st.sampled_from(GLIBCS))
def test_without_a_card_it_is_the_newest_for_the_cpu(python: str, platform: tuple[str, str], glibc: str) -> None:
    machine = machine_of(None, (), python, platform, glibc)
    answer = choose_build(snapshot(machine), "torch")
    fitting = [
        release["version"]
        for release in rows("torch_releases", "release")
        if python in release["python"] and glibc_fits(machine, release["glibc_aarch64" if platform[1] == "aarch64" else "glibc"])
    ]
    assert (answer.version if isinstance(answer, Build) else None) == max(fitting, key=number, default=None)
    if isinstance(answer, Build):
        assert answer.variant == "cpu"
        assert answer.index == ("https://download.pytorch.org/whl/cpu" if platform[0] == "Linux" else None)
