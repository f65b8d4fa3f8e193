"""What the dynamic loader would do with a file, played through on paper: which libraries it finds, and what it would refuse.

The order is that of glibc's `_dl_map_object` (man 8 ld.so) and of musl's `load_library`. One `Process` is one program that loads files one
after the other: a library that is in it already is found by its name, wherever it lies. Nothing is mapped and nothing runs.
"""

import os

from envcheck_probes.on_disk.cuda_libraries import system_folders
from envcheck_probes.on_disk.elf_file import read_elf

from envcheck.parsers.cuda.loader_search import expand
from envcheck.parsers.elf.loader_cache import parse_loader_cache

_CACHE = "/etc/ld.so.cache"
_MOST_CACHE_BYTES = 8 * 2**20
# No framework has a tenth as many; a made-up one stops here.
_MOST_OBJECTS, _MOST_FILES, _MOST_LOOKS = 600, 3000, 100000
_MUSL_FOLDERS = ("/lib", "/usr/local/lib", "/usr/lib")
# musl's own library stands for all of these.
_PARTS_OF_MUSL = ("libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet.")


class TooMuch(Exception):
    """More files or folders than any framework has."""


class System:
    """What all processes have in common: the interpreter, the folders that are searched, and the files that were read before."""

    def __init__(self, disk, program, variables):
        self.disk = disk
        self.program = read_elf(disk, disk.real(program) or program)
        self.musl = "ld-musl" in (self.program.interpreter or "")
        self.on_path = _given(variables.get("LD_LIBRARY_PATH", "")) + _given(variables.get("NIX_LD_LIBRARY_PATH", ""))
        self.preloaded = [path for path in variables.get("LD_PRELOAD", "").replace(":", " ").split() if path.startswith("/")]
        self.looks = 0
        self._files = {}
        self._cache = None
        self._folders = None

    def file(self, path):
        """A file, read once. Raises TooMuch."""
        if path not in self._files:
            if len(self._files) >= _MOST_FILES:
                raise TooMuch("more than {} libraries".format(_MOST_FILES))
            self._files[path] = read_elf(self.disk, path)
        return self._files[path]

    def may_be(self, file):
        """Whether a file is for the interpreter's kind of machine, or does not tell: the loader looks at this first of all."""
        return file.machine is None or (file.machine, file.is_64) == (self.program.machine, self.program.is_64)

    def is_there(self, path):
        """Whether there is a file of that path. Raises TooMuch."""
        self.looks += 1
        if self.looks > _MOST_LOOKS:
            raise TooMuch("more than {} places to look at".format(_MOST_LOOKS))
        return self.disk.is_file(path)

    def of_system(self, name):
        """The paths that the system itself has for a name, in the loader's order."""
        if self._folders is None:
            self._prepare()
        return [*self._cache.get(name, ()), *(folder + "/" + name for folder in self._folders)]

    def _prepare(self):
        loader = self.program.interpreter or ""
        if self.musl:
            named = self.disk.text("/etc/" + os.path.basename(loader).replace(".so.1", ".path"), 64 * 1024)
            self._cache = {}
            self._folders = [part for part in named.replace("\n", ":").split(":") if part.startswith("/")] or list(_MUSL_FOLDERS)
            return
        self._cache = parse_loader_cache(self.disk.bytes_at(_CACHE, 0, _MOST_CACHE_BYTES))
        # Nix, Guix and others have a loader with folders of its own, which are those that it lies in.
        own = os.path.dirname(self.disk.real(loader) or loader)
        self._folders = [*system_folders(self.disk), *([own] if own else [])]


class Loaded:
    """A file in a process; `parent` is the one for which it was loaded first, whose DT_RPATH counts for it too."""

    __slots__ = ("file", "origin", "parent", "unsure")

    def __init__(self, file, parent):
        self.file = file
        self.parent = parent
        self.origin = os.path.dirname(file.path)
        self.unsure = any(part in (file.rpath or "") + (file.runpath or "") for part in ("$LIB", "$PLATFORM", "${LIB}", "${PLATFORM}"))


