"""Whether the compiled files of installed frameworks would load: libraries, versions of symbols, machine, Python. Nothing is loaded.

Arguments: `python=PATH` of the interpreter, `prefix=FOLDER`, `base=FOLDER` of the one it was made from, `site=FOLDER` (several, as they
are searched), `tag=WHEEL-TAG` of the interpreter, and `root=FOLDER` where another folder stands for the disk. Linux only.

Each thing that would fail is told as the loader's own error would be: kind and details of a symptom, and the file that shows it.
"""

import os

from envcheck_probes.on_disk.cuda_libraries import wheel_folders
from envcheck_probes.on_disk.framework_files import FRAMEWORKS, OtherPython, extension_python, find_files, lost_file
from envcheck_probes.on_disk.loading import Process, System, TooMuch
from envcheck_probes.on_disk.rooted import Disk
from envcheck_probes.reading import shown

_MOST_OF_ONE, _MOST = 4, 16
_MOST_MODULES, _MOST_PYTHONS = 200, 20
# The driver's own, which no package brings; who asks for them is told by the probes of the driver.
_OF_DRIVER = ("libcuda.so", "libnvidia-", "libnvcuvid.so", "libnvoptix.so", "libamdhip64.so", "libhsa-runtime64.so", "libze_loader.so")


def main(channel, arguments):
    given = [argument.partition("=")[::2] for argument in arguments]
    of = dict(given)
    sites = [value for name, value in given if name == "site"]
    disk = Disk(of.get("root", ""))
    channel.stage("reading what compiled files ask for")
    channel.section("linkage", look, disk, of, sites)


def look(channel, disk, of, sites):
    system = System(disk, of.get("python", ""), os.environ)
    if system.program.refused is not None:
        channel.unknown("linkage", "unparsable", shown(of.get("python", "")) + " is no program of Linux")
        return
    search = Search(disk, system, sites, of)
    told = 0
    try:
        for name in FRAMEWORKS:
            for subject, text, details in search.troubles_of(name)[: min(_MOST_OF_ONE, _MOST - told)]:
                channel.said(subject, text, details)
                told += 1
    except TooMuch as error:
        channel.unknown("linkage", "unparsable", str(error))


class Search:
    """The environment that is searched for frameworks."""

    def __init__(self, disk, system, sites, of):
        self.disk, self.system, self.sites = disk, system, sites
        self.python = extension_python(of.get("tag", ""))
        self.prefixes = [of[name] for name in ("prefix", "base") if of.get(name)]
        self._files = {}
        self._by_hand = self._modules = None

    def files_of(self, name):
        if name not in self._files:
            self._files[name] = find_files(self.disk, self.sites, name, self.python)
        return self._files[name]

    def troubles_of(self, name):
        """(subject, words, details) of everything that would keep a framework from being loaded. Raises TooMuch."""
        folder, files = self.files_of(name)
        if not files:
            return []
        other = [_other_python(name, folder, file, self.python) for file in files if isinstance(file, OtherPython)]
        if other:
            return other[:1]
        own = [self.system.file(path) for path in files]
        wrong = [file for file in own if file.refused not in (None, "absent", "cut") or not self.system.may_be(file)]
        if wrong:
            return [_wrong_machine(name, folder, wrong[0], self.system.program)]
        process = Process(self.system)
        for before in _before(name):
            self._load(process, self.files_of(before)[1])
        process.missing, process.lacking, process.damaged = [], [], []  # theirs, and told of them
        begin = len(process.objects)
        self._load(process, files)
        return [
            *_damaged(name, folder, process),
            *self._missing(name, folder, process),
            *_lacking(name, folder, process),
            *_too_demanding(name, folder, process.objects[begin:]),
        ]

    def _missing(self, name, folder, process):
        seen = set()
        for library, who in process.missing:
            if library in seen or library.startswith(_OF_DRIVER):
                continue
            seen.add(library)
            lost = lost_file(self.disk, self.sites, library)
            if lost is not None:
                site, path, distribution = lost
                words = "{} is in the list of the files that {} was installed with, and is not there".format(path, distribution)
                details = {"kind": "file-damaged", "library": site + "/" + path, "reason": "absent", "needed_by": who.path}
            elif process.system.musl and library.startswith("ld-linux"):
                words = "{} needs {}, the loader of glibc, and this is a system of musl".format(_short(who.path, folder), library)
                details = {"kind": "wrong-architecture", "library": who.path, "have": "glibc", "need": "musl"}
            else:
                words = "{} is needed by {} and is in none of the folders that the loader searches".format(
                    library, _short(who.path, folder)
                )
                details = {"kind": "library-not-found", "library": library, "needed_by": who.path}
            yield _trouble(name, folder, who, words, details)

    def _load(self, process, files):
        for file in files:
            if not isinstance(file, OtherPython):
                process.load(file)
        for library, _ in list(process.missing):
            found = self._opened_by_hand(library)
            if found is not None:
                process.hand_over(library, found)
        process.missing = [(library, who) for library, who in process.missing if self._opened_by_hand(library) is None]

    def _opened_by_hand(self, library):
        """Where frameworks look themselves: torch and JAX open the libraries of nvidia's wheels before anybody asks for their names."""
        if "/" in library:
            return None
        if self._by_hand is None:
            self._by_hand = [*self._folders(), *(prefix + "/lib" for prefix in self.prefixes)]
        found = (folder + "/" + library for folder in self._by_hand if self.system.is_there(folder + "/" + library))
        return next(found, None) or self._of_interpreter(library)

    def _folders(self):
        for site in self.sites:
            yield from wheel_folders(self.disk, site)
            for name in self.disk.names(site):
                own = name in FRAMEWORKS and self.files_of(name)[0] == site
                if own or name.startswith(("_rocm_sdk", "jax_", "tensorrt", "intel")):
                    yield from (site + "/" + name + inner for inner in ("", "/lib", "/libs"))

    def _of_interpreter(self, library):
        """A library that a module of the standard library brings into every process that imports it (libz, libffi)."""
        if self._modules is None:
            self._modules = Process(self.system)
            for folder in self._module_folders():
                for name in self.disk.names(folder)[:_MOST_MODULES]:
                    if name.endswith(".so"):
                        self._modules.load(folder + "/" + name)
        return self._modules.place_of(library)

    def _module_folders(self):
        for prefix in self.prefixes:
            for inner in ("lib", "lib64"):
                names = [name for name in self.disk.names(prefix + "/" + inner) if name.startswith(("python3", "pypy3"))]
                yield from (prefix + "/" + inner + "/" + name + "/lib-dynload" for name in names[:_MOST_PYTHONS])


