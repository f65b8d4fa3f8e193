"""Files of environments: which of them tell of one that is there."""

from envcheck.parsers.python.conda_files import find_conda_files


def test_a_file_with_builds_and_a_prefix_was_exported() -> None:
    lines = ["dependencies:", "  - python=3.8.5=h7579374_1", "  - pip:", "    - torch==2.0.1", "prefix: /opt/conda/envs/x", "done"]
    (file,) = find_conda_files(lines)
    assert file.is_state
    assert [(entry.name, entry.version, entry.build, entry.line) for entry in file.entries] == [
        ("python", "3.8.5", "h7579374_1", 1),
        ("torch", "2.0.1", None, 3),
    ]
    assert file.lines == [0, 1, 2, 3]


def test_a_file_without_either_is_a_wish() -> None:
    assert not find_conda_files(["dependencies:", "  - python=3.8.5", "prefix: /x"])[0].is_state
    assert not find_conda_files(["dependencies:", "  - python=3.8.5=h7579374_1"])[0].is_state
    assert find_conda_files(["conda env export", "dependencies:", "  - python=3.8.5=h7579374_1"])[0].is_state


def test_an_exported_list_ends_with_its_last_row() -> None:
    (file,) = find_conda_files(["# platform: osx-arm64", "numpy=1.26.4=py311_0", "torchmetrics=0.9.3=pypi_0", "", "bye"])
    assert file.platform == "osx-arm64"
    assert [(entry.name, entry.build) for entry in file.entries] == [("numpy", "py311_0"), ("torchmetrics", None)]
