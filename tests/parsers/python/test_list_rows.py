"""One row of a package manager's list."""

import pytest

from envcheck.parsers.python.list_rows import is_between_rows, parse_conda_row, parse_pip_row


@pytest.mark.parametrize(
    ("line", "form", "name", "version"),
    [
        ("torch  2.3.1+cu121", "pip", "torch", "2.3.1+cu121"),
        ("torch==2.3.1", "pip", "torch", "2.3.1"),
        ("mine   0.1.0   /home/me/my pkg", "pip", "mine", "0.1.0"),
        ("mine   0.1.0   C:\\src\\my pkg", "pip", "mine", "0.1.0"),
        ("numpy   1.26.0   2.1.0   wheel", "pip", "numpy", "1.26.0"),
        ("numpy (1.14.2)", "pip", "numpy", "1.14.2"),
        ("mine (0.2, /home/me/mine)", "pip", "mine", "0.2"),
        ("torch @ https://host/whl/torch-2.2.1%2Bcu121-cp310-cp310-linux_x86_64.whl#sha256=ab", "pip", "torch", "2.2.1+cu121"),
        ("x @ git+https://host/x@0a1b2c", "pip", "x", None),
        ("│   └── markupsafe v3.0.2", "tree", "markupsafe", "3.0.2"),
        ("torch v2.5.1 (*)", "tree", "torch", "2.5.1"),
        ("torch        2.2.0    Tensors and Dynamic neural networks", "described", "torch", "2.2.0"),
    ],
)
def test_rows_of_pip(line: str, form: str, name: str, version: str | None) -> None:
    row = parse_pip_row(line, form)
    assert row is not None
    assert (row.name, row.version) == (name, version)


def test_a_path_of_condas_builds_is_told() -> None:
    row = parse_pip_row("certifi @ file:///croot/certifi_1700501669400/certifi")
    assert row is not None
    assert row.by_conda
    assert not parse_pip_row("certifi @ file:///home/me/certifi").by_conda  # type: ignore[union-attr]  # it is a row


@pytest.mark.parametrize(
    ("line", "location"),
    [
        ("torch   2.4.0   /home/ana/.local/lib/python3.12/site-packages   pip", "/home/ana/.local/lib/python3.12/site-packages"),
        (r"torch   2.4.0   C:\v\Lib\site-packages   pip", r"C:\v\Lib\site-packages"),
        ("mypkg   0.1.0   /home/me/mypkg", None),
        ("torch   2.4.0", None),
    ],
)
def test_the_folder_of_packages_in_a_verbose_list(line: str, location: str | None) -> None:
    row = parse_pip_row(line)
    assert row is not None
    assert row.location == location


@pytest.mark.parametrize("line", ["Everything else is fine 1.0", "torch", "torch 2.0 is what I have", "== 2.0", "a  b"])
def test_what_is_no_row(line: str) -> None:
    assert parse_pip_row(line) is None


def test_rows_of_conda_and_pixi() -> None:
    conda = parse_conda_row("pytorch   2.5.1   py3.11_cuda12.1_cudnn9.1.0_0   pytorch")
    assert conda == ("pytorch", "2.5.1", "py3.11_cuda12.1_cudnn9.1.0_0", "pytorch", False, None)
    pixi = parse_conda_row("pytorch  2.5.1  cuda126_py312_306  35.3 MiB  conda  https://conda.anaconda.org/conda-forge/")
    assert pixi == ("pytorch", "2.5.1", "cuda126_py312_306", "conda-forge", False, None)
    pypi = parse_conda_row("torch    2.4.0                   755 MiB    pypi   torch-2.4.0-cp312.whl")
    assert pypi is not None
    assert (pypi.version, pypi.channel) == ("2.4.0", "pypi")


@pytest.mark.parametrize("line", ["----- ----", "WARNING: You are using pip version 21.2.4", "-e git+https://h/x.git@a#egg=x", "[...]"])
def test_what_a_list_goes_on_behind(line: str) -> None:
    assert is_between_rows(line)
