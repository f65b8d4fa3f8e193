from envcheck.parsers.macs.sysctl import parse_sysctl

APPLE = """hw.memsize: 68719476736
hw.physicalcpu: 16
hw.logicalcpu: 16
machdep.cpu.brand_string: Apple M4 Max
hw.optional.arm.FEAT_BF16: 1
hw.optional.arm.FEAT_BTI: 0
hw.optional.arm.FEAT_SME2: 1
hw.optional.arm.caps: 1152375837601820671
hw.optional.arm64: 1
hw.optional.neon: 1
sysctl.proc_translated: 0
kern.hv_vmm_present: 0
vm.swapusage: total = 2048.00M  used = 512.00M  free = 1536.00M  (encrypted)
"""
INTEL = """machdep.cpu.vendor: GenuineIntel
machdep.cpu.brand_string: Intel(R) Core(TM) i7-4980HQ CPU @ 2.80GHz
machdep.cpu.core_count: 4
machdep.cpu.thread_count: 8
machdep.cpu.features: FPU CX8 CMOV MMX FXSR SSE SSE2 SSE3 SSSE3 FMA CX16 SSE4.1 SSE4.2 MOVBE POPCNT OSXSAVE AVX1.0 F16C
machdep.cpu.leaf7_features: BMI1 AVX2 BMI2
machdep.cpu.extfeatures: SYSCALL EM64T LAHF LZCNT
"""


def test_apple_silicon_is_read() -> None:
    mac = parse_sysctl(APPLE)
    assert (mac.model, mac.vendor, mac.physical_cores, mac.logical_cores) == ("Apple M4 Max", "Apple", 16, 16)
    assert (mac.memory_bytes, mac.swap_bytes) == (68719476736, 2 * 2**30)
    assert mac.features == ["FEAT_BF16", "FEAT_SME2", "arm64", "neon"]
    assert (mac.level, mac.rosetta, mac.virtual) == (None, False, False)


def test_intel_features_get_the_names_that_linux_gives_them() -> None:
    mac = parse_sysctl(INTEL)
    assert mac.level == "x86-64-v3"
    assert {"avx", "avx2", "sse4_1", "pni", "abm", "lm"} <= set(mac.features or [])
    assert (mac.physical_cores, mac.logical_cores, mac.memory_bytes) == (4, 8, None)


def test_rosetta_and_virtual_machines_are_told() -> None:
    mac = parse_sysctl("sysctl.proc_translated: 1\nkern.hv_vmm_present: 1\n")
    assert (mac.rosetta, mac.virtual) == (True, True)


def test_a_decimal_comma_is_understood() -> None:
    assert parse_sysctl("vm.swapusage: total = 1024,00M  used = 0,00M").swap_bytes == 2**30


def test_other_text_gives_nothing() -> None:
    mac = parse_sysctl("sysctl: unknown oid 'x'\nhw.memsize: lots\nvm.swapusage: total = M\nhw.physicalcpu: -4\n\x00")
    assert (mac.model, mac.memory_bytes, mac.swap_bytes, mac.physical_cores, mac.features, mac.rosetta) == (None,) * 6
