"""How many physical cores there are: what /proc/cpuinfo says of it is sometimes wrong, and then no number is better than that one."""

from __future__ import annotations

from envcheck.parsers.cpu.cpuinfo import CpuInfo

# No x86 processor runs more than two threads per core, but for Xeon Phi with four.
_MOST_THREADS = 2
_MOST_THREADS_XEON_PHI = 4
# And no processor of another kind more than POWER's and SPARC's eight.
_MOST_THREADS_ANYWHERE = 8


def physical_cores(cpu: CpuInfo) -> int | None:
    """The physical cores of the CPUs that the file lists, None where it does not say or contradicts itself.

    A core is a pair of socket and core number, but:
    - Opterons of the Magny-Cours kind number the cores of both halves of a package from 0: `cpu cores` times sockets is right there;
    - Xen gives every CPU of a paravirtual guest the same pair: more threads per core than exist, so nothing is known;
    - a file with fewer CPUs than `siblings` announces (some are offline, or it was cut) counts what it lists;
    - hybrid processors have cores with one and with two threads: never half the CPUs.
    """
    if cpu.logical <= 1:
        return cpu.logical or None
    pairs = [(_number(block, "physical id", "package"), _number(block, "core id", "core")) for block in cpu.processors]
    if any(socket is None or core is None for socket, core in pairs):
        return _cores_of_one_socket(cpu)
    sockets = {socket for socket, _ in pairs}
    listed, announced = len(set(pairs)), _announced(cpu, len(sockets))
    return _credible(cpu, min(max(listed, announced), cpu.logical))


def parse_core_siblings(lists: list[str], cpu: CpuInfo) -> int | None:
    """Physical cores out of every online CPU's `topology/thread_siblings_list` (`0,4` or `0-1`): as many as there are different ones."""
    cores = len({siblings.strip() for siblings in lists if siblings.strip()})
    return _credible(cpu, cores) if cores else None


def _announced(cpu: CpuInfo, sockets: int) -> int:
    """Cores by the `cpu cores` line, where the file lists all the CPUs that `siblings` announces; else 0."""
    cores = _number(cpu.processors[0], "cpu cores")
    siblings = _number(cpu.processors[0], "siblings")
    complete = cores is not None and siblings is not None and siblings * sockets == cpu.logical
    return (cores or 0) * sockets if complete else 0


def _cores_of_one_socket(cpu: CpuInfo) -> int | None:
    """Some virtual machines leave the socket's number out; with all siblings listed there is one socket."""
    return _credible(cpu, _announced(cpu, 1)) if _announced(cpu, 1) else None


def _credible(cpu: CpuInfo, cores: int) -> int | None:
    features = cpu.features or []
    if "lm" not in features and "sse2" not in features:
        return cores if cpu.logical <= cores * _MOST_THREADS_ANYWHERE else None
    most = _MOST_THREADS_XEON_PHI if "avx512er" in features or "Xeon Phi" in (cpu.model or "") else _MOST_THREADS
    return cores if cpu.logical <= cores * most else None


def _number(block: dict[str, str], *keys: str) -> int | None:
    for key in keys:
        value = block.get(key, "")
        if value.isascii() and value.isdigit() and len(value) < 10:
            return int(value)
    return None
