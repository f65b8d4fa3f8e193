"""torch's devices and what they have, of builds and cards that are not here."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

Probe = Callable[[str], ModuleType]
EVERY_TYPE = dict.fromkeys(("float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "_scaled_mm"))


@pytest.fixture
def devices(probe: Probe) -> ModuleType:
    return probe("smoke_steps.torch_devices")


def a_torch(
    cuda: int = 0, build: str | None = None, hip: str | None = None, capability: tuple[int, int] = (9, 0), **more: Any
) -> SimpleNamespace:
    """As much of torch as is asked: a build for `build` of CUDA or for `hip`, on a machine with `cuda` cards."""

    def init() -> None:
        raise RuntimeError("Found no NVIDIA driver on your system.")

    return SimpleNamespace(
        cuda=SimpleNamespace(device_count=lambda: cuda, init=init, get_device_capability=lambda device: capability),
        version=SimpleNamespace(cuda=build, hip=hip),
        backends=SimpleNamespace(),
        **{**EVERY_TYPE, **more},
    )


@pytest.mark.parametrize(
    ("torch", "wanted", "expected"),
    [
        (a_torch(), "auto", ["cpu"]),
        (a_torch(), "cuda", []),
        (a_torch(2, "13.0"), "auto", ["cpu", "cuda:0", "cuda:1"]),
        (a_torch(2, "13.0"), "cuda", ["cuda:0", "cuda:1"]),
        (a_torch(1, hip="7.1"), "cuda", ["cuda:0"]),
        (a_torch(2, "13.0"), "cpu", ["cpu"]),
        (a_torch(0, "13.0"), "auto", ["cpu"]),
        (a_torch(xpu=SimpleNamespace(is_available=lambda: True, device_count=lambda: 2)), "auto", ["cpu", "xpu:0", "xpu:1"]),
        (a_torch(xpu=SimpleNamespace(is_available=lambda: False)), "xpu", []),
    ],
)
def test_every_visible_device_is_listed(devices: ModuleType, torch: Any, wanted: str, expected: list[str]) -> None:
    assert devices.list_devices(torch, wanted) == expected


@pytest.mark.parametrize(("available", "expected"), [(True, ["cpu", "mps"]), (False, ["cpu"])])
def test_apples_gpu_is_listed(devices: ModuleType, available: bool, expected: list[str]) -> None:
    torch = a_torch()
    torch.backends.mps = SimpleNamespace(is_available=lambda: available)
    assert devices.list_devices(torch, "auto") == expected


def test_a_build_for_gpus_that_is_asked_for_one_says_why_there_is_none(devices: ModuleType) -> None:
    with pytest.raises(RuntimeError, match="no NVIDIA driver"):
        devices.list_devices(a_torch(0, "13.0"), "cuda")


@pytest.mark.parametrize(
    ("torch", "device", "lacking"),
    [
        (a_torch(1, "13.0", capability=(9, 0)), "cuda:0", []),
        (a_torch(1, "13.0", capability=(8, 9)), "cuda:0", []),
        (a_torch(1, "13.0", capability=(8, 6)), "cuda:0", ["float8_e4m3fn"]),
        (a_torch(1, "11.8", capability=(6, 1)), "cuda:0", ["bfloat16", "float8_e4m3fn"]),
        (a_torch(1, hip="7.1", capability=(9, 4)), "cuda:0", ["float8_e4m3fn"]),
        (a_torch(), "mps", ["float64", "float8_e4m3fn"]),
        (
            a_torch(xpu=SimpleNamespace(get_device_properties=lambda device: SimpleNamespace(has_fp64=False))),
            "xpu:0",
            ["float64", "float8_e4m3fn"],
        ),
        (a_torch(xpu=SimpleNamespace(get_device_properties=lambda device: SimpleNamespace())), "xpu:0", ["float8_e4m3fn"]),
    ],
)
def test_what_types_a_device_lacks(devices: ModuleType, torch: Any, device: str, lacking: list[str]) -> None:
    types = ("float64", "float32", "float16", "bfloat16", "float8_e4m3fn")
    assert [name for name in types if devices.lacks(torch, device, name)] == lacking


def test_an_old_version_lacks_types(devices: ModuleType) -> None:
    torch = a_torch(1, "12.8")
    del torch.float8_e4m3fn
    assert devices.lacks(torch, "cuda:0", "float8_e4m3fn") == "this version does not have it"
    torch = a_torch(1, "12.8")
    del torch._scaled_mm
    assert devices.lacks(torch, "cuda:0", "float8_e4m3fn") == "this version does not multiply it"


def a_trial(device: str, torch: Any) -> SimpleNamespace:
    noted: dict[str, Any] = {}
    return SimpleNamespace(framework=torch, device=device, card_bytes=64 * 2**20, note=noted.__setitem__, noted=noted)


def test_a_full_card_is_refused_before_anything_is_made_on_it(devices: ModuleType, probe: Probe) -> None:
    torch = a_torch(1, "13.0")
    devices.refuse_full_card(a_trial("cuda:0", torch))  # a version that does not tell
    torch.cuda.mem_get_info = lambda device: (2**30, 2**34)
    devices.refuse_full_card(a_trial("cuda:0", torch))
    torch.cuda.mem_get_info = lambda device: (2**20, 2**34)
    with pytest.raises(probe("smoke_steps.trial").NotEvaluated, match="busy: 1 MiB"):
        devices.refuse_full_card(a_trial("cuda:0", torch))


def test_a_card_that_cannot_be_asked_has_failed_unless_it_is_one_that_never_tells(devices: ModuleType) -> None:
    def refuse(device: str) -> None:
        raise RuntimeError("The device does not support querying the available free memory")

    devices.refuse_full_card(a_trial("xpu:0", a_torch(xpu=SimpleNamespace(mem_get_info=refuse))))
    torch = a_torch(1, "13.0")
    torch.cuda.mem_get_info = refuse
    with pytest.raises(RuntimeError):
        devices.refuse_full_card(a_trial("cuda:0", torch))


def test_what_was_taken_of_a_card_is_noted(devices: ModuleType) -> None:
    torch = a_torch(1, "13.0")
    torch.cuda.max_memory_reserved = lambda device: 42
    trial = a_trial("cuda:0", torch)
    devices.note_memory(trial)
    assert trial.noted == {"card_bytes": 42}


class Switches:
    """Those of a version before 2.9."""

    allow_tf32 = True
    allow_fp16_reduced_precision_reduction = True


class Matrix(list[Any]):
    device = "cuda:0"

    def to(self, dtype: str) -> "Matrix":
        return self

    def tolist(self) -> list[Any]:
        return list(self)


@pytest.mark.parametrize(("name", "allowed"), [("float32", False), ("TF32", True)])
def test_tf32_is_allowed_where_it_is_asked_for_alone(devices: ModuleType, name: str, allowed: bool) -> None:
    seen = []
    torch = a_torch(1, "12.1", float32="float32", tensor=lambda rows, dtype, device: Matrix(rows))
    torch.backends.cuda = SimpleNamespace(matmul=Switches())

    def matmul(left: Matrix, right: Matrix) -> Matrix:
        seen.append((torch.backends.cuda.matmul.allow_tf32, torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction))
        return Matrix([[6]])

    torch.matmul = matmul
    assert devices.multiplier(torch, "cuda:0")(name, [[2]], [[3]]) == [[6]]
    assert seen == [(allowed, False)]
