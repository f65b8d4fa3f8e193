"""ld.so.cache, as ldconfig writes it."""

import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from envcheck.parsers.elf.loader_cache import parse_loader_cache


def cache(*entries: tuple[str, str, int], order: str = "<", flags: int = 2) -> bytes:
    """A cache with (name, path, capabilities)."""
    start = 48 + 24 * len(entries)
    strings, table = b"", b""
    for name, path, capabilities in entries:
        key = start + len(strings)
        strings += name.encode() + b"\0"
        value = start + len(strings)
        strings += path.encode() + b"\0"
        table += struct.pack(order + "iIIIQ", 0x303, key, value, 0, capabilities)
    header = struct.pack(order + "II", len(entries), len(strings)) + bytes([flags]) + bytes(19)
    return b"glibc-ld.so.cache1.1" + header + table + strings


LIBZ = ("libz.so.1", "/lib/x86_64-linux-gnu/libz.so.1", 0)


def test_a_name_has_all_of_its_paths_those_for_every_processor_first() -> None:
    data = cache(("libm.so.6", "/lib/glibc-hwcaps/x86-64-v3/libm.so.6", 1 << 62), ("libm.so.6", "/lib/libm.so.6", 0), LIBZ)
    assert parse_loader_cache(data) == {
        "libm.so.6": ["/lib/libm.so.6", "/lib/glibc-hwcaps/x86-64-v3/libm.so.6"],
        "libz.so.1": ["/lib/x86_64-linux-gnu/libz.so.1"],
    }


def test_it_may_stand_behind_that_of_old_releases() -> None:
    old = b"ld.so-1.7.0\0" + struct.pack("<I", 3) + bytes(12 * 3)
    assert parse_loader_cache(old + bytes(-len(old) % 8) + cache(LIBZ)) == {"libz.so.1": [LIBZ[1]]}
    assert parse_loader_cache(old) == {}


def test_the_header_says_the_byte_order() -> None:
    assert parse_loader_cache(cache(LIBZ, order=">", flags=3)) == {"libz.so.1": [LIBZ[1]]}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"ld.so-1.7.0\0\xff\xff\xff\xff",
        b"glibc-ld.so.cache1.1",
        b"glibc-ld.so.cache1.1" + b"\xff" * 100,
        cache(LIBZ)[:60],
        cache(("libz.so.1", "relative/libz.so.1", 0)),
        cache(("", "/lib/x", 0)),
    ],
)
def test_what_is_cut_or_none_has_nothing(data: bytes) -> None:
    assert parse_loader_cache(data) == {}


def test_it_is_what_ldconfig_prints() -> None:
    ldconfig, real = shutil.which("ldconfig", path="/sbin:/usr/sbin:/usr/bin"), Path("/etc/ld.so.cache")
    if ldconfig is None or not real.exists():
        pytest.skip("this system has no such cache")
    printed = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=True, timeout=60).stdout
    found = parse_loader_cache(real.read_bytes())
    listed = re.findall(r"^\t(\S+) \(.*\) => (/.+)$", printed, re.MULTILINE)
    assert listed
    assert sorted(listed) == sorted((name, path) for name, paths in found.items() for path in paths)
