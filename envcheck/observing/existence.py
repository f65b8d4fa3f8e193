"""Whether something is there, for paths that others chose: no is the answer too where a folder is closed to us or a name is too long.

pathlib's methods of these names raise for such paths, until Python 3.14.
"""

import os
from pathlib import Path


def is_there(path: str | Path) -> bool:
    """Whether it exists, links followed."""
    return os.path.exists(path)  # noqa: PTH110 - see above


def is_folder(path: str | Path) -> bool:
    """Whether it is a folder, links followed."""
    return os.path.isdir(path)  # noqa: PTH112 - see above


def is_file(path: str | Path) -> bool:
    """Whether it is a regular file, links followed: a pipe would keep a reader waiting for ever."""
    return os.path.isfile(path)  # noqa: PTH113 - see above


def is_link(path: str | Path) -> bool:
    """Whether it is a symbolic link, whether or not it leads anywhere."""
    return os.path.islink(path)  # noqa: PTH114 - see above
