"""The names of the folders in which installed distributions keep their metadata: a listing of them costs no reading."""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

_FOLDER = regex(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._]*)-(?P<version>\d[^-]*)(?:-py[\d.]+[^.]*)?\.(?:dist-info|egg-info)$")


def parse_metadata_folder(name: str) -> tuple[str, str] | None:
    """The normalised name and the version that a metadata folder's name tells.

    torch-2.8.0+cu128.dist-info            → torch, 2.8.0+cu128
    scikit_learn-1.5.0.dist-info           → scikit-learn, 1.5.0
    numpy-1.19.5-py3.9.egg-info            → numpy, 1.19.5
    """
    match = _FOLDER.match(name)
    return (re.sub(r"[-_.]+", "-", match["name"]).lower(), match["version"]) if match else None
