"""The report of torch.utils.collect_env, of several ages, whole and in pieces."""
# ruff: noqa: E501 - what programs print stands as they print it

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from envcheck.facts.snapshot import Completeness, Snapshot
from envcheck.readers.read import read_text

OF_2019 = """Collecting environment information...
PyTorch version: 1.3.1
Is debug build: No
CUDA used to build PyTorch: 10.1.243

OS: Ubuntu 18.04.3 LTS
GCC version: (Ubuntu 7.4.0-1ubuntu1~18.04.1) 7.4.0
CMake version: version 3.10.2

Python version: 3.7
Is CUDA available: Yes
CUDA runtime version: 10.1.168
GPU models and configuration:
GPU 0: GeForce GTX 1080 Ti
GPU 1: GeForce GTX 1080 Ti

Nvidia driver version: 418.67
cuDNN version: /usr/lib/x86_64-linux-gnu/libcudnn.so.7.6.2

Versions of relevant libraries:
[pip] numpy==1.17.2
[pip] torch==1.3.1
[conda] blas                      1.0                         mkl
[conda] mkl                       2019.4                      243
[conda] pytorch                   1.3.1           py3.7_cuda10.1.243_cudnn7.6.3_0    pytorch
[conda] torchvision               0.4.2                py37_cu101    pytorch
"""

OF_2021_CPU = """PyTorch version: 1.8.1
Is debug build: False
CUDA used to build PyTorch: Could not collect
ROCM used to build PyTorch: N/A

OS: CentOS Linux 7 (Core) (x86_64)
Libc version: glibc-2.17

Python version: 3.8.5 (default, Sep  4 2020, 07:30:14)  [GCC 7.3.0] (64-bit runtime)
Python platform: Linux-3.10.0-1160.el7.x86_64-x86_64-with-glibc2.10
Is CUDA available: False
CUDA runtime version: Could not collect
GPU models and configuration: GPU 0: Tesla V100-PCIE-32GB
Nvidia driver version: 450.80.02
cuDNN version: Could not collect
HIP runtime version: N/A
MIOpen runtime version: N/A

[conda] cpuonly                   1.0                           0    pytorch
[conda] pytorch                   1.8.1               py3.8_cpu_0    pytorch
"""

OF_2026 = """PyTorch version: 2.11.0+cu130
Is debug build: False
CUDA used to build PyTorch: 13.0
ROCM used to build PyTorch: N/A

OS: Ubuntu 24.04.3 LTS (aarch64)
GCC version: (Ubuntu 13.3.0-6ubuntu2~24.04) 13.3.0
Clang version: Could not collect
CMake version: version 3.31.6
Libc version: glibc-2.39

Python version: 3.12.11 (main, Jul  1 2026, 12:00:00) [Clang 20.1.4 ] (64-bit runtime)
Python platform: Linux-6.8.0-1013-nvidia-64k-aarch64-with-glibc2.39
Is CUDA available: True
CUDA runtime version: 13.0.88
CUDA_MODULE_LOADING set to:
GPU models and configuration:
GPU 0: NVIDIA GB200
GPU 1: NVIDIA GB200

Nvidia driver version: 580.105.08
cuDNN version: Probably one of the following:
/usr/lib/aarch64-linux-gnu/libcudnn.so.9.13.0
/usr/lib/aarch64-linux-gnu/libcudnn_ops.so.9.13.0
Is XPU available: False
HIP runtime version: N/A
MIOpen runtime version: N/A
Is XNNPACK available: True
Caching allocator config: N/A

CPU:
Architecture:                         aarch64
CPU(s):                               144
Vendor ID:                            ARM
Model name:                           Neoverse-V2
Core(s) per socket:                   72
Socket(s):                            2
Flags:                                fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics

Versions of relevant libraries:
[pip3] numpy==2.3.1
[pip3] nvidia-cudnn-cu13==9.13.0.50
[pip3] torch==2.11.0+cu130
[conda] numpy                     2.3.1                    pypi_0    pypi
[conda] torch                     2.11.0+cu130             pypi_0    pypi
"""

