import pytest

from envcheck.observing.volumes import volumes

HOME = "/home/ann"
LOCAL = r"C:\Users\ann\AppData\Local"


def test_on_linux_everything_lies_below_the_home_folder_by_default() -> None:
    assert volumes("/srv/venv", {}, HOME, "Linux") == {
        "environment": "/srv/venv",
        "pip-cache": "/home/ann/.cache/pip",
        "uv-cache": "/home/ann/.cache/uv",
        "huggingface-cache": "/home/ann/.cache/huggingface/hub",
        "temp": "/tmp",
        "home": HOME,
        "working-folder": ".",
    }


def test_macos_has_a_folder_of_its_own_for_pip_only() -> None:
    told = volumes("/srv/venv", {"TMPDIR": "/var/folders/x/T/"}, "/Users/ann", "Darwin")
    assert told["pip-cache"] == "/Users/ann/Library/Caches/pip"
    assert told["uv-cache"] == "/Users/ann/.cache/uv"
    assert told["huggingface-cache"] == "/Users/ann/.cache/huggingface/hub"
    assert told["temp"] == "/var/folders/x/T/"


@pytest.mark.parametrize("system", ["Windows", "win32"])
def test_windows_keeps_caches_in_the_local_data(system: str) -> None:
    told = volumes(r"C:\venv", {"LOCALAPPDATA": LOCAL, "TEMP": r"D:\temp"}, r"C:\Users\ann", system)
    assert told["pip-cache"] == LOCAL + r"\pip\Cache"
    assert told["uv-cache"] == LOCAL + r"\uv\cache"
    assert told["huggingface-cache"] == r"C:\Users\ann\.cache\huggingface\hub"
    assert told["temp"] == r"D:\temp"
    assert volumes("", {}, r"C:\Users\ann", system)["temp"] == LOCAL + r"\Temp"


@pytest.mark.parametrize(
    ("variables", "purpose", "path"),
    [
        ({"PIP_CACHE_DIR": "/big/pip"}, "pip-cache", "/big/pip"),
        ({"PIP_CACHE_DIR": "~/pip"}, "pip-cache", "/home/ann/pip"),
        ({"XDG_CACHE_HOME": "/big"}, "pip-cache", "/big/pip"),
        ({"XDG_CACHE_HOME": "/big", "PIP_CACHE_DIR": "/own"}, "pip-cache", "/own"),
        ({"UV_CACHE_DIR": "/big/uv"}, "uv-cache", "/big/uv"),
        ({"XDG_CACHE_HOME": "/big"}, "uv-cache", "/big/uv"),
        ({"HF_HOME": "/big/hf"}, "huggingface-cache", "/big/hf/hub"),
        ({"HF_HUB_CACHE": "/models", "HF_HOME": "/big/hf"}, "huggingface-cache", "/models"),
        ({"XDG_CACHE_HOME": "/big"}, "huggingface-cache", "/big/huggingface/hub"),
        ({"TMPDIR": "/scratch", "TEMP": "/no"}, "temp", "/scratch"),
        ({"TEMP": "/scratch"}, "temp", "/scratch"),
        ({"TMPDIR": " "}, "temp", "/tmp"),
    ],
)
def test_variables_move_the_folders(variables: dict[str, str], purpose: str, path: str) -> None:
    assert volumes("/srv/venv", variables, HOME, "linux")[purpose] == path


def test_a_cache_that_is_switched_off_does_not_matter() -> None:
    told = volumes("/srv/venv", {"PIP_NO_CACHE_DIR": "1", "UV_NO_CACHE": "1"}, HOME, "Linux")
    assert not {"pip-cache", "uv-cache"} & set(told)


@pytest.mark.parametrize(
    ("environment", "variables", "path"),
    [
        ("/srv/venv", {"CONDA_PKGS_DIRS": "/big/pkgs,/other"}, "/big/pkgs"),
        ("/srv/venv", {"CONDA_EXE": "/opt/conda/bin/conda", "CONDA_PREFIX": "/home/ann/env"}, "/opt/conda/pkgs"),
        ("/srv/venv", {"MAMBA_ROOT_PREFIX": "/home/ann/micromamba"}, "/home/ann/micromamba/pkgs"),
        ("/srv/venv", {"CONDA_PREFIX": "/somewhere/envs/ml"}, "/somewhere/pkgs"),
        ("/srv/venv", {"CONDA_PREFIX": "/somewhere"}, "/somewhere/pkgs"),
        ("/home/ann/miniforge3/envs/ml", {}, "/home/ann/miniforge3/pkgs"),
        ("/home/ann/miniconda3/", {}, "/home/ann/miniconda3/pkgs"),
        ("/opt/conda", {}, "/opt/conda/pkgs"),
        ("/home/ann/envs/ml", {}, None),  # a folder called envs is anybody's
        ("/srv/venv", {}, None),
        ("", {}, None),
    ],
)
def test_conda_s_packages_matter_where_there_is_a_sign_of_conda(environment: str, variables: dict[str, str], path: str | None) -> None:
    assert volumes(environment, variables, HOME, "Linux").get("conda-packages") == path


def test_conda_on_windows_is_found_by_its_program() -> None:
    told = volumes(r"C:\x", {"CONDA_EXE": r"C:\miniconda3\Scripts\conda.exe"}, r"C:\Users\ann", "Windows")
    assert told["conda-packages"] == r"C:\miniconda3\pkgs"


def test_without_a_home_nothing_is_made_up() -> None:
    assert volumes("", {}, "", "Linux") == {"temp": "/tmp", "working-folder": "."}
