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
TORCH = "2.13.0"
# PyTorch's own index of CPU builds, where the default index has only the one for CUDA.
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"


ELSEWHERE = "ENVCHECK_ENVIRONMENTS names another folder to keep them in."


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


def tool_environment(name: str) -> Path:
    """The interpreter of an environment with this checkout and what its lock names. Raises `CannotBeHad`."""
    lock = LOCKS / f"{name}.txt"
    key = f"{lock.read_text()}\0{(ROOT / 'pyproject.toml').read_text()}"
    python = ensure(name, key, ["--requirement", str(lock)], ["--no-deps", "--editable", str(ROOT)])
    # envcheck leaves an environment with this file out when it chooses the Python to examine.
    (python.parent.parent / ".envcheck-tool").touch()
    return python


def cache_folder() -> Path:
    """Where the environments are kept: ENVCHECK_ENVIRONMENTS, else the user's cache folder. Raises `CannotBeHad`."""
    try:
        if named := os.environ.get("ENVCHECK_ENVIRONMENTS"):
            return Path(named).expanduser().absolute()
        if sys.platform == "win32":
            base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        else:
            base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError as error:  # a user without a home
        raise CannotBeHad(f"There is no folder to keep environments in: {error}\n{ELSEWHERE}") from None
    return (base / "envcheck" / "environments").absolute()


def interpreter(folder: Path) -> Path:
    """The Python of a virtual environment."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def make_venv(folder: Path) -> None:
    """A new virtual environment. Raises `CannotBeHad` where Python came without what that needs."""
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        words = (made.stdout + made.stderr).strip()
        raise CannotBeHad(f"{sys.executable} cannot make the virtual environment {folder}:\n{words}\n{ELSEWHERE}")


def pip_install(python: Path, arguments: list[str]) -> None:
    """Installs, with pip's own output on standard error only when it failed. Raises `CannotBeHad`."""
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, check=False)
    if done.returncode != 0:
        raise CannotBeHad(f"pip install {' '.join(arguments)} failed:\n{done.stdout.strip()[-2000:]}")


def torch_environment() -> Path:
    """Real torch in its CPU build, with scikit-learn. Raises `CannotBeHad`; see `_with_torch`."""
    return _with_torch("torch")


def computing_environment() -> Path:
    """The CPU builds of all frameworks that compute in one process. Raises `CannotBeHad`; see `_with_torch`."""
    return _with_torch("computing")


def services_environment() -> Path:
    """The frameworks that start processes of their own, and a Java. Raises `CannotBeHad`."""
    lock = LOCKS / "services.txt"
    return ensure("services", lock.read_text(), ["--requirement", str(lock)])


def _with_torch(name: str) -> Path:
    """Real torch in its CPU build, and what the lock of that name has.

    Raises `CannotBeHad` where only the build for CUDA could be had: that is several gigabytes, which nobody is made to pull unawares.
    """
    lock = LOCKS / f"{name}.txt"
    others = ["--requirement", str(lock)]
    if sys.platform != "linux":  # what the default index has for macOS and Windows is the CPU build
        return ensure(name, lock.read_text(), others, [f"torch=={TORCH}"])
    exact = f"torch=={TORCH}+cpu"
    try:
        return ensure(name, lock.read_text(), [exact, "--no-deps"], others)
    except CannotBeHad:
        return ensure(name, lock.read_text(), [exact, "--no-deps", "--index-url", TORCH_CPU_INDEX], others)
