"""Who else nearby has the frameworks: real environments, in a real child."""

import sys
from pathlib import Path

import pytest

from tests.probes.surrounding_world import World, environment_at, install, script, site_packages

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scripts and links here are those of POSIX")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_environments_near_the_project_come_with_their_frameworks(world: World) -> None:
    near = environment_at(world.project / ".venv")
    install(near, "torch-2.8.0+cu128.dist-info", "scikit_learn-1.5.0.dist-info", "requests-2.0.dist-info", "torch")
    install(environment_at(world.project / "env"))
    environment_at(world.root / "venv")  # above the project's root
    assert world.nearby() == {
        str(near): {"path": str(near), "environment": "venv", "frameworks": {"scikit-learn": "1.5.0", "torch": "2.8.0+cu128"}},
        str(world.project / "env"): {"path": str(world.project / "env"), "environment": "venv", "frameworks": {}},
    }


def test_the_examined_environment_is_not_nearby_under_any_name(world: World) -> None:
    install(world.examined, "torch-2.8.0.dist-info")
    (world.project / ".venv").symlink_to(world.examined)
    (world.home / ".virtualenvs").mkdir()
    (world.home / ".virtualenvs" / "same").symlink_to(world.examined)
    assert world.nearby() == {}


def test_conda_environments_are_found_by_its_list_and_by_its_root(world: World) -> None:
    root, listed = world.home / "miniconda3", world.root / "elsewhere"
    for prefix in (root, root / "envs" / "ml", listed):
        (prefix / "conda-meta").mkdir(parents=True)
        install(prefix, "numpy-2.0.0.dist-info")
    (world.home / ".conda").mkdir()
    (world.home / ".conda" / "environments.txt").write_text(f"{listed}\nrelative\n{world.root}/deleted\n{root}\n")
    assert {path: entry["environment"] for path, entry in world.nearby().items()} == dict.fromkeys(
        (str(listed), str(root), str(root / "envs" / "ml")), "conda"
    )


def test_the_homes_of_other_managers(world: World) -> None:
    expected = {}
    for home, kind in {
        ".virtualenvs": "venv",
        ".local/share/virtualenvs": "venv",
        ".cache/pypoetry/virtualenvs": "venv",
        ".pyenv/versions": "pyenv",
        ".local/share/uv/python": "uv",
    }.items():
        prefix = world.home / home / "one"
        install(prefix, "jax-0.4.30.dist-info")
        (prefix / "pyvenv.cfg").write_text("")
        expected[str(prefix)] = {"path": str(prefix), "environment": kind, "frameworks": {"jax": "0.4.30"}}
    assert world.nearby() == expected


def test_the_python_of_path_and_other_users_sites(world: World) -> None:
    base = world.root / "usr"
    script(base / "bin" / "python3.99", "")
    (base / "bin" / "python3").symlink_to("python3.99")
    (base / "lib" / "python3.99" / "site-packages" / "torch-1.0.dist-info").mkdir(parents=True)
    (base / "lib" / "python3.98" / "site-packages" / "torch-0.9.dist-info").mkdir(parents=True)
    user = world.home / ".local" / "lib" / "python3.97" / "site-packages"
    (user / "tensorflow-2.20.0.dist-info").mkdir(parents=True)
    own = world.home / ".local" / "lib" / "python{}.{}".format(*sys.version_info[:2]) / "site-packages"
    (own / "torch-2.0.0.dist-info").mkdir(parents=True)
    world.variables["PATH"] = str(base / "bin")
    assert world.nearby() == {
        str(base / "bin" / "python3"): {"path": str(base / "bin" / "python3"), "environment": "system", "frameworks": {"torch": "1.0"}},
        str(user): {"path": str(user), "environment": "user", "frameworks": {"tensorflow": "2.20.0"}},
    }


def test_hundreds_of_environments_are_cut(world: World) -> None:
    for number in range(60):
        prefix = world.home / ".virtualenvs" / f"e{number:02}"
        install(prefix)
        site_packages(prefix).mkdir(parents=True)
        (prefix / "pyvenv.cfg").write_text("")
    assert len(world.fact("python.nearby")) == 40