def _before(name):
    """What is imported before, in that order, each once."""
    found = []
    for before in FRAMEWORKS[name][0]:
        found += [each for each in (*_before(before), before) if each not in found]
    return found


def _damaged(name, folder, process):
    for file in process.damaged:
        if file.refused == "cut":
            words = "{} is cut, or no library at all: what its header names lies behind its end".format(_short(file.path, folder))
            yield _trouble(name, folder, file, words, {"kind": "file-damaged", "library": file.path})


def _lacking(name, folder, process):
    """Of the versions that one library lacks the highest: it is what has to be there."""
    highest = {}
    for library, version, who in process.lacking:
        key = library.path, version.partition("_")[0]
        if key not in highest or _number(version) > _number(highest[key][1]):
            highest[key] = library, version, who
    for library, version, who in highest.values():
        words = "{} needs {}, which {} does not have".format(_short(who.path, folder), version, _short(library.path, folder))
        details = {"kind": "symbol-version-missing", "library": library.path, "version": version, "needed_by": who.path}
        yield _trouble(name, folder, who, words, details)


def _number(version):
    """GLIBC_2.34 gives [2, 34]; GLIBC_PRIVATE is no number."""
    return [int(part) if part.isdigit() else 0 for part in version.rpartition("_")[2].split(".")]


def _too_demanding(name, folder, objects):
    """The highest level of x86-64 that one of the files asks for; whether the processor has it is for envcheck to say."""
    asking = [each.file for each in objects if (each.file.isa or 0) > 1]
    if asking:
        file = max(asking, key=lambda file: file.isa)
        words = "{} says that it needs a processor of the level x86-64-v{}".format(_short(file.path, folder), file.isa)
        yield _trouble(name, folder, file, words, {"kind": "arch-not-supported", "level": str(file.isa)})


def _wrong_machine(name, folder, file, program):
    have = file.refused if file.machine is None else file.kind
    words = "{} is for {}, and the interpreter is for {}".format(_short(file.path, folder), have, program.kind)
    return _trouble(name, folder, file, words, {"kind": "wrong-architecture", "library": file.path, "have": have, "need": program.kind})


def _other_python(name, folder, module, python):
    words = "{} is for {}, and there is none for {}".format(_short(module.path, folder), module.python, python)
    details = {"kind": "wrong-architecture", "library": module.path, "have": module.python, "need": python}
    return _trouble(name, folder, module, words, details)


def _trouble(name, folder, file, words, details):
    told = {key: _clean(value) if "/" in value else shown(value) for key, value in details.items()}
    return name, shown(words), {**told, "source": "read in " + shown(_short(file.path, folder))}


def _clean(path):
    return shown(os.path.normpath(path)) if path.startswith("/") else shown(path)


def _short(path, folder):
    path = os.path.normpath(path)
    return path[len(folder) + 1 :] if path.startswith(folder + "/") else path
