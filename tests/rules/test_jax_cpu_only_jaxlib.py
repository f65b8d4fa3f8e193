# ruff: noqa: E501 - what programs print stands as they print it
from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules import jax_cpu_only_jaxlib, jax_native_windows_no_gpu, jax_plugin_version_mismatch
from envcheck.rules.jax_cpu_only_jaxlib import RULE

CARD = {"index": 0, "vendor": "nvidia", "backend": "cuda", "name": "NVIDIA A40", "compute_capability": "8.6"}
MISSES = {
    "kind": "not-compiled-with",
    "text": "a CUDA-enabled jaxlib is not installed",
    "subject": "jax",
    "details": {"feature": "cuda", "package": "jaxlib"},
}
NO_GPU = {"kind": "provider-fallback", "text": "No GPU/TPU found, falling back to CPU.", "subject": "jax", "details": {"provider": "gpu"}}


def package(name: str, version: str, **more: str) -> dict[str, Any]:
    return {"name": name, "version": version, "state": "ok", **more}


JAX = [package("jax", "0.6.2"), package("jaxlib", "0.6.2")]
PLUGIN = package("jax-cuda12-plugin", "0.6.2")


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def test_jaxs_own_words_are_enough():
    (found,) = judge(MISSES)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)


def test_the_same_release_is_installed_with_the_plugin_that_driver_and_card_run():
    (found,) = judge(MISSES, packages=[package("jax", "0.9.2"), package("jaxlib", "0.9.2")], accelerators=[CARD])
    assert found.remedies[0].steps[-1].run[-1] == "jax[cuda12]==0.9.2"
    (found,) = judge(
        MISSES, packages=[package("jax", "0.9.2"), package("jaxlib", "0.9.2")], accelerators=[CARD], nvidia={"driver_version": "580.65.06"}
    )
    assert found.remedies[0].steps[-1].run[-1] == "jax[cuda13]==0.9.2"


def test_a_card_before_turing_gets_cuda_12_whatever_the_driver():
    pascal = {**CARD, "name": "Tesla P100-PCIE-16GB", "compute_capability": "6.0"}
    (found,) = judge(MISSES, packages=JAX, accelerators=[pascal], nvidia={"driver_version": "580.65.06"})
    assert found.remedies[0].steps[-1].run[-1] == "jax[cuda12]==0.6.2"


def test_a_release_without_the_extra_is_upgraded():
    (found,) = judge(MISSES, packages=[package("jax", "0.4.13"), package("jaxlib", "0.4.13")])
    assert found.remedies[0].steps[-1].run[-2:] == ("--upgrade", "jax[cuda12]")


def test_condas_build_is_replaced_by_conda():
    conda = [package("jaxlib", "0.4.35", manager="conda", build="cpu_py312h1b3f9d2_0")]
    (found,) = judge(packages=conda, builds={"jaxlib": {"cuda": None}}, accelerators=[CARD])
    assert found.certainty is Certainty.CERTAIN
    assert "jaxlib=*=*cuda*" in found.remedies[0].steps[-1].run


@pytest.mark.parametrize(
    "facts",
    [
        {"packages": JAX, "builds": {"jax": {"cuda_available": False}}, "accelerators": [CARD]},
        {"packages": JAX, "builds": {"jax": {"cuda_available": False}}, "nvidia": {"driver_version": "535.54.03"}},
    ],
)
def test_devices_of_the_cpu_beside_a_card_are_likely(facts: dict[str, Any]):
    (found,) = judge(**facts)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY


def test_on_a_live_machine_nobody_may_have_missed_it():
    (found,) = judge(live=True, packages=JAX, builds={"jaxlib": {"cuda": None}}, accelerators=[CARD])
    assert found.severity is Severity.WARNING
    (found,) = judge(live=True, packages=JAX, builds={"jaxlib": {"cuda": None}, "torch": {"cuda": "12.8"}}, accelerators=[CARD])
    assert found.severity is Severity.INFO


@pytest.mark.parametrize(
    "facts",
    [
        {"packages": [*JAX, PLUGIN], "accelerators": [CARD]},
        {"packages": [package("jaxlib", "0.4.13+cuda12.cudnn89")], "accelerators": [CARD]},
        {"builds": {"jaxlib": {"cuda": "12"}}, "accelerators": [CARD]},
        {"builds": {"jax": {"cuda_available": True}}, "accelerators": [CARD]},
    ],
)
def test_a_jax_for_a_gpu_passes(facts: dict[str, Any]):
    assert [type(outcome) for outcome in judge(**facts)] == [Passed]


