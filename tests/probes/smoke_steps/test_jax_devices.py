"""JAX's devices under envcheck's names, of machines that are not here."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

Probe = Callable[[str], ModuleType]


@pytest.fixture
def devices(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setenv("XLA_PYTHON_CLIENT_PREALLOCATE", "true")
    return probe("smoke_steps.jax_devices")


class FakeJax:
    """The devices of its default platform, and the CPU unless `only`."""

    def __init__(self, *platforms: str, only: bool = False) -> None:
        self._found = [SimpleNamespace(platform=platform, id=number) for number, platform in enumerate(platforms)]
        self._cpu = [] if only else [SimpleNamespace(platform="cpu", id=0), SimpleNamespace(platform="cpu", id=1)]
        self.config = SimpleNamespace(update=self._update)
        self.updated: list[tuple[str, str]] = []

    def _update(self, name: str, value: str) -> None:
        self.updated.append((name, value))

    def devices(self, platform: str = "") -> list[Any]:
        if not platform:
            return self._found or self._cpu
        if platform == "cpu" and self._cpu:
            return self._cpu
        raise RuntimeError(f"Unknown backend {platform}")


@pytest.mark.parametrize(
    ("jax", "wanted", "expected"),
    [
        (FakeJax(), "auto", ["cpu"]),
        (FakeJax(), "cuda", []),
        (FakeJax("gpu", "gpu"), "auto", ["cpu", "cuda:0", "cuda:1"]),
        (FakeJax("rocm"), "cuda", ["cuda:0"]),
        (FakeJax("gpu", only=True), "auto", ["cuda:0"]),
        (FakeJax("METAL"), "auto", ["cpu", "mps"]),
        (FakeJax("METAL"), "mps", ["mps"]),
        (FakeJax("xpu"), "xpu", ["xpu:0"]),
        (FakeJax("tpu"), "auto", ["cpu"]),
        (FakeJax("gpu"), "cpu", ["cpu"]),
    ],
)
def test_every_visible_device_is_listed(devices: ModuleType, jax: FakeJax, wanted: str, expected: list[str]) -> None:
    import os

    assert devices.list_devices(jax, wanted) == expected
    assert os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] == "false"
    assert jax.updated == ([("jax_platforms", "cpu")] if wanted == "cpu" else [])


def test_a_version_that_cannot_be_kept_to_the_cpu_is_left_alone(devices: ModuleType) -> None:
    def refuse(name: str, value: str) -> None:
        raise AttributeError(name)

    jax = FakeJax()
    jax.config.update = refuse
    assert devices.list_devices(jax, "cpu") == ["cpu"]


def test_devices_by_their_names(devices: ModuleType) -> None:
    jax = FakeJax("gpu", "gpu", "gpu")
    assert devices.device_of(jax, "cuda:2").id == 2
    assert devices.device_of(jax, "cpu").platform == "cpu"
    assert [name for name, _ in devices.others_of_its_kind(jax, "cuda:1")] == ["cuda:0", "cuda:2"]
    assert [(name, device.id) for name, device in devices.others_of_its_kind(FakeJax(), "cpu:1")] == [("cpu:0", 0)]


@pytest.mark.parametrize(("installed", "raises"), [("xla_cuda13", True), ("xla_rocm7", True), ("something_else", False)])
def test_an_installed_plugin_that_did_not_start_says_why(
    devices: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: str, raises: bool
) -> None:
    (tmp_path / "jax_plugins" / installed).mkdir(parents=True)
    (tmp_path / "jax_plugins" / installed / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        if raises:
            with pytest.raises(RuntimeError, match="Unknown backend"):
                devices.list_devices(FakeJax(), "cuda")
        else:
            assert devices.list_devices(FakeJax(), "cuda") == []
    finally:
        sys.modules.pop("jax_plugins", None)
