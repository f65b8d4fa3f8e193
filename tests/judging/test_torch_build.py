from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.torch_build import BuildKind, torch_build, torch_cuda


def build(version: str | None = None, listed: str | None = None, **own: Any):
    builds = {"torch": {**({"version": version} if version else {}), **own}} if version or own else {}
    packages = [{"name": "torch", "version": listed, "state": "ok"}] if listed else []
    return torch_build(msgspec.convert({"builds": builds, "packages": packages}, Snapshot))


@pytest.mark.parametrize(
    ("facts", "kind", "cuda"),
    [
        ({"version": "2.5.1+cu124", "cuda": "12.4"}, BuildKind.CUDA, "12.4"),
        ({"version": "2.5.1+cu124"}, BuildKind.CUDA, "12.4"),
        ({"version": "1.8.1+cu111"}, BuildKind.CUDA, "11.1"),
        ({"version": "1.5.0+cu92"}, BuildKind.CUDA, "9.2"),
        ({"version": "2.9.0+cu130"}, BuildKind.CUDA, "13.0"),
        ({"version": "2.5.1", "cuda": "12.4"}, BuildKind.CUDA, "12.4"),
        ({"version": "2.5.1+cpu"}, BuildKind.CPU, None),
        ({"version": "2.5.1+cpu.cxx11.abi"}, BuildKind.CPU, None),
        ({"version": "1.3.1", "cuda": None}, BuildKind.CPU, None),
        ({"version": "2.9.0+rocm6.4", "cuda": None}, BuildKind.ROCM, None),
        ({"version": "2.9.0", "cuda": None, "rocm": "6.4"}, BuildKind.ROCM, None),
        ({"version": "2.9.0+xpu", "cuda": None}, BuildKind.XPU, None),
        ({"version": "2.5.1"}, BuildKind.UNKNOWN, None),
        ({"version": "2.1.0a0+41361538.nv23.06"}, BuildKind.UNKNOWN, None),
        ({"listed": "2.5.1+cu121"}, BuildKind.CUDA, "12.1"),
        ({"version": "2.5.1", "listed": "2.5.1+cu121"}, BuildKind.CUDA, "12.1"),
    ],
)
def test_what_the_build_says_of_itself_goes_before_its_tag(facts: dict[str, Any], kind: BuildKind, cuda: str | None):
    found = build(**facts)
    assert found is not None
    assert (found.kind, found.cuda) == (kind, cuda)


@pytest.mark.parametrize(
    ("words", "kind", "cuda"),
    [
        ("py3.9_cuda11.3_cudnn8.2.0_0", BuildKind.CUDA, "11.3"),
        ("py3.6_cuda9.0.176_cudnn7.1.2_1", BuildKind.CUDA, "9.0"),
        ("cuda118py310h0e7a8d6_0", BuildKind.CUDA, "11.8"),
        ("gpu_cuda126py312h5d3a6c7_201", BuildKind.CUDA, "12.6"),
        ("cuda126_mkl_py312_h30b5a27_300", BuildKind.CUDA, "12.6"),
        ("py3.9_cpu_0", BuildKind.CPU, None),
        ("cpu_mkl_py312_h446997d_101", BuildKind.CPU, None),
        ("cpu_generic_py310_h1", BuildKind.CPU, None),
        ("py310hb0f6091_0", BuildKind.UNKNOWN, None),
    ],
)
def test_condas_build_string_tells_the_kind(words: str, kind: BuildKind, cuda: str | None):
    packages = [{"name": "torch", "version": "2.4.0", "state": "ok", "manager": "conda", "build": words}]
    found = torch_build(msgspec.convert({"packages": packages}, Snapshot))
    assert found is not None
    assert (found.kind, found.cuda) == (kind, cuda)


def test_condas_pin_on_cpu_builds_tells_the_kind():
    packages = [{"name": name, "version": "1", "state": "ok"} for name in ("torch", "cpuonly")]
    found = torch_build(msgspec.convert({"packages": packages}, Snapshot))
    assert found is not None
    assert found.kind is BuildKind.CPU


def test_without_torch_there_is_no_build():
    assert torch_build(Snapshot()) is None


def test_the_deciding_fact_is_named():
    assert build("2.5.1+cu124", cuda="12.4").fact == "builds[torch].cuda"
    assert build("2.5.1+cu124").fact == "builds[torch].version"
    assert build(listed="2.5.1+cu124").fact == "packages[torch].version"


@pytest.mark.parametrize(
    ("own", "kind", "fact"),
    [
        ({"cuda_available": True}, BuildKind.CUDA, "builds[torch].cuda_available"),
        ({"device_count": 2}, BuildKind.CUDA, "builds[torch].device_count"),
        ({"cudnn": "9.1.0"}, BuildKind.CUDA, "builds[torch].cudnn"),
        ({"arch_list": ["sm_87"]}, BuildKind.CUDA, "builds[torch].arch_list"),
        ({"arch_list": ["gfx90a", "gfx942"]}, BuildKind.ROCM, "builds[torch].arch_list"),
        ({"cuda_available": False}, BuildKind.UNKNOWN, "builds[torch].version"),
        ({"device_count": 0, "cudnn": None}, BuildKind.UNKNOWN, "builds[torch].version"),
    ],
)
def test_answers_that_only_a_build_with_gpu_code_gives_tell_the_kind(own: dict[str, Any], kind: BuildKind, fact: str):
    found = build("2.5.1", **own)
    assert found is not None
    assert (found.kind, found.cuda, found.fact) == (kind, None, fact)


def test_a_tag_goes_before_the_answers():
    found = build("2.5.1+cpu", cuda_available=True)
    assert found is not None
    assert found.kind is BuildKind.CPU


def test_on_amds_cards_cuda_is_only_a_name():
    facts = {"builds": {"torch": {"version": "2.9.0", "cuda_available": True}}, "accelerators": [{"index": 0, "vendor": "amd"}]}
    found = torch_build(msgspec.convert(facts, Snapshot))
    assert found is not None
    assert found.kind is BuildKind.UNKNOWN


def test_what_fails_on_the_card_has_reached_it():
    memory = {"kind": "out-of-memory", "text": "CUDA out of memory.", "subject": "torch", "details": {"device": "cuda", "own": "9"}}
    others = {**memory, "subject": "", "details": {"device": "cuda"}}
    for symptom, kind in ((memory, BuildKind.CUDA), (others, BuildKind.UNKNOWN)):
        found = torch_build(msgspec.convert({"builds": {"torch": {"version": "2.5.1"}}, "symptoms": [symptom]}, Snapshot))
        assert found is not None
        assert found.kind is kind


def test_a_cuda_build_without_a_number_may_have_what_the_index_has():
    assert torch_cuda(build("2.5.1", cuda_available=True)) == torch_cuda(build("2.5.1")) == ("12.4", False)
    assert torch_cuda(build("2.5.1+cpu")) == (None, True)