OF_VLLM = """==============================
        System Info
==============================
OS                           : Ubuntu 22.04.5 LTS (x86_64)
GCC version                  : (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0
Libc version                 : glibc-2.35

==============================
       PyTorch Info
==============================
PyTorch version              : 2.8.0+cu128
Is debug build               : False
CUDA used to build PyTorch   : 12.8
ROCM used to build PyTorch   : N/A

==============================
      Python Environment
==============================
Python version               : 3.12.11 (main, Jul 23 2025, 00:34:44) [Clang 20.1.4 ] (64-bit runtime)
Python platform              : Linux-6.6.87.2-microsoft-standard-WSL2-x86_64-with-glibc2.35

==============================
       CUDA / GPU Info
==============================
Is CUDA available            : True
CUDA runtime version         : Could not collect
GPU models and configuration : GPU 0: NVIDIA GeForce RTX 4090
Nvidia driver version        : 581.29

==============================
         vLLM Info
==============================
vLLM Version                 : 0.11.0
"""


def test_the_report_of_2019() -> None:
    facts = read_text(OF_2019)
    assert facts.builds["torch"].cuda == "10.1.243"
    assert facts.builds["torch"].cuda_available is True
    assert facts.nvidia.driver_version == "418.67"
    assert [(card.index, card.name, card.backend) for card in facts.accelerators] == [
        (0, "GeForce GTX 1080 Ti", "cuda"),
        (1, "GeForce GTX 1080 Ti", "cuda"),
    ]
    assert (facts.system.os, facts.system.distribution, facts.system.distribution_id) == ("Linux", "Ubuntu 18.04.3 LTS", "ubuntu")
    assert facts.python.version == "3.7"
    assert {toolkit.name: toolkit.version for toolkit in facts.toolkits} == {"cuda": "10.1.168", "cudnn": "7.6.2"}
    torch = facts.package("torch")
    assert torch is not None
    assert (torch.version, torch.build, torch.channel, torch.manager) == (
        "1.3.1",
        "py3.7_cuda10.1.243_cudnn7.6.3_0",
        "pytorch",
        "conda",
    )
    assert facts.observed.packages is Completeness.PARTIAL
    assert facts.symptoms == ()
    assert not facts.live


def test_the_report_of_2026() -> None:
    facts = read_text(OF_2026)
    assert (facts.builds["torch"].version, facts.builds["torch"].cuda, facts.builds["torch"].rocm) == ("2.11.0+cu130", "13.0", None)
    assert (facts.system.machine, facts.system.kernel, facts.system.libc) == ("aarch64", "6.8.0-1013-nvidia-64k", "glibc 2.39")
    assert (facts.python.version, facts.python.bits) == ("3.12.11", 64)
    assert (facts.cpu.model, facts.cpu.logical_cores, facts.cpu.physical_cores) == ("Neoverse-V2", 144, 144)
    assert isinstance(facts.cpu.features, tuple)
    assert "asimd" in facts.cpu.features
    assert [card.name for card in facts.accelerators] == ["NVIDIA GB200", "NVIDIA GB200"]
    torch = facts.package("torch")
    assert torch is not None
    assert torch.manager == "pip"
    assert [toolkit.path for toolkit in facts.toolkits if toolkit.name == "cudnn"] == ["/usr/lib/aarch64-linux-gnu/libcudnn.so.9.13.0"]


def test_could_not_collect_for_the_builds_cuda_is_a_build_without_it() -> None:
    facts = read_text(OF_2021_CPU)
    assert facts.builds["torch"].cuda is None
    assert facts.builds["torch"].cuda_available is False
    assert facts.nvidia.driver_version == "450.80.02"
    assert facts.package("cpuonly") is not None
    assert facts.system.distribution == "CentOS Linux 7 (Core)"


def test_vllms_report_of_the_same_kind() -> None:
    facts = read_text(OF_VLLM)
    assert (facts.builds["torch"].cuda, facts.builds["torch"].cuda_available) == ("12.8", True)
    assert (facts.nvidia.driver_version, facts.accelerators[0].name) == ("581.29", "NVIDIA GeForce RTX 4090")
    assert (facts.system.wsl, facts.system.distribution, facts.system.libc) == (2, "Ubuntu 22.04.5 LTS", "glibc 2.35")


