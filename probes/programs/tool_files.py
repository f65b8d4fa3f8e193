"""Versions of tools from the files that are installed with them; no process is started."""

import os

from envcheck_probes.reading import read_if_there

from envcheck.parsers.text.tool_versions import java_feature, parse_cuda_manifest, parse_java_release, parse_node_header, version_among

_MOST = 64 * 1024
_MACOS_JAVAS = "/Library/Java/JavaVirtualMachines"


def version_from_files(name, program):
    """The version of a tool whose program lies there (links resolved), and the file or folder that says it; twice None where none does."""
    find = _FINDERS.get(name)
    return find(program) if find is not None else (None, None)


def _java(program):
    """`release` lies in the installation's folder: `bin/java` of it, or `jre/bin/java`."""
    home = os.path.dirname(os.path.dirname(program))
    return _first([os.path.join(home, "release"), os.path.join(os.path.dirname(home), "release")], parse_java_release)


def installed_java():
    """On macOS, the newest Java of those that /usr/bin/java chooses from."""
    found = []
    for name in _names(_MACOS_JAVAS):
        home = os.path.join(_MACOS_JAVAS, name, "Contents", "Home")
        version = _first([os.path.join(home, "release")], parse_java_release)[0]
        if version is not None:
            found.append((java_feature(version) or 0, os.path.join(home, "bin", "java")))
    return max(found)[1] if found else None


def _nvcc(program):
    return _first([os.path.join(os.path.dirname(os.path.dirname(program)), "version.json")], parse_cuda_manifest)


def _node(program):
    return _first([os.path.join(os.path.dirname(os.path.dirname(program)), "include", "node", "node_version.h")], parse_node_header)


def _conda(program):
    return _in_folder(os.path.join(os.path.dirname(os.path.dirname(program)), "conda-meta"), r"conda-(\d[^-]*)-[^-]+\.json")


def _mamba(program):
    return _in_folder(os.path.join(os.path.dirname(os.path.dirname(program)), "conda-meta"), r"mamba-(\d[^-]*)-[^-]+\.json")


def _dotnet(program):
    """The newest SDK, which is the one that `dotnet` uses; a runtime alone has no version of its own."""
    return _in_folder(os.path.join(os.path.dirname(program), "sdk"), r"(\d+\.\d+\.\d+\S*)")


def _hadoop(program):
    folder = os.path.join(os.path.dirname(os.path.dirname(program)), "share", "hadoop", "common")
    return _in_folder(folder, r"hadoop-common-(\d[\d.]*)\.jar")


_FINDERS = {"java": _java, "nvcc": _nvcc, "node": _node, "conda": _conda, "mamba": _mamba, "dotnet": _dotnet, "hadoop": _hadoop}


def _first(paths, parse):
    for path in paths:
        version = parse(read_if_there(path, _MOST).decode("utf-8", "replace"))
        if version is not None:
            return version, path
    return None, None


def _in_folder(folder, pattern):
    version = version_among(_names(folder), pattern)
    return (version, folder) if version is not None else (None, None)


def _names(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []
