import msgspec
import pytest

from envcheck.facts.snapshot import Package, PackageState, Snapshot
from envcheck.judging.pairs import conflicts_said, need_of, need_of_release


def package(name: str, version: str = "1.0", requires: tuple[str, ...] | None = None) -> Package:
    if requires is None:
        return Package(name=name, version=version, state=PackageState.OK)
    return Package(name=name, version=version, state=PackageState.OK, requires=requires)


def test_its_own_metadata_is_asked_first():
    need = need_of(package("xformers", "0.0.22", ("torch (==2.9.9)",)), "torch")
    assert need is not None
    assert (need.specifier, need.sure) == ("==2.9.9", True)
    assert need.accepts("2.9.9+cu130")


def test_metadata_that_does_not_name_it_is_an_answer_too():
    assert need_of(package("xformers", "0.0.22", ("numpy",)), "torch") is None


def test_ranges_that_hang_on_the_platform_are_not_told():
    lines = ("triton==3.0.0; python_version < '3.13'", "triton==3.1.0; python_version >= '3.13'")
    assert need_of(package("torch", "2.4.0", lines), "triton") is None


def test_without_metadata_the_table_is_asked():
    need = need_of(package("xformers", "0.0.22"), "torch")
    assert need is not None
    assert need.proof.value == "torch==2.0.1"
    assert need_of_release("torch", "2.6.0+cu124", "triton") is not None


@pytest.mark.parametrize("nothing", [None, Package(name="xformers", state=PackageState.OK), package("xformers", "77")])
def test_what_is_not_known_is_none(nothing: Package | None):
    assert need_of(nothing, "torch") is None


def test_what_pip_said_of_one_package():
    details = [
        {"package": "Torch", "by": "XFormers 0.0.22", "need": "==2.0.1"},
        {"package": "torch", "by": "vllm 0.4", "need": "==2.3.0"},
        {"package": "numpy", "by": "xformers 0.0.22", "need": "<2"},
    ]
    symptoms = [{"kind": "version-conflict", "text": "x", "subject": "pip", "details": each} for each in details]
    said = conflicts_said(msgspec.convert({"symptoms": symptoms}, Snapshot), "xformers", "torch")
    assert [symptom.details["need"] for symptom in said] == ["==2.0.1"]
