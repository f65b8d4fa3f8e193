"""Which copy of a library won."""

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.library_copies import foreign_folders, name_of, winners

SITE = "/v/lib/python3.11/site-packages/nvidia"


def facts(path: str, **more: object) -> Snapshot:
    return msgspec.convert({"variables": {"LD_LIBRARY_PATH": path}, **more}, Snapshot)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("/x/libnvJitLink.so.12", "nvjitlink"),
        ("libcublasLt.so.11", "cublaslt"),
        ("libcudnn_ops_infer.so.8", "cudnn"),
        ("libcudnn.so", "cudnn"),
        ("libGL.so.1", ""),
    ],
)
def test_libraries_are_called_as_toolkits_are(file: str, name: str) -> None:
    assert name_of(file) == name


def test_folders_of_the_driver_and_of_wheels_hold_no_other_cuda() -> None:
    path = f"/usr/lib/wsl/lib:/usr/local/nvidia/lib64:{SITE}/cudnn/lib:/opt/mpi/lib:/usr/local/cuda/lib64:relative:"
    assert foreign_folders(facts(path)) == ["/usr/local/cuda/lib64", "/opt/mpi/lib"]


def test_what_stands_behind_the_wheels_own_folder_does_not_win() -> None:
    assert foreign_folders(facts(f"{SITE}/cudnn/lib:/usr/local/cuda/lib64"), "cudnn") == []
    assert foreign_folders(facts(f"{SITE}/cudnn/lib:/usr/local/cuda/lib64"), "nvjitlink") == ["/usr/local/cuda/lib64"]


def test_a_copy_that_was_seen_comes_before_folders() -> None:
    seen = {"name": "nvjitlink", "path": "/opt/a/libnvJitLink.so.12", "loaded": True}
    found = list(winners(facts("/usr/local/cuda/lib64", toolkits=[seen]), "libnvJitLink.so.12"))
    assert [(winner.place, winner.sure) for winner in found] == [("/opt/a/libnvJitLink.so.12", True), ("/usr/local/cuda/lib64", False)]


def test_a_copy_in_the_wheel_or_beside_the_one_that_asks_is_the_right_one() -> None:
    for path in (f"{SITE}/nvjitlink/lib/libnvJitLink.so.12", "/opt/e/lib/libnvJitLink.so.12"):
        seen = {"name": "nvjitlink", "path": path, "loaded": True}
        assert not list(winners(facts("", toolkits=[seen]), "libnvJitLink.so.12", "/opt/e/lib/libcusparse.so.12"))