@pytest.mark.parametrize(
    ("symptoms", "facts"),
    [
        ((MISSES,), {"packages": [*JAX, PLUGIN]}),  # the plugin is there and failed
        ((NO_GPU, {"kind": "cuda-error", "text": "failed call to cuInit", "code": 999}), {}),  # only a build with CUDA calls the driver
        ((), {"packages": JAX, "accelerators": [CARD]}),
    ],
)
def test_what_is_not_decided_is_left_open(symptoms: tuple[dict[str, Any], ...], facts: dict[str, Any]):
    assert [type(outcome) for outcome in judge(*symptoms, **facts)] == [NotEvaluated]


@pytest.mark.parametrize(
    ("symptoms", "facts"),
    [
        ((), {}),
        ((), {"packages": JAX}),
        ((), {"packages": JAX, "builds": {"jaxlib": {"cuda": None}}, "accelerators": [{**CARD, "visible": False}]}),
        ((NO_GPU,), {"system": {"os": "Windows"}}),
        ((), {"packages": JAX, "builds": {"jax": {"cuda_available": False}}, "system": {"os": "Darwin"}}),
    ],
)
def test_it_is_no_question_without_jax_or_nvidia(symptoms: tuple[dict[str, Any], ...], facts: dict[str, Any]):
    assert [type(outcome) for outcome in judge(*symptoms, **facts)] == [NotApplicable]


SMI = "$ nvidia-smi -L\nGPU 0: NVIDIA A40 (UUID: GPU-00000000-1111-2222-3333-444444444444)\n"
WARNING = (
    "WARNING:jax._src.xla_bridge:791: An NVIDIA GPU may be present on this machine, but a CUDA-enabled jaxlib is not installed. Falling\n"
)
TEXTS = {
    "the warning": (WARNING, "jax-cpu-only-jaxlib"),
    "a session": (f">>> jax.devices()\n[TFRT_CPU_0]\n>>> jaxlib.__version__\n'0.4.16'\n{SMI}", "jax-cpu-only-jaxlib"),
    "conda": (
        (
            "# packages in environment at /home/me/x:\n#\n# Name  Version  Build  Channel\n_libgcc_mutex  0.1  conda_forge  conda-forge\n"
            f"jax   0.4.35   pyhd8ed1ab_0  conda-forge\njaxlib   0.4.35   cpu_py312h1b3f9d2_0  conda-forge\n{SMI}"
        ),
        "jax-cpu-only-jaxlib",
    ),
    "the log of an older release": (
        (
            "INFO:jax._src.xla_bridge:Unable to initialize backend 'cuda': module 'jaxlib.xla_extension' has no attribute 'GpuAllocatorConfig'\n"
            "GPU: NVIDIA GeForce RTX 2080 Ti\n"
        ),
        "jax-cpu-only-jaxlib",
    ),
    "a plugin of another version": (
        (
            "RuntimeWarning: JAX plugin jax_cuda12_plugin version 0.7.2 is installed, but it is not compatible with the installed jaxlib version "
            f"0.7.1, so it will not be used.\n{WARNING}"
        ),
        "jax-plugin-version-mismatch",
    ),
    "a plugin that fails for another reason": (
        f"ERROR:jax._src.xla_bridge:444: Jax plugin configuration error: Exception when calling jax_plugins.xla_cuda12.initialize()\n{WARNING}",
        None,
    ),
    "Windows": (f"PS C:\\> python -c 'import jax; print(jax.devices())'\n[CpuDevice(id=0)]\n{SMI}", "jax-native-windows-no-gpu"),
    "a machine that computes": (f">>> jax.devices()\n[CudaDevice(id=0)]\n{SMI}", None),
    "a host without a card": (
        (
            "jax:    0.6.0\njaxlib: 0.6.0\njax.devices (1 total, 1 local): [CpuDevice(id=0)]\n"
            "platform: uname_result(system='Linux', node='m', release='5.15.0', version='x', machine='x86_64')\n"
        ),
        None,
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_as_they_are_pasted(name: str):
    text, expected = TEXTS[name]
    rules = [jax_cpu_only_jaxlib.RULE, jax_native_windows_no_gpu.RULE, jax_plugin_version_mismatch.RULE]
    findings = diagnose(read_text(text), rules).findings
    assert (findings[0].rule if findings else None) == expected
