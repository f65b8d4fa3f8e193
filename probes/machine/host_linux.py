"""What Linux's /proc and /sys say of the machine: memory, processor, system. The surroundings (container and so on) have their own file.

`root` is where the tree of files begins, so that a recorded machine can be read like a real one.
"""

import os

from envcheck_probes.kernel_files import exists, find_names, find_text, find_word, place, read_text
from envcheck_probes.machine.cpu_library import tell_from_library
from envcheck_probes.machine.host_limits import read_limits
from envcheck_probes.machine.host_surroundings import tell_container, tell_scheduler, tell_virtual_machine

from envcheck.parsers.cpu.cpu_cores import parse_core_siblings, physical_cores
from envcheck.parsers.cpu.cpu_list import parse_cpu_list
from envcheck.parsers.cpu.cpuinfo import parse_cpuinfo
from envcheck.parsers.cpu.x86_level import x86_level
from envcheck.parsers.linux.kernel import parse_wsl
from envcheck.parsers.linux.meminfo import parse_gpu_node, parse_meminfo
from envcheck.parsers.linux.mounts import parse_mountinfo
from envcheck.parsers.linux.os_release import parse_os_release

_MIB = 2**20
_GPUS = "/proc/driver/nvidia/gpus"
_CPUS = "/sys/devices/system/cpu"
_SHARED = "/dev/shm"  # noqa: S108 - it is measured, nothing is put there
_X86_64 = ("x86_64", "amd64", "AMD64")


class Machine:
    """What several parts of the probe need, read once."""

    def __init__(self, root, variables, machine):
        self.root, self.variables, self.machine = root, variables, machine
        self.live = root == "/"
        self.cgroup = find_text(root, "/proc/self/cgroup", _MIB) or ""
        self.mounts = parse_mountinfo(find_text(root, "/proc/self/mountinfo", 8 * _MIB) or "")
        self.limits = read_limits(root, self.cgroup, self.mounts)
        self.wsl = read_wsl(root)
        self.cpu = parse_cpuinfo(find_text(root, "/proc/cpuinfo", 8 * _MIB) or "")


def collect(channel, root="/", variables=None, machine=None, full=False):
    """Tells all of it. Without arguments: of this machine, with this process's environment. `full`: it may take a second more."""
    variables = os.environ if variables is None else variables
    channel.stage("control groups and processors")
    seen = Machine(root, variables, machine or os.uname().machine)
    channel.stage("system")
    channel.section("system", tell_system, seen)
    channel.section("system.distribution", tell_distribution, seen)
    channel.stage("memory")
    channel.section("memory.total_bytes", tell_memory, seen)
    channel.section("memory.shm_bytes", tell_shared_memory, seen)
    channel.stage("processor")
    channel.section("cpu", tell_cpu, seen)
    channel.section("cpu.usable_cores", tell_usable_cores, seen)
    if full:
        missing = ["cpu." + name for name in ("model", "vendor", "features") if getattr(seen.cpu, name) is None]
        channel.section("cpu.model", tell_from_library, missing, seen.machine)
    channel.stage("virtual machine")
    channel.section("system.virtual_machine", tell_virtual_machine, seen)
    channel.stage("container")
    channel.section("system.container", tell_container, seen)
    channel.stage("scheduler")  # last, since it asks the folders of PATH, any of which may hang
    channel.section("system.scheduler", tell_scheduler, seen)


def tell_system(channel, seen):
    channel.fact("system.wsl", seen.wsl, "/proc/version")
    channel.fact("system.rosetta", seen.cpu.vendor == "VirtualApple", "/proc/cpuinfo")
    channel.fact("system.machine", seen.machine, "uname")
    if not seen.live:
        return
    channel.fact("system.os", os.uname().sysname, "uname")
    channel.fact("system.kernel", os.uname().release, "uname")
    libc, source = read_libc()
    if libc is None:
        channel.unknown("system.libc", "unsupported", source)
    else:
        channel.fact("system.libc", libc, source)


