"""CUDA on a disk that is a folder: toolkits, wheels, conda, system folders, links that lead astray, and what the real loader then does."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from envcheck.facts.claims import resolve
from envcheck.facts.snapshot import Completeness, Snapshot
from envcheck.observing.answer import Ending
from envcheck.observing.process import Task
from envcheck.observing.runner import run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the disks here are those of POSIX systems")
SITE = "/env/lib/python3.11/site-packages"


class Root:
    """A disk in a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.variables: dict[str, str | None] = dict.fromkeys(
            ("CUDA_HOME", "CUDA_PATH", "CUDA_ROOT", "LD_LIBRARY_PATH", "ROCM_PATH", "ROCM_HOME", "CUDA_TOOLKIT_ROOT_DIR")
        )
        self.variables["PATH"] = "/usr/bin"

    def file(self, path: str, text: str = "") -> None:
        place = self.path / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    def link(self, path: str, target: str) -> None:
        place = self.path / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)

    def look(self, *more: str) -> Snapshot:
        arguments = (f"root={self.path}", "prefix=/env", f"site={SITE}", *more)
        answer = run([Task("toolkits", "toolkits", sys.executable, arguments, variables=self.variables)])["toolkits"]
        assert answer.ending is Ending.ANSWERED, answer.stderr
        return resolve(answer.evidence, taken="", live=True)

    def found(self, name: str) -> list[dict[str, Any]]:
        return [
            {field: getattr(toolkit, field) for field in toolkit.__struct_fields__ if getattr(toolkit, field) is not None}
            for toolkit in self.look().toolkits
            if toolkit.name == name
        ]


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path)


def versions(entries: list[dict[str, Any]]) -> list[tuple[str, object, tuple[str, ...]]]:
    return [(entry["path"], entry["version"], entry["found_by"]) for entry in entries]


def test_an_empty_disk_has_nothing_and_says_so(root: Root) -> None:
    snapshot = root.look()
    assert snapshot.toolkits == ()
    assert snapshot.observed.toolkits is Completeness.COMPLETE
    assert snapshot.unknown == ()


def test_a_toolkit_is_told_once_whoever_points_at_it(root: Root) -> None:
    root.file("/usr/local/cuda-12.4/version.json", '{"cuda": {"version": "12.4.1"}}')
    root.file("/usr/local/cuda-12.4/bin/nvcc")
    root.link("/etc/alternatives/cuda", "/usr/local/cuda-12.4")
    root.link("/usr/local/cuda", "/etc/alternatives/cuda")
    root.variables["CUDA_HOME"] = "/usr/local/cuda/"
    root.variables["PATH"] = "relative:/usr/bin:/usr/local/cuda/bin"
    assert versions(root.found("cuda")) == [("/usr/local/cuda-12.4", "12.4.1", ("CUDA_HOME", "PATH", "system"))]


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({"version.txt": "CUDA Version 10.2.89\n"}, "10.2.89"),
        ({"include/cuda.h": "#define CUDA_VERSION 12040\n"}, "12.4"),
        ({"targets/sbsa-linux/include/cuda.h": "#define CUDA_VERSION 13000\n"}, "13.0"),
        ({"bin/nvcc": "", "lib64/libcudart.so.11.8.89": ""}, "11.8"),
    ],
)
def test_every_file_that_tells_a_version(root: Root, files: dict[str, str], version: str) -> None:
    for name, text in files.items():
        root.file(f"/usr/local/cuda-x/{name}", text)
    root.variables["CUDA_PATH"] = "/usr/local/cuda-x"
    assert versions(root.found("cuda")) == [("/usr/local/cuda-x", version, ("CUDA_PATH",))]


def test_an_empty_folder_and_the_runtime_alone_are_no_toolkit(root: Root) -> None:
    root.file("/usr/local/cuda-12.1/lib64/libcudart.so.12.1.105")
    (root.path / "usr/local/cuda-11.8").mkdir()
    root.variables["CUDA_HOME"] = "/usr/local/cuda-11.8"
    assert root.found("cuda") == []
    assert root.look().observed.toolkits is Completeness.COMPLETE


def test_a_compiler_that_is_a_script_is_followed(root: Root) -> None:
    root.file("/usr/bin/nvcc", '#!/bin/sh\nexec /usr/lib/nvidia-cuda-toolkit/bin/nvcc "$@"\n')
    root.file("/usr/lib/nvidia-cuda-toolkit/bin/nvcc")
    root.file("/usr/lib/nvidia-cuda-toolkit/include/cuda.h", "#define CUDA_VERSION 11050\n")
    assert versions(root.found("cuda")) == [("/usr/lib/nvidia-cuda-toolkit", "11.5", ("PATH", "system"))]


