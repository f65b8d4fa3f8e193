"""System tools' outputs pasted together, as people do: all of them read, each card once, and no fact that is not there."""

import pytest

from envcheck.facts.snapshot import Completeness, Snapshot
from envcheck.readers.read import read_text

PASTED = """Hi, torch does not see my GPU after the upgrade. Here is everything:

user@box:~$ uname -a
Linux box 6.8.0-45-generic #45-Ubuntu SMP PREEMPT_DYNAMIC Fri Aug 30 12:02:04 UTC 2024 x86_64 x86_64 x86_64 GNU/Linux
user@box:~$ cat /etc/os-release
PRETTY_NAME="Ubuntu 24.04.1 LTS"
NAME="Ubuntu"
VERSION_ID="24.04"
ID=ubuntu
ID_LIKE=debian
user@box:~$ mokutil --sb-state
SecureBoot enabled
user@box:~$ lspci -k | grep -A3 -i vga
00:02.0 VGA compatible controller: Intel Corporation CoffeeLake-S GT2 [UHD Graphics 630]
	DeviceName: Onboard - Video
	Kernel driver in use: i915
	Kernel modules: i915
01:00.0 VGA compatible controller: NVIDIA Corporation GA102 [GeForce RTX 3090] (rev a1)
	Subsystem: Gigabyte Technology Co., Ltd Device 403b
	Kernel modules: nvidiafb, nouveau, nvidia_drm, nvidia
user@box:~$ nvidia-smi
NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed.

user@box:~$ lsmod | grep nvidia
user@box:~$ cat /proc/driver/nvidia/version
cat: /proc/driver/nvidia/version: No such file or directory
user@box:~$ dkms status
nvidia/550.90.07, 6.8.0-40-generic, x86_64: installed
user@box:~$ dpkg -l | grep nvidia
ii  libnvidia-compute-550:amd64  550.120-0ubuntu0.24.04.1  amd64  NVIDIA libcompute package
iU  nvidia-dkms-550  550.120-0ubuntu0.24.04.1  amd64  NVIDIA DKMS package
ii  nvidia-container-toolkit  1.16.1-1  amd64  NVIDIA Container toolkit
user@box:~$ ubuntu-drivers devices
== /sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0 ==
modalias : pci:v000010DEd00002204sv00001458sd0000403Bbc03sc00i00
vendor   : NVIDIA Corporation
model    : GA102 [GeForce RTX 3090]
driver   : nvidia-driver-535 - distro non-free recommended
driver   : xserver-xorg-video-nouveau - distro free builtin

user@box:~$ docker --version
Docker version 24.0.7, build afdd53b
user@box:~$ nvcc --version
nvcc: NVIDIA (R) Cuda compiler driver
Copyright (c) 2005-2024 NVIDIA Corporation
Built on Thu_Jun__6_02:18:23_PDT_2024
Cuda compilation tools, release 12.5, V12.5.82
Build cuda_12.5.r12.5/compiler.34385749_0
"""


@pytest.fixture(scope="module")
def facts() -> Snapshot:
    return read_text(PASTED)


def test_the_system(facts: Snapshot) -> None:
    system = facts.system
    assert (system.os, system.kernel, system.machine, system.secure_boot) == ("Linux", "6.8.0-45-generic", "x86_64", True)
    assert (system.distribution, system.distribution_id, system.distribution_version) == ("Ubuntu 24.04.1 LTS", "ubuntu", "24.04")


def test_each_card_once_whoever_tells_of_it(facts: Snapshot) -> None:
    nvidia, intel = sorted(facts.accelerators, key=lambda card: card.index)
    assert (nvidia.vendor, nvidia.name, nvidia.pci_address, nvidia.pci_id) == ("nvidia", "GeForce RTX 3090", "0000:01:00.0", "10de:2204")
    assert (nvidia.driver, nvidia.state) == (None, "no-driver")
    assert (intel.vendor, intel.integrated, intel.driver) == ("intel", True, "i915")
    assert facts.observed.accelerators is Completeness.PARTIAL  # grep left the rest of the bus out


