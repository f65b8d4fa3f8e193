import pytest

from envcheck.parsers.amd.gfx_target import family_of, gfx_in, gfx_of_override, gfx_of_version, override_of


@pytest.mark.parametrize(
    ("number", "target"),
    [
        (90402, "gfx942"),
        (90010, "gfx90a"),
        (90012, "gfx90c"),
        (80003, "gfx803"),
        (110501, "gfx1151"),
        (120001, "gfx1201"),
        (90500, "gfx950"),
    ],
)
def test_the_kernels_number(number: int, target: str):
    assert gfx_of_version(number) == target


@pytest.mark.parametrize("number", [0, -1, 99, 1000000, 99999, 90016])
def test_what_is_no_number_of_a_target(number: int):
    assert gfx_of_version(number) is None


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("amdgcn-amd-amdhsa--gfx942:sramecc+:xnack-", "gfx942"),
        ("gfx90a:xnack+", "gfx90a"),
        ("device gfx1100, gfx1030", "gfx1100"),
        ("", None),
        ("gfx9-generic", None),
        ("gfx11-generic", None),
        ("mygfx942", None),
        ("gfx", None),
    ],
)
def test_a_target_in_a_text(text: str, target: str | None):
    assert gfx_in(text) == target


@pytest.mark.parametrize(
    ("value", "target"), [("10.3.0", "gfx1030"), (" 11.0.0 ", "gfx1100"), ("9.0.10", "gfx90a"), ("10.3", None), ("0.0.0", None)]
)
def test_an_override(value: str, target: str | None):
    assert gfx_of_override(value) == target


@pytest.mark.parametrize(("target", "value"), [("gfx1030", "10.3.0"), ("gfx90a", "9.0.10"), ("sm_80", None), ("gfx9x", None)])
def test_the_override_for_a_target(target: str, value: str | None):
    assert override_of(target) == value


def test_a_family():
    assert family_of("gfx1031") == family_of("gfx1030") != family_of("gfx1100")
