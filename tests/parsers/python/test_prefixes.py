"""Which environment a path belongs to."""

import pytest

from envcheck.parsers.python.prefixes import (
    is_of_user,
    kind_of,
    packages_folder,
    prefix_of_packages,
    prefix_of_program,
    same_environment,
    version_of,
)


@pytest.mark.parametrize(
    ("path", "prefix"),
    [
        ("/home/ana/venv/lib/python3.10/site-packages/torch/__init__.py", "/home/ana/venv"),
        ("/usr/lib/python3/dist-packages/pip", "/usr"),
        ("/opt/py313t/lib/python3.13t/site-packages", "/opt/py313t"),
        ("/opt/conda/lib64/python3.9/site-packages", "/opt/conda"),
        (r"C:\Users\a\miniconda3\envs\dl\Lib\site-packages\numpy", r"C:\Users\a\miniconda3\envs\dl"),
        ("/home/ana/.local/lib/python3.10/site-packages", None),
        ("/Users/ana/Library/Python/3.9/lib/python/site-packages", None),
        ("/home/ana/project", None),
    ],
)
def test_the_prefix_of_a_folder_of_packages(path: str, prefix: str | None) -> None:
    assert prefix_of_packages(path) == prefix


@pytest.mark.parametrize(
    ("path", "prefix"),
    [
        ("/home/ana/venv/bin/python3.11", "/home/ana/venv"),
        ("/usr/bin/pip", "/usr"),
        (r"C:\venv\Scripts\python.exe", r"C:\venv"),
        (r"C:\Python311\python.exe", r"C:\Python311"),
        ("/home/ana/.pyenv/shims/python", None),
        (r"C:\Users\a\AppData\Local\Microsoft\WindowsApps\python.exe", None),
        ("python", None),
    ],
)
def test_the_prefix_of_a_program(path: str, prefix: str | None) -> None:
    assert prefix_of_program(path) == prefix


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/home/ana/venv", "/home/ana/venv/", True),
        ("/home/ana/venv", "/usr", False),
        (r"C:\venv", r"c:\VENV", True),
        ("/usr", "/usr/local", None),
        ("/opt/homebrew", "/opt/homebrew/opt/python@3.12", None),
        ("~/venv", "/home/ana/venv", None),
    ],
)
def test_whether_two_prefixes_are_one_environment(one: str, other: str, same: bool | None) -> None:
    assert same_environment(one, other) is same


@pytest.mark.parametrize(
    ("prefix", "kind"),
    [
        ("/home/ana/miniforge3/envs/dl", "conda"),
        (r"C:\ProgramData\anaconda3", "conda"),
        ("/home/ana/project/.venv", "venv"),
        ("/usr/local", "system"),
        ("/home/ana/.pyenv/versions/3.11.4", "system"),
        (r"C:\Users\a\AppData\Local\Programs\Python\Python312", "system"),
    ],
)
def test_the_kind_of_an_environment(prefix: str, kind: str) -> None:
    assert kind_of(prefix) == kind


def test_the_users_own_folder_is_known_on_every_system() -> None:
    assert is_of_user("/root/.local/lib/python3.12/site-packages/torch/__init__.py")
    assert is_of_user(r"C:\Users\a\AppData\Roaming\Python\Python311\site-packages")
    assert not is_of_user("/home/ana/.local/share/pipx/venvs/black/lib/python3.12/site-packages")


def test_versions_and_folders_in_paths() -> None:
    assert version_of("/usr/lib/python3.10/") == "3.10"
    assert version_of(r"C:\Python39\lib\site-packages") == "3.9"
    assert version_of("/usr/lib/python3/dist-packages") is None
    assert packages_folder("/v/lib/python3.10/site-packages/torch/__init__.py") == "/v/lib/python3.10/site-packages"
    assert packages_folder("/v/lib/python3.10/json/__init__.py") is None