def test_the_driver_half_way_through_an_upgrade(facts: Snapshot) -> None:
    nvidia = facts.nvidia
    assert nvidia.kernel_module_version is None
    assert nvidia.package_version == "550.120"
    assert nvidia.packages_unfinished == ("nvidia-dkms-550",)
    assert nvidia.module_kernels == ("6.8.0-40-generic",)
    assert not isinstance(nvidia.driver_version, str)  # what is installed, or could be, does not answer


def test_the_toolkit(facts: Snapshot) -> None:
    assert [(toolkit.name, toolkit.version) for toolkit in facts.toolkits] == [("cuda", "12.5.82")]


def test_a_container_runtimes_answer_and_the_bus_are_one_card() -> None:
    facts = read_text(
        "NVRM version:   535.104.05\nCUDA version:   12.2\n\nDevice Index:   0\nDevice Minor:   0\nModel:          NVIDIA A100-SXM4-40GB\n"
        "Brand:          Nvidia\nGPU UUID:       GPU-5c4b9d62-7e3f-4a3c-9d1a-0d7f0f9f3b52\nBus Location:   00000000:07:00.0\n"
        "Architecture:   8.0\n\n07:00.0 3D controller: NVIDIA Corporation GA100 [A100 SXM4 40GB] (rev a1)\n"
    )
    (card,) = facts.accelerators
    assert (card.name, card.compute_capability) == ("NVIDIA A100-SXM4-40GB", "8.0")
    assert (facts.nvidia.driver_version, facts.nvidia.cuda_version) == ("535.104.05", "12.2")


def test_switches_and_a_whole_bus() -> None:
    cards = "".join(f"{bus:02x}:00.0 3D controller: NVIDIA Corporation Device 2330 (rev a1)\n" for bus in range(0x10, 0x18))
    switches = "".join(f"{bus:02x}:00.0 Bridge: NVIDIA Corporation Device 22a3 (rev a1)\n" for bus in range(0x30, 0x34))
    rest = "00:00.0 Host bridge: Intel Corporation Device 09a2 (rev 04)\n00:01.0 PCI bridge: Intel Corporation Device 352a\n"
    facts = read_text(rest + "02:00.0 Ethernet controller: Mellanox Technologies MT2910\n" + cards + switches)
    assert len(facts.accelerators) == 8
    assert facts.nvidia.nvswitches == 4
    assert facts.observed.accelerators is Completeness.COMPLETE
    assert {card.pci_id for card in facts.accelerators} == {"10de:2330"}


def test_other_makers_are_named() -> None:
    facts = read_text(
        "09:00.0 Processing accelerators: Habana Labs Ltd. Gaudi2 AI Training Accelerator (rev 01)\n"
        "0a:00.0 Processing accelerators [1200]: Huawei Technologies Co., Ltd. Device [19e5:d802] (rev 20)\n"
        "0b:00.0 VGA compatible controller: ASPEED Technology, Inc. ASPEED Graphics Family (rev 41)\n"
        "00:04.0 Unassigned class [ff00]: Google, Inc. Device 0063\n"
    )
    assert {card.vendor for card in facts.accelerators} == {"Habana Labs Ltd.", "Huawei Technologies Co., Ltd.", "google"}


def test_the_log_tells_of_a_module_that_was_loaded() -> None:
    facts = read_text(
        "[    3.1] nouveau 0000:01:00.0: NVIDIA GA102 (b72000a1)\n"
        "[    7.1] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu\n"
        "[ 99.1] NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  550.90.07  Release Build\n"
    )
    assert (facts.nvidia.kernel_module_version, facts.nvidia.open_kernel_module) == ("550.90.07", True)
    assert facts.accelerators == ()  # nouveau had it before
    assert not isinstance(facts.nvidia.driver_version, str)


def test_nouveau_in_the_log_has_the_card() -> None:
    (card,) = read_text("[    3.1] nouveau 0000:01:00.0: NVIDIA GA102 (b72000a1)\n").accelerators
    assert (card.driver, card.state, card.pci_address) == ("nouveau", "other-driver", "0000:01:00.0")


