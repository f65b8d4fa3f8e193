"""Runs `envcheck doctor` on this machine, from this checkout, in an environment of its own: `python3 tools/doctor.py [OPTIONS]`.

What is examined is the Python that you use (VIRTUAL_ENV, a conda environment, .venv, python3 of PATH), not the one that envcheck lives in.
"""

import subprocess
import sys

from environments import LOCKS, ROOT, CannotBeHad, ensure, refuse_old_python


def main() -> int:
    refuse_old_python()
    lock = LOCKS / "doctor.txt"
    key = f"{lock.read_text()}\0{(ROOT / 'pyproject.toml').read_text()}"
    try:
        python = ensure("doctor", key, ["--requirement", str(lock)], ["--no-deps", "--editable", str(ROOT)])
    except CannotBeHad as reason:
        print(reason, file=sys.stderr)
        return 3
    # envcheck leaves an environment with this file out when it chooses the Python to examine.
    (python.parent.parent / ".envcheck-tool").touch()
    return subprocess.run([str(python), "-m", "envcheck", "doctor", *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
