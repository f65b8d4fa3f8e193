import pytest

from envcheck.parsers.cpu.cpuinfo import parse_cpuinfo

X86 = """processor\t: 0
vendor_id\t: GenuineIntel
model\t\t: 186
model name\t: 13th Gen Intel(R) Core(TM) i7-1370P
flags\t\t: fpu lm avx2 fma
power management:

processor\t: 1
vendor_id\t: GenuineIntel
model name\t: 13th Gen Intel(R) Core(TM) i7-1370P
flags\t\t: fpu lm avx2 fma

"""
ARM64 = """processor\t: 0
BogoMIPS\t: 2000.00
Features\t: fp asimd sve2 bf16
CPU implementer\t: 0x41
CPU part\t: 0xd87

processor\t: 1
Features\t: fp asimd sve2
CPU implementer\t: 0x41
CPU part\t: 0xd85
"""
OLD_ARM = (
    "Processor\t: ARMv6-compatible processor rev 7 (v6l)\nFeatures\t: swp half\n"
    "CPU implementer\t: 0x41\nCPU part\t: 0xb76\n\nHardware\t: BCM2708\n"
)
OLD_ARM_TWO = (
    "Processor\t: ARMv7 Processor rev 10 (v7l)\nprocessor\t: 0\nBogoMIPS\t: 1.0\n\nprocessor\t: 1\nBogoMIPS\t: 1.0\n\n"
    "Features\t: swp neon\nCPU implementer\t: 0x41\nCPU part\t: 0xc09\n\nHardware\t: i.MX6\n"
)
POWER = (
    "processor\t: 0\ncpu\t\t: POWER9, altivec supported\n\nprocessor\t: 4\ncpu\t\t: POWER9, altivec supported\n\n"
    "platform\t: PowerNV\nmodel\t\t: 8335-GTW\nmachine\t\t: PowerNV 8335-GTW\n"
)
S390X = (
    "vendor_id       : IBM/S390\n# processors    : 2\nfeatures        : esan3 zarch vx\n"
    "processor 0: version = FF,  identification = 0618E8,  machine = 8561\nprocessor 1: version = FF,  machine = 8561\n\n"
    "cpu number      : 0\ncpu MHz static  : 5200\n"
)
LOONGARCH = (
    "system type\t\t: generic\n\nprocessor\t\t: 0\npackage\t\t\t: 0\ncore\t\t\t: 0\n"
    "Model Name\t\t: Loongson-3A5000\nISA\t\t\t: loongarch32 loongarch64\nFeatures\t\t: lam ual fpu\n"
)
RISCV = "processor\t: 0\nhart\t\t: 1\nisa\t\t: rv64imafdcv_zba_zbb\nmmu\t\t: sv39\nuarch\t\t: sifive,u74-mc\n"


@pytest.mark.parametrize(
    ("text", "logical", "model", "vendor", "features"),
    [
        (X86, 2, "13th Gen Intel(R) Core(TM) i7-1370P", "GenuineIntel", ["fpu", "lm", "avx2", "fma"]),
        (ARM64, 2, "Cortex-A725 + Cortex-X925", "ARM", ["fp", "asimd", "sve2"]),
        (OLD_ARM, 1, "ARMv6-compatible processor rev 7 (v6l)", "ARM", ["swp", "half"]),
        (OLD_ARM_TWO, 2, "ARMv7 Processor rev 10 (v7l)", None, ["swp", "neon"]),
        (POWER, 2, "POWER9, altivec supported", None, None),
        (S390X, 2, None, "IBM/S390", ["esan3", "zarch", "vx"]),
        (LOONGARCH, 1, "Loongson-3A5000", None, ["lam", "ual", "fpu"]),
        (RISCV, 1, "sifive,u74-mc", None, ["rv64", "i", "m", "a", "f", "d", "c", "v", "zba", "zbb"]),
    ],
    ids=["x86", "arm64", "old-arm", "old-arm-two-cpus", "power", "s390x", "loongarch", "riscv"],
)
def test_every_architecture_has_words_of_its_own(
    text: str, logical: int, model: str | None, vendor: str | None, features: list[str] | None
) -> None:
    cpu = parse_cpuinfo(text)
    assert (cpu.logical, cpu.model, cpu.vendor, cpu.features) == (logical, model, vendor, features)


def test_features_are_those_that_every_cpu_has() -> None:
    assert "bf16" not in (parse_cpuinfo(ARM64).features or [])


def test_what_power_says_once_is_no_part_of_its_last_cpu() -> None:
    cpu = parse_cpuinfo(POWER)
    assert cpu.general["machine"] == "PowerNV 8335-GTW"
    assert "model" not in cpu.processors[-1]


def test_a_file_that_was_cut_counts_what_it_has() -> None:
    cpu = parse_cpuinfo(X86[: X86.index("processor\t: 1") + 20])
    assert cpu.logical == 2
    assert cpu.features == ["fpu", "lm", "avx2", "fma"]


@pytest.mark.parametrize("text", ["", "\n\n\n", "\x00\x01\x02", "nothing here", ":::\n: :\n", "processor\nvendor_id\n"])
def test_what_is_no_such_file_has_no_cpus(text: str) -> None:
    cpu = parse_cpuinfo(text)
    assert (cpu.logical, cpu.model, cpu.features) == (0, None, None)


def test_a_file_without_end_is_not_read_to_its_end() -> None:
    assert parse_cpuinfo("processor\t: 0\n" * 20000).logical == 16384


def test_what_is_said_of_the_machine_is_found_with_and_without_an_empty_line_before_it() -> None:
    assert parse_cpuinfo(POWER).of_machine("platform") == "PowerNV"
    assert parse_cpuinfo(POWER.replace("\n\n", "\n")).of_machine("platform") == "PowerNV"
    assert parse_cpuinfo("").of_machine("platform") == ""
