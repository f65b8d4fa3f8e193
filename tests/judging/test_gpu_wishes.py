"""Who asks for a GPU, and who has one at work."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.gpu_wishes import gpu_wish, is_required, reaches_gpu, severity_of_trouble, wants_cuda, wants_gpu_by_image
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.report import Severity


def facts(*symptoms: dict[str, Any], **given: Any) -> Snapshot:
    return msgspec.convert({"symptoms": symptoms, "live": True, **given}, Snapshot)


def said(kind: str, subject: str = "torch", code: int | None = None, **details: str) -> dict[str, Any]:
    return {"kind": kind, "text": "said", "subject": subject, "code": code, "details": details}


@pytest.mark.parametrize(
    ("symptom", "asks"),
    [
        (said("cuda-error", code=100), True),
        (said("cuda-error", code=2), False),
        (said("nvml-error", code=9), True),
        (said("driver-not-found"), True),
        (said("driver-not-found", "tensorflow"), False),
        (said("driver-not-found", "", reason="nvidia-smi is not installed"), False),
        (said("driver-not-found", "", reason="nvidia-smi is not installed", side="container"), True),
        (said("permission-denied", path="/dev/nvidia0"), True),
        (said("permission-denied", path="/etc/shadow"), False),
        (said("library-not-found", library="/usr/lib/libcuda.so.1"), True),
        (said("library-not-found", library="libcuda.so.1", reason="linker"), False),
        (said("library-not-found", library="libcudnn.so.9"), False),
    ],
)
def test_a_program_asks_where_it_missed_its_gpu(symptom: dict[str, Any], asks: bool) -> None:
    assert bool(gpu_wish(facts(symptom))) is asks
    assert wants_cuda(facts(symptom)) is asks


def test_a_build_asks_for_its_own_maker() -> None:
    assert gpu_wish(facts(builds={"torch": {"cuda": "12.8"}})).backend == "cuda"
    rocm = facts(builds={"torch": {"rocm": "6.4"}, "jax": {"cuda": None}})
    assert (gpu_wish(rocm).backend, gpu_wish(rocm).about, wants_cuda(rocm)) == ("rocm", ("torch",), False)
    assert not gpu_wish(facts(builds={"torch": {"cuda": None}}))


def test_who_gives_a_report_asks() -> None:
    assert wants_cuda(facts(live=False))
    assert not wants_cuda(facts())


@pytest.mark.parametrize(("image", "wanted"), [("pytorch/pytorch:2.8.0-cuda12.8-cudnn9-runtime", True), ("python:3.12-slim", False)])
def test_an_image_tells_by_its_name(image: str, wanted: bool) -> None:
    assert wants_gpu_by_image(facts(system={"container_image": image})) is wanted


@pytest.mark.parametrize(
    ("given", "reached"),
    [
        ({"builds": {"torch": {"cuda_available": True}}}, True),
        ({"builds": {"torch": {"cuda_available": False}}}, False),
        ({"nvidia": {"driver_version": "580.95.05", "state": "ok"}, "accelerators": [{"index": 0, "state": "ok"}]}, True),
        (
            {"nvidia": {"driver_version": "580.95.05", "state": "ok"}, "accelerators": [{"index": 0, "state": "ok", "visible": False}]},
            False,
        ),
        ({"nvidia": {"driver_version": "580.95.05", "state": "ok"}, "accelerators": []}, False),
        ({"nvidia": {"state": "ok"}, "accelerators": [{"index": 0, "state": "ok"}]}, False),
    ],
)
def test_a_gpu_is_reached_where_something_computes_or_a_card_is_shown(given: dict[str, Any], reached: bool) -> None:
    assert reaches_gpu(facts(**given)) is reached


@pytest.mark.parametrize("kind", ["cuda-error", "nvml-error", "driver-not-found", "library-not-found"])
def test_what_envcheck_was_told_when_it_asked_is_nobodys_wish(kind: str) -> None:
    told = said(kind, "NVML", code=100, library="libcuda.so.1", asked_by="envcheck")
    assert not gpu_wish(facts(told))
    assert severity_of_trouble(Case(facts(told))) is Severity.WARNING
    assert severity_of_trouble(Case(facts(told, builds={"torch": {"cuda": "12.8"}}))) is Severity.ERROR


def test_a_profile_asks_for_a_gpu_unless_it_asks_for_none() -> None:
    def case(operator: Operator) -> Case:
        return Case(facts(), (Requirement(profile="p", fact="accelerators", operator=operator, level=Level.MUST),))

    assert is_required(case(Operator.INSTALLED))
    assert not is_required(case(Operator.ABSENT))
    assert not is_required(Case(facts()))
