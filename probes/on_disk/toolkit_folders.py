"""The CUDA and ROCm toolkits on the disk: where installers put them, where variables and PATH point, and what conda has."""

import os
import re

from envcheck.parsers.cuda.cuda_version_file import parse_cuda_header, parse_cuda_manifest_parts, parse_cuda_version_text
from envcheck.parsers.cuda.library_name import parse_library_name
from envcheck.parsers.python.launchers import parse_script_program

VARIABLES = ("CUDA_HOME", "CUDA_PATH", "CUDA_ROOT", "CUDA_TOOLKIT_ROOT_DIR")
_ROCM_VARIABLES = ("ROCM_PATH", "ROCM_HOME")
# Folders whose names begin so, in the folder before it: of NVIDIA's installer, Debian, Arch, openSUSE, the HPC SDK.
_INSTALLED = (("/usr/local", "cuda"), ("/opt", "cuda"), ("/opt/nvidia", "cuda"), ("/usr/lib", "cuda"), ("/usr/lib", "nvidia-cuda-toolkit"))
_HPC_SDK = "/opt/nvidia/hpc_sdk"
_CUDA_FOLDER = re.compile(r"(?:cuda|nvidia-cuda-toolkit)(?:-\d[\d.]*)?$")
_ROCM_FOLDER = re.compile(r"rocm(?:-\d[\d.]*)?$")
_LIBRARY_FOLDERS = ("lib64", "lib", "targets/x86_64-linux/lib", "targets/aarch64-linux/lib", "targets/sbsa-linux/lib", "bin/x64", "bin")
_HEADERS = (
    "include/cuda.h",
    "targets/x86_64-linux/include/cuda.h",
    "targets/aarch64-linux/include/cuda.h",
    "targets/sbsa-linux/include/cuda.h",
)
_MOST = 40
# conda-meta/cuda-version-12.4-h3060b56_3.json            conda-meta/cudatoolkit-11.3.1-h2bc3f7f_2.json
_CONDA = re.compile(r"(?P<name>cuda-nvcc|cuda-toolkit|cudatoolkit-dev|cuda-compiler|cudatoolkit)-(?P<version>\d[\d.]*)-[^-]+\.json$")


class Found:
    """A toolkit: its real folder, its version if that is told, the file that tells it, and who points at it."""

    def __init__(self, name, path):
        self.name = name
        self.path = path
        self.version = None
        self.source = path
        self.found_by = []


def find_cuda(disk, variables, prefix, platform):
    """Every CUDA toolkit once, however many names point at it."""
    found = {}
    for path, by in _candidates(disk, variables, prefix, platform):
        real = disk.real(path) or path
        known = found.get(real)
        if known is None:
            known = look_at(disk, real)
            if known is None or len(found) >= _MOST:
                continue
            found[real] = known
        if by not in known.found_by:
            known.found_by.append(by)
    return list(found.values())


def look_at(disk, folder):
    """The toolkit in a folder; None: there is none. A compiler, a header or a version makes one; the runtime's library alone does not."""
    found = Found("cuda", folder)
    found.version, source = _version(disk, folder)
    compiler = any(disk.is_file(folder + "/bin/" + name) for name in ("nvcc", "nvcc.exe"))
    if found.version is None and not compiler:
        return None
    found.source = source or folder
    return found


def _version(disk, folder):
    """Files that name the toolkit first, then its header, then the runtime that lies in it."""
    manifest = parse_cuda_manifest_parts(disk.text(folder + "/version.json"))
    if manifest:
        version = manifest.get("cuda") or manifest.get("cuda_nvcc")
        if version is not None:
            return version, folder + "/version.json"
    version = parse_cuda_version_text(disk.text(folder + "/version.txt", 4096))
    if version is not None:
        return version, folder + "/version.txt"
    for header in _HEADERS:
        version = parse_cuda_header(disk.text(folder + "/" + header))
        if version is not None:
            return version, folder + "/" + header
    return _version_of_compiler(disk, folder)


