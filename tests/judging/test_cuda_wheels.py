from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Package, PackageState, Snapshot
from envcheck.judging.cuda_wheels import built_with, cuda_of_wheel, cudas_in_use, has_framework_of_unknown_cuda, of_unknown_variant


def snapshot(requires: list[str] | None = None, system: str = "", **versions: str) -> Snapshot:
    packages: list[dict[str, Any]] = [{"name": name.replace("_", "-"), "version": v, "state": "ok"} for name, v in versions.items()]
    for package in packages:
        if package["name"] == "torch" and requires is not None:
            package["requires"] = requires
    return msgspec.convert({"packages": packages, "system": {"os": system} if system else {}}, Snapshot)


@pytest.mark.parametrize(
    ("name", "version", "cuda"),
    [
        ("nvidia-cublas-cu11", "11.10.3.66", 11),
        ("nvidia-cuda-runtime-cu12", "12.8.90", 12),
        ("nvidia-nccl-cu13", "2.28.9", 13),
        ("nvidia-cublas", "13.1.0.3", 13),
        ("nvidia-cublas", "0.0.1.dev5", None),
        ("nvidia-ml-py", "13.580.0", None),
        ("nvidia-pyindex", "1.0.9", None),
        ("torch", "2.9.0", None),
    ],
)
def test_the_cuda_of_a_wheel(name: str, version: str, cuda: int | None):
    assert cuda_of_wheel(Package(name=name, version=version, state=PackageState.OK)) == cuda


def test_each_framework_is_asked_for_its_own_wheel():
    facts = snapshot(
        torch="2.12.0", tensorflow="2.20.0", jax_cuda12_plugin="0.10.2", nvidia_cudnn_cu12="9.8.0.87", nvidia_cudnn_cu13="9.20.0.48"
    )
    assert [(built.framework, built.wheel.name) for built in built_with(facts, "cudnn")] == [
        ("torch 2.12.0", "nvidia-cudnn-cu13"),
        ("jax-cuda12-plugin 0.10.2", "nvidia-cudnn-cu12"),
        ("tensorflow 2.20.0", "nvidia-cudnn-cu12"),
    ]


def test_metadata_of_torch_comes_before_the_table():
    facts = snapshot(requires=["nvidia-nccl-cu12 (==2.99.0)"], torch="2.6.0", nvidia_nccl_cu12="2.21.5")
    (built,) = built_with(facts, "nccl")
    assert (built.need.specifier, built.need.sure, built.have) == ("==2.99.0", True, "2.21.5")


def test_on_windows_tensorflow_uses_no_wheel():
    assert not list(built_with(snapshot(system="Windows", tensorflow="2.20.0", nvidia_cudnn_cu12="9.1.0"), "cudnn"))


def test_the_cudas_that_are_in_use():
    facts = snapshot(torch="2.12.0+cu130", tensorflow="2.20.0", cupy_cuda11x="13.0")
    assert sorted(cudas_in_use(facts)) == [11, 12, 13]


@pytest.mark.parametrize(("versions", "unknown"), [({"torch": "2.9.0+cu128"}, False), ({"torch": "2.77.0"}, True), ({"vllm": "0.9"}, True)])
def test_a_framework_that_does_not_tell(versions: dict[str, str], unknown: bool):
    assert has_framework_of_unknown_cuda(snapshot(**versions)) is unknown


@pytest.mark.parametrize(("torch", "compared"), [("2.7.0", True), ("2.7.0+cu126", True), ("2.7.0+cu118", False), ("2.7.0+cu128", False)])
def test_only_the_variant_that_the_table_has_is_compared(torch: str, compared: bool):
    facts = snapshot(torch=torch, nvidia_cudnn_cu11="9.1.0.70", nvidia_cudnn_cu12="9.5.1.17")
    assert bool(list(built_with(facts, "cudnn"))) is compared
    unknown = of_unknown_variant(facts, "cudnn")
    assert (unknown is None) is compared


def test_metadata_serves_for_every_variant():
    facts = snapshot(requires=["nvidia-cudnn-cu11 (==9.1.0.70)"], torch="2.7.0+cu118", nvidia_cudnn_cu11="9.1.0.70")
    assert [built.need.specifier for built in built_with(facts, "cudnn")] == ["==9.1.0.70"]
    assert of_unknown_variant(facts, "cudnn") is None
