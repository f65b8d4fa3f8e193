"""What macOS says of the machine: one run of its own sysctl, and the file with the version. No program that may be a stub is run."""

import os

from envcheck_probes.machine.cpu_library import tell_from_library

from envcheck.parsers.macs.sysctl import parse_sysctl

_SYSCTL = "/usr/sbin/sysctl"
_ASKED = ("hw", "machdep.cpu", "vm.swapusage", "sysctl.proc_translated", "kern.hv_vmm_present")
_VERSION = "/System/Library/CoreServices/SystemVersion.plist"


def collect(channel, full=False):
    """Tells all of it; `full`: it may take a second more."""
    channel.stage("system")
    channel.section("system", tell_system)
    channel.section("system.distribution", tell_distribution)
    channel.stage("sysctl")
    channel.section("cpu", tell_sysctl, full)
    channel.stage("memory")
    channel.section("memory.available_bytes", tell_available)


def tell_system(channel):
    uname = os.uname()
    channel.fact("system.os", uname.sysname, "uname")
    channel.fact("system.kernel", uname.release, "uname")
    channel.fact("system.machine", uname.machine, "uname")
    for name in ("libc", "container", "wsl"):
        channel.fact("system." + name, None, "macOS")
    for name in ("scheduler", "job", "login_node"):
        channel.unknown("system." + name, "unsupported", "envcheck looks for batch systems on Linux only")
    channel.fact("memory.limit_bytes", None, "macOS")
    channel.fact("memory.shm_bytes", None, "macOS")


def tell_distribution(channel):
    name, version = read_version(_VERSION)
    channel.fact("system.distribution", (name + " " + version).strip(), _VERSION)
    channel.fact("system.distribution_id", "macos", _VERSION)
    channel.fact("system.distribution_version", version or None, _VERSION)


def read_version(path):
    """The product's name and version: ("macOS", "14.5")."""
    import plistlib

    with open(path, "rb") as file:
        fields = plistlib.loads(file.read(65536))
    return str(fields.get("ProductName", "macOS")), str(fields.get("ProductVersion", ""))


def tell_sysctl(channel, full):
    """All that sysctl knows; a name that this release does not have is an error line of its own and costs nothing else."""
    import subprocess

    done = subprocess.run(  # noqa: S603 - an absolute path and fixed words
        [_SYSCTL, *_ASKED],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C"},
        timeout=5,
        check=False,
    )
    said = parse_sysctl(done.stdout.decode("utf-8", "replace"))
    tell_parsed(channel, said)
    if full:
        missing = ["cpu." + name for name in ("model", "vendor", "features") if getattr(said, name) is None]
        channel.section("cpu.model", tell_from_library, missing, os.uname().machine)


def tell_parsed(channel, said):
    facts = {
        "cpu.model": said.model,
        "cpu.vendor": said.vendor,
        "cpu.physical_cores": said.physical_cores,
        "cpu.logical_cores": said.logical_cores,
        "cpu.usable_cores": None if said.logical_cores is None else float(said.logical_cores),
        "cpu.features": said.features,
        "memory.total_bytes": said.memory_bytes,
        "memory.swap_bytes": said.swap_bytes,
    }
    for name, value in facts.items():
        if value is None:
            channel.unknown(name, "unsupported", "sysctl does not say it")
        else:
            channel.fact(name, value, "sysctl")
    if said.features is not None:
        channel.fact("cpu.level", said.level, "sysctl")
    # A Mac that does not know the question has no Rosetta.
    channel.fact("system.rosetta", bool(said.rosetta), "sysctl")
    if said.virtual is None:
        channel.unknown("system.virtual_machine", "unsupported", "sysctl does not say it")
    else:
        channel.fact("system.virtual_machine", "other" if said.virtual else None, "sysctl")


def tell_available(channel):
    try:
        import psutil
    except ImportError:
        channel.unknown("memory.available_bytes", "unsupported", "psutil is not installed")
        return
    channel.fact("memory.available_bytes", psutil.virtual_memory().available, "psutil")
