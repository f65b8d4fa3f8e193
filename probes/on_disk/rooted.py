"""Reads a disk whose root may be a folder.

Links are followed inside it only, folders and files are read up to a limit, and what was refused is kept.
"""

import os

from envcheck_probes.reading import read_if_there

MOST_NAMES = 50000
_MOST_LINKS = 40


class Disk:
    """Paths are those that the examined system has; `refused` are folders that are there and could not be read whole."""

    def __init__(self, root=""):
        self.root = os.path.realpath(root) if root else ""
        self.refused = []
        self._names = {}

    def real(self, path):
        """The path without links, as the examined system has it; None: it is not there, or its links go in circles."""
        if not self.root:
            try:
                found = os.path.realpath(path)
                return found if os.path.exists(found) else None
            except (OSError, ValueError):
                return None
        return self._real_inside(path)

    def _real_inside(self, path):
        parts, done, links = [part for part in path.split("/") if part], [], 0
        while parts:
            part = parts.pop(0)
            if part in (".", ".."):
                done = done[:-1] if part == ".." else done
                continue
            here = self._outside("/" + "/".join([*done, part]))
            if not os.path.lexists(here):
                return None
            if os.path.islink(here):
                links += 1
                if links > _MOST_LINKS:
                    return None
                target = os.readlink(here)
                done = [] if target.startswith("/") else done
                parts = [step for step in target.split("/") if step] + parts
                continue
            done.append(part)
        return "/" + "/".join(done)

    def _outside(self, path):
        return self.root + path if self.root else path

    def names(self, folder):
        """What lies in a folder; nothing where it is none or may not be read."""
        real = self.real(folder)
        if real is None:
            return []
        if real not in self._names:
            self._names[real] = self._read_names(real)
        return self._names[real]

    def _read_names(self, folder):
        found = []
        try:
            with os.scandir(self._outside(folder)) as entries:
                for entry in entries:
                    if len(found) >= MOST_NAMES:
                        self.refused.append(folder)
                        break
                    found.append(entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError:
            self.refused.append(folder)
        return sorted(found)

    def is_file(self, path):
        if not self.root:
            return os.path.isfile(path)
        real = self.real(path)
        return real is not None and os.path.isfile(self._outside(real))

    def is_folder(self, path):
        real = self.real(path)
        return real is not None and os.path.isdir(self._outside(real))

    def text(self, path, limit=256 * 1024):
        """The beginning of a file as text; empty where there is none."""
        real = self.real(path)
        return read_if_there(self._outside(real), limit).decode("utf-8", "replace") if real is not None else ""

    def opened(self, path):
        """A regular file, open for reading at any place; None where there is none or it may not be read."""
        real = self.real(path) if self.root else path
        if real is None or not os.path.isfile(self._outside(real)):
            return None
        try:
            return open(self._outside(real), "rb", buffering=0)
        except (OSError, ValueError):
            return None

    def bytes_at(self, path, offset, count):
        """Some bytes out of the middle of a file; fewer, or none, where it ends before or cannot be read."""
        real = self.real(path)
        if real is None or not os.path.isfile(self._outside(real)):
            return b""
        try:
            with open(self._outside(real), "rb") as file:
                file.seek(offset)
                return file.read(count)
        except (OSError, ValueError, OverflowError):
            return b""
