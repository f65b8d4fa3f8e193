"""The wheel tags of compiled packages that fit the examined interpreter: of the newest platform that it takes, and of the plain one."""

import os
import sys


def wheel_tags(platform):
    """The few tags that tell what fits; `platform` is what sysconfig.get_platform() says.

    cp311-cp311-manylinux_2_36_x86_64, cp311-cp311-linux_x86_64; everything older than that manylinux fits as well
    """
    interpreter = _interpreter()
    return [interpreter + "-" + name for name in platforms(platform, is_32bit=sys.maxsize <= 2**32)]


def platforms(platform, is_32bit):
    """The platform parts of the tags, the most demanding first."""
    plain = platform.replace("-", "_").replace(".", "_")
    if platform.startswith("linux-"):
        if is_32bit:  # of a 32-bit Python the kernel still says that the machine has 64
            plain = {"linux_x86_64": "linux_i686", "linux_aarch64": "linux_armv7l"}.get(plain, plain)
        glibc = _glibc()
        machine = plain[len("linux_") :]
        return (["manylinux_{}_{}_{}".format(*glibc, machine)] if glibc else []) + [plain]
    if platform.startswith("macosx-"):
        return [_macos() or plain]
    return [plain]


def _interpreter():
    """Interpreter and ABI: cp311-cp311, cp313-cp313t without the lock, pp310-pypy310_pp73."""
    version = "{}{}".format(*sys.version_info[:2])
    if sys.implementation.name == "pypy":
        return "pp{0}-pypy{0}_pp{1}{2}".format(version, *sys.pypy_version_info[:2])
    if sys.implementation.name != "cpython":
        return sys.implementation.name + version + "-none"
    free_threaded = "t" if "t" in getattr(sys, "abiflags", "") or _built_without_lock() else ""
    return "cp{0}-cp{0}{1}{2}".format(version, free_threaded, "d" if hasattr(sys, "gettotalrefcount") else "")


def _built_without_lock():
    """Windows has no abiflags before 3.14; such an interpreter says so in its banner."""
    return "free-threading" in sys.version


def _glibc():
    """(2, 36); None where the C library is another one."""
    try:
        words = (os.confstr("CS_GNU_LIBC_VERSION") or "").split()
        return tuple(int(part) for part in words[1].split(".")[:2])
    except (AttributeError, ValueError, OSError, IndexError):
        return None


def _macos():
    import platform

    version, _, machine = platform.mac_ver()
    parts = version.split(".")
    if not parts[0].isdigit():
        return ""
    if parts[0] == "10":
        return "macosx_10_{}_{}".format(parts[1] if len(parts) > 1 else "0", machine)
    return "macosx_{}_0_{}".format(parts[0], machine)
