from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.cpu_only_wheel import RULE
from tests.rules.rule_words import judged, told


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


CARD = {"index": 0, "vendor": "nvidia", "name": "NVIDIA GeForce RTX 4090"}
CPU = {"torch": {"version": "2.8.0+cpu", "cuda": None}}
ASKED = {
    "kind": "not-compiled-with",
    "text": "AssertionError: Torch not compiled with CUDA enabled",
    "subject": "torch",
    "details": {"feature": "cuda", "package": "torch"},
}


def test_a_cpu_build_beside_a_card_is_found_with_the_index_that_fits():
    (found,) = judge(
        accelerators=[CARD],
        nvidia={"driver_version": "550.54.15", "cuda_version": "12.4"},
        builds=CPU,
        python={"version": "3.11.7", "executable": "/env/bin/python"},
        packages=[
            {"name": "torch", "version": "2.8.0+cpu", "state": "ok"},
            {"name": "torchvision", "version": "0.23.0+cpu", "state": "ok"},
        ],
        system={"os": "Linux", "machine": "x86_64"},
    )
    assert isinstance(found, Found)
    assert found.subject == "torch 2.8.0+cpu"
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert found.about == ("torch",)
    assert [step.run for step in found.remedies[0].steps] == [
        ("/env/bin/python", "-m", "pip", "uninstall", "--yes", "torch", "torchvision"),
        (
            *("/env/bin/python", "-m", "pip", "install", "--index-url", "https://download.pytorch.org/whl/cu129"),
            *("torch==2.8.0", "torchvision==0.23.0"),
        ),
    ]


@pytest.mark.parametrize(
    "build",
    [
        {"version": "2.8.0+cpu"},
        {"version": "1.8.1", "cuda": None},
        {"version": "2.5.1+cpu.cxx11.abi"},
    ],
)
def test_every_way_of_saying_that_it_is_a_cpu_build_counts(build: dict[str, Any]):
    assert isinstance(judge(accelerators=[CARD], builds={"torch": build})[0], Found)


def test_a_program_that_asked_for_cuda_decides_without_a_card():
    (found,) = judge(ASKED)
    assert isinstance(found, Found)
    assert found.symptoms[0].text == ASKED["text"]
    assert found.remedies[0].manager == "manual"


@pytest.mark.parametrize("package", ["lightgbm", "xgboost", "jaxlib", "bitsandbytes"])
def test_what_other_packages_say_of_their_own_build_is_not_torchs(package: str):
    other = {**ASKED, "subject": package, "details": {"feature": "cuda", "package": package}}
    assert isinstance(judge(other, accelerators=[CARD])[0], NotApplicable)


def test_a_machine_of_ones_own_that_nobody_complained_about_is_only_warned():
    assert judge(live=True, accelerators=[CARD], builds=CPU)[0].severity is Severity.WARNING
    assert judge(ASKED, live=True, accelerators=[CARD], builds=CPU)[0].severity is Severity.ERROR


@pytest.mark.parametrize(
    "facts",
    [
        {"builds": CPU, "observed": {"accelerators": "complete"}},
        {"builds": {"torch": {"version": "2.5.1+cu121", "cuda": "12.1"}}, "accelerators": [CARD]},
        {"builds": {"torch": {"version": "2.9.0+rocm6.4", "cuda": None, "rocm": "6.4"}}, "accelerators": [CARD]},
        {"builds": {"torch": {"version": "2.9.0+xpu", "cuda": None, "xpu": "2025"}}, "accelerators": [CARD]},
        {"builds": {"torch": {"version": "2.9.0+rocm6.4", "cuda": None}}, "observed": {"accelerators": "complete"}},
    ],
)
def test_a_fitting_build_passes(facts: dict[str, Any]):
    assert isinstance(judge(**facts)[0], Passed)


def test_macos_has_no_cuda_build_to_miss():
    assert isinstance(judge(ASKED, system={"os": "Darwin"}, builds={"torch": {"version": "2.8.0", "cuda": None}})[0], NotApplicable)


def test_a_card_that_no_build_supports_makes_the_cpu_build_the_right_one():
    old = {"index": 0, "vendor": "nvidia", "name": "NVIDIA GeForce GTX 660 Ti", "compute_capability": "3.0"}
    assert isinstance(judge(accelerators=[old], builds=CPU)[0], NotApplicable)
    barely = {**old, "compute_capability": "3.7"}
    assert isinstance(judge(accelerators=[barely], builds=CPU)[0], Found)


