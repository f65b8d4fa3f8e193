"""free and df, in the units and forms that they have."""

import pytest

from envcheck.readers.read import read_text

GIB = 2**30


@pytest.mark.parametrize(
    ("text", "total", "available"),
    [
        (
            (
                "$ free -h\n              total        used        free      shared  buff/cache   available\n"
                "Mem:            31Gi        12Gi       1.2Gi       300Mi        18Gi        18Gi\n"
                "Swap:          2.0Gi          0B       2.0Gi"
            ),
            31 * GIB,
            18 * GIB,
        ),
        (
            (
                "box:~ # free -m\n             total       used       free     shared    buffers     cached\n"
                "Mem:         16022        804      15218          1         81        459\n-/+ buffers/cache:        264      15758\n"
                "Swap:         2053          0       2053"
            ),
            16022 * 2**20,
            None,
        ),
        (
            "              total   used   free   shared  buff/cache   available\nMem:  65793524 1 2 3 4 60000000",
            65793524 * 1024,
            60000000 * 1024,
        ),
        ("         total  used  free  shared  buff/cache  available\nMem:  503  20  400  1  80  478", None, None),
    ],
)
def test_free(text: str, total: int | None, available: int | None) -> None:
    memory = read_text(text).memory
    assert (memory.total_bytes if isinstance(memory.total_bytes, int) else None) == total
    assert (memory.available_bytes if isinstance(memory.available_bytes, int) else None) == available


def test_df_names_the_volumes_that_installations_use() -> None:
    facts = read_text(
        "$ df -h\nFilesystem      Size  Used Avail Use% Mounted on\nudev             16G     0   16G   0% /dev\n"
        "/dev/nvme0n1p2  468G  468G     0 100% /\ntmpfs            16G     0   16G   0% /dev/shm\n"
        "tmpfs           2.0G  1.9G  100M  95% /tmp\n"
    )
    disks = {disk.purpose: disk for disk in facts.disks}
    assert (disks["root"].free_bytes, disks["temp"].path, disks["temp"].filesystem) == (0, "/tmp", "tmpfs")
    assert disks["temp"].free_bytes == 100 * 2**20
    assert facts.memory.shm_bytes == 16 * GIB


@pytest.mark.parametrize(
    ("text", "free"),
    [
        (
            "Filesystem     1K-blocks      Used Available Use% Mounted on\n/dev/sda1      102687672 92671288  10016384  91% /",
            10016384 * 1024,
        ),
        ("Filesystem     Type  Size  Used Avail Use% Mounted on\noverlay        overlay  1.8T  1.2T  520G  70% /", 520 * GIB),
        ("/dev/mapper/very--long--name-root\n                      50G   20G   30G  40% /", 30 * GIB),
        (
            (
                "Filesystem       Size   Used  Avail Capacity iused ifree %iused  Mounted on\n"
                "/dev/disk3s1s1  926Gi  8.7Gi  500Gi     2%  356093 4293  0%   /"
            ),
            500 * GIB,
        ),
    ],
)
def test_forms_of_df(text: str, free: int) -> None:
    assert {disk.purpose: disk.free_bytes for disk in read_text(text).disks} == {"root": free, "temp": free}


def test_bare_numbers_without_a_heading_say_nothing() -> None:
    assert read_text("/dev/sda1 102687672 92671288 10016384 91% /").disks == ()
    assert read_text("Done 100% /home/me/file").disks == ()
