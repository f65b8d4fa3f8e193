"""What conda's records tell by their names and their channels."""

import pytest

from envcheck.parsers.python.conda_record import channel_name, depends_on_python, parse_channel, parse_record_name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("pytorch-2.5.1-py3.11_cuda12.1_cudnn9.1.0_0.json", ("pytorch", "2.5.1", "py3.11_cuda12.1_cudnn9.1.0_0")),
        ("ca-certificates-2024.8.30-hbcca054_0.json", ("ca-certificates", "2024.8.30", "hbcca054_0")),
        ("_openmp_mutex-4.5-2_gnu.json", ("_openmp_mutex", "4.5", "2_gnu")),
        ("history", None),
        ("x.json", None),
        ("--.json", None),
    ],
)
def test_the_file_name_tells_package_version_and_build(name, parts):
    assert parse_record_name(name) == parts


@pytest.mark.parametrize(
    ("url", "channel"),
    [
        ("https://conda.anaconda.org/conda-forge/linux-64", "conda-forge"),
        ("https://conda.anaconda.org/conda-forge/", "conda-forge"),
        ("https://repo.anaconda.com/pkgs/main/noarch", "pkgs/main"),
        ("https://conda.anaconda.org/nvidia/label/cuda-12.1.0/linux-64", "nvidia/label/cuda-12.1.0"),
        ("https://conda.example.org/t/tk-123-secret/private/linux-64", "private"),
        ("https://me:password@conda.example.org/private/osx-arm64", "private"),
        ("pytorch", "pytorch"),
    ],
)
def test_a_channel_is_named_without_host_password_and_token(url, channel):
    assert channel_name(url) == channel


def test_the_channel_is_found_in_a_piece_of_a_record():
    assert parse_channel(b'{\n  "build": "h1",\n  "channel": "https://conda.anaconda.org/pytorch/linux-64",\n  "dep') == "pytorch"
    assert parse_channel(b'"channel":"conda-forge"') == "conda-forge"


@pytest.mark.parametrize("piece", [b"", b'"channel"', b'"channel": "https://conda', b'"channel": "' + b"x" * 1000 + b'"'])
def test_a_piece_without_a_whole_channel_tells_none(piece):
    assert parse_channel(piece) == ""


def test_a_package_of_pythons_says_so_in_what_it_needs():
    assert depends_on_python(b'"depends": ["python >=3.11,<3.12.0a0"]')
    assert not depends_on_python(b'"depends": ["libgcc-ng >=12"]')