def test_condas_toolkit_has_condas_version(root: Root) -> None:
    root.file("/env/conda-meta/cuda-nvcc-12.4.131-0.json", "{}")
    root.file("/env/conda-meta/libcublas-12.4.5.8-0.json", "{}")
    root.file("/env/bin/nvcc")
    root.file("/env/lib/libcublas.so.12")
    assert versions(root.found("cuda")) == [("/env", "12.4.131", ("conda",))]
    assert versions(root.found("cublas")) == [("/env/lib/libcublas.so.12", "12.4.5.8", ("conda",))]


def test_rocm(root: Root) -> None:
    root.file("/opt/rocm-6.1.2/.info/version", "6.1.2-129\n")
    root.link("/opt/rocm", "/opt/rocm-6.1.2")
    assert versions(root.found("rocm")) == [("/opt/rocm-6.1.2", "6.1.2", ("system",))]


def test_libraries_of_wheels_have_the_versions_of_their_records(root: Root) -> None:
    root.file(f"{SITE}/nvidia/cudnn/lib/libcudnn.so.9")
    root.file(f"{SITE}/nvidia/cu13/lib/libcublas.so.13")
    root.file(f"{SITE}/nvidia_cudnn_cu13-9.13.0.50.dist-info/METADATA")
    root.file(f"{SITE}/nvidia_cublas-13.0.2.14.dist-info/METADATA")
    assert versions(root.found("cudnn")) == [(f"{SITE}/nvidia/cudnn/lib/libcudnn.so.9", "9.13.0.50", ("wheel",))]
    assert versions(root.found("cublas")) == [(f"{SITE}/nvidia/cu13/lib/libcublas.so.13", "13.0.2.14", ("wheel",))]


def test_two_records_for_one_library_leave_its_version_open(root: Root) -> None:
    root.file(f"{SITE}/nvidia/nccl/lib/libnccl.so.2")
    for record in ("nvidia_nccl_cu11-2.19.3", "nvidia_nccl_cu12-2.20.5"):
        root.file(f"{SITE}/{record}.dist-info/METADATA")
    (entry,) = root.found("nccl")
    assert not isinstance(entry["version"], str)


def test_system_folders_are_those_of_the_loader(root: Root) -> None:
    root.file("/etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n")
    root.file("/etc/ld.so.conf.d/cuda.conf", "/opt/libs\n")
    root.link("/etc/ld.so.conf.d/loop.conf", "/etc/ld.so.conf")
    root.file("/opt/libs/libnccl.so.2.21.5")
    root.link("/opt/libs/libnccl.so.2", "libnccl.so.2.21.5")
    root.file("/usr/lib/x86_64-linux-gnu/libcudnn.so.8")
    root.file(
        "/usr/include/x86_64-linux-gnu/cudnn_version_v9.h", "#define CUDNN_MAJOR 9\n#define CUDNN_MINOR 1\n#define CUDNN_PATCHLEVEL 0\n"
    )
    root.file("/usr/include/cudnn_version.h", "#define CUDNN_MAJOR 8\n#define CUDNN_MINOR 9\n#define CUDNN_PATCHLEVEL 7\n")
    assert versions(root.found("nccl")) == [("/opt/libs/libnccl.so.2.21.5", "2.21.5", ("system",))]
    assert versions(root.found("cudnn")) == [("/usr/lib/x86_64-linux-gnu/libcudnn.so.8", "8.9.7", ("system",))]


def test_links_do_not_lead_out_of_the_root_and_circles_end(root: Root, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "version.json").write_text('{"cuda": {"version": "99.9"}}')
    root.link("/usr/local/cuda-1", str(outside))
    root.link("/usr/local/cuda-2", "../" * 30 + str(outside).lstrip("/"))
    root.link("/usr/local/cuda-3", "cuda-4")
    root.link("/usr/local/cuda-4", "cuda-3")
    root.variables["LD_LIBRARY_PATH"] = "/usr/local/cuda-3:/nowhere::relative"
    assert root.look().toolkits == ()