class Process:
    """An interpreter that loads files; `missing` are (name, who needs it), `lacking` (library, version, who needs it)."""

    def __init__(self, system):
        self.system = system
        self.objects = []
        self.missing = []
        self.lacking = []
        self.damaged = []
        self._names = {}
        self._real = {}
        self._program = self._add(system.program, None, system.program.path)
        for path in system.preloaded:
            if system.is_there(path):
                self._add(system.file(path), self._program, path)
        self._follow(0)
        # What the interpreter misses is no framework's fault, and it runs all the same.
        self.missing, self.lacking, self.damaged = [], [], []

    def load(self, path):
        """Loads a file as an import does, with all that it needs. Raises TooMuch."""
        before = len(self.objects)
        self._open(path, self._caller())
        self._follow(before)

    def hand_over(self, name, path):
        """Takes a library as loaded that a framework opens by its whole path before anybody asks for its name."""
        before = len(self.objects)
        self._names[name] = self._open(path, self._caller())
        self._follow(before)

    def place_of(self, name):
        """The path of a library that is in it; None: it is not."""
        known = self._names.get(name)
        return known.file.path if known is not None else None

    def _caller(self):
        """The file that calls dlopen: the interpreter's library where it has one."""
        own = (loaded for loaded in self.objects[1:] if "libpython" in (loaded.file.soname or ""))
        return next(own, self._program)

    def _open(self, path, parent):
        real = self.system.disk.real(path) or path
        known = self._real.get(real)
        return known if known is not None else self._add(self.system.file(path), parent, real)

    def _add(self, file, parent, real):
        if len(self.objects) >= _MOST_OBJECTS:
            raise TooMuch("more than {} libraries in one process".format(_MOST_OBJECTS))
        loaded = Loaded(file, parent)
        self.objects.append(loaded)
        self._real[real] = loaded
        for name in (file.soname, file.path):
            if name:
                self._names.setdefault(name, loaded)
        if file.refused is not None:
            self.damaged.append(file)
        return loaded

    def _follow(self, start):
        """All that is needed from here on, breadth first; versions are compared when everything is there, as the loader does."""
        here = start
        while here < len(self.objects):
            loaded = self.objects[here]
            here += 1
            for name in loaded.file.needed:
                self._need(name, loaded)
        if not self.system.musl:
            for loaded in self.objects[start:]:
                self._compare_versions(loaded.file)

    def _need(self, name, loaded):
        if name in self._names or (self.system.musl and name.startswith(_PARTS_OF_MUSL)):
            return
        path = self._find(name, loaded)
        if path is not None:
            self._names[name] = self._open(path, loaded)
        elif not loaded.unsure and (name.startswith("/") or "/" not in name):
            self.missing.append((name, loaded.file))

    def _find(self, name, loaded):
        """The file that the loader would take; one of another machine in a searched folder is passed over."""
        if "/" in name:
            return name if self.system.is_there(name) else None
        for path in self._places(name, loaded):
            if self.system.is_there(path) and self.system.may_be(self.system.file(path)):
                return path
        return None

    def _places(self, name, loaded):
        for folder in self._searched(loaded):
            yield folder + "/" + name
        yield from self.system.of_system(name)

    def _searched(self, loaded):
        if self.system.musl:
            yield from self.system.on_path
            for each in _chain(loaded):
                yield from expand(each.file.runpath or each.file.rpath or "", each.origin)
            return
        if loaded.file.runpath is None:
            for each in (*_chain(loaded), self._program):
                if each.file.runpath is None and each.file.rpath is not None:
                    yield from expand(each.file.rpath, each.origin)
        yield from self.system.on_path
        if loaded.file.runpath is not None:
            yield from expand(loaded.file.runpath, loaded.origin)

    def _compare_versions(self, file):
        for library, version, name in file.needs:
            known = self._names.get(library)
            have = known.file.definitions if known is not None else None
            if have is not None and version not in have:
                self.lacking.append((known.file, name, file))


def _chain(loaded):
    while loaded is not None:
        yield loaded
        loaded = loaded.parent


def _given(value):
    """The folders of a variable; an empty part, and one that is relative, begin where the program is started."""
    if not value:
        return []
    return [os.path.abspath(part) if part else os.getcwd() for part in value.replace(";", ":").split(":")]
