from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.prescribing.torch_index import choose_index, companion_of, index_for_driver, reinstall_torch


def machine(
    *capabilities: str, cuda: str | None = None, driver: str | None = None, os: str = "Linux", arch: str = "x86_64", **more: Any
) -> Snapshot:
    nvidia = {key: value for key, value in {"cuda_version": cuda, "driver_version": driver}.items() if value is not None}
    cards = [{"index": index, "vendor": "nvidia", "compute_capability": value} for index, value in enumerate(capabilities)]
    facts = {"accelerators": cards, "nvidia": nvidia, "system": {"os": os, "machine": arch}, "python": {"version": "3.12.1"}, **more}
    return msgspec.convert(facts, Snapshot)


@pytest.mark.parametrize(
    ("facts", "torch", "expected"),
    [
        (machine("8.9", cuda="12.2"), None, ("2.14.1", "cu126")),
        (machine("8.9", cuda="13.0"), None, ("2.15.0", "cu132")),
        (machine("6.1", cuda="13.0"), None, ("2.14.1", "cu126")),  # CUDA 13 has no code for Pascal
        (machine("7.0", cuda="12.8"), "2.11.0", ("2.11.0", "cu126")),
        (machine("12.0", cuda="12.8"), None, ("2.11.0", "cu128")),
        (machine("12.0", cuda="12.8"), "2.7.1", ("2.7.1", "cu128")),
        (machine("12.0", cuda="12.8"), "2.5.1", ("2.11.0", "cu128")),  # the release has no build for the card: the newest that has
        (machine("8.6", cuda="11.4"), None, ("2.7.1", "cu118")),
        (machine("3.7", cuda="11.4"), None, ("2.7.1", "cu118")),
        (machine("8.6", cuda="12.4"), "2.4.1", ("2.4.1", "cu124")),
        (machine("8.6", "6.1", cuda="13.0"), None, ("2.14.1", "cu126")),  # every card is to be served
        (machine("12.0", "6.1", cuda="13.0"), None, None),
        (machine("3.5", cuda="11.4"), None, None),
        (machine("8.6", cuda="10.2"), None, None),
        (machine("9.0", cuda="12.8", arch="aarch64"), None, ("2.14.1", "cu126")),
        (machine("10.0", cuda="12.8", arch="aarch64"), None, ("2.11.0", "cu128")),
        (machine("8.6", driver="525.60.13"), None, ("2.14.1", "cu126")),
        (machine("8.6", driver="525.60.12"), None, ("2.7.1", "cu118")),
        (machine("8.6", driver="528.24", os="Windows"), None, ("2.7.1", "cu118")),
        (machine("8.6", driver="528.33", os="Windows"), None, ("2.14.1", "cu126")),
        (machine("8.6"), None, ("2.14.1", "cu126")),  # an unknown driver is not taken for the newest
        (machine(), None, None),
        (machine("8.6", cuda="12.4", os="Darwin"), None, None),
    ],
)
def test_the_newest_build_that_driver_card_and_release_allow(facts: Snapshot, torch: str | None, expected: tuple[str, str] | None):
    chosen = choose_index(facts, torch)
    assert (chosen and (chosen.torch, chosen.tag)) == expected
    if chosen is not None:
        assert chosen.url == f"https://download.pytorch.org/whl/{chosen.tag}"


@pytest.mark.parametrize(
    ("python", "torch"), [("3.8.10", "2.4.1"), ("3.9.2", "2.8.0"), ("3.10.12", "2.14.1"), ("3.7.5", "1.13.1"), ("3.6.9", None)]
)
def test_a_release_has_to_have_a_wheel_for_the_python(python: str, torch: str | None):
    chosen = choose_index(machine("8.0", cuda="12.2", python={"version": python}))
    assert (chosen.torch if chosen else None) == torch


def test_a_card_of_unknown_capability_leaves_the_choice_to_a_person():
    cards = [{"index": 0, "vendor": "nvidia", "name": "NVIDIA Something of 2031"}]
    facts = machine(cuda="12.8", accelerators=cards)
    assert choose_index(facts) is None
    assert reinstall_torch(facts, "Replace torch.").manager == "manual"


def test_the_wrong_build_goes_before_the_right_one_comes():
    packages = [{"name": name, "version": "1", "state": "ok"} for name in ("torch", "torchvision", "torchaudio")]
    facts = machine("8.9", cuda="12.4", packages=packages, python={"version": "3.11", "executable": "/e/bin/python"})
    first, second = reinstall_torch(facts, "Replace torch.", "2.5.1").steps
    assert first.run == ("/e/bin/python", "-m", "pip", "uninstall", "--yes", "torch", "torchvision", "torchaudio")
    assert second.run[-3:] == ("torch==2.5.1", "torchvision==0.20.1", "torchaudio==2.5.1")
    assert "https://download.pytorch.org/whl/cu124" in second.run


def test_uv_and_an_environment_of_the_system_have_their_own_ways():
    uv = reinstall_torch(
        machine("8.9", cuda="12.4", python={"version": "3.11", "created_by": "uv", "executable": "/e/python"}), "Replace torch."
    )
    assert uv.steps[0].run[:3] == ("uv", "pip", "uninstall")
    system = reinstall_torch(machine("8.9", cuda="12.4", python={"version": "3.11", "externally_managed": True}), "Replace torch.")
    assert system.steps[0].run[1:3] == ("-m", "venv")
    assert not any("uninstall" in step.run for step in system.steps)


@pytest.mark.parametrize(
    ("torch", "name", "expected"),
    [
        ("2.5.1", "torchvision", "0.20.1"),
        ("2.14.1", "torchvision", "0.29.2"),
        ("2.15.0", "torchaudio", None),
        ("1.8.1", "torchvision", "0.9.*"),
        ("1.8.1", "torchaudio", "0.8.*"),
        ("0.4.1", "torchvision", None),
    ],
)
def test_the_companion_of_a_release(torch: str, name: str, expected: str | None):
    assert companion_of(torch, name) == expected


def test_for_a_driver_alone_only_variants_of_the_same_release_are_named():
    chosen = index_for_driver(machine(cuda="12.8"), "2.11.0")
    assert chosen is not None
    assert chosen.tag == "cu128"
    assert index_for_driver(machine(cuda="12.8"), "2.15.0") is None
    assert index_for_driver(machine(cuda="12.8"), "0.4.1") is None
