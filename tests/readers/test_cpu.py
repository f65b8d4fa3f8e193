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


def test_a_list_of_features_that_was_broken_is_not_told() -> None:
    flags = "fpu vme de pse tsc msr pae sse4_2 pop"
    cpu = read_text(f"processor : 0\nvendor_id : GenuineIntel\nmodel name : X\nflags : {flags}\ncnt lahf_lm avx\nbogomips : 1.0\n").cpu
    assert (cpu.model, cpu.features) == ("X", type(cpu)().features)
    assert read_text(f"Flags: {flags}\ncnt lahf_lm avx\n").cpu == type(cpu)()


def test_a_number_of_a_vendor_is_no_maker_of_processors() -> None:
    assert read_text("  Vendor ID:                                     1002h\n").cpu == type(read_text("").cpu)()


def test_lscpu_as_json_in_a_longer_text() -> None:
    fields = [("Architecture", "aarch64"), ("CPU(s)", "4"), ("Core(s) per socket", "4"), ("Socket(s)", "1"), ("Model name", "Cortex-A72")]
    rows = ",\n".join(f'      {{"field":"{label}:", "data":"{value}"}}' for label, value in fields)
    facts = read_text(f'My board:\n$ lscpu -J\n{{\n   "lscpu": [\n{rows}\n   ]\n}}\n$ exit\n')
    assert (facts.system.machine, facts.cpu.model, facts.cpu.logical_cores, facts.cpu.physical_cores) == ("aarch64", "Cortex-A72", 4, 4)
