"""Where the libraries of NVIDIA's driver lie, and of which version they are, without loading one.

Asked in the order in which the loader looks: LD_LIBRARY_PATH, the loader's cache, its own folders; then those that some systems have
for this driver and that are on no path by themselves. A library that is there and that the loader does not know is found too:
`nvidia.nvml_path` says where it lies, not that it can be loaded by its name.
"""

import os
import sys

from envcheck_probes.kernel_files import find_link, find_names, place
from envcheck_probes.reading import read_if_there

_CACHE = "/etc/ld.so.cache"
_LONGEST_CACHE = 16 * 2**20
_TRUSTED = ("/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib64", "/usr/local/lib")
_OWN = (
    "/usr/lib/wsl/lib",
    "/usr/local/nvidia/lib64",
    "/usr/local/nvidia/lib",
    "/usr/lib64-nvidia",
    "/run/opengl-driver/lib",
    "/usr/lib64/nvidia",
    "/.singularity.d/libs",
    "/home/kubernetes/bin/nvidia/lib64",
)
_BELOW_TRIPLET = ("", "/nvidia", "/nvidia/current", "/tegra", "/tegra-egl")
LIBRARIES = {"nvidia.nvml_path": "libnvidia-ml.so.1", "nvidia.libcuda_path": "libcuda.so.1"}
_IS_64 = sys.maxsize > 2**32


def tell_libraries(channel, root, variables):
    """Tells what is found and what is known not to be there. Returned are the path and the version of one of them, None where unknown.

    A libcuda.so.1 of CUDA's compatibility package is not the driver's: its version is another.
    """
    folders = search_folders(root, variables)
    cache = read_if_there(place(root, _CACHE), _LONGEST_CACHE)
    first = version = None
    for fact, name in LIBRARIES.items():
        path = find_library(root, name, folders, cache)
        channel.fact(fact, path, path or "the loader's folders")
        if path is not None and "/compat" not in path:
            first = first or path
            version = version or version_of(root, path, name)
    if version is not None:
        channel.fact("nvidia.library_version", version, "the name of the library's file")
    return first, version


def search_folders(root, variables):
    """The folders of LD_LIBRARY_PATH, and those behind the cache."""
    first = [folder for folder in variables.get("LD_LIBRARY_PATH", "").split(":") if folder.startswith("/")]
    triplets = ["/usr/lib/" + name for name in sorted(find_names(root, "/usr/lib", 4000)) if name.endswith("-linux-gnu")]
    behind = [folder + below for folder in triplets for below in _BELOW_TRIPLET]
    return list(dict.fromkeys(first)), [*_TRUSTED, *behind, *_OWN]


def find_library(root, name, folders, cache):
    """The first file of that name that a program of this word size could load, or None."""
    first, behind = folders
    for path in (*_joined(first, name), *cached_paths(cache, name), *_joined(behind, name)):
        if _is_usable(root, path):
            return path
    return None


def _joined(folders, name):
    return [folder.rstrip("/") + "/" + name for folder in folders]


def cached_paths(cache, name):
    """Where the loader's cache has a library: its paths stand in it as they are, each with a NUL behind it."""
    paths, end = [], 0
    words = b"/" + name.encode() + b"\0"
    while True:
        end = cache.find(words, end)
        if end < 0:
            return paths
        start = cache.rfind(b"\0", 0, end) + 1
        if cache[start : start + 1] == b"/":
            paths.append(cache[start : end + len(words) - 1].decode("utf-8", "surrogateescape"))
        end += len(words)


def _is_usable(root, path):
    """An empty file is what an image keeps of a library that was mounted when it was made; one of 32 bits is for other programs."""
    file = place(root, resolved(root, path))
    head = read_if_there(file, 5) if os.path.isfile(file) else b""
    return bool(head) and (head[:4] != b"\x7fELF" or head[4:5] == (b"\2" if _IS_64 else b"\1"))


def resolved(root, path):
    """Where the links of a file lead, below the root folder."""
    for _ in range(16):
        link = find_link(root, path)
        if link is None:
            break
        path = os.path.normpath(os.path.join(os.path.dirname(path), link))
    return path


def version_of(root, path, name):
    """`libnvidia-ml.so.580.95.05` → "580.95.05"; under WSL the file has no such name."""
    version = os.path.basename(resolved(root, path))[len(name) - 1 :]
    return version if "." in version and version.replace(".", "").isdigit() else None