def read_libc():
    """The C library as "glibc 2.36" or "musl 1.2.4", and where that is from; None and why not.

    glibc says it of itself through confstr. musl does not know that question; its loader prints its version when it is started alone.
    """
    try:
        version = os.confstr("CS_GNU_LIBC_VERSION")
    except (ValueError, OSError):
        version = None
    if version:
        return version, "confstr"
    loaders = [name for name in find_names("/", "/lib") if name.startswith("ld-musl-") and name.endswith(".so.1")]
    if not loaders:
        return None, "neither glibc nor musl answered"
    return ask_musl("/lib/" + loaders[0])


def ask_musl(loader):
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 - the system's own loader, by its absolute path
            [loader], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=2, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        return None, "{}: {}".format(loader, error)
    version = parse_musl(done.stdout.decode("utf-8", "replace"))
    return (version, loader) if version else (None, loader + " did not say its version")


def parse_musl(text):
    """`musl libc (x86_64)` and `Version 1.2.4` on lines of their own → "musl 1.2.4"."""
    lines = text.splitlines()
    if not lines or not lines[0].startswith("musl libc"):
        return None
    return next(("musl " + line[len("Version ") :].strip() for line in lines if line.startswith("Version ")), None)


def tell_distribution(channel, seen):
    for path in ("/etc/os-release", "/usr/lib/os-release"):
        text = find_text(seen.root, path)
        if text is not None:
            break
    else:
        channel.fact("system.distribution", None, "no /etc/os-release")
        return
    release = parse_os_release(text)
    channel.fact("system.distribution", release.name, path)
    channel.fact("system.distribution_id", release.id, path)
    channel.fact("system.distribution_like", release.like, path)
    channel.fact("system.distribution_version", release.version, path)


def read_wsl(root):
    """1, 2 or None; a kernel that somebody built for WSL2 may not say so, but its way to start Windows programs is there."""
    told = parse_wsl(find_text(root, "/proc/version") or "")
    if told is None and any(exists(root, path) for path in ("/proc/sys/fs/binfmt_misc/WSLInterop", "/run/WSL")):
        return 2
    return told


def tell_memory(channel, seen):
    try:
        sizes = parse_meminfo(read_text(seen.root, "/proc/meminfo"))
    except FileNotFoundError:
        channel.unknown("memory", "unsupported", "there is no /proc/meminfo")
        return
    cards, cards_free = read_card_memory(seen.root)
    total, source = sizes.get("MemTotal"), "/proc/meminfo"
    if total is None:
        channel.unknown("memory.total_bytes", "unparsable", "/proc/meminfo has no MemTotal")
    elif 0 < cards < total:
        total, source = total - cards, "/proc/meminfo, without the memory of the cards"
    else:
        cards_free = 0
    if total is not None:
        channel.fact("memory.total_bytes", total, source)
    if "MemAvailable" in sizes:
        channel.fact("memory.available_bytes", max(0, sizes["MemAvailable"] - cards_free), source)
    else:
        channel.unknown("memory.available_bytes", "unsupported", "this kernel does not estimate it (older than 3.14)")
    if "SwapTotal" in sizes:
        channel.fact("memory.swap_bytes", sizes["SwapTotal"], "/proc/meminfo")
    tell_memory_limit(channel, seen.limits, total)


def tell_memory_limit(channel, limits, total):
    """A limit above what the machine has is none."""
    value = limits.memory_bytes
    if value is not None and (total is None or value < total):
        channel.fact("memory.limit_bytes", value, limits.memory_source)
    elif limits.garbled:
        channel.unknown("memory.limit_bytes", "unparsable", limits.garbled[0])
    elif any(name == "unified" or "memory" in name for name in limits.hidden):
        channel.unknown("memory.limit_bytes", "unsupported", "the files of this process's control group are not to be seen from here")
    else:
        channel.fact("memory.limit_bytes", None, "control groups")


