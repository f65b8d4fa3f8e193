from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.cpu_build_reason import Reason, Source, why_cpu_jax, why_cpu_torch
from envcheck.judging.jax_installation import jax_installation
from envcheck.judging.torch_build import torch_build

WINDOWS = {"os": "Windows", "machine": "AMD64"}
LINUX = {"os": "Linux", "machine": "x86_64"}
ARM = {"os": "Linux", "machine": "aarch64"}


def why(listed: str = "", said: str = "", system: dict[str, str] = LINUX, others: tuple[str, ...] = (), **facts: Any) -> Reason | None:
    package = {"state": "ok", **facts.pop("package", {})}
    packages = [{"name": "torch", "version": listed, **package}] if listed else []
    packages += [{"name": name, "version": "1.0", "state": "ok"} for name in others]
    builds = {"torch": {"version": said, "cuda": None}} if said else {}
    snapshot = msgspec.convert({"packages": packages, "builds": builds, "system": system, **facts}, Snapshot)
    return why_cpu_torch(snapshot, torch_build(snapshot))


@pytest.mark.parametrize(
    ("listed", "said", "system", "source", "sure"),
    [
        ("2.7.0+cpu", "", LINUX, Source.CPU_INDEX, True),
        ("", "2.7.0+cpu", LINUX, Source.CPU_INDEX, True),
        ("2.9.0.dev20250801+cpu", "", LINUX, Source.CPU_INDEX, True),
        ("2.5.1+cpu", "2.5.1+cpu", WINDOWS, Source.CPU_INDEX, True),
        ("", "2.5.1+cpu", WINDOWS, Source.CPU_INDEX, False),
        ("2.5.1", "2.5.1+cpu", WINDOWS, Source.PYPI_FOR_WINDOWS, True),
        ("2.5.1", "", WINDOWS, Source.PYPI_FOR_WINDOWS, True),
        ("2.6.0", "2.6.0+cpu", ARM, Source.PYPI_FOR_ARM, True),
        ("2.10.0", "", ARM, Source.PYPI_FOR_ARM, True),
        ("2.5.1", "", {"os": "Windows", "machine": "ARM64"}, Source.NO_CUDA_BUILD, True),
        ("2.4.0a0+gitd990dad", "2.4.0a0+gitd990dad", LINUX, Source.FROM_SOURCE, False),
    ],
)
def test_the_source_by_what_pip_lists_and_what_torch_says(
    listed: str, said: str, system: dict[str, str], source: Source, sure: bool
) -> None:
    reason = why(listed, said, system)
    assert reason is not None
    assert (reason.source, reason.sure) == (source, sure)
    assert reason.evidence
    assert reason.cure


def test_conda_is_kept_to_the_cpu_by_a_package() -> None:
    reason = why("2.4.0", others=("cpuonly",), package={"manager": "conda"})
    assert reason is not None
    assert (reason.source, reason.sure) == (Source.CONDA_PINNED, True)


def test_conda_chose_by_what_it_saw_while_it_solved() -> None:
    reason = why("2.4.1", package={"manager": "conda", "build": "cpu_generic_py311h1_1", "channel": "conda-forge"})
    assert reason is not None
    assert (reason.source, reason.sure) == (Source.CONDA_CHOICE, False)
    assert [proof.value for proof in reason.evidence] == ["cpu_generic_py311h1_1", "conda-forge"]
    assert "CONDA_OVERRIDE_CUDA" in reason.cure


def test_condas_override_set_to_nothing_is_certain() -> None:
    reason = why("2.4.1", package={"manager": "conda", "build": "cpu_py311_0"}, variables={"CONDA_OVERRIDE_CUDA": ""})
    assert reason is not None
    assert (reason.sure, reason.cure) == (True, "unset CONDA_OVERRIDE_CUDA")


def test_anacondas_own_channel_is_named() -> None:
    reason = why("2.3.0", package={"manager": "conda", "build": "cpu_py311h1_0", "channel": "defaults"})
    assert reason is not None
    assert "Anaconda's own channel" in reason.words


def test_a_distributions_package_has_no_cuda() -> None:
    reason = why("1.13.1", package={"manager": "system"})
    assert reason is not None
    assert reason.source is Source.DISTRIBUTION


def test_a_python_without_a_build_for_cuda_is_named() -> None:
    reason = why("2.0.1+cpu", python={"version": "3.13.1"})
    assert reason is not None
    assert (reason.source, reason.sure) == (Source.NO_CUDA_FOR_PYTHON, False)
    assert "this is 3.13" in reason.words


@pytest.mark.parametrize(("listed", "system"), [("2.5.1", LINUX), ("2.11.0", ARM), ("", LINUX)])
def test_where_nothing_tells_no_reason_is_given(listed: str, system: dict[str, str]) -> None:
    assert why(listed, system=system) is None


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ({}, Source.WITHOUT_PLUGIN),
        ({"manager": "conda", "build": "cpu_py311h1234567_2"}, Source.CONDA_CHOICE),
    ],
)
def test_why_jax_has_no_cuda(package: dict[str, str], source: Source) -> None:
    packages = [{"name": "jaxlib", "version": "0.5.0", "state": "ok", **package}]
    snapshot = msgspec.convert({"packages": packages}, Snapshot)
    jax = jax_installation(snapshot)
    assert jax is not None
    reason = why_cpu_jax(snapshot, jax)
    assert reason is not None
    assert (reason.source, reason.sure) == (source, False)


def test_a_complete_list_without_a_plugin_makes_it_sure_and_a_build_of_ones_own_tells_nothing() -> None:
    complete = {"observed": {"packages": "complete"}, "packages": [{"name": "jaxlib", "version": "0.5.0", "state": "ok"}]}
    snapshot = msgspec.convert(complete, Snapshot)
    jax = jax_installation(snapshot)
    assert jax is not None
    reason = why_cpu_jax(snapshot, jax)
    assert reason is not None
    assert reason.sure
    own = msgspec.convert({"packages": [{"name": "jaxlib", "version": "0.5.0.dev20250101", "state": "ok"}]}, Snapshot)
    made = jax_installation(own)
    assert made is not None
    assert why_cpu_jax(own, made) is None
