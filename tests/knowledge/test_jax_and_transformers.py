import pytest

from envcheck.knowledge import jax, transformers
from envcheck.knowledge.amd_cards import newest_wheel_with
from envcheck.knowledge.specifiers import accepts
from envcheck.knowledge.table import Confidence


def test_every_release_takes_the_jaxlib_of_its_own_number_or_names_none():
    for row in jax._table().release:
        assert accepts(row.jaxlib, row.version), row.version


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


def test_the_plugins_for_other_gpus_than_nvidias() -> None:
    assert [(row.extra, row.rocm) for version in ("0.12.0", "0.9.0") if (row := jax.find_rocm(version)) is not None] == [
        ("rocm7-local", "7"),
        ("rocm", "7"),
    ]
    assert jax.find_rocm("0.12.0.1") is None
    assert [row.plugin for row in jax.metal_plugins()] == ["0.1.1", "0.1.0", "0.0.7"]


def test_what_the_plugins_for_cuda_are_compiled_for() -> None:
    newest, older = jax.cuda_extras()
    assert (newest.name, newest.cuda, older.cuda) == ("cuda13", "13", "12")
    assert "sm_50" in older.targets
    assert "sm_50" not in newest.targets
