import pytest

from envcheck.parsers.cpu.x86_level import x86_level

V1 = "fpu cx8 cmov mmx fxsr sse sse2 syscall lm"
V2 = V1 + " pni ssse3 cx16 sse4_1 sse4_2 popcnt lahf_lm"
V3 = V2 + " fma movbe xsave avx f16c abm bmi1 avx2 bmi2"
V4 = V3 + " avx512f avx512dq avx512cd avx512bw avx512vl"


@pytest.mark.parametrize(
    ("features", "level"),
    [
        (V1, "x86-64-v1"),
        (V2, "x86-64-v2"),
        (V3, "x86-64-v3"),
        (V4, "x86-64-v4"),
        (V4.replace(" abm", ""), "x86-64-v2"),  # a gap below counts: level 4 has all of level 3
        (V3.replace(" movbe", ""), "x86-64-v2"),
        (V2.replace(" lahf_lm", ""), "x86-64-v1"),
        (V1.replace(" lm", ""), None),  # 32 bits
        ("fp asimd sve2", None),
        ("", None),
    ],
)
def test_a_level_needs_all_of_its_features_and_those_below(features: str, level: str | None) -> None:
    assert x86_level(features.split()) == level
