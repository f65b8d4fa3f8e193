"""CUDA and ROCm on the disk: toolkits, and every copy of the libraries that frameworks load, with which one they would load.

Arguments: `prefix=FOLDER` and `site=FOLDER` (several) of the examined environment, and `root=FOLDER` where another folder stands for the
disk. Nothing is run. What is asked, in this order:

1. toolkits: CUDA_HOME and its kin, nvcc on PATH, the folders of installers, conda's environment, `/opt/rocm*`
2. libraries: the nvidia-* wheels, the folders of frameworks that bring their own, conda's lib, the toolkits', LD_LIBRARY_PATH, and the
   loader's own folders
3. which copy is loaded: the frameworks' DT_NEEDED, DT_RPATH and DT_RUNPATH against all those folders (Linux only)

The version of a library is its file's name, its header's, or that of the record it was installed with.
"""

import os
import sys

from envcheck_probes.on_disk.cuda_libraries import (
    conda_versions,
    copies_in,
    distribution_versions,
    library_path,
    system_folders,
    wheel_folders,
)
from envcheck_probes.on_disk.loader_order import decide
from envcheck_probes.on_disk.rooted import Disk
from envcheck_probes.on_disk.toolkit_folders import conda_version, find_cuda, find_rocm
from envcheck_probes.reading import shown

# What frameworks bring with them, beside their own files.
_BUNDLES = ("torch/lib", "tensorflow", "onnxruntime/capi")
_IN_TOOLKIT = ("lib64", "lib", "targets/x86_64-linux/lib", "targets/aarch64-linux/lib", "targets/sbsa-linux/lib", "bin", "bin/x64")
_MOST = 300


def main(channel, arguments):
    given = [argument.partition("=")[::2] for argument in arguments]
    of = dict(given)
    sites = [value for name, value in given if name == "site"]
    disk = Disk(of.get("root", ""))
    channel.stage("looking for toolkits")
    channel.section("toolkits", report, disk, of.get("prefix", ""), sites, dict(os.environ), of.get("platform", sys.platform))


def report(channel, disk, prefix, sites, variables, platform):
    toolkits = find_cuda(disk, variables, prefix, platform)
    for toolkit in toolkits:
        if toolkit.path == disk.real(prefix) and prefix:
            version, source = conda_version(disk, prefix)
            toolkit.version, toolkit.source = (version, source) if version else (toolkit.version, toolkit.source)
    rocm = find_rocm(disk, variables)
    for toolkit in (*toolkits, *rocm):
        _tell(channel, toolkit, {})
    channel.stage("looking for libraries")
    on_path, system = library_path(disk, variables), system_folders(disk)
    copies = _copies(disk, prefix, sites, toolkits, on_path, system)
    if platform.startswith("linux"):
        channel.stage("following the loader")
        decide(disk, copies, sites, prefix + "/bin/python" if prefix else "", on_path, system)
    elif platform == "win32":
        _decide_for_windows(copies, sites)
    for copy in copies[:_MOST]:
        more = {name: getattr(copy, name) for name in ("loaded", "shadows") if getattr(copy, name) is not None}
        _tell(channel, copy, more)
    channel.observed("toolkits", "partial" if disk.refused or len(copies) > _MOST else "complete")
    for folder in disk.refused[:1]:
        channel.unknown("toolkits", "denied", shown(folder) + " cannot be read whole")


def _copies(disk, prefix, sites, toolkits, on_path, system):
    """All copies, each file once; who leads to it is added up."""
    found = {}
    for folder, by, versions in (
        *_of_environment(disk, prefix, sites),
        *_of_toolkits(disk, prefix, toolkits),
        *((folder, "LD_LIBRARY_PATH", {}) for folder in on_path),
        *((folder, "system", {}) for folder in system),
    ):
        _add(disk, found, folder, by, versions)
    return list(found.values())


def _of_environment(disk, prefix, sites):
    """Folders, who leads to them, and the versions that records beside them name."""
    for site in sites:
        versions = distribution_versions(disk, site)
        for folder in wheel_folders(disk, site):
            yield folder, "wheel", versions
        for inner in _BUNDLES:
            yield site + "/" + inner, "wheel", {}
    if prefix and disk.names(prefix + "/conda-meta"):
        versions = conda_versions(disk, prefix)
        for inner in ("lib", "targets/x86_64-linux/lib", "Library/bin"):
            yield prefix + "/" + inner, "conda", versions


def _of_toolkits(disk, prefix, toolkits):
    """The same of toolkits; what lies beside a compiler in /usr/bin or in conda's folder is found as the system's and conda's."""
    for toolkit in toolkits:
        for inner in _IN_TOOLKIT if toolkit.path not in ("/", "/usr", prefix) else ():
            for by in toolkit.found_by:
                yield toolkit.path + "/" + inner, by, distribution_versions(disk, toolkit.path + "/dist-info")


def _add(disk, found, folder, by, versions):
    real = disk.real(folder)
    for copy in copies_in(disk, folder) if real is not None else ():
        known = found.setdefault((real, copy.name, copy.interface), copy)
        if by not in known.found_by:
            known.found_by.append(by)
        record = versions.get(copy.name)
        if known.version is None and record is not None and _fits(known, record[0]):
            known.version, known.source = record


def _fits(copy, version):
    """Whether a record can be that of the file: cudart 12.4.127 and libcudart.so.12. cuSOLVER and cuFFT are numbered so too."""
    return copy.interface.split(".")[0] in (version.split(".")[0], version.replace(".", "")[:2], version.replace(".", "")[:3])


def _decide_for_windows(copies, sites):
    """PyTorch opens every library of its own folder by its whole path, before anything else can be asked for."""
    own = tuple(site.replace("\\", "/") + "/torch/lib/" for site in sites)
    for copy in copies:
        if own and copy.path.replace("\\", "/").startswith(own):
            copy.loaded = True


def _tell(channel, found, more):
    """Brackets would end a fact's name, so that they are left out of it; the path has them."""
    key = shown(found.path).replace("[", "(").replace("]", ")")
    entry = {"path": shown(found.path), "found_by": found.found_by}
    if found.version is not None:
        entry["version"] = found.version
    entry.update({name: shown(value) if isinstance(value, str) else value for name, value in more.items()})
    channel.fact("toolkits[" + found.name + "@" + key + "]", entry, shown(found.source))
