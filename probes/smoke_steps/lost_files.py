"""Which files of installed distributions are gone that an import's exception names: their RECORD lists them, and the disk has them no more.

Only the folders of sys.path are read, and only after an import has failed. What the words do not speak of is no reason of theirs: images
are made smaller by deleting what nobody imports.
"""

import os
import re
import sys

from envcheck_probes.reading import read_start, shown

_MOST_RECORD = 16 * 2**20
_MOST_NAMED, _MOST_DISTRIBUTIONS, _MOST_FOLDERS = 4, 2000, 40
_MOST_WORDS = 20000
# Of what nothing names as gone, only these count: the others are left out on purpose, or made anew.
_LOADED = (".py", ".so", ".pyd", ".dll", ".dylib")
_LEFT_OUT = frozenset(("tests", "test", "__pycache__"))
_MISSING = re.compile(r"No module named '(\w{1,100})")
# cannot import name '_linalg' from partially initialized module 'numpy.linalg'
_NAME_FROM = re.compile(r"cannot import name '(\w{1,100})' from (?:partially initialized module )?'([\w.]{1,200})'")
# partially initialized module 'torch' has no attribute '_C'
_ATTRIBUTE_OF = re.compile(r"module '([\w.]{1,200})' has no attribute '(\w{1,100})'")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:[./\\][A-Za-z_]\w*)*")
_FILE = re.compile(r"[\w+-]+(?:\.[\w+-]+)+")


def tell_lost_files(channel, name, words):
    """One word per lost file, a few of each distribution; `name` was to be imported, and `words` say why it could not."""
    words = words[:_MOST_WORDS]
    modules, files = _named(words)
    tops = {name, *_MISSING.findall(words), *(module.partition(".")[0] for module in modules if "." in module)}
    for folder in _folders():
        for distribution, record in _records(folder, tops):
            lost = _lost(folder, record)
            spoken_of = [path for path in lost if _module(path) in modules or path.rpartition("/")[2] in files]
            if not spoken_of:
                continue
            others = [path for path in lost if path not in spoken_of and _is_loaded(path)]
            of_it = {"distribution": shown(distribution), "lost": str(len(spoken_of) + len(others))}
            for path in [*spoken_of, *others][:_MOST_NAMED]:
                text = "{} is in the list of the files that {} was installed with, and is not there".format(path, distribution)
                details = {"kind": "file-damaged", "library": shown(folder + "/" + path), "reason": "absent", "path": shown(path)}
                channel.said(name, shown(text), {**details, **of_it})


def _named(words):
    """The modules and the names of files that an exception speaks of."""
    modules = {found.replace("/", ".").replace("\\", ".") for found in _DOTTED.findall(words)}
    modules.update(module + "." + missed for missed, module in _NAME_FROM.findall(words))
    modules.update(module + "." + missed for module, missed in _ATTRIBUTE_OF.findall(words))
    return modules, set(_FILE.findall(words))


def _folders():
    return [path for path in dict.fromkeys(sys.path) if isinstance(path, str) and os.path.isabs(path) and os.path.isdir(path)][
        :_MOST_FOLDERS
    ]


def _records(folder, tops):
    """`numpy 2.4.6` and its list of files, of each distribution in a folder that brings one of these packages."""
    names = sorted(name for name in os.listdir(folder) if name.endswith(".dist-info"))
    for name in names[:_MOST_DISTRIBUTIONS]:
        try:
            data, size = read_start(os.path.join(folder, name, "RECORD"), _MOST_RECORD)
        except OSError:
            continue
        whole = data if size == len(data) else data[: data.rfind(b"\n") + 1]
        text = "\n" + os.fsdecode(whole).replace("\r\n", "\n")
        if any("\n" + top + separator in text for top in tops for separator in "/."):
            yield " ".join(name[: -len(".dist-info")].rpartition("-")[::2]), text


def _lost(folder, record):
    """Paths in the folder, as they are listed, that are not there; what was installed outside of it is not looked for."""
    there = {}
    lost = []
    for line in record.split("\n"):
        path = line.rsplit(",", 2)[0].strip('"')
        inner, _, name = path.rpartition("/")
        if not name or path.startswith(("/", "..")) or inner.endswith((".dist-info", "__pycache__")):
            continue
        if inner not in there:
            there[inner] = _names(os.path.join(folder, inner))
        if there[inner] is not None and name not in there[inner] and not os.path.lexists(os.path.join(folder, path)):
            lost.append(path)
    return lost


def _names(folder):
    """None: it cannot be read, and nothing follows from that."""
    try:
        return frozenset(os.listdir(folder))
    except FileNotFoundError:
        return frozenset()
    except OSError:
        return None


def _module(path):
    """numpy/linalg/_linalg.cpython-311-x86_64-linux-gnu.so → numpy.linalg._linalg; empty: no file that is imported."""
    if not path.endswith((".py", ".so", ".pyd")):
        return ""
    inner, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    return (inner if stem == "__init__" else inner + "/" + stem).strip("/").replace("/", ".")


def _is_loaded(path):
    return (path.endswith(_LOADED) or ".so." in path) and _LEFT_OUT.isdisjoint(path.split("/"))