def test_every_fact_says_its_line() -> None:
    facts = read_text(OF_2019, source="mail")
    lines = OF_2019.split("\n")

    def line_of(beginning: str) -> str:
        return f"mail line {next(number for number, line in enumerate(lines, 1) if line.startswith(beginning))}"

    assert facts.source_of("nvidia.driver_version") == line_of("Nvidia driver")
    assert facts.source_of("packages[torch].build") == line_of("[conda] pytorch")
    assert facts.source_of("accelerators[1].name") == line_of("GPU 1")


ESSENTIAL = {"driver": "418.67", "cuda": "10.1.243", "cards": 2, "torch": "1.3.1"}


def essential(facts: Snapshot) -> dict[str, object]:
    torch = facts.package("torch")
    build = facts.builds["torch"].cuda if "torch" in facts.builds else UNSET
    return {
        "driver": facts.nvidia.driver_version,
        "cuda": build,
        "cards": len(facts.accelerators),
        "torch": torch.version if torch else None,
    }


@pytest.mark.parametrize(
    "changed",
    [
        "\n".join("> " + line for line in OF_2019.split("\n")),
        "\n".join("    " + line for line in OF_2019.split("\n")),
        OF_2019.replace("\n", "\r\n"),
        OF_2019.replace("\n", "\n\n"),
        "\ufeff" + OF_2019,
        "I have a problem, see below.\n```\n" + OF_2019 + "```\nthank you",
        "\n".join("2024-05-01T10:00:00.1234567Z " + line for line in OF_2019.split("\n")),
        OF_2019 + OF_2019,
    ],
)
def test_how_it_was_pasted_does_not_matter(changed: str) -> None:
    assert essential(read_text(changed)) == ESSENTIAL


@pytest.mark.parametrize("cut", [0, 100, 300, 560, 700])
def test_a_report_that_is_cut_in_the_middle_gives_what_is_left(cut: int) -> None:
    rest = OF_2019[:cut] + "\n[...]\n" + OF_2019[cut + 200 :]
    facts = essential(read_text(rest))
    assert all(facts[name] in (value, UNSET, None) for name, value in ESSENTIAL.items() if name != "cards")
    assert sum(facts[name] == value for name, value in ESSENTIAL.items()) >= 2


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(OF_2026)), st.integers(0, len(OF_2026)))
def test_any_piece_of_it_is_read_without_a_false_word(start: int, end: int) -> None:
    """A piece says what the whole says, or nothing; only lines that were cut themselves may be shortened."""
    lines = OF_2026[: max(start, end)][min(start, end) :].split("\n")[1:-1]
    facts = read_text("\n".join(lines))
    assert facts.nvidia.driver_version in ("580.105.08", UNSET)
    assert facts.builds.get("torch") is None or facts.builds["torch"].cuda in ("13.0", UNSET)
    assert {card.name for card in facts.accelerators} <= {"NVIDIA GB200"}


@pytest.mark.parametrize(("listed", "vision"), [("1.3.1", None), ("1.4.0", "0.4.0")])
def test_a_list_of_conda_with_another_torch_from_pypi_is_another_environments(listed: str, vision: str | None) -> None:
    facts = read_text(
        "PyTorch version: 1.4.0+cu100\nIs debug build: No\nCUDA used to build PyTorch: 10.0\nPython version: 3.6\n"
        f"[pip3] numpy==1.18.1\n[conda] torch                     {listed}                    pypi_0    pypi\n"
        "[conda] torchvision               0.4.0                    pypi_0    pypi\n"
    )
    torch, torchvision = facts.package("torch"), facts.package("torchvision")
    assert torch is not None
    assert torch.version == "1.4.0+cu100"
    assert (torchvision.version if torchvision is not None else None) == vision
    assert facts.package("numpy") is not None


NO_TORCH = """PyTorch version: N/A
Is debug build: N/A
CUDA used to build PyTorch: N/A
ROCM used to build PyTorch: N/A
OS: Microsoft Windows 10 Home
Python version: 3.7 (32-bit runtime)
Is CUDA available: N/A
GPU models and configuration: Could not collect
Nvidia driver version: Could not collect
[pip3] numpy==1.19.4
[conda] Could not collect
"""


def test_a_torch_that_could_not_be_imported_has_an_unknown_build() -> None:
    facts = read_text(NO_TORCH)
    assert "torch" not in facts.builds
    assert facts.package("torch") is None
    unknown = facts.why_unknown("builds[torch].cuda")
    assert unknown is not None
    assert "could not import" in unknown.detail
    assert (facts.system.os, facts.python.bits) == ("Windows", 32)


