from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.prescribing.torch_index import fitting_torch, reinstall_torch, variant_for_driver


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
    chosen = fitting_torch(facts, torch)
    assert (chosen and (chosen.version, chosen.variant)) == expected
    if chosen is not None:
        assert chosen.index == f"https://download.pytorch.org/whl/{chosen.variant}"


@pytest.mark.parametrize(
    ("python", "torch"), [("3.8.10", "2.4.1"), ("3.9.2", "2.8.0"), ("3.10.12", "2.14.1"), ("3.7.5", "1.13.1"), ("3.6.9", None)]
)
def test_a_release_has_to_have_a_wheel_for_the_python(python: str, torch: str | None):
    chosen = fitting_torch(machine("8.0", cuda="12.2", python={"version": python}))
    assert (chosen.version if chosen else None) == torch


def test_a_card_of_unknown_capability_leaves_the_choice_to_a_person():
    cards = [{"index": 0, "vendor": "nvidia", "name": "NVIDIA Something of 2031"}]
    facts = machine(cuda="12.8", accelerators=cards)
    assert fitting_torch(facts) is None
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


def test_for_a_driver_alone_only_variants_of_the_same_release_are_named():
    chosen = variant_for_driver(machine(cuda="12.8"), "2.11.0+cu130")
    assert chosen is not None
    assert (chosen.version, chosen.variant) == ("2.11.0", "cu126")  # of two that it runs, the one that serves more cards
    assert variant_for_driver(machine(cuda="12.8"), "2.15.0") is None
    assert variant_for_driver(machine(cuda="12.8"), "0.4.1") is None


def test_an_amd_card_gets_the_build_for_rocm():
    card = {"index": 0, "vendor": "amd", "backend": "rocm", "architecture": "gfx1100"}
    packages = [{"name": "torch", "version": "2.8.0+cpu", "state": "ok"}]
    remedy = reinstall_torch(machine(accelerators=[card], packages=packages), "Replace torch.", "2.8.0+cpu")
    assert remedy.steps[-1].run[-3:] == ("--index-url", "https://download.pytorch.org/whl/rocm6.4", "torch==2.8.0")


@pytest.mark.parametrize(("numpy", "named"), [("2.1.0", True), ("1.26.4", False), (None, False)])
def test_an_old_torch_takes_a_new_numpy_back(numpy: str | None, named: bool):
    packages = [{"name": "numpy", "version": numpy, "state": "ok"}] if numpy else []
    remedy = reinstall_torch(machine("8.6", cuda="12.2", packages=packages), "Replace torch.", "2.2.2")
    assert ("numpy<2" in remedy.steps[-1].run) is named


def test_a_build_that_leaves_a_card_out_is_no_remedy():
    assert reinstall_torch(machine("12.0", "6.1", cuda="13.0"), "Replace torch.").manager == "manual"
