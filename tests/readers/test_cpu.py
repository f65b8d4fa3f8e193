"""The processor in pasted text."""

from envcheck.readers.read import read_text

CPUINFO = """processor       : 0
vendor_id       : GenuineIntel
model name      : Intel(R) Core(TM) i7 CPU         920  @ 2.67GHz
flags           : fpu vme de pse tsc msr sse4_2 popcnt lahf_lm
processor       : 1
model name      : another
"""


def test_proc_cpuinfo() -> None:
    cpu = read_text(CPUINFO).cpu
    assert (cpu.model, cpu.vendor) == ("Intel(R) Core(TM) i7 CPU 920 @ 2.67GHz", "GenuineIntel")
    assert cpu.features == ("fpu", "vme", "de", "pse", "tsc", "msr", "sse4_2", "popcnt", "lahf_lm")


def test_lscpu() -> None:
    cpu = read_text("CPU(s):                64\nCore(s) per socket:    16\nSocket(s):             2\nModel name:   AMD EPYC 7313\n").cpu
    assert (cpu.logical_cores, cpu.physical_cores, cpu.model) == (64, 32, "AMD EPYC 7313")


def test_apples_name_stands_alone() -> None:
    cpu = read_text("CPU:\nApple M2 Pro\n").cpu
    assert (cpu.model, cpu.vendor) == ("Apple M2 Pro", "Apple")


def test_a_name_of_something_else_is_no_processor() -> None:
    facts = read_text("Name: torch\nVersion: 2.4.0+cu121\nFlags: yes\nModel name: -\n")
    assert facts.cpu == type(facts.cpu)()
