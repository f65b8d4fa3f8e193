"""NVIDIA's driver libraries for tests: compiled from the C files in tests/probes/fake_driver, they tell of the machine in a text file."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

_SOURCES = Path(__file__).parent / "probes" / "fake_driver"
_MACHINES = _SOURCES / "machines"
# A library's name with its source and what it is compiled with, by variant.
_VARIANTS = {
    "nvml": ("libnvidia-ml.so.1", "nvml.c", ()),
    "old nvml": ("libnvidia-ml.so.1", "nvml.c", ("-DOLD_LIBRARY",)),
    "cuda": ("libcuda.so.1", "cuda.c", ()),
    "stub cuda": ("libcuda.so.1", "cuda.c", ("-DSTUB",)),
}


class FakeDriver:
    """Compiles each library once, where a test first wants it."""

    def __init__(self, folder: Path) -> None:
        if sys.platform != "linux":
            pytest.skip("the libraries have the names that Linux's loader knows them by")
        if importlib.util.find_spec("ziglang") is None:
            pytest.skip("there is no compiler: the distribution ziglang is not installed")
        self.folder = folder

    def library(self, variant: str) -> Path:
        """The folder of a library."""
        name, source, flags = _VARIANTS[variant]
        output = self.folder / variant.replace(" ", "-") / name
        if not output.exists():
            output.parent.mkdir(exist_ok=True)
            cache = str(self.folder / "cache")
            command = [sys.executable, "-m", "ziglang", "cc", "-shared", "-fPIC", "-O1", "-fno-sanitize=undefined", "-Wall", "-Wextra"]
            done = subprocess.run(
                [*command, "-Werror", *flags, "-o", str(output), str(_SOURCES / source)],
                env={**os.environ, "ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache},
                capture_output=True,
                text=True,
                timeout=280,
                check=False,
            )
            assert done.returncode == 0, done.stderr
        return output.parent

    def variables(self, machine: Path, *variants: str) -> dict[str, str]:
        """What the environment of a process has to be for it to find these libraries and that machine."""
        folders = os.pathsep.join(str(self.library(variant)) for variant in variants)
        return {"LD_LIBRARY_PATH": folders, "FAKE_NVML_MACHINE": str(machine)}


def recorded(name: str) -> str:
    """The text of a machine that was written from a recording of a real one."""
    return (_MACHINES / f"{name}.txt").read_text()


def written(folder: Path, text: str) -> Path:
    """A machine's file."""
    path = folder / "machine.txt"
    path.write_text(text)
    return path