def test_without_a_word_on_cards_it_cannot_be_judged():
    (gap,) = judge(builds=CPU)
    assert isinstance(gap, NotEvaluated)
    assert "nvidia-smi" in gap.needs[0]


def test_a_build_of_unknown_kind_beside_a_card_cannot_be_judged():
    (gap,) = judge(
        accelerators=[CARD], packages=[{"name": "torch", "version": "2.5.1", "state": "ok"}], system={"os": "Linux", "machine": "x86_64"}
    )
    assert isinstance(gap, NotEvaluated)


@pytest.mark.parametrize(
    ("system", "version", "is_found"),
    [
        ({"os": "Windows", "machine": "AMD64"}, "2.5.1", True),
        ({"os": "Windows", "machine": "AMD64"}, "2.5.1+cu124", False),
        ({"os": "Linux", "machine": "aarch64"}, "2.10.0", True),
        ({"os": "Linux", "machine": "aarch64"}, "2.11.0", False),
        ({"os": "Linux", "machine": "aarch64"}, "2.1.0a0+41361538.nv23.06", False),
        ({"os": "Linux", "machine": "x86_64"}, "2.5.1", False),
    ],
)
def test_pypis_wheels_without_cuda_are_likely_by_platform_and_version(system: dict[str, str], version: str, is_found: bool):
    packages = [{"name": "torch", "version": version, "state": "ok"}]
    (outcome,) = judge(accelerators=[CARD], system=system, packages=packages, observed={"packages": "complete"})
    assert isinstance(outcome, Found) is is_found
    if is_found:
        assert outcome.certainty is Certainty.LIKELY
        assert outcome.would_confirm


@pytest.mark.parametrize(("machine", "is_found"), [("aarch64", True), ("x86_64", False)])
def test_torch_from_pypi_is_likely_without_cuda_on_arm_though_its_version_is_not_told(machine: str, is_found: bool):
    card = {"index": 0, "vendor": "nvidia", "backend": "cuda", "name": "NVIDIA GB200"}
    torch = {"name": "torch", "state": "ok", "channel": "pypi"}
    (outcome,) = judge(accelerators=[card], packages=[torch], system={"os": "Linux", "machine": machine})
    assert isinstance(outcome, Found) is is_found
    if isinstance(outcome, Found):
        assert outcome.certainty is Certainty.LIKELY


def test_a_jetson_is_sent_to_nvidias_own_wheel():
    orin = {"index": 0, "vendor": "nvidia", "name": "NVIDIA Jetson AGX Orin"}
    (found,) = judge(accelerators=[orin], builds=CPU, system={"os": "Linux", "machine": "aarch64"})
    assert "Jetson" in found.remedies[0].summary
    assert not any("whl" in " ".join(step.run) for step in found.remedies[0].steps)


def test_conda_takes_the_pin_on_cpu_builds_away_first():
    packages = [{"name": name, "version": "1", "state": "ok", "manager": "conda"} for name in ("torch", "cpuonly")]
    python = {"environment": "conda", "version": "3.11.7", "prefix": "/opt/conda/envs/ml"}
    (found,) = judge(accelerators=[CARD], builds=CPU, packages=packages, python=python, system={"os": "Linux", "machine": "x86_64"})
    first, second = found.remedies[0].steps
    assert first.run[:2] == ("conda", "remove")
    assert "cpuonly" in first.run
    assert second.run[:2] == ("conda", "install")
    assert "pytorch-gpu" in second.run


def test_a_jetson_has_a_gpu_though_no_card_is_listed():
    (found,) = judge(
        builds={"torch": {"version": "2.4.0", "cuda": None}}, system={"os": "Linux", "machine": "aarch64", "kernel": "5.15.136-tegra"}
    )
    assert isinstance(found, Found)
    assert "Jetson" in found.message
    assert "JetPack" in found.remedies[0].steps[0].do


def test_the_reason_is_told_with_what_keeps_the_build_from_coming_back():
    (found,) = judge(
        accelerators=[CARD], packages=[{"name": "torch", "version": "2.5.1", "state": "ok"}], system={"os": "Windows"}, builds=CPU
    )
    assert found.message.endswith(
        "That is because PyPI has only builds without CUDA for Windows: those with CUDA are on PyTorch's own index."
    )
    assert found.remedies[-1].summary == "keep the build without CUDA from coming back"