def _version_of_compiler(disk, folder):
    """Beside a compiler, the release of the runtime library: libcudart.so.12.4.127 is of CUDA 12.4."""
    if not any(disk.is_file(folder + "/bin/" + name) for name in ("nvcc", "nvcc.exe")):
        return None, None
    for inner in _LIBRARY_FOLDERS:
        for name in disk.names(folder + "/" + inner):
            library = parse_library_name(name)
            if library is not None and library.name == "cudart" and library.version:
                return ".".join(library.version.split(".")[:2]), folder + "/" + inner + "/" + name
    return None, None


def _candidates(disk, variables, prefix, platform):
    for name in VARIABLES:
        if os.path.isabs(variables.get(name, "")):
            yield variables[name].rstrip("/\\") or "/", name
    for compiler in _compilers_on_path(disk, variables):
        yield _home_of(disk, compiler), "PATH"
    for folder in _of_windows_installer(disk, variables) if platform == "win32" else _of_installers(disk):
        yield folder, "system"
    if prefix and disk.names(prefix + "/conda-meta"):
        yield prefix, "conda"


def _compilers_on_path(disk, variables):
    for folder in variables.get("PATH", "").split(os.pathsep):
        for name in ("nvcc", "nvcc.exe") if os.path.isabs(folder) else ():
            if disk.is_file(folder + "/" + name):
                yield disk.real(folder + "/" + name)


def _of_windows_installer(disk, variables):
    base = variables.get("ProgramFiles", "C:\\Program Files") + "\\NVIDIA GPU Computing Toolkit\\CUDA"
    return [base + "\\" + name for name in disk.names(base)]


def _of_installers(disk):
    for parent, beginning in _INSTALLED:
        for name in disk.names(parent):
            if name.startswith(beginning) and _CUDA_FOLDER.match(name):
                yield parent + "/" + name
    yield from _hpc_releases(disk)


def _home_of(disk, compiler):
    """The folder that a compiler's `bin` lies in; a script that only starts another compiler is followed."""
    head = disk.text(compiler, 4096)
    started = parse_script_program(head) if head.startswith("#!") else None
    if started is not None and os.path.isabs(started) and os.path.basename(started) == "nvcc":
        compiler = disk.real(started) or compiler
    return os.path.dirname(os.path.dirname(compiler)) or "/"


def _hpc_releases(disk):
    for machine in disk.names(_HPC_SDK):
        for release in disk.names(_HPC_SDK + "/" + machine)[:_MOST]:
            folder = _HPC_SDK + "/" + machine + "/" + release + "/cuda"
            for name in disk.names(folder)[:_MOST]:
                if re.match(r"\d+\.\d+$", name):
                    yield folder + "/" + name


def conda_version(disk, prefix):
    """What conda's records say of its toolkit: version and file; twice None where it has none."""
    for name in disk.names(prefix + "/conda-meta"):
        record = _CONDA.match(name)
        if record is not None and record.group("name") != "cudatoolkit":
            return record.group("version"), prefix + "/conda-meta/" + name
    return None, None


def find_rocm(disk, variables):
    """`/opt/rocm` and `/opt/rocm-6.1.2`, of which one is a link to the other; `.info/version` says 6.1.2-129."""
    found = {}
    candidates = [(variables[name].rstrip("/"), name) for name in _ROCM_VARIABLES if variables.get(name, "").startswith("/")]
    candidates += [("/opt/" + name, "system") for name in disk.names("/opt") if _ROCM_FOLDER.match(name)]
    for path, by in candidates[:_MOST]:
        real = disk.real(path)
        if real is None:
            continue
        version = re.match(r"\d+(?:\.\d+)+", disk.text(real + "/.info/version", 256).strip())
        if version is None:
            version = re.match(r"\d+(?:\.\d+)+", disk.text(real + "/.info/version-dev", 256).strip())
        if version is None:
            continue
        toolkit = found.setdefault(real, Found("rocm", real))
        toolkit.version, toolkit.source = version.group(), real + "/.info/version"
        if by not in toolkit.found_by:
            toolkit.found_by.append(by)
    return list(found.values())
