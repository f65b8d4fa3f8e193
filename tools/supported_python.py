"""Ends with one sentence on a Python that envcheck does not run on.

Imported before anything else, because what follows cannot even be read by old Pythons: this file and the ones that import it at the
top must parse on 2.7.
"""

import sys

OLDEST = (3, 10)

if sys.version_info < OLDEST:
    wanted, found = (".".join(str(part) for part in version) for version in (OLDEST, sys.version_info[:3]))
    sys.stderr.write(
        "envcheck needs Python " + wanted + " or newer; " + sys.executable + " is " + found + ". Start this with a newer one.\n"
    )
    sys.exit(2)