def read_card_memory(root):
    """The cards' own memory, all of it and what of it is free, where the kernel counts it as the machine's.

    On POWER9 with NVLink and on Grace the driver brings it online as memory nodes. Nodes without processors alone do not tell: they may
    be true memory too (CXL, HBM), so the driver's word is taken.
    """
    numbers = {parse_gpu_node(find_text(root, "{}/{}/numa_status".format(_GPUS, name)) or "") for name in find_names(root, _GPUS)}
    total = free = 0
    for number in numbers - {None}:
        node = parse_meminfo(find_text(root, "/sys/devices/system/node/node{}/meminfo".format(number)) or "")
        total += node.get("MemTotal", 0)
        free += node.get("MemFree", 0)
    return total, free


def tell_shared_memory(channel, seen):
    try:
        status = os.statvfs(place(seen.root, _SHARED))
    except FileNotFoundError:
        channel.fact("memory.shm_bytes", None, "there is no " + _SHARED)
    else:
        channel.fact("memory.shm_bytes", status.f_blocks * status.f_frsize, _SHARED)


def tell_cpu(channel, seen):
    cpu, source = seen.cpu, "/proc/cpuinfo"
    for name, value in (("model", cpu.model), ("vendor", cpu.vendor), ("features", cpu.features)):
        if value is None:
            channel.unknown("cpu." + name, "unsupported", "/proc/cpuinfo does not say it on this architecture")
        else:
            channel.fact("cpu." + name, value, source)
    logical = read_logical_cores(seen)
    if logical:
        channel.fact("cpu.logical_cores", logical, source)
    else:
        channel.unknown("cpu.logical_cores", "unparsable", "/proc/cpuinfo lists no processor")
    cores, source = read_physical_cores(seen)
    if cores:
        channel.fact("cpu.physical_cores", cores, source)
    else:
        channel.unknown("cpu.physical_cores", "unsupported", "neither /proc/cpuinfo nor the topology in /sys tells cores from threads")
    tell_level(channel, seen)


def tell_level(channel, seen):
    if seen.machine not in _X86_64:
        channel.fact("cpu.level", None, "uname")
        return
    level = x86_level(seen.cpu.features or [])
    if level is None:  # an emulated x86-64 shows the processor below it
        channel.unknown("cpu.level", "unparsable", "the features in /proc/cpuinfo are no x86-64 processor's")
    else:
        channel.fact("cpu.level", level, "/proc/cpuinfo")


def read_logical_cores(seen):
    """The CPUs that are online: those in /proc/cpuinfo."""
    return seen.cpu.logical or len(read_online(seen.root))


def read_online(root):
    try:
        return parse_cpu_list(find_word(root, _CPUS + "/online"))
    except ValueError:
        return set()


def read_physical_cores(seen):
    """From /proc/cpuinfo where it is consistent, else from the siblings of every CPU online: a file each, hence second."""
    cores = physical_cores(seen.cpu)
    if cores is not None:
        return cores, "/proc/cpuinfo"
    siblings = [find_word(seen.root, "{}/cpu{}/topology/thread_siblings_list".format(_CPUS, cpu)) for cpu in sorted(read_online(seen.root))]
    return parse_core_siblings(siblings, seen.cpu), _CPUS + "/cpu*/topology"


def tell_usable_cores(channel, seen):
    allowed, source = read_allowed(seen)
    limits = seen.limits
    if limits.cpus is not None and (not allowed or limits.cpus < allowed):
        channel.fact("cpu.usable_cores", limits.cpus, limits.cpus_source)
    elif allowed:
        channel.fact("cpu.usable_cores", float(allowed), source)
    else:
        channel.unknown("cpu.usable_cores", "unsupported", "neither affinity nor control groups are to be seen")


def read_allowed(seen):
    """How many CPUs the process may run on, and how that is known: its affinity, which has the cpuset in it, or else the cpuset."""
    if seen.live and hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)), "affinity"
    for line in (find_text(seen.root, "/proc/self/status") or "").splitlines():
        if line.startswith("Cpus_allowed_list:"):
            return len(parse_cpu_list(line.partition(":")[2])), "/proc/self/status"
    if seen.limits.cpuset:
        return len(seen.limits.cpuset), "cpuset"
    return seen.cpu.logical, "/proc/cpuinfo"