def no_answer(available: str) -> Snapshot:
    return read_text(
        f"CUDA used to build PyTorch: 11.3\nIs CUDA available: {available}\nGPU models and configuration: Could not collect\n"
        "Nvidia driver version: Could not collect\n"
    )


def test_where_nvidia_smi_named_nothing_and_torch_has_no_device_there_is_no_driver() -> None:
    assert no_answer("False").nvidia.driver_version is None


def test_where_torch_has_a_device_the_drivers_version_is_only_unknown() -> None:
    facts = no_answer("True")
    assert facts.nvidia.driver_version is UNSET
    assert facts.why_unknown("nvidia.driver_version") is not None


def test_a_driver_that_another_part_of_the_text_names_is_there() -> None:
    header = "| NVIDIA-SMI 535.54.03    Driver Version: 535.54.03    CUDA Version: 12.2     |\n"
    text = "Nvidia driver version: Could not collect\nGPU models and configuration: Could not collect\n" + header
    facts = read_text(text)
    assert facts.nvidia.driver_version == "535.54.03"
    assert facts.contradictions == ()


def test_an_amd_card_is_no_nvidia_card() -> None:
    facts = read_text(
        "PyTorch version: 2.4.0+rocm6.1\nCUDA used to build PyTorch: N/A\nROCM used to build PyTorch: 6.1.40091-a8dbc0c19\n"
        "Is CUDA available: True\nGPU models and configuration: AMD Radeon RX 7900 XTX (gfx1100)\nNvidia driver version: Could not collect\n"
    )
    (card,) = facts.accelerators
    assert (card.vendor, card.backend, card.name, card.architecture) == ("amd", "rocm", "AMD Radeon RX 7900 XTX", "gfx1100")
    assert (facts.builds["torch"].cuda, facts.builds["torch"].rocm) == (None, "6.1.40091-a8dbc0c19")


@pytest.mark.parametrize(("python", "libc"), [("3.7.10 (default)", UNSET), ("3.8.16 (default)", "glibc 2.17")])
def test_before_python_38_the_libc_is_that_of_the_interpreters_build(python: str, libc: object) -> None:
    facts = read_text(f"PyTorch version: 1.10.2\nPython version: {python}\nLibc version: glibc-2.17\n")
    assert facts.system.libc == libc


def test_other_reports_with_labels_of_the_same_words_are_not_taken_for_it() -> None:
    facts = read_text("OS: my own words\nPython version: unknown\nGCC version: none")
    assert facts.builds == {}
    assert facts.observed.packages is Completeness.NONE


@pytest.mark.parametrize(
    ("lines", "version"),
    [
        ("Nvidia driver version: 535.129.03\n", "535.129.03"),
        ("Nvidia driver version: \n470.57.02\n", "470.57.02"),
        ("Nvidia driver version: No CUDA\nModel accuracy 0.93\n", None),
        ("Nvidia driver version: Could not collect\n0.93 is my score\n", None),
    ],
)
def test_a_driver_is_a_driver_whatever_stands_below(lines: str, version: str | None) -> None:
    facts = read_text(f"PyTorch version: 2.3.0+cu121\nGPU models and configuration: No CUDA\n{lines}")
    assert facts.nvidia.driver_version == version


@pytest.mark.parametrize(
    ("build", "below", "is_sign"),
    [
        ("Could not collect", "", True),
        ("Could not collect", "CUDA runtime version: 11.8.89\n", True),
        ("Could not collect", "CUDA runtime version: No CUDA\n", False),
        ("None", "", False),
        ("12.1", "", False),
    ],
)
def test_could_not_collect_says_that_something_of_nvidias_was_found(build: str, below: str, is_sign: bool) -> None:
    facts = read_text(f"PyTorch version: 2.1.0\nIs debug build: False\nCUDA used to build PyTorch: {build}\n{below}")
    assert isinstance(facts.nvidia.cuda_sign, str) is is_sign


def test_a_torch_that_could_not_be_imported_is_no_such_sign() -> None:
    facts = read_text("PyTorch version: N/A\nIs debug build: N/A\nCUDA used to build PyTorch: Could not collect\n")
    assert not isinstance(facts.nvidia.cuda_sign, str)
