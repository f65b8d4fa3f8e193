import pytest

from envcheck.knowledge.system_libraries import find_system_library, python_library


@pytest.mark.parametrize(
    ("file", "package"),
    [("libGL.so.1", "libgl1"), ("/usr/lib64/libgomp.so.1", "libgomp1"), ("libavutil.so.58", "ffmpeg"), ("libavcodec.so", "ffmpeg")],
)
def test_a_library_is_found_by_its_name(file: str, package: str) -> None:
    row = find_system_library(file)
    assert row is not None
    assert row.packages()["apt-get"] == (package,)


@pytest.mark.parametrize("file", ["libGL.so.2", "libcudart.so.12", "libGL", ""])
def test_another_number_or_another_owner_is_no_row(file: str) -> None:
    assert find_system_library(file) is None


def test_a_manager_without_a_known_package_is_left_out() -> None:
    row = find_system_library("libcrypt.so.1")
    assert row is not None
    assert "apk" not in row.packages()


@pytest.mark.parametrize(
    ("file", "name"), [("libpython3.12.so.1.0", "libpython3.12"), ("libpython3.7m.so.1.0", "libpython3.7"), ("libpython3.so", None)]
)
def test_the_library_of_an_interpreter(file: str, name: str | None) -> None:
    assert python_library(file) == name
