"""The names of metadata folders."""

import pytest

from envcheck.parsers.python.metadata_folder import parse_metadata_folder


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        ("torch-2.8.0+cu128.dist-info", ("torch", "2.8.0+cu128")),
        ("scikit_learn-1.5.0.dist-info", ("scikit-learn", "1.5.0")),
        ("tensorflow_cpu-2.16.0rc0.dist-info", ("tensorflow-cpu", "2.16.0rc0")),
        ("numpy-1.19.5-py3.9.egg-info", ("numpy", "1.19.5")),
        ("numpy-1.19.5-py3.9-linux-x86_64.egg-info", ("numpy", "1.19.5")),
        ("numpy-1.24.2.egg-info", ("numpy", "1.24.2")),
        ("torch", None),
        ("~orch-2.8.0.dist-info", None),
        ("torch.egg-info", None),
        ("-info", None),
    ],
)
def test_a_metadata_folders_name_tells_distribution_and_version(name: str, parsed: tuple[str, str] | None) -> None:
    assert parse_metadata_folder(name) == parsed
