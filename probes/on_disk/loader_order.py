"""Which copy of a library each framework of an environment would load, decided from what its own files ask the loader for.

Only what is decided is said: a library that a framework opens by hand, at a place that it computes, is left open.
"""

import os

from envcheck.parsers.cuda.elf_dynamic import HEADER_BYTES, dynamic_segment, parse_dynamic, parse_elf_header, parse_program_headers
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
_MOST_STRING, _MOST_SECTION = 8192, 64 * 1024


class Binary:
    """What a file asks the loader for."""

    def __init__(self, path, needed, rpath, runpath):
        self.path = path
        self.needed = needed
        self.rpath = rpath
        self.runpath = runpath


def read_binary(disk, path):
    """Reads a file's dynamic section; None where it is no ELF file that has one."""
    layout = parse_elf_header(disk.bytes_at(path, 0, HEADER_BYTES))
    if layout is None:
        return None
    segments = parse_program_headers(disk.bytes_at(path, layout.offset, layout.entry_size * layout.count), layout)
    section = dynamic_segment(segments)
    if section is None:
        return None
    asked = parse_dynamic(disk.bytes_at(path, section.offset, min(section.size, _MOST_SECTION)), layout, segments)
    if asked is None:
        return None

    def string(offset):
        return None if offset is None else disk.bytes_at(path, offset, _MOST_STRING).partition(b"\0")[0].decode("utf-8", "replace")

    return Binary(path, [string(offset) for offset in asked.needed], string(asked.rpath), string(asked.runpath))


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
                binary = read_binary(disk, site + "/" + name)
                if binary is not None:
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
    binary = read_binary(disk, program) if program else None
    if binary is None or binary.rpath is None or binary.runpath is not None:
        return []
    order = search_order(os.path.dirname(disk.real(program) or program), binary.rpath, None, [], [], [])
    return [place.folder for place in order]
