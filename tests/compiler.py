"""Shared libraries for tests, made by a real compiler."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest


class Compiler:
    """Makes a shared library of C text with the compiler of the distribution ziglang, whose cache is kept for the session."""

    def __init__(self, cache: Path) -> None:
        if importlib.util.find_spec("ziglang") is None:
            pytest.skip("there is no compiler: the distribution ziglang is not installed")
        self._environment = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": str(cache), "ZIG_LOCAL_CACHE_DIR": str(cache)}

    def __call__(self, output: Path, text: str, *flags: str) -> Path:
        source = output.with_suffix(".c")
        source.write_text(text)
        command = [sys.executable, "-m", "ziglang", "cc", "-shared", "-fPIC", "-o", str(output), str(source), *flags]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=280, check=False)
        source.unlink()
        assert done.returncode == 0, done.stderr
        return output
