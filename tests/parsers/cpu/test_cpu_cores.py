import pytest

from envcheck.parsers.cpu.cpu_cores import parse_core_siblings, physical_cores
from envcheck.parsers.cpu.cpuinfo import CpuInfo, parse_cpuinfo

X86 = "flags\t: fpu lm sse2 ssse3"


def cpus(*numbers: tuple[int | None, int | None], cores: int | None = None, siblings: int | None = None, extra: str = X86) -> CpuInfo:
    """A file with one CPU for each (socket, core) pair."""
    blocks = []
    for number, (socket, core) in enumerate(numbers):
        lines = [f"processor\t: {number}", extra]
        for key, value in (("physical id", socket), ("core id", core), ("cpu cores", cores), ("siblings", siblings)):
            lines += [] if value is None else [f"{key}\t: {value}"]
        blocks.append("\n".join(lines) + "\n")
    return parse_cpuinfo("\n".join(blocks))


HYBRID = [(0, core) for core in range(0, 24, 4) for _ in "ab"] + [(0, core) for core in range(24, 32)]
OPTERON = [(socket, core) for socket in range(4) for core in (0, 1, 2, 3, 0, 1, 2, 3)]


@pytest.mark.parametrize(
    ("cpu", "cores"),
    [
        (cpus((0, 0), (0, 0), (0, 1), (0, 1), cores=2, siblings=4), 2),
        (cpus((0, 0), (0, 1), (1, 0), (1, 1), cores=2, siblings=2), 4),  # core numbers repeat in every socket
        (cpus(*HYBRID, cores=14, siblings=20), 14),  # not half of 20
        (cpus(*OPTERON, cores=8, siblings=8), 32),  # the pairs say 16
        (cpus((0, 0), (1, 0), cores=4, siblings=8), 2),  # the other CPUs are offline
        (cpus((None, None), (None, None), cores=2, siblings=2), 2),  # no socket number, all siblings there
        (cpus((0, 0)), 1),
        (cpus((None, None)), 1),
    ],
    ids=["threads", "two-sockets", "hybrid", "magny-cours", "offline", "no-socket-number", "one", "one-without-numbers"],
)
def test_cores_are_counted_where_the_file_is_consistent(cpu: CpuInfo, cores: int) -> None:
    assert physical_cores(cpu) == cores


@pytest.mark.parametrize(
    "cpu",
    [
        cpus((0, 0), (0, 0), (0, 0), (0, 0), cores=1, siblings=4),  # a paravirtual guest of Xen: four threads per core do not exist
        cpus((None, None), (None, None), cores=4, siblings=8),
        cpus((None, None), (None, None)),
        parse_cpuinfo(""),
    ],
    ids=["xen", "no-socket-number-and-cpus-missing", "no-numbers", "empty"],
)
def test_no_number_is_better_than_a_wrong_one(cpu: CpuInfo) -> None:
    assert physical_cores(cpu) is None


def test_xeon_phi_has_four_threads_per_core() -> None:
    cpu = cpus(*[(0, core) for core in range(2) for _ in "abcd"], cores=2, siblings=8, extra=X86 + " avx512er")
    assert physical_cores(cpu) == 2


def test_power_has_eight_threads_per_core() -> None:
    cpu = parse_cpuinfo("\n".join(f"processor\t: {number}\ncpu\t: POWER8\n" for number in range(16)))
    assert physical_cores(cpu) is None
    assert parse_core_siblings(["0-7"] * 8 + ["8-15"] * 8, cpu) == 2


def test_siblings_of_every_cpu_give_the_cores_that_the_file_does_not_tell() -> None:
    cpu = cpus((None, None), (None, None), (None, None), (None, None))
    assert parse_core_siblings(["0,2\n", "1,3\n", "0,2\n", "1,3\n"], cpu) == 2
    assert parse_core_siblings(["0-3\n"] * 4, cpu) is None  # not on x86
    assert parse_core_siblings(["", ""], cpu) is None
    assert parse_core_siblings([], cpu) is None


def test_no_processor_has_more_threads_per_core_than_eight() -> None:
    power = cpus(*[(None, None)] * 32, extra="cpu\t: POWER9, altivec supported")
    assert parse_core_siblings(["0-7", "8-15", "16-23", "24-31"], power) == 4
    assert parse_core_siblings(["0-7", "8-15"], power) is None