def test_a_platform_that_has_no_build_for_cuda_is_not_told_to_reinstall():
    packages = [{"name": "torch", "version": "2.8.0", "state": "ok"}]
    (found,) = judge(accelerators=[CARD], packages=packages, system={"os": "Windows", "machine": "ARM64"}, builds=CPU)
    assert [remedy.manager for remedy in found.remedies] == ["manual"]


def demand(**details: str) -> dict[str, Any]:
    return {"kind": "device-not-found", "text": "said", "subject": "lightning", "details": {"backend": "cuda", **details}}


def test_a_program_that_asked_for_a_device_decides_beside_a_cpu_build_only():
    (found,) = judge(demand(), builds=CPU)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert "asks for CUDA" in found.message
    assert [type(outcome) for outcome in judge(demand(), builds={"torch": {"version": "2.8.0", "cuda": "12.8"}})] == [Passed]
    assert [type(outcome) for outcome in judge(demand())] == [NotEvaluated]


def test_an_extension_that_misses_torchs_cuda_library_asks_for_it():
    missed = {"kind": "library-not-found", "text": "said", "details": {"library": "libc10_cuda.so"}}
    (found,) = judge(missed, builds=CPU)
    assert isinstance(found, Found)


@pytest.mark.parametrize(
    "facts",
    [
        {"nvidia": {"driver_version": "535.54"}},
        {"nvidia": {"cuda_sign": "cudatoolkit=10.2 was asked for"}},
        {"toolkits": [{"name": "cuda", "version": "11.8.89"}]},
        {"packages": [{"name": "pytorch-cuda", "version": "11.8", "state": "ok"}]},
        {"packages": [{"name": "torchvision", "version": "0.16.0+cu121", "state": "ok"}]},
        {"variables": {"CUDA_PATH": "C:\\Program Files\\NVIDIA GPU Computing Toolkit\\CUDA\\v12.4"}},
    ],
)
def test_signs_of_cuda_make_it_likely_in_a_report_and_nothing_on_a_machine(facts: dict[str, Any]):
    (found,) = judge(builds=CPU, **facts)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.LIKELY)
    assert found.would_confirm == ("nvidia-smi shows a card",)
    assert "CUDA seems to be wanted" in found.message
    assert not [outcome for outcome in judge(builds=CPU, live=True, **facts) if isinstance(outcome, Found)]


def test_a_checkpoint_from_a_gpu_is_a_sign_and_no_demand():
    (found,) = judge(demand(reason="checkpoint"), builds=CPU)
    assert found.certainty is Certainty.LIKELY


def test_signs_beside_a_build_that_is_not_known_leave_it_open():
    assert [type(outcome) for outcome in judge(builds={"torch": {"version": "2.1.0"}}, toolkits=[{"name": "cuda"}])] == [NotEvaluated]


def test_repeated_words_are_likely():
    repeated = {**ASKED, "details": {**ASKED["details"], "restated": "yes"}}
    assert judge(repeated)[0].certainty is Certainty.LIKELY
    assert judge(repeated, ASKED)[0].certainty is Certainty.CERTAIN


@pytest.mark.parametrize("system", [{"os": "Windows", "machine": "AMD64"}, {"os": "Linux", "machine": "aarch64"}])
@pytest.mark.parametrize("answer", [{"cuda_available": True}, {"arch_list": ["sm_87"]}, {"device_count": 1}, {"cudnn": "9.1.0"}])
def test_a_plain_version_is_no_cpu_build_where_it_was_seen_to_have_cuda(system: dict[str, str], answer: dict[str, Any]):
    build = {"torch": {"version": "2.5.1", **answer}}
    assert isinstance(judge(accelerators=[CARD], builds=build, system=system)[0], Passed)
    silent = judge(accelerators=[CARD], builds={"torch": {"version": "2.5.1"}}, system=system)[0]
    assert isinstance(silent, Found)
    assert silent.certainty is Certainty.LIKELY


def test_an_installation_that_was_typed_makes_it_likely_and_a_torch_that_answers_refutes_it():
    typed = "$ pip install torch==2.5.1 --index-url https://download.pytorch.org/whl/cpu\n"
    typed += "GPU 0: NVIDIA L4 (UUID: GPU-7a6ad2ae-1111-2222-3333-444455556666)\n"
    asked = ">>> torch.cuda.is_available()\n"
    first = told(judged(read_text(typed + asked + "False\n")))[0]
    assert (first.rule, first.certainty) == ("cpu-only-wheel", Certainty.LIKELY)
    assert not told(judged(read_text(typed + asked + "True\n")))
