"""conda's view of the machine: virtual packages, the platform, and its solvers' closing words."""

import pytest

from envcheck.readers.read import read_text

INFO = """     active environment : {environment}
          conda version : 24.5.0
         python version : 3.11.9.final.0
       virtual packages : __archspec=1=zen3
                          __cuda=12.4=0
                          __glibc=2.35=0
                          __linux=6.5.0=0
               platform : linux-64
             user-agent : conda/24.5.0 requests/2.31.0 CPython/3.11.9 Linux/6.5.0-35-generic ubuntu/22.04.4 glibc/2.35
"""


def test_the_driver_the_c_library_and_the_system() -> None:
    facts = read_text(INFO.format(environment="ml"))
    assert facts.nvidia.cuda_version == "12.4"
    assert facts.system.libc == "glibc 2.35"
    assert (facts.system.os, facts.system.machine, facts.system.kernel) == ("Linux", "x86_64", "6.5.0-35-generic")
    assert (facts.system.distribution_id, facts.system.distribution_version) == ("ubuntu", "22.04")
    assert facts.source_of("nvidia.cuda_version") == "report line 5"


def test_condas_python_is_that_of_the_base_environment_only() -> None:
    assert not isinstance(read_text(INFO.format(environment="ml")).python.version, str)
    assert read_text(INFO.format(environment="base")).python.version == "3.11.9"


@pytest.mark.parametrize(
    ("lines", "os", "made_for"),
    [
        ("virtual packages : __osx=14.4=0\n        __unix=0=0\n    platform : osx-arm64", "Darwin", "macosx-arm64"),
        ("virtual packages : __win=0=0\n        __cuda=11.4=0\n    platform : win-64", "Windows", None),
    ],
)
def test_other_systems(lines: str, os: str, made_for: str | None) -> None:
    facts = read_text(lines)
    assert facts.system.os == os
    if made_for:
        assert facts.python.platform == made_for


def test_the_older_solver_names_what_is_there() -> None:
    text = (
        "The following specifications were found to be incompatible with your CUDA driver:\n\n  - feature:/linux-64::__cuda==10.1=0\n"
        "  - feature:|@/linux-64::__cuda==10.1=0\n\nYour installed CUDA driver is: 10.1\n"
    )
    assert read_text(text).nvidia.cuda_version == "10.1"
    text = "  - feature:/linux-64::__glibc==2.17=0\n  - x -> __glibc[version='>=2.28']\n\nYour installed version is: 2.17\n"
    assert read_text(text).system.libc == "glibc 2.17"
    assert read_text("Your python: python=3.8.5").python.version == "3.8.5"


def test_prose_about_virtual_packages_says_nothing() -> None:
    facts = read_text("You can set CONDA_OVERRIDE_CUDA so that __cuda=12.0 is assumed; the platform : linux-64 label is conda's")
    assert not isinstance(facts.nvidia.cuda_version, str)
    assert not isinstance(facts.system.os, str)
