"""`python -m envcheck`, and what the command `envcheck` calls."""

import os
import sys


def main() -> None:
    """Runs envcheck; Ctrl-C is heeded from the first moment, while modules are still being read."""
    _put_own_modules_first()
    try:
        from envcheck.cli import main as command

        command()
    except KeyboardInterrupt:
        sys.exit(130)


def _put_own_modules_first() -> None:
    """Moves the working folder and PYTHONPATH to the end of the search path: a `json.py` there is to be found, not to be run."""
    others = {"", *os.environ.get("PYTHONPATH", "").split(os.pathsep)}
    try:  # noqa: SIM105 - contextlib may be somebody's own, before this is done
        others.add(os.getcwd())  # noqa: PTH109 - pathlib is a fifth of a bare start
    except OSError:  # it was deleted
        pass
    sys.path.sort(key=lambda folder: folder in others)


if __name__ == "__main__":
    main()
