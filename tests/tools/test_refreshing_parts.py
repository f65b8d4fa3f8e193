"""What the refreshing of tables is made of: names of wheels, lines of requirements, and rows of TOML."""

import importlib
import types

import pytest

from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def _on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))


@pytest.fixture
def wheel_files() -> types.ModuleType:
    return importlib.import_module("wheel_files")


def releases(wheel_files: types.ModuleType, *names: str) -> list:
    index_file = importlib.import_module("package_index").IndexFile
    return wheel_files.releases_of("tool", [index_file(name, f"https://x/{name}", ">=3.9", yanked=False) for name in names])


@pytest.mark.parametrize(
    ("tags", "python", "platforms"),
    [
        ("cp312-cp312-manylinux_2_28_x86_64", ["3.12"], ["linux_x86_64"]),
        ("cp314-cp314t-win_amd64", ["3.14t"], ["win_amd64"]),
        ("cp39-abi3-macosx_11_0_arm64", ["3.9+"], ["macos_arm64"]),
        ("cp310-cp310-macosx_12_0_universal2", ["3.10"], ["macos_arm64", "macos_x86_64"]),
        ("py3-none-any", ["py3"], ["any"]),
        ("py2.py3-none-manylinux1_x86_64", ["py3"], ["linux_x86_64"]),
        ("cp36-cp36m-manylinux2010_x86_64", ["3.6"], ["linux_x86_64"]),
        ("cp27-cp27mu-manylinux1_x86_64", ["2.7"], ["linux_x86_64"]),
        ("cp310-none-win_amd64", ["3.10"], ["win_amd64"]),
        ("pp310-pypy310_pp73-win_amd64", [], []),
        ("cp312-cp312-musllinux_1_2_x86_64", [], []),
        ("cp312-cp312-win32", ["3.12"], []),
        ("cp312-cp312-manylinux_2_28_s390x", [], []),
        ("cp312-cp312-android_24_arm64_v8a", [], []),
    ],
)
def test_a_wheel_is_for_what_its_name_says(wheel_files: types.ModuleType, tags: str, python: list[str], platforms: list[str]) -> None:
    (release,) = releases(wheel_files, f"tool-1.0-{tags}.whl")
    assert release.python() == python
    assert release.platforms() == platforms


def test_the_least_demanding_wheel_decides_and_later_pythons_are_told(wheel_files: types.ModuleType) -> None:
    names = ("cp311-cp311-macosx_10_9_x86_64", "cp312-cp312-macosx_10_13_x86_64", "cp312-cp312-macosx_14_0_x86_64")
    (release,) = releases(wheel_files, *(f"tool-1.0-{tags}.whl" for tags in names))
    place = wheel_files.Place("macos", "x86_64")
    assert release.floor(place) == "10.9"
    assert release.later(place) == ["3.12:10.13"]
    assert release.floor(wheel_files.Place("linux", "x86_64")) == ""


def test_releases_come_newest_first_and_candidates_do_not_count(wheel_files: types.ModuleType) -> None:
    found = releases(wheel_files, "tool-1.9.tar.gz", "tool-1.10.tar.gz", "tool-2.0rc1.tar.gz", "other-3.0.tar.gz", "tool-x.zip", "tool.whl")
    assert [str(release.version) for release in found] == ["1.10", "1.9"]


def test_requirements_tell_the_cuda_that_comes_along() -> None:
    told = importlib.import_module("requirements_told")
    newer = told.Requirements(['cuda-toolkit[cudart]==13.2.2; platform_system == "Linux"', "nvidia-cudnn-cu13==9.26.0.51", "triton~=3.9.0"])
    assert (newer.cuda(), newer.nvidia("cudnn"), newer.lower_bound("triton")) == ("13.2", "9.26.0.51", "3.9.0")
    extra = told.Requirements(
        ['nvidia-cuda-runtime-cu12<13.0,>=12.5.82; extra == "and-cuda"', "keras>=3.12.0", 'colorama; sys_platform == "win32"']
    )
    assert extra.cuda() is None
    assert extra.cuda("and-cuda") == "12.5"
    assert extra.extras() == {"and-cuda"}
    assert extra.specifier("keras") == ">=3.12.0"
    assert extra.specifier("colorama") is None


def test_lines_are_kept_for_the_pythons_and_extras_that_count() -> None:
    told = importlib.import_module("requirements_told")
    required = told.Requirements(
        [
            'numpy>=1.19; python_version < "3.9"',
            'numpy>=1.26; python_version >= "3.12"',
            'numpy>=9; extra == "docs"',
            "six",
            'torch>=2.6; extra == "torch"',
        ]
    )
    wanted = told.names_of(["numpy>=1", 'torch>=2; extra == "torch"'])
    assert wanted == {("numpy", ""), ("torch", "torch")}
    assert required.lines(wanted, ["3.12", "3.13t"]) == ['numpy>=1.26; python_version >= "3.12"', 'torch>=2.6; extra == "torch"']


TABLE = """\
# What it is about.

# Of the first row.
[[row]]
name = "a"
list = ["x"]
confidence = "high"

[[row]]
name = "b"
confidence = "high"
# Of the last one.
[[other]]
name = 'say "c"'
"""


def test_rows_are_changed_and_inserted_where_they_belong() -> None:
    rows = importlib.import_module("toml_rows").TomlRows(TABLE)
    rows.change("row", 0, {"list": ["x", "y"], "note": 'a "word"'})
    rows.insert("row", 1, {"name": "ab"})
    rows.insert("row", 9, {"name": "z"})
    assert [row["name"] for row in rows.rows("row")] == ["a", "ab", "b", "z"]
    assert rows.rows("row")[0] == {"name": "a", "list": ["x", "y"], "note": 'a "word"', "confidence": "high"}
    assert rows.text.startswith("# What it is about.\n\n# Of the first row.\n[[row]]\n")
    assert "# Of the last one.\n[[other]]\nname = 'say \"c\"'\n" in rows.text


def test_a_value_over_several_lines_is_refused_and_not_broken() -> None:
    rows = importlib.import_module("toml_rows").TomlRows('[[row]]\nlist = [\n  "x",\n]\nconfidence = "high"\n')
    with pytest.raises(ValueError, match=r"cannot be changed|Invalid|Expected|expected"):
        rows.change("row", 0, {"list": ["y"]})
