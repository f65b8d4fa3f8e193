"""From a folder or a command's name to an interpreter that may be started.

Nothing is started here, and no link is resolved: an environment's interpreter is a link, and the link makes it the environment's.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from envcheck.observing.existence import is_file, is_folder, is_link, is_there
from envcheck.parsers.python import pyenv
from envcheck.parsers.python.search_path import file_names, is_macos_shim, is_store_alias, parse_search_path

_MACOS_TOOLS = ("/Library/Developer/CommandLineTools", "/Applications/Xcode.app/Contents/Developer")
# Python is linked into some programs of 10 to 60 MB.
_MAX_PROGRAM_BYTES = 96 * 2**20
_SHELLS = frozenset(("ash", "bash", "busybox", "csh", "dash", "fish", "ksh", "mksh", "sh", "tcsh", "zsh"))


class Unusable(msgspec.Struct, frozen=True):
    """Why a path cannot be started as a Python: `problem` continues "PATH …", `hint` is a sentence of its own."""

    path: str
    problem: str
    hint: str


class Places(msgspec.Struct, frozen=True):
    """What looking for interpreters depends on: variables, the current folder, and whose system's layout holds."""

    environment: Mapping[str, str]
    folder: str
    platform: str

    def folders(self) -> list[str]:
        """The folders of PATH that programs may be started from."""
        return parse_search_path(self.environment.get("PATH", ""))


def check_file(path: str, platform: str) -> Unusable | None:
    """None where the file can be started as far as one can tell without doing so."""
    try:
        mode = Path(path).stat()
    except FileNotFoundError:
        return _missing(path)
    except (OSError, ValueError) as error:
        return Unusable(
            path, f"cannot be looked at ({getattr(error, 'strerror', None) or error})", "Name an interpreter that this user may run."
        )
    if not stat.S_ISREG(mode.st_mode):
        return Unusable(path, "is not a file", "Name an interpreter, or an environment's folder.")
    if is_store_alias(path, platform) and mode.st_size == 0:
        return Unusable(path, "is the Microsoft Store's placeholder", "Install Python, or name the one that is installed.")
    if is_macos_shim(path, platform) and macos_tools() is None:
        return Unusable(
            path, "is a placeholder of macOS", "Name another Python, or install Apple's command line tools: xcode-select --install"
        )
    if not os.access(path, os.X_OK):
        return Unusable(path, "is not executable", "Name an interpreter that this user may run.")
    name = Path(os.path.realpath(path)).name
    # A shell would read the probe as a script of its own, and `import` is the name of a program that takes screenshots.
    if name in _SHELLS:
        return Unusable(path, "is a shell and not a Python", "Name a Python interpreter, or an environment's folder.")
    if not _may_be_python(path):
        return Unusable(path, "is not a Python interpreter", "Name a Python interpreter, or an environment's folder.")
    return None


def _may_be_python(path: str) -> bool:
    """Whether a program is called one, is a script (some wrap a Python), or has Python's name in it.

    Starting something else is not harmless: `rm` would take the probe that it is given for a file to be removed.
    """
    if Path(path).name.lower().startswith(("python", "pypy")):
        return True
    try:
        with Path(path).open("rb") as file:
            content = file.read(_MAX_PROGRAM_BYTES)
    except OSError:
        return True  # it may be executable without being readable
    return content.startswith(b"#!") or b"Python" in content or b"python" in content


def _missing(path: str) -> Unusable:
    if is_link(path):
        target = Path(os.path.realpath(path))
        return Unusable(path, f"leads to {target}, which is not there", "The Python it was made from is gone: make the environment anew.")
    return Unusable(path, "does not exist", "Name an interpreter, an environment's folder, or a command of PATH.")


def macos_tools() -> str | None:
    """The folder of Apple's command line tools or of Xcode, where one is installed."""
    return next((folder for folder in _MACOS_TOOLS if is_folder(folder)), None)


