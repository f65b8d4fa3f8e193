"""An environment to put distributions into, and the real runner to examine it with."""

import base64
import hashlib
import subprocess
import sys
import venv
from pathlib import Path
from types import SimpleNamespace

import pytest

from envcheck.facts.claims import resolve
from envcheck.facts.snapshot import Package, Snapshot
from envcheck.observing.answer import Ending
from envcheck.observing.process import Task
from envcheck.observing.runner import run


class Environment:
    """A real virtual environment of the running Python, without pip."""

    def __init__(self, folder: Path) -> None:
        venv.EnvBuilder(symlinks=sys.platform != "win32", with_pip=False).create(folder)
        self.folder = folder
        self.python = str(folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))
        answer = subprocess.check_output([self.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True)
        self.site = Path(answer.strip())

    def write(self, path: str, content: str | bytes = "") -> Path:
        """A file below site-packages."""
        return write(self.site / path, content)

    def install(self, name: str, version: str, files: dict[str, str] | None = None, **more: str) -> None:
        """A distribution in site-packages; `more` are further lines of METADATA, several of one name separated by "|"."""
        install(self.site, name, version, files, **more)

    def examine(self, *arguments: str, **variables: str) -> Snapshot:
        """What the python probe says of it."""
        return examine(self.python, *arguments, **variables)

    def package(self, name: str, **variables: str) -> Package:
        """What the probe says of one distribution, which must be there."""
        found = self.examine(**variables).package(name)
        assert found is not None, name
        return found


def write(file: Path, content: str | bytes = "") -> Path:
    """A file with its folders."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def install(site: Path, name: str, version: str, files: dict[str, str] | None = None, **more: str) -> None:
    """What pip leaves of a distribution: its files, METADATA, INSTALLER and RECORD."""
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    lines = [f"{key.replace('_', '-')}: {value}" for key, values in more.items() for value in values.split("|")]
    metadata = "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *lines, "", "What it is.", ""])
    contents = {**(files or {}), f"{info}/METADATA": metadata, f"{info}/INSTALLER": "pip\n"}
    rows = []
    for path, content in contents.items():
        data = write(site / path, content).read_bytes()
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(data)}")
    write(site / info / "RECORD", "\n".join([*rows, f"{info}/RECORD,,", ""]))


def examine(python: str, *arguments: str, **variables: str) -> Snapshot:
    """What the python probe says of an interpreter."""
    answer = run([Task("python", "python", python, arguments, deadline_s=60, variables=variables)])["python"]
    assert answer.ending is Ending.ANSWERED, (answer.ending, answer.detail, answer.stderr, answer.stack)
    assert (answer.stdout, answer.stderr) == ("", "")
    return resolve(answer.evidence, taken="", live=True)


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """An environment of the test's own, with nothing in it."""
    return Environment(tmp_path / "environment")


@pytest.fixture
def place() -> SimpleNamespace:
    """The functions that put things into any folder and examine any interpreter."""
    return SimpleNamespace(write=write, install=install, examine=examine)