def test_a_folder_of_very_many_files_is_not_read_whole(
    root: Root, probe: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        root.file(f"/usr/lib/file{number}")
    rooted = probe("on_disk.rooted")
    monkeypatch.setattr(rooted, "MOST_NAMES", 10)
    disk = rooted.Disk(str(root.path))
    assert len(disk.names("/usr/lib")) == 10
    assert disk.refused == ["/usr/lib"]


def test_a_folder_that_may_not_be_read_is_told(root: Root, probe: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> None:
    (root.path / "opt").mkdir()
    real = os.scandir

    def refusing(path: str) -> Any:
        if path.endswith("/opt"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    disk = probe("on_disk.rooted").Disk(str(root.path))
    assert disk.names("/opt") == []
    assert disk.refused == ["/opt"]


def test_brackets_in_a_path_do_not_break_the_fact(root: Root) -> None:
    root.file("/x[1]/libnccl.so.2.20.5")
    root.variables["LD_LIBRARY_PATH"] = "/x[1]"
    assert versions(root.found("nccl")) == [("/x[1]/libnccl.so.2.20.5", "2.20.5", ("LD_LIBRARY_PATH",))]


def test_windows_loads_what_torch_brings(root: Root) -> None:
    root.file(f"{SITE}/torch/lib/cudnn64_9.dll")
    (toolkit,) = root.look("platform=win32").toolkits
    assert (toolkit.name, toolkit.loaded) == ("cudnn", True)


COMPILER = shutil.which("gcc") or shutil.which("cc")


def build(folder: Path, soname: str, source: str, *options: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = folder / "source.c"
    text.write_text(source)
    command = [COMPILER or "cc", "-shared", "-fPIC", "-o", str(folder / soname), str(text), f"-Wl,-soname,{soname}", *options]
    subprocess.run(command, check=True, capture_output=True)
    text.unlink()


@pytest.mark.skipif(COMPILER is None or not sys.platform.startswith("linux"), reason="needs a C compiler and glibc's loader")
@pytest.mark.parametrize(
    ("tags", "variable", "winner"),
    [
        ("--disable-new-dtags", True, "wheel"),  # DT_RPATH, as in torch's wheels from 1.13 on
        ("--enable-new-dtags", True, "other"),  # DT_RUNPATH: the variable comes first
        ("--enable-new-dtags", False, "wheel"),
    ],
)
def test_the_prediction_is_what_the_loader_does(tmp_path: Path, tags: str, variable: bool, winner: str) -> None:
    site, other = tmp_path / "lib/python3.11/site-packages", tmp_path / "other"
    for folder, name in ((site / "nvidia/cudnn/lib", "wheel"), (other, "other")):
        build(folder, "libcudnn.so.9", f'const char *which(void) {{ return "{name}"; }}')
    build(
        site / "torch/lib",
        "libtorch_cuda.so",
        "const char *which(void); const char *torch(void) { return which(); }",
        str(site / "nvidia/cudnn/lib/libcudnn.so.9"),
        "-Wl,-rpath,$ORIGIN/../../nvidia/cudnn/lib",
        f"-Wl,{tags}",
    )
    variables = {**os.environ, "LD_LIBRARY_PATH": str(other) if variable else ""}
    library = str(site / "torch/lib/libtorch_cuda.so")
    ask = f"import ctypes; f = ctypes.CDLL({library!r}).torch; f.restype = ctypes.c_char_p; print(f().decode())"
    really = subprocess.run([sys.executable, "-c", ask], env=variables, capture_output=True, text=True, check=True).stdout.strip()
    assert really == winner  # what this test is about
    task = Task(
        "toolkits",
        "toolkits",
        sys.executable,
        (f"prefix={tmp_path}", f"site={site}"),
        variables={"LD_LIBRARY_PATH": variables["LD_LIBRARY_PATH"]},
    )
    snapshot = resolve(run([task])["toolkits"].evidence, taken="", live=True)
    copies = {
        toolkit.path: toolkit for toolkit in snapshot.toolkits if toolkit.name == "cudnn" and str(toolkit.path).startswith(str(tmp_path))
    }
    wheel, shadow = copies[str(site / "nvidia/cudnn/lib/libcudnn.so.9")], copies.get(str(other / "libcudnn.so.9"))
    assert wheel.loaded is (winner == "wheel")
    assert (shadow is not None) is variable
    if shadow is not None:
        assert shadow.loaded is (winner == "other")
        assert (shadow.shadows == wheel.path) is (winner == "other")


def test_nothing_is_said_of_libraries_that_no_framework_asks_for(root: Root) -> None:
    root.file(f"{SITE}/nvidia/cudnn/lib/libcudnn.so.9")
    root.file(f"{SITE}/torch/lib/libtorch_cuda.so", "\x7fELF and then garbage")
    (toolkit,) = root.look().toolkits
    assert toolkit.loaded is not True
    assert toolkit.loaded is not False
