"""Every copy of cuDNN, NCCL, cuBLAS and their kin that a program could meet: in wheels, in conda, in system folders, on LD_LIBRARY_PATH."""

import os
import re

from envcheck.parsers.cuda.cuda_version_file import parse_nccl_header
from envcheck.parsers.cuda.cudnn_header import parse_cudnn_header
from envcheck.parsers.cuda.library_name import BEGINNINGS, parse_library_name
from envcheck.parsers.cuda.loader_search import parse_ld_so_conf

_DEFAULTS = ("/lib", "/usr/lib", "/lib64", "/usr/lib64")
_MULTIARCH = ("x86_64-linux-gnu", "aarch64-linux-gnu", "powerpc64le-linux-gnu")
_MOST_FOLDERS = 300
# nvidia_cudnn_cu12-9.1.0.70.dist-info            nvidia_cublas-13.1.0.3.dist-info
_RECORD = re.compile(r"nvidia_(?P<part>[a-z_]+?)(?:_cu\d{2})?-(?P<version>\d[\d.]*)(?:\.post\d+)?\.dist-info$")
_PARTS = {
    "cudnn": "cudnn",
    "nccl": "nccl",
    "cublas": "cublas",
    "cusparse": "cusparse",
    "cusolver": "cusolver",
    "nvjitlink": "nvjitlink",
    "cuda_runtime": "cudart",
}
# conda-meta/libcublas-12.4.5.8-0.json            conda-meta/cudnn-9.10.1.4-haad7af6_0.json
_CONDA = re.compile(
    r"(?P<name>libcublas|cublas|cudnn|libcudnn|nccl|libcusparse|libcusolver|libnvjitlink|cuda-cudart)-(?P<version>\d[\d.]*)-[^-]+\.json$"
)
_CONDA_NAMES = {"libcudnn": "cudnn", "cuda-cudart": "cudart"}


class Copy:
    """One library in one folder. `file` is the name that tells most; `soname` what programs ask the loader for."""

    def __init__(self, library, folder, file):
        self.name = library.name
        self.version = library.version
        self.interface = library.interface
        self.sonames = {library.soname}
        self.folder = folder
        self.path = folder + "/" + file
        self.source = self.path
        self.found_by = []
        self.loaded = None
        self.shadows = None


def system_folders(disk):
    """Where the loader looks by itself: what ld.so.conf names, then the folders that are built in."""
    folders, files, seen = [], ["/etc/ld.so.conf"], set()
    while files and len(seen) < _MOST_FOLDERS:
        file = files.pop(0)
        if file in seen:
            continue
        seen.add(file)
        named, included = parse_ld_so_conf(disk.text(file, 64 * 1024))
        folders += named
        for pattern in included:
            files += _matching(disk, os.path.join(os.path.dirname(file), pattern))
    for default in _DEFAULTS:
        folders += [default + "/" + triplet for triplet in _MULTIARCH if not default.endswith("64")]
        folders.append(default)
    return _present(disk, folders)


def _matching(disk, pattern):
    """The files that an include names; a star stands only in the last step, as everywhere it is used."""
    folder, name = os.path.split(pattern)
    expression = re.compile(re.escape(name).replace(r"\*", ".*").replace(r"\?", ".") + "$")
    return [folder + "/" + entry for entry in disk.names(folder)[:_MOST_FOLDERS] if expression.match(entry)]


def _present(disk, folders):
    """Each folder once, by the first name it has."""
    found = {}
    for folder in folders[:_MOST_FOLDERS]:
        real = disk.real(folder)
        if real is not None and disk.is_folder(real):
            found.setdefault(real, folder.rstrip("/"))
    return list(found.values())


def library_path(disk, variables):
    """The folders of LD_LIBRARY_PATH, absolute ones only: a relative one depends on where a program is started."""
    return _present(disk, [folder for folder in variables.get("LD_LIBRARY_PATH", "").split(":") if folder.startswith("/")])


def wheel_folders(disk, site):
    """`nvidia/cudnn/lib` and `nvidia/cu13/lib` of a site-packages folder, on Windows `bin`."""
    return [
        site + "/nvidia/" + part + "/" + inner
        for part in disk.names(site + "/nvidia")[:_MOST_FOLDERS]
        for inner in ("lib", "bin", "bin/x86_64")
        if disk.is_folder(site + "/nvidia/" + part + "/" + inner)
    ]


def copies_in(disk, folder):
    """The libraries of one folder, each with the file name that says most of its version."""
    found = {}
    for name in disk.names(folder):
        library = parse_library_name(name) if name.startswith(BEGINNINGS) or name.lower().endswith(".dll") else None
        if library is None or not disk.is_file(folder + "/" + name):
            continue
        key = library.name, library.interface
        known = found.get(key)
        if known is None:
            found[key] = known = Copy(library, folder, name)
        known.sonames.add(library.soname)
        if library.version is not None and known.version is None:
            known.version, known.path, known.source = library.version, folder + "/" + name, folder + "/" + name
    for copy in found.values():
        _complete(disk, copy)
    return list(found.values())


def _complete(disk, copy):
    """A name without a version may be a link to one that has it, or there is a header beside it."""
    if copy.version is None:
        real = disk.real(copy.path)
        library = parse_library_name(os.path.basename(real)) if real else None
        if library is not None and library.version is not None:
            copy.version, copy.source = library.version, real
    if copy.version is None and copy.name in _HEADERS:
        parse, headers = _HEADERS[copy.name]
        for header in _header_places(copy.folder, headers):
            version = parse(disk.text(header))
            if version is not None and version.split(".")[0] == copy.interface:
                copy.version, copy.source = version, header
                return


_HEADERS = {
    "cudnn": (parse_cudnn_header, ("cudnn_version.h", "cudnn_version_v9.h", "cudnn_version_v8.h", "cudnn.h")),
    "nccl": (parse_nccl_header, ("nccl.h",)),
}


def _header_places(folder, headers):
    """`/usr/lib/x86_64-linux-gnu` has its headers in `/usr/include` and `/usr/include/x86_64-linux-gnu`, `…/lib64` in `…/include`."""
    parent, last = os.path.split(folder)
    places = [parent + "/include"]
    if last in _MULTIARCH:
        places = [os.path.dirname(parent) + "/include/" + last, os.path.dirname(parent) + "/include"]
    return [place + "/" + header for place in places for header in headers]


def distribution_versions(disk, site):
    """The versions that the records of NVIDIA's wheels have, by library; None where two records claim the same one."""
    versions = {}
    for name in disk.names(site):
        record = _RECORD.match(name)
        if record is not None and record.group("part") in _PARTS:
            library = _PARTS[record.group("part")]
            versions[library] = None if library in versions else (record.group("version"), site + "/" + name)
    return versions


def conda_versions(disk, prefix):
    """The versions that conda's records have, by library."""
    versions = {}
    for name in disk.names(prefix + "/conda-meta"):
        record = _CONDA.match(name)
        if record is not None:
            library = _CONDA_NAMES.get(record.group("name"), record.group("name").replace("libcu", "cu").replace("libnv", "nv"))
            versions[library] = (record.group("version"), prefix + "/conda-meta/" + name)
    return versions