def interpreter_in(folder: str, platform: str) -> str | Unusable:
    """The interpreter of an environment's folder (or of its `bin`)."""
    places = _windows_places() if platform == "win32" else _posix_places()
    broken: Unusable | None = None
    for place in places:
        path = str(Path(folder, *place))
        if os.path.lexists(path):
            problem = check_file(path, platform)
            if problem is None:
                return path
            broken = broken or problem
    if broken is not None:
        return broken
    if not is_folder(folder):
        return Unusable(folder, "does not exist", "Name an interpreter, an environment's folder, or a command of PATH.")
    return Unusable(folder, "is a folder without a Python in it", "Name an environment's folder, or the interpreter itself.")


def _posix_places() -> Iterator[tuple[str, ...]]:
    for folder in (("bin",), ()):
        for name in ("python", "python3", "pypy3"):
            yield (*folder, name)


def _windows_places() -> Iterator[tuple[str, ...]]:
    # A virtual environment, one made by MSYS2's Python, and conda's or an installation's own folder.
    for folder in (("Scripts",), ("bin",), ()):
        yield (*folder, "python.exe")


def command_on_path(name: str, places: Places) -> str | None:
    """The first file of that name on PATH that may be started as a Python; behind a shim of pyenv, the real one if it can be told."""
    for folder in places.folders():
        for file in file_names(name, places.platform):
            path = _usable(str(Path(folder, file)), places)
            if path is not None and _is_pyenv_shim(path):
                path = _behind_shim(path, name, places)
            if path is not None:
                return path
    return None


def _usable(path: str, places: Places) -> str | None:
    if is_store_alias(path, places.platform):
        return _store_python(path)
    return path if check_file(path, places.platform) is None else None


def _store_python(alias: str) -> str | None:
    """The Python that was really installed from Microsoft's Store: it has a folder of its own beside the aliases."""
    try:
        folders = sorted(Path(alias).parent.glob("PythonSoftwareFoundation.Python.3.*"), key=_store_version)
    except OSError:
        return None
    return next((str(folder / "python.exe") for folder in reversed(folders) if is_there(folder / "python.exe")), None)


def _store_version(folder: Path) -> int:
    """`PythonSoftwareFoundation.Python.3.11_qbz5n2kfra8p0` → 11."""
    minor = folder.name.split(".3.", 1)[-1].partition("_")[0]
    return int(minor) if minor.isdigit() else 0


def _is_pyenv_shim(path: str) -> bool:
    folder = Path(path).parent
    return folder.name == "shims" and is_folder(folder.parent / "versions")


def _behind_shim(path: str, name: str, places: Places) -> str | None:
    """The interpreter that a shim of pyenv would start, without the 50 ms of asking it; None where it would find none."""
    shims = Path(path).parent
    root = shims.parent
    versions = root / "versions"
    try:
        installed = [entry.name for entry in versions.iterdir()]
    except OSError:
        return None
    for wanted in _pyenv_names(root, places):
        if wanted == "system":
            rest = [folder for folder in places.folders() if Path(folder) != shims]
            without = {**places.environment, "PATH": os.pathsep.join(rest)}
            return command_on_path(name, Places(without, places.folder, places.platform))
        version = pyenv.choose_installed(wanted, installed)
        real = versions / version / "bin" / name if version else None
        if real is not None and check_file(str(real), places.platform) is None:
            return str(real)
    return None


def _pyenv_names(root: Path, places: Places) -> list[str]:
    """PYENV_VERSION, else the nearest `.python-version`, else pyenv's own `version`, else the system's Python."""
    names = pyenv.parse_python_version(places.environment.get("PYENV_VERSION", ""))
    start = Path(places.environment.get("PYENV_DIR") or places.folder)
    for file in [*(folder / ".python-version" for folder in (start, *start.parents)), root / "version"]:
        if names:
            break
        names = pyenv.parse_python_version(_text(file))
    return names or ["system"]


def _text(file: Path) -> str:
    try:
        if not is_file(file):
            return ""
        with file.open(encoding="utf-8", errors="replace") as stream:
            return stream.read(pyenv.MAX_CHARACTERS)
    except (OSError, ValueError):
        return ""
