import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import pytest

from envcheck.knowledge import cards, cpus, cuda_libraries, drivers, numpy, torch
from envcheck.knowledge.table import FOLDER, Confidence, Row, load

ROOT = Path(__file__).parents[2]


class _AnyRow(Row, frozen=True, kw_only=True):
    pass


def names() -> list[str]:
    return sorted(path.stem for path in Path(FOLDER).glob("*.json"))


def test_every_json_is_what_its_toml_says():
    done = subprocess.run([sys.executable, str(ROOT / "tools" / "build_tables.py"), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert names() == sorted(path.stem for path in Path(FOLDER).glob("*.toml"))


@pytest.mark.parametrize("name", names())
def test_every_row_has_a_source_a_date_and_a_confidence(name: str):
    tables = load(name, dict[str, tuple[_AnyRow, ...]])
    assert tables
    for rows in tables.values():
        for row in rows:
            assert row.source
            assert date.fromisoformat(row.checked) >= date(2026, 1, 1)
            assert isinstance(row.confidence, Confidence)


def test_a_row_of_the_wrong_shape_is_refused():
    with pytest.raises(msgspec.ValidationError):
        load("torch_wheels", dict[str, tuple[torch.Release, ...]])


def test_patterns_of_cards_and_processors_are_valid_and_name_their_own_row():
    for card in load("nvidia_cards", cards._Table).card:
        re.compile(card.pattern)
        assert card.compute_capability
    for row in load("cpus_without_avx", cpus._Table).cpu:
        re.compile(row.pattern)


def test_importing_every_lookup_loads_no_table():
    code = (
        "import envcheck.knowledge.table as table\n"
        "def load(*_): raise SystemExit('a table was loaded')\n"
        "table.load = load\n"
        "import importlib, pathlib, envcheck.rules as rules\n"
        "for path in pathlib.Path(rules.__file__).parent.glob('*.py'):\n"
        "    importlib.import_module(f'envcheck.rules.{path.stem}') if path.stem != '__init__' else None\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "capability"),
    [
        ("NVIDIA GeForce RTX 3090", "8.6"),
        ("GeForce RTX 2080 Ti", "7.5"),
        ("Tesla T4", "7.5"),
        ("A100-SXM4-40GB", "8.0"),
        ("NVIDIA A100-PCIE-40GB MIG 1g.5gb", "8.0"),
        ("NVIDIA H100 80GB HBM3", "9.0"),
        ("NVIDIA GeForce RTX 3070 Laptop GPU", "8.6"),
        ("NVIDIA Corporation GA102 [GeForce RTX 3090] (rev a1)", "8.6"),
        ("NVIDIA RTX 6000 Ada Generation", "8.9"),
        ("NVIDIA RTX A6000", "8.6"),
        ("Quadro RTX 6000", "7.5"),
        ("TITAN RTX", "7.5"),
        ("NVIDIA GeForce GTX 1660 SUPER", "7.5"),
        ("NVIDIA GeForce GTX 1080 Ti", "6.1"),
        ("Tesla P100-PCIE-16GB", "6.0"),
        ("Tesla V100-SXM2-32GB", "7.0"),
        ("Tesla K80", "3.7"),
        ("NVIDIA GeForce RTX 5090", "12.0"),
        ("NVIDIA GB200", "10.0"),
        ("NVIDIA A10G", "8.6"),
        ("NVIDIA L40S", "8.9"),
        ("NVIDIA L4", "8.9"),
    ],
)
def test_cards_are_known_by_their_printed_names(name: str, capability: str):
    card = cards.find_card(name)
    assert card is not None
    assert card.capability == capability


@pytest.mark.parametrize("name", ["", "Intel(R) UHD Graphics 630", "AMD Radeon RX 6900 XT", "NVIDIA Something of 2031"])
def test_other_names_are_no_card(name: str):
    assert cards.find_card(name) is None


@pytest.mark.parametrize(
    ("cuda", "linux", "windows"),
    [
        ("13.2", "580", "580"),
        ("12.0", "525.60.13", "528.33"),
        ("11.1", "450.80.02", "452.39"),
        ("10.2", "440.33", "441.22"),
        ("10.0", "410.48", "411.31"),
    ],
)
def test_the_oldest_driver_of_a_cuda(cuda: str, linux: str, windows: str):
    row = drivers.find_minimum(cuda)
    assert row is not None
    assert (row.linux_min, row.windows_min) == (linux, windows)


def test_a_cuda_of_no_table_has_no_oldest_driver():
    assert drivers.find_minimum("6.5") is None


@pytest.mark.parametrize(
    ("driver", "cuda"), [("470.82.01", "11.4"), ("535.183.01", "12.2"), ("538.0", "12.2"), ("580.65.06", "13.0"), ("440.33", None)]
)
def test_a_drivers_branch_tells_the_newest_cuda(driver: str, cuda: str | None):
    row = drivers.find_branch(driver)
    assert (row.cuda if row else None) == cuda


@pytest.mark.parametrize(("capability", "branch"), [("2.0", 390), ("3.5", 470), ("6.1", 580), ("7.0", 580), ("7.5", None), ("12.0", None)])
def test_the_last_branch_of_drivers_for_older_cards(capability: str, branch: int | None):
    row = drivers.find_last_branch(capability)
    assert (row.branch if row else None) == branch


def test_every_card_has_the_memory_of_its_variants():
    for card in load("nvidia_cards", cards._Table).card:
        assert card.memory_gb, card.name
        assert list(card.memory_gb) == sorted(card.memory_gb), card.name
        assert card.memory_source


@pytest.mark.parametrize(
    ("cuda", "major", "expected"),
    [("10.2", 8, False), ("11.0", 8, True), ("11.7", 9, False), ("12.6", 12, False), ("12.8", 12, True), ("9.0", 6, None)],
)
def test_a_compiler_knows_the_cards_of_its_time(cuda: str, major: int, expected: bool | None):
    assert drivers.is_compilable(cuda, major) is expected


def test_wheels_of_a_release_come_newest_first():
    assert [wheel.tag for wheel in torch.wheels_of("2.6.0", "cuda")] == ["cu126", "cu124", "cu118"]
    assert [wheel.tag for wheel in torch.wheels_of("2.14.1", "rocm")] == ["rocm7.14", "rocm7.2"]
    assert [wheel.platforms for wheel in torch.wheels_of("2.8.0", "xpu")] == [("linux_x86_64", "win_amd64")]
    assert torch.wheels_of("0.4.1", "cuda") == ()


@pytest.mark.parametrize(
    ("version", "machine", "python", "expected"),
    [
        ("2.2.2", "x86_64", "3.11", "10.9"),
        ("2.3.0", "x86_64", "3.11", ""),
        ("2.11.0", "arm64", "3.13", "11.0"),
        ("2.12.0", "arm64", "3.13", "14.0"),
        ("2.10.0", "arm64", "3.13", "11.0"),
        ("2.10.0", "arm64", "3.14", "14.0"),
    ],
)
def test_the_oldest_macos_of_a_torch(version: str, machine: str, python: str, expected: str):
    row = torch.find_release(version)
    assert row is not None
    assert row.macos(machine, python) == expected


@pytest.mark.parametrize(
    ("version", "name", "expected"),
    [
        ("2.5.1", "torchvision", "0.20.1"),
        ("2.14.1", "torchvision", "0.29.1"),
        ("2.15.0", "torchaudio", None),
        ("1.8.1", "torchvision", "0.9.*"),
        ("1.8.1", "torchaudio", "0.8.*"),
        ("0.4.1", "torchvision", None),
    ],
)
def test_the_companion_that_came_with_a_torch(version: str, name: str, expected: str | None):
    assert torch.companion_of(version, name) == expected


def test_kernels_are_told_apart_by_release_and_platform():
    found = torch.find_kernels("cu128", "2.10.0+cu128", "linux_x86_64")
    assert found is not None
    assert "sm_70" in found.arch_list
    later = torch.find_kernels("cu128", "2.11.0", "linux_x86_64")
    assert later is not None
    assert "sm_70" not in later.arch_list
    with_ptx = torch.find_kernels("cu128", "2.7.1", "linux_x86_64")
    assert with_ptx is not None
    assert with_ptx.arch_list[-1] == "compute_120"
    without = torch.find_kernels("cu128", "2.7.1", "win_amd64")
    assert without is not None
    assert without.arch_list[-1] == "sm_120"
    assert torch.find_kernels("cu128", "2.5.1", "linux_x86_64") is None


@pytest.mark.parametrize(
    ("file", "name", "majors"),
    [
        ("libcudart.so.11.0", "libcudart", (11,)),
        ("/usr/lib/libcudart.so.12", "libcudart", (12,)),
        ("cudart64_110.dll", "libcudart", (11,)),
        ("C:\\x\\cudart64_12.dll", "libcudart", (12,)),
        ("libcudnn_cnn_infer.so.8", "libcudnn", ()),
        ("cudnn_cnn_infer64_8.dll", "libcudnn", ()),
        ("libnvrtc.so", "libnvrtc", ()),
        ("libcusparse.so.12", "libcusparse", (12, 13)),
        ("libcusparseLt.so.0", "libcusparseLt", ()),
        ("libnvJitLink.so.13", "libnvJitLink", (13,)),
    ],
)
def test_files_are_known_as_libraries_of_cuda(file: str, name: str, majors: tuple[int, ...]):
    found = cuda_libraries.find_library(file)
    assert found is not None
    assert (found[0].name, found[1]) == (name, majors)


@pytest.mark.parametrize("file", ["libcuda.so.1", "libstdc++.so.6", "libGL.so.1", "python311.dll", "fbgemm.dll", "", "libtorch_cuda.so"])
def test_other_files_are_none_of_cudas(file: str):
    assert cuda_libraries.find_library(file) is None


def test_the_first_releases_for_numpy_2():
    row = numpy.find_first_for_numpy_2("torch")
    assert row is not None
    assert row.version == "2.3"
    assert numpy.find_first_for_numpy_2("requests") is None
