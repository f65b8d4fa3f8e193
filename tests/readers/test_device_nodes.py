"""Device nodes, shared memory, variables and WSL in a text."""

import pytest
from msgspec import UNSET

from envcheck.readers.read import read_text

LISTING = """$ ls -l /dev/kfd /dev/dri
crw-rw---- 1 root render 234, 0 Nov 21 09:00 /dev/kfd

/dev/dri:
total 0
crw-rw---- 1 root video  226,   0 Nov 21 09:00 card0
crw-rw---- 1 root render 226, 128 Nov 21 09:00 renderD128
"""


def test_nodes_with_mode_group_and_whether_the_user_may_open_them() -> None:
    facts = read_text(LISTING + "$ id\nuid=1000(ann) gid=1000(ann) groups=1000(ann),44(video)\n")
    nodes = {device.path: (device.mode, device.group, device.member, device.accessible) for device in facts.devices}
    assert nodes == {
        "/dev/kfd": ("crw-rw----", "render", False, False),
        "/dev/dri/card0": ("crw-rw----", "video", True, True),
        "/dev/dri/renderD128": ("crw-rw----", "render", False, False),
    }


def test_without_id_nobody_knows_who_may_open_them() -> None:
    assert {device.accessible for device in read_text(LISTING).devices} == {UNSET}


def test_what_ls_did_not_find_is_known_not_to_be_there() -> None:
    (device,) = read_text("ls: cannot access '/dev/nvidia*': No such file or directory").devices
    assert (device.path, device.error, device.accessible) == ("/dev/nvidia*", "ENOENT", False)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("shm              64M     0   64M   0% /dev/shm", 64 * 2**20),
        ("tmpfs           tmpfs  16G  1.2M   16G   1% /dev/shm", 16 * 2**30),
        ("Filesystem     1K-blocks  Used Available Use% Mounted on\nshm                65536     0     65536   0% /dev/shm", 64 * 2**20),
        ("Filesystem     1M-blocks  Used Available Use% Mounted on\nshm                   64     0        64   0% /dev/shm", 64 * 2**20),
        ("tmpfs            7,8G  1,2M  7,8G   1% /dev/shm", int(7.8 * 2**30)),
        ("I mounted something on /dev/shm", UNSET),
    ],
)
def test_shared_memory_of_df(text: str, size: object) -> None:
    assert read_text(text).memory.shm_bytes == size


def test_variables_stay_a_partial_collection() -> None:
    facts = read_text("$ env\nHOME=/home/ann\nHF_TOKEN=hf_abc\nCUDA_VISIBLE_DEVICES=0,1\nNVIDIA_DRIVER_CAPABILITIES=compute,utility\n")
    assert facts.variables == {"CUDA_VISIBLE_DEVICES": "0,1", "NVIDIA_DRIVER_CAPABILITIES": "compute,utility"}
    assert facts.observed.variables.value == "partial"


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Linux PC 4.4.0-19041-Microsoft #1237-Microsoft Sat Sep 11 14:32:00 PST 2021 x86_64 GNU/Linux", 1),
        ("Linux version 5.15.167.4-microsoft-standard-WSL2 (root@f9c826d3017f) (gcc (GCC) 11.2.0)", 2),
        ("6.6.87.2-microsoft-standard-WSL2", 2),
        ("OS: Ubuntu 22.04 on WSL2", 2),
        ("  NAME            STATE           VERSION\n* Ubuntu          Running         1\n  docker-desktop  Running         2", 1),
        ("LD_LIBRARY_PATH=/usr/lib/wsl/lib", 2),
        ("You should use WSL2 instead", UNSET),
        ("Linux box 6.8.0-45-generic #45-Ubuntu SMP x86_64 GNU/Linux", UNSET),
    ],
)
def test_the_version_of_wsl(text: str, version: object) -> None:
    assert read_text(text).system.wsl == version
