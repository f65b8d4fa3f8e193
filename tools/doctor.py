"""Runs `envcheck doctor` on this machine, from this checkout, in an environment of its own: `python3 tools/doctor.py [OPTIONS]`.

What is examined is the Python that you use (VIRTUAL_ENV, a conda environment, .venv, python3 of PATH), not the one that envcheck lives in.
"""

import subprocess
import sys

import supported_python  # noqa: F401 - before what old Pythons cannot read

if __name__ == "__main__":
    from environments import CannotBeHad, tool_environment

    try:
        command = [str(tool_environment("doctor")), "-m", "envcheck", "doctor"]
        sys.exit(subprocess.call(command + sys.argv[1:]))
    except CannotBeHad as reason:
        sys.stderr.write(str(reason) + "\n")
        sys.exit(3)
    except KeyboardInterrupt:
        sys.exit(130)
