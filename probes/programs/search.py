"""Where a program lies, in folders that are searched in their order; nothing is looked for in the current folder."""

import os
import sys

from envcheck.parsers.python.search_path import file_names


def find_programs(name, folders, platform=sys.platform):
    """The paths of all that could be started under that name, the first folder's first."""
    for folder in folders:
        for file in file_names(name, platform):
            path = os.path.join(folder, file)
            if os.path.isfile(path) and os.access(path, os.X_OK):
                yield path


def find_program(name, folders, platform=sys.platform):
    """The first of them, or None."""
    return next(find_programs(name, folders, platform), None)
