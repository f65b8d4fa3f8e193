"""Which copy of a library each framework of an environment would load, decided from what its own files ask the loader for.

Only what is decided is said: a library that a framework opens by hand, at a place that it computes, is left open.
"""

import os

from envcheck_probes.on_disk.elf_file import read_elf

from envcheck.parsers.cuda.library_name import parse_library_name
from envcheck.parsers.cuda.loader_search import search_order

# The files of frameworks that name CUDA's libraries among those that they need.
_TORCH = (
    "libtorch_global_deps.so",
    "libtorch_cuda.so",
    "libtorch_cuda_cu.so",
    "libtorch_cuda_cpp.so",
    "libtorch_cuda_linalg.so",
    "libc10_cuda.so",
)
FILES = (
    *("torch/lib/" + name for name in _TORCH),
    "tensorflow/libtensorflow_framework.so.2",
    "tensorflow/libtensorflow_cc.so.2",
    "tensorflow/python/_pywrap_tensorflow_internal.so",
    "onnxruntime/capi/libonnxruntime_providers_cuda.so",
)


def decide(disk, copies, sites, program, on_path, system):
    """Marks of every copy whether a framework would load it, and what it comes before; those that nobody asks for stay unmarked.

    A process has one library of a name: the file that asks first decides for the others of its framework.
    """
    by_folder = {}
    for copy in copies:
        by_folder.setdefault(disk.real(copy.folder), []).append(copy)
    rpath_of_program = _rpath_of_program(disk, program)
    decided, chosen = {}, []
    for binary, framework in _binaries(disk, sites):
        origin = os.path.dirname(disk.real(binary.path) or binary.path)
        order = search_order(origin, binary.rpath, binary.runpath, rpath_of_program, on_path, system)
        for soname in binary.needed:
            if parse_library_name(soname) is None or (framework, soname) in decided:
                continue
            hits = list(_hits(disk, by_folder, order, soname))
            if hits:  # a framework may still find by itself what the loader does not
                decided[framework, soname] = parse_library_name(soname).name
                chosen.append(hits[0][0])
            if len(hits) > 1 and hits[0][1] == "LD_LIBRARY_PATH":
                hits[0][0].shadows = hits[0][0].shadows or hits[1][0].path
    names = set(decided.values())
    for copy in copies:
        if copy.name in names:
            copy.loaded = any(copy is other for other in chosen)


def _binaries(disk, sites):
    for site in sites:
        for name in FILES:
            if disk.is_file(site + "/" + name):
                binary = read_elf(disk, site + "/" + name)
                if binary.refused is None:
                    yield binary, name.partition("/")[0]


def _hits(disk, by_folder, order, soname):
    """The copies that have the name, in the order in which the loader meets them, each once."""
    seen = set()
    for place in order:
        for copy in by_folder.get(disk.real(place.folder), ()):
            if soname in copy.sonames and id(copy) not in seen and disk.is_file(place.folder + "/" + soname):
                seen.add(id(copy))
                yield copy, place.why


def _rpath_of_program(disk, program):
    """The folders of the interpreter's DT_RPATH, which count for all that it loads; conda's Python has one."""
    binary = read_elf(disk, program) if program else None
    if binary is None or binary.rpath is None or binary.runpath is not None:
        return []
    order = search_order(os.path.dirname(disk.real(program) or program), binary.rpath, None, [], [], [])
    return [place.folder for place in order]
