"""Runs everything that is checked before a change lands: `python3 tools/test.py [--forbid-skips] [PYTEST ARGUMENTS]`."""

import sys

import supported_python  # noqa: F401 - before what old Pythons cannot read

if __name__ == "__main__":
    from checks import run_checks
    from environments import CannotBeHad

    try:
        sys.exit(run_checks(sys.argv[1:]))
    except CannotBeHad as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit(130)
