"""Virtual environments that are made once, kept in the user's cache folder, and reused as long as what they were made from is the same.

Standard library only: this runs on a machine that has nothing but Python 3.10 or newer with venv.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "tools" / "locks"
OLDEST = (3, 10)
TORCH = "2.13.0"
# PyTorch's own index of CPU builds, where the default index has only the one for CUDA.
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"


class CannotBeHad(Exception):
    """An environment cannot be made here; the text says why."""


def ensure(name: str, key: str, *installs: list[str]) -> Path:
    """The interpreter of the environment of that name, made anew where `key` (what it was made from) or this Python is another.

    Each of `installs` is the arguments of one `pip install`. Raises `CannotBeHad`.
    """
    digest = hashlib.sha256("\0".join((key, sys.version, sys.executable, *map(repr, installs))).encode()).hexdigest()[:12]
    folder = cache_folder() / f"{name}-{digest}"
    complete = folder / "complete"
    if not complete.exists():
        shutil.rmtree(folder, ignore_errors=True)
        print(f"Making the environment {folder} …", file=sys.stderr, flush=True)
        make_venv(folder)
        for arguments in installs:
            pip_install(interpreter(folder), arguments)
        complete.touch()
    return interpreter(folder)


def cache_folder() -> Path:
    """Where the environments are kept: ENVCHECK_ENVIRONMENTS, else the user's cache folder."""
    if named := os.environ.get("ENVCHECK_ENVIRONMENTS"):
        return Path(named)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "envcheck" / "environments"


def interpreter(folder: Path) -> Path:
    """The Python of a virtual environment."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def make_venv(folder: Path) -> None:
    """A new virtual environment. Raises `CannotBeHad` where Python came without what that needs."""
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        words = (made.stdout + made.stderr).strip()
        raise CannotBeHad(f"{sys.executable} cannot make a virtual environment:\n{words}")


def pip_install(python: Path, arguments: list[str]) -> None:
    """Installs, with pip's own output on standard error only when it failed. Raises `CannotBeHad`."""
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, check=False)
    if done.returncode != 0:
        raise CannotBeHad(f"pip install {' '.join(arguments)} failed:\n{done.stdout.strip()[-2000:]}")


def torch_environment() -> Path:
    """Real torch in its CPU build, with scikit-learn.

    Raises `CannotBeHad` where only the build for CUDA could be had: that is several gigabytes, which nobody is made to pull unawares.
    """
    lock = LOCKS / "torch.txt"
    others = ["--requirement", str(lock)]
    if sys.platform != "linux":  # what the default index has for macOS and Windows is the CPU build
        return ensure("torch", lock.read_text(), others, [f"torch=={TORCH}"])
    exact = f"torch=={TORCH}+cpu"
    try:
        return ensure("torch", lock.read_text(), [exact, "--no-deps"], others)
    except CannotBeHad:
        return ensure("torch", lock.read_text(), [exact, "--no-deps", "--index-url", TORCH_CPU_INDEX], others)


def refuse_old_python() -> None:
    """Ends with one sentence on a Python that envcheck does not run on."""
    if sys.version_info < OLDEST:
        version = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"envcheck needs Python 3.10 or newer; {sys.executable} is {version}. Start this with a newer one, such as python3.12.")
