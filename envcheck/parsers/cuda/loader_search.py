"""The order in which glibc's loader looks for a library, and /etc/ld.so.conf.

A file's DT_RPATH comes before LD_LIBRARY_PATH and its DT_RUNPATH after it; where there is a DT_RUNPATH, every DT_RPATH is passed over,
those of the files that loaded it too. Last come the system's own folders (man 8 ld.so).
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

_MOST_FOLDERS = 200
_ORIGIN = regex(r"\$(?:ORIGIN\b|\{ORIGIN\})")


class Place:
    """A folder that is searched, and why: rpath, LD_LIBRARY_PATH, runpath or system."""

    __slots__ = ("folder", "why")

    def __init__(self, folder: str, why: str) -> None:
        self.folder = folder
        self.why = why


def search_order(
    origin: str, rpath: str | None, runpath: str | None, program_rpath: list[str], library_path: list[str], system: list[str]
) -> list[Place]:
    """The folders for what a library in the folder `origin` needs. `program_rpath` is that of the program, which is Python."""
    places: list[Place] = []
    if runpath is None:
        places += [Place(folder, "rpath") for folder in (*expand(rpath or "", origin), *program_rpath)]
    places += [Place(folder, "LD_LIBRARY_PATH") for folder in library_path]
    if runpath is not None:
        places += [Place(folder, "runpath") for folder in expand(runpath, origin)]
    return [*places, *(Place(folder, "system") for folder in system)]


def expand(folders: str, origin: str) -> list[str]:
    """`$ORIGIN/../../nvidia/cublas/lib:$ORIGIN` with the folder of the file that says so; other variables are left to the loader."""
    found = [_ORIGIN.sub(lambda _match: origin, folder) for folder in folders.split(":")[:_MOST_FOLDERS]]
    return [folder for folder in found if folder.startswith("/") and "$" not in folder]


def parse_ld_so_conf(text: str) -> tuple[list[str], list[str]]:
    """The folders of an ld.so.conf, and the patterns of files that it includes.

    include /etc/ld.so.conf.d/*.conf
    /usr/local/cuda/targets/x86_64-linux/lib
    """
    folders: list[str] = []
    included: list[str] = []
    for line in text.splitlines()[:2000]:
        words = line.partition("#")[0].strip()
        if words.startswith("include") and words[7:8] in (" ", "\t"):
            included += words[7:].split()[:20]
        elif words.startswith("/"):
            folders += [folder for folder in re.split(r"[:,\s]+", words.partition("=")[0]) if folder.startswith("/")]
    return folders[:_MOST_FOLDERS], included[:_MOST_FOLDERS]
