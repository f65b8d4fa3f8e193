import pytest

from envcheck.knowledge import jax, transformers
from envcheck.knowledge.amd_cards import newest_wheel_with
from envcheck.knowledge.table import Confidence


@pytest.mark.parametrize(
    ("specifier", "version", "expected"),
    [
        ("<=0.8.3,>=0.8.2", "0.8.2", True),
        ("<=0.8.3,>=0.8.2", "0.8.1", False),
        ("<=0.8.3,>=0.8.2", "0.9.0", False),
        ("<=0.12.0.1,>=0.11.2", "0.12.0", True),
        ("", "0.4.26", True),
        ("<=0.8.3,>=0.8.2", "unknown", True),
    ],
)
def test_a_release_names_the_jaxlib_that_it_takes(specifier: str, version: str, expected: bool):
    assert jax.accepts(specifier, version) is expected


def test_every_release_takes_the_jaxlib_of_its_own_number_or_names_none():
    for row in jax._table().release:
        assert jax.accepts(row.jaxlib, row.version), row.version


def test_releases_plugins_and_extras_are_found():
    row = jax.find_release("0.8.3")
    assert row is not None
    assert row.jaxlib == "<=0.8.3,>=0.8.2"
    assert jax.find_release("0.0.1") is None
    plugin = jax.find_plugin("jax-cuda13-plugin", "0.10.2")
    assert plugin is not None
    assert plugin.cudnn
    assert jax.find_plugin("jax-cuda13-plugin", "0.4.30") is None
    assert [extra.name for extra in jax.cuda_extras()] == ["cuda13", "cuda12"]


@pytest.mark.parametrize(
    ("release", "torch"), [("5.23.0", "2.6"), ("5.19.2", "2.5"), ("5.2.0", "2.2"), ("4.55.4", "2.1"), ("4.31.0", "1.9")]
)
def test_the_oldest_torch_of_a_transformers(release: str, torch: str):
    row = transformers.find_floor(release)
    assert row is not None
    assert row.torch_min == torch


def test_the_oldest_torch_never_falls():
    bounds = [tuple(map(int, row.torch_min.split("."))) for row in transformers._releases()]
    assert bounds == sorted(bounds, reverse=True)


def test_the_newest_transformers_for_a_torch():
    row = transformers.newest_for("2.3.1+cu121")
    assert row is not None
    assert row.version == "5.0.0"
    assert transformers.newest_for("1.0") is None
    assert transformers.find_floor("4.0.0") is None
    assert transformers.find_floor("main") is None


def test_the_newest_wheel_may_be_asked_to_be_sure():
    row = newest_wheel_with("gfx1201", sure=True)
    assert row is not None
    assert row.confidence is Confidence.HIGH
    assert newest_wheel_with("gfx1103", sure=True) is None
