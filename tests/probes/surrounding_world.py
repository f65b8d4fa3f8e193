"""A home folder with a project, an examined environment and a PATH of its own, which the probe of the surroundings looks at."""

import json
import sys
import venv
from pathlib import Path
from typing import Any

from envcheck.facts.claims import resolve
from envcheck.observing.answer import Answer, Ending
from envcheck.observing.process import Task
from envcheck.observing.runner import run

# What points at environments elsewhere; a test sets what it needs.
_POINTERS = ("JUPYTER_PATH", "JUPYTER_DATA_DIR", "XDG_DATA_HOME", "PYENV_ROOT", "PYENV_VERSION", "WORKON_HOME", "UV_PYTHON_INSTALL_DIR")
_POINTERS += ("CONDA_EXE", "CONDA_PREFIX", "MAMBA_ROOT_PREFIX")


class World:
    """A home folder, a project, an examined environment, and a folder of PATH."""

    def __init__(self, root: Path) -> None:
        self.root, self.home, self.project, self.bin = root, root / "home", root / "home" / "project", root / "bin"
        for folder in (self.project, self.bin):
            folder.mkdir(parents=True)
        (self.project / "pyproject.toml").write_text("")
        self.examined = environment_at(root / "examined")
        self.variables: dict[str, str | None] = {**dict.fromkeys(_POINTERS), "PATH": str(self.bin)}
        self.interpreter = sys.executable

    def answer(self) -> Answer:
        python = self.examined / "bin" / "python"
        arguments = (f"executable={python}", f"prefix={self.examined}", f"cwd={self.project}", f"home={self.home}")
        answer = run([Task("surroundings", "surroundings", self.interpreter, arguments, variables=self.variables)])["surroundings"]
        assert answer.ending is Ending.ANSWERED, answer.stderr
        resolve(answer.evidence, taken="", live=True)  # what is told fits into a snapshot
        return answer

    def fact(self, path: str) -> Any:
        return {claim.fact: claim.value for claim in self.answer().evidence.claims}[path]

    def nearby(self) -> dict[str, Any]:
        """Those below this test's own folder: a machine may have others in /opt and /usr."""
        return {entry["path"]: entry for entry in self.fact("python.nearby") if entry["path"].startswith(str(self.root))}

    def kernels(self) -> dict[str, Any]:
        return {entry["name"]: entry for entry in self.fact("python.kernels")}


def environment_at(folder: Path) -> Path:
    venv.create(folder, symlinks=True)
    return folder


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def site_packages(environment: Path) -> Path:
    return environment / "lib" / "python{}.{}".format(*sys.version_info[:2]) / "site-packages"


def install(environment: Path, *folders: str) -> None:
    for folder in folders:
        (site_packages(environment) / folder).mkdir(parents=True)


def kernel_at(folder: Path, name: str, *command: str, language: str = "python") -> None:
    (folder / "kernels" / name).mkdir(parents=True)
    (folder / "kernels" / name / "kernel.json").write_text(json.dumps({"argv": command, "display_name": name, "language": language}))
