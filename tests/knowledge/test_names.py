import pytest

from envcheck.knowledge.names import Name, _names, find_name
from envcheck.knowledge.table import Confidence


@pytest.mark.parametrize(
    ("path", "version", "expected"),
    [
        ("numpy.bool", "1.23.5", True),
        ("numpy.bool", "1.24.0", False),
        ("numpy.bool", "1.26.4", False),
        ("numpy.bool", "2.0.0", True),
        ("numpy.int", "2.0.0", False),
        ("PIL.PILLOW_VERSION", "7.0.0", False),
        ("PIL.PILLOW_VERSION", "7.1.0", True),
        ("PIL.PILLOW_VERSION", "9.0.0", False),
        ("torch.compile", "1.13.1", False),
        ("torch.compile", "2.0.0", True),
        ("torch._six.container_abcs", "1.13.1", False),
        ("torch._six.string_classes", "1.13.1", True),
        ("jax.config", "0.4.25", True),
        ("jax.config.config", "0.4.25", False),
    ],
)
def test_a_release_has_a_name_or_not(path: str, version: str, expected: bool):
    row = find_name(path)
    assert row is not None
    assert row.is_in(version) is expected


@pytest.mark.parametrize(
    ("path", "version", "expected"),
    [
        ("numpy.bool", "1.26.4", "1.24"),
        ("numpy.bool", "", "1.24"),
        ("PIL.PILLOW_VERSION", "7.0.0", "7.0"),
        ("PIL.PILLOW_VERSION", "10.4.0", "9.0"),
        ("jax.linear_util", "0.4.30", "0.4.24"),
        ("torch.compile", "1.13.1", ""),
    ],
)
def test_which_release_took_it(path: str, version: str, expected: str):
    row = find_name(path)
    assert row is not None
    assert row.taken_in(version) == expected


def test_a_name_stands_for_what_is_below_it():
    row = find_name("triton.ops.matmul_perf_model")
    assert row is not None
    assert row.name == "triton.ops"
    assert find_name("tritonops") is None
    assert find_name("") is None


def test_a_name_is_there_from_one_release_to_another():
    row = Name(distribution="lib", name="lib.x", added="1.2", removed="2.0", confidence=Confidence.HIGH, source="s", checked="2026-11-21")
    assert [row.is_in(version) for version in ("1.1", "1.2", "1.9.9", "2.0", "2.1")] == [False, True, True, False, False]


def test_every_name_came_or_went():
    assert all(bool(row.added) != bool(row.removed or row.gap) for row in _names().values())
    assert {len(row.gap) for row in _names().values()} == {0, 2}
