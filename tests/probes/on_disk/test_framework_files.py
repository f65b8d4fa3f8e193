"""Which file of several Python would load, found by name alone."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def find(probe: Callable[[str], ModuleType], tmp_path: Path) -> Callable[..., list[str]]:
    module, disk = probe("on_disk.framework_files"), probe("on_disk.rooted").Disk()

    def find(*names: str, python: str = "cpython-311") -> list[str]:
        for name in names:
            file = tmp_path / "site" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        _, files = module.find_files(disk, [str(tmp_path / "none"), str(tmp_path / "site")], "torch", python)
        return [f"only {file.python}" if isinstance(file, module.OtherPython) else file.rpartition("site/")[2] for file in files]

    return find


def test_nothing_is_found_in_an_empty_folder(find: Callable[..., list[str]]) -> None:
    assert find() == []


def test_what_is_for_this_python_comes_before_the_stable_interface(find: Callable[..., list[str]]) -> None:
    own = "torch/_C.cpython-311-x86_64-linux-gnu.so"
    names = ("torch/_C.so", "torch/_C.abi3.so", own, "torch/_C.cpython-312-x86_64-linux-gnu.so", "torch/_CC.cpython-311.so")
    assert find(*names) == [own]
    assert find(python="cpython-310") == ["torch/_C.abi3.so"]
    assert find(python="cpython-312d") == ["torch/_C.cpython-312-x86_64-linux-gnu.so"]


@pytest.mark.parametrize(
    ("name", "only"),
    [
        ("torch/_C.cpython-313t-x86_64-linux-gnu.so", "only cpython-313t"),
        ("torch/_C.pypy310-pp73-x86_64-linux-gnu.so", "only pypy310-pp73"),
        ("torch/_C.cp311-win_amd64.pyd", "only Windows"),
    ],
)
def test_what_is_there_for_others_only_is_said(find: Callable[..., list[str]], name: str, only: str) -> None:
    assert find(name) == [only]


def test_a_module_without_a_folder_and_a_library_of_one_name(find: Callable[..., list[str]]) -> None:
    assert find("torch.so") == ["torch.so"]
    assert find("torch/lib/libtorch_global_deps.so") == ["torch/lib/libtorch_global_deps.so"]


@pytest.mark.parametrize(
    ("tag", "python"),
    [
        ("cp311-cp311-manylinux_2_36_x86_64", "cpython-311"),
        ("cp313-cp313t-linux_aarch64", "cpython-313t"),
        ("cp312-cp312d-linux_x86_64", "cpython-312d"),
        ("pp310-pypy310_pp73-manylinux_2_28_x86_64", "pypy310-pp73"),
        ("graalpy311-none-linux_x86_64", ""),
        ("", ""),
    ],
)
def test_the_tag_of_a_wheel_tells_what_modules_are_called(probe: Callable[[str], ModuleType], tag: str, python: str) -> None:
    assert probe("on_disk.framework_files").extension_python(tag) == python


def test_no_package_is_imported_before_itself(probe: Callable[[str], ModuleType]) -> None:
    frameworks = probe("on_disk.framework_files").FRAMEWORKS
    for name, (before, files) in frameworks.items():
        assert set(before) <= set(frameworks)
        assert list(frameworks).index(name) > max((list(frameworks).index(each) for each in before), default=-1)
        assert all(file.startswith(f"{name}/") for file in files)
