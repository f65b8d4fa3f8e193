"""Which folders' volumes matter on their own: where packages are installed, cached and unpacked, and where models and data go."""

import ntpath
import posixpath
from collections.abc import Mapping
from types import ModuleType

# What people call the folder of a conda installation when they leave the name as it comes.
_CONDA_FOLDERS = ("miniconda3", "anaconda3", "miniforge3", "mambaforge", "miniconda", "anaconda", "miniforge", "micromamba", "conda")


def volumes(environment: str, variables: Mapping[str, str], home: str, system: str) -> dict[str, str]:
    """Purpose to path, as pip, conda, uv, Hugging Face's libraries and Python itself would choose the folder; none need exist.

    Args:
        environment: The prefix of the examined environment, or nothing.
        variables: Environment variables.
        home: The user's home folder, or nothing where there is none.
        system: "Linux", "Darwin" or "Windows", or `sys.platform`.
    """
    windows = system.lower().startswith("win")
    path: ModuleType = ntpath if windows else posixpath
    ask = _Folders(environment, variables, home, path, "windows" if windows else system.lower())
    chosen = {
        "environment": environment,
        "pip-cache": ask.pip_cache(),
        "conda-packages": ask.conda_packages(),
        "uv-cache": ask.uv_cache(),
        "huggingface-cache": ask.huggingface_cache(),
        "temp": ask.temp(),
        "home": home,
        "working-folder": ".",
    }
    return {purpose: folder for purpose, folder in chosen.items() if folder}


class _Folders:
    def __init__(self, environment: str, variables: Mapping[str, str], home: str, path: ModuleType, system: str) -> None:
        self._environment, self._variables, self._home, self._path, self._system = environment, variables, home, path, system

    def pip_cache(self) -> str:
        if self._said("PIP_NO_CACHE_DIR"):  # any value switches the cache off, "0" too
            return ""
        default = {
            "windows": self._below(self._local_data(), "pip", "Cache"),
            "darwin": self._below(self._home, "Library", "Caches", "pip"),
        }
        return self._said("PIP_CACHE_DIR") or default.get(self._system, self._below(self._user_cache(), "pip"))

    def uv_cache(self) -> str:
        if self._said("UV_NO_CACHE"):
            return ""
        default = self._below(self._local_data(), "uv", "cache") if self._system == "windows" else self._below(self._user_cache(), "uv")
        return self._said("UV_CACHE_DIR") or default

    def huggingface_cache(self) -> str:
        """The models' folder: the same below the home folder on every system."""
        own = self._said("HF_HUB_CACHE") or self._said("HUGGINGFACE_HUB_CACHE")
        return own or self._below(self._said("HF_HOME") or self._below(self._user_cache(), "huggingface"), "hub")

    def temp(self) -> str:
        """The order of Python's tempfile."""
        named = next(filter(None, map(self._said, ("TMPDIR", "TEMP", "TMP"))), "")
        return named or (self._below(self._local_data(), "Temp") if self._system == "windows" else "/tmp")  # noqa: S108 - only looked at

    def conda_packages(self) -> str:
        """Of several folders conda fills the first; without any sign of conda there is none."""
        first = self._said("CONDA_PKGS_DIRS").split(",")[0].strip()
        return first or self._below(self._conda_root(), "pkgs")

    def _conda_root(self) -> str:
        root = self._said("MAMBA_ROOT_PREFIX") or self._grandparent(self._said("CONDA_EXE"))
        for prefix in (self._said("CONDA_PREFIX"), self._environment):
            root = root or self._root_above(prefix)
        return root or self._said("CONDA_PREFIX")

    def _root_above(self, prefix: str) -> str:
        """The installation that an environment belongs to: `…/miniconda3/envs/ml` and `…/miniconda3` are in `…/miniconda3`."""
        above, last = self._path.split(prefix.rstrip("/\\"))
        root, envs = self._path.split(above)
        if envs == "envs" and (self._said("CONDA_PREFIX") == prefix or self._path.basename(root).lower() in _CONDA_FOLDERS):
            return str(root)
        return prefix if last.lower() in _CONDA_FOLDERS else ""

    def _grandparent(self, program: str) -> str:
        return str(self._path.dirname(self._path.dirname(program)))

    def _user_cache(self) -> str:
        return self._said("XDG_CACHE_HOME") or self._below(self._home, ".cache")

    def _local_data(self) -> str:
        return self._said("LOCALAPPDATA") or self._below(self._home, "AppData", "Local")

    def _said(self, name: str) -> str:
        """A variable's value, with a leading ~ for the home folder; nothing where it is not set."""
        value = self._variables.get(name, "").strip()
        if self._home and (value == "~" or value.startswith(("~/", "~\\"))):
            return self._home + value[1:]
        return value

    def _below(self, folder: str, *names: str) -> str:
        return str(self._path.join(folder, *names)) if folder else ""