def test_the_file_of_proc_is_believed_before_the_log() -> None:
    facts = read_text(
        "NVRM: loading NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu\nNVRM version: NVIDIA UNIX x86_64 Kernel Module  550.90.07  Fri\n"
    )
    assert facts.nvidia.kernel_module_version == "550.90.07"


def test_nothing_found_counts_only_before_another_prompt() -> None:
    assert not read_text("lsmod | grep nvidia\nshows nothing for me").nvidia.kernel_module_version
    assert read_text("$ lsmod | grep nvidia\n$ ls\n").nvidia.kernel_module_version is None
    assert read_text("$ lsmod | grep nvidia\nnvidia  35315712  1 nvidia_modeset\n$ ls\n").nvidia.kernel_module_version is not None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("SecureBoot disabled", False),
        ("[    0.0] secureboot: Secure boot enabled", True),
        ("EFI variables are not supported on this system", None),
        ("[    0.0] secureboot: Secure boot could not be determined (mode 0)", "unset"),
        ("I have turned SecureBoot off", "unset"),
    ],
)
def test_secure_boot(line: str, expected: bool | str | None) -> None:
    found = read_text(line).system.secure_boot
    assert (found if found is None or isinstance(found, bool) else "unset") == expected


def test_the_release_of_a_jetson() -> None:
    assert read_text("# R35 (release), REVISION: 4.1, GCID: 33958178, BOARD: t186ref, EABI: aarch64").nvidia.l4t_version == "35.4.1"


def test_lsb_release_and_hostnamectl() -> None:
    facts = read_text("Distributor ID:\tUbuntu\nDescription:\tUbuntu 22.04.3 LTS\nRelease:\t22.04\nCodename:\tjammy\n")
    assert (facts.system.distribution, facts.system.distribution_id) == ("Ubuntu 22.04.3 LTS", "ubuntu")
    assert not isinstance(read_text("Description: Ubuntu is broken").system.distribution, str)


def test_libraries_of_the_loaders_cache() -> None:
    facts = read_text(
        "\tlibcudnn.so.8 (libc6,x86-64) => /usr/lib/x86_64-linux-gnu/libcudnn.so.8\n"
        "\tlibcuda.so.1 (libc6,x86-64) => /usr/lib/x86_64-linux-gnu/libcuda.so.1\n/opt/cudnn/lib/libcudnn.so.8.9.7\n"
    )
    assert [(toolkit.path, isinstance(toolkit.version, str)) for toolkit in facts.toolkits] == [
        ("/usr/lib/x86_64-linux-gnu/libcudnn.so.8", False),
        ("/opt/cudnn/lib/libcudnn.so.8.9.7", True),
    ]
    assert (facts.nvidia.libcuda_path, facts.nvidia.libcuda_loadable) == ("/usr/lib/x86_64-linux-gnu/libcuda.so.1", True)


def test_a_cut_manifest_gives_what_is_left() -> None:
    facts = read_text(
        '{\n   "cuda" : {\n      "name" : "CUDA SDK",\n      "version" : "12.6.1"\n   },\n   "libcublas" : {\n      "name" : "x"'
    )
    assert [(toolkit.name, toolkit.version) for toolkit in facts.toolkits] == [("cuda", "12.6.1")]


def test_a_line_of_lspci_without_its_address() -> None:
    (card,) = read_text("VGA compatible controller: NVIDIA Corporation GA106 [GeForce RTX 3060] (rev a1)").accelerators
    assert card.name == "GeForce RTX 3060"


@pytest.mark.parametrize("begins", ["", "[    0.000000] ", "Aug 30 12:02:04 box kernel: "])
def test_the_kernels_log_begins_with_its_version(begins: str) -> None:
    system = read_text(f"{begins}Linux version 5.15.167.4-microsoft-standard-WSL2 (root@build) (gcc (GCC) 11.2.0)\n").system
    assert (system.os, system.kernel, system.wsl) == ("Linux", "5.15.167.4-microsoft-standard-WSL2", 2)
