import pytest

from envcheck.knowledge.specifiers import accepts, pinned_version, split_requirement


@pytest.mark.parametrize(
    ("specifier", "version", "expected"),
    [
        ("<=0.8.3,>=0.8.2", "0.8.2", True),
        ("<=0.8.3,>=0.8.2", "0.8.1", False),
        ("<=0.8.3,>=0.8.2", "0.9.0", False),
        ("<=0.12.0.1,>=0.11.2", "0.12.0", True),
        ("==2.5.1", "2.5.1+cu124", True),
        ("==2.5.1", "2.5.0", False),
        ("===2.5.1", "2.5.1", True),
        ("!=2.5.1", "2.5.1", False),
        ("<2.17,>=2.16", "2.16.2", True),
        ("<2.17", "2.17.0", False),
        (">2", "2.0.0", False),
        ("~=2.15.0", "2.15.1", True),
        ("~=2.15.0", "2.16.0", False),
        ("~=2.15", "2.19.0", True),
        ("==2.18.*", "2.18.1", True),
        ("==2.18.*", "2.19.0", False),
        ("!=2.18.*", "2.18.1", False),
        ("", "0.4.26", True),
        (">=1.0", "unknown", True),
        ("nonsense", "1.0", True),
    ],
)
def test_a_version_is_in_a_range_or_not(specifier: str, version: str, expected: bool):
    assert accepts(specifier, version) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("torch (==2.1.0)", ("torch", "==2.1.0")),
        ("torch ==2.4.0", ("torch", "==2.4.0")),
        ("tf_keras~=2.19", ("tf-keras", "~=2.19")),
        ('triton (==3.0.0) ; platform_system == "Linux" and python_version < "3.13"', ("triton", "==3.0.0")),
        ("jax[cuda12]<=0.4.30,>=0.4.27", ("jax", "<=0.4.30,>=0.4.27")),
        ("numpy", ("numpy", "")),
        ("pkg @ https://example.org/pkg.whl", ("pkg", "")),
        ("", ("", "")),
        ("(((", ("", "")),
    ],
)
def test_a_requirement_is_a_name_and_a_range(line: str, expected: tuple[str, str]):
    assert split_requirement(line) == expected


@pytest.mark.parametrize(
    ("specifier", "version"), [("==2.5.1", "2.5.1"), ("===2.5.1", "2.5.1"), ("==2.5.*", ""), (">=2.5", ""), ("==1,==2", ""), ("", "")]
)
def test_only_one_exact_version_is_a_pin(specifier: str, version: str):
    assert pinned_version(specifier) == version
