"""Where NVIDIA's libraries are found, and what their files' names tell."""

import sys
import types
from collections.abc import Callable

import pytest

from tests.probes.conftest import Told
from tests.probes.fake_machine import FakeMachine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux shows")
CARD = "0000:01:00.0"
NVML, CUDA = "libnvidia-ml.so.1", "libcuda.so.1"


@pytest.fixture
def machine(machine: FakeMachine) -> FakeMachine:
    """With a card, without which no library is looked for."""
    machine.pci(CARD, "10de:2204", driver="nvidia")
    machine.nvidia_module()
    return machine


@pytest.mark.parametrize(
    "folder",
    [
        *("/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/nvidia/lib64", "/usr/lib64-nvidia", "/usr/lib/wsl/lib"),
        *("/usr/lib/aarch64-linux-gnu/tegra", "/usr/lib/x86_64-linux-gnu/nvidia/current", "/run/opengl-driver/lib", "/.singularity.d/libs"),
    ],
)
def test_every_systems_own_folder(look: Callable[..., Told], machine: FakeMachine, folder: str) -> None:
    machine.library(NVML, "580.95.05", folder)
    told = look()
    assert (told["nvidia.nvml_path"], told["nvidia.libcuda_path"]) == (f"{folder}/{NVML}", None)
    assert told["nvidia.library_version"] == "580.95.05"


def test_the_loaders_cache_knows_folders_of_anybodys_own(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.library(NVML, "565.77", "/opt/driver/lib32", bits=32)
    machine.library(NVML, "580.95.05", "/opt/driver/lib")
    machine.loader_cache(f"/opt/driver/lib32/{NVML}", f"/opt/driver/lib/{NVML}", f"/opt/other/x{NVML}")
    told = look()
    assert (told["nvidia.nvml_path"], told["nvidia.library_version"]) == (f"/opt/driver/lib/{NVML}", "580.95.05")


def test_ld_library_path_comes_first_and_relative_entries_are_nobodys(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.library(CUDA, "580.95.05")
    machine.library(NVML, "580.95.05")
    machine.library(CUDA, "595.71.05", "/usr/local/cuda/compat")
    told = look({"LD_LIBRARY_PATH": ":relative:/usr/local/cuda/compat"})
    assert told["nvidia.libcuda_path"] == f"/usr/local/cuda/compat/{CUDA}"
    # CUDA's compatibility package is not the driver: the version is NVML's.
    assert told["nvidia.library_version"] == "580.95.05"


def test_cudas_compatibility_package_alone_tells_no_version(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.library(CUDA, "595.71.05", "/usr/local/cuda/compat")
    told = look({"LD_LIBRARY_PATH": "/usr/local/cuda/compat"})
    assert told["nvidia.libcuda_path"] == f"/usr/local/cuda/compat/{CUDA}"
    assert "nvidia.library_version" not in told


def test_what_an_image_keeps_of_a_mounted_library_is_empty(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.library(NVML, "580.95.05")
    machine.write("usr/lib/x86_64-linux-gnu/libnvidia-ml.so.580.95.05", "")
    assert look()["nvidia.nvml_path"] is None


def test_a_link_that_leads_nowhere_is_no_library(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.library(NVML, "580.95.05")
    (machine.root / "usr/lib/x86_64-linux-gnu/libnvidia-ml.so.580.95.05").unlink()
    assert look()["nvidia.nvml_path"] is None


def test_links_through_alternatives_are_followed_below_the_root(look: Callable[..., Told], machine: FakeMachine) -> None:
    machine.library(NVML, "535.183.01", "/usr/lib/x86_64-linux-gnu/nvidia/current")
    alternatives = machine.folder("etc/alternatives")
    (alternatives / f"nvidia--{NVML}").symlink_to(f"/usr/lib/x86_64-linux-gnu/nvidia/current/{NVML}")
    (machine.root / "usr/lib/x86_64-linux-gnu" / NVML).symlink_to(f"/etc/alternatives/nvidia--{NVML}")
    told = look()
    assert (told["nvidia.nvml_path"], told["nvidia.library_version"]) == (f"/usr/lib/x86_64-linux-gnu/{NVML}", "535.183.01")


@pytest.mark.parametrize(
    ("cache", "paths"),
    [
        (b"", []),
        (b"\0libcuda.so.1\0/usr/lib/libcuda.so.1\0", ["/usr/lib/libcuda.so.1"]),
        (b"/usr/lib/libcuda.so.1", []),
        (b"\0/usr/lib/libcuda.so.10\0/a/libcuda.so.1\0/b/libcuda.so.1\0", ["/a/libcuda.so.1", "/b/libcuda.so.1"]),
        (b"\0relative/libcuda.so.1\0", []),
    ],
)
def test_paths_in_the_cache(probe: Callable[[str], types.ModuleType], cache: bytes, paths: list[str]) -> None:
    assert probe("cards.nvidia_libraries").cached_paths(cache, CUDA) == paths
