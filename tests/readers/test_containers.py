"""Containers in a text: engine and options, and host and container told apart."""

import pytest
from msgspec import UNSET

from envcheck.readers.read import read_text

TABLE = """| NVIDIA-SMI 550.54.15              Driver Version: 550.54.15      CUDA Version: 12.4     |
|   0  NVIDIA GeForce RTX 4090        Off |   00000000:01:00.0 Off |                  Off |
|  0%   31C    P8             17W /  450W |       1MiB /  24564MiB |      0%      Default |
"""
MISSING = "RuntimeError: Found no NVIDIA driver on your system.\n"
INSIDE = "root@0a1b2c3d4e5f:/workspace# "
HOST = "ann@box:~$ "


@pytest.mark.parametrize(
    ("text", "engine"),
    [
        (f"{INSIDE}ls", "docker"),
        ("root@trainer-7d9f8b6c5d-x2x4z:/# ls", "kubernetes"),
        ("Apptainer> python x.py", "apptainer"),
        ("bin  boot  dev  .dockerenv  etc", "docker"),
        ("12:memory:/docker/b29faf21b7eff959f64b4192c34d5d67a707fe8561e9eaa608cb27693fba4242", "docker"),
        ("docker, RTX3090, driver 525, cuda 12.1", "docker"),
        ("I run it inside a podman container", "podman"),
        ("Docker image: nvcr.io/nvidia/pytorch:24.01-py3", "docker"),
        ("Linux d87518e6c38b 6.5.0-0.deb12.1-amd64 #1 SMP x86_64 GNU/Linux", "docker"),
    ],
)
def test_signs_of_a_container(text: str, engine: str) -> None:
    assert read_text(text).system.container == engine


@pytest.mark.parametrize(
    "text",
    [
        "it works outside of the container",
        "docker: Error response from daemon: unknown or invalid runtime name: nvidia.",
        "GPU 0: NVIDIA H100",
        "docker pull pytorch/pytorch",
        (
            f"{HOST}docker run --gpus all a/b:1\n"
            f'docker: Error response from daemon: could not select device driver "" with capabilities: '
            f"[[gpu]]."
        ),
    ],
)
def test_where_no_container_runs_none_is_known(text: str) -> None:
    assert read_text(text).system.container is UNSET


def test_a_command_tells_what_it_gives() -> None:
    facts = read_text("$ docker run --rm --gpus all --shm-size=8g -e CUDA_VISIBLE_DEVICES=1 -e HF_TOKEN=hf_x a/b:1\nok\n")
    assert (facts.system.container_gpus, facts.system.container_image, facts.memory.shm_bytes) == ("--gpus all", "a/b:1", 8 * 2**30)
    assert facts.variables == {"CUDA_VISIBLE_DEVICES": "1"}


def test_without_an_option_it_gives_nothing_and_dockers_default_of_shared_memory() -> None:
    facts = read_text("$ docker run --rm a/b:1\nok\n")
    assert (facts.system.container_gpus, facts.memory.shm_bytes) == (None, 64 * 2**20)


def test_the_hosts_driver_is_no_fact_of_a_container_that_was_given_none() -> None:
    facts = read_text(f"{HOST}nvidia-smi\n{TABLE}{HOST}docker run --rm a/b:1 python x.py\n{MISSING}")
    assert facts.nvidia.driver_version is UNSET
    assert ("nvidia.driver_version", "550.54.15", "host") in {(entry.fact, entry.value, entry.scope) for entry in facts.contradictions}
    assert [symptom.scope for symptom in facts.symptoms] == ["container"]


def test_the_hosts_driver_is_that_of_a_container_with_gpus() -> None:
    facts = read_text(
        f"{HOST}nvidia-smi\n{TABLE}{HOST}docker run --rm --gpus all a/b:1 python x.py\nRuntimeError: CUDA error: unknown error\n"
    )
    assert facts.nvidia.driver_version == "550.54.15"
    assert facts.system.container == "docker"


def test_packages_of_the_host_are_not_those_of_the_container() -> None:
    host, inside = "torch 2.1.0\n", "torch 2.5.1\n"
    facts = read_text(
        f"{HOST}pip list\nPackage Version\n------- -------\n{host}{INSIDE}pip list\nPackage Version\n------- -------\n{inside}{MISSING}"
    )
    package = facts.package("torch")
    assert package is not None
    assert package.version == "2.5.1"


def test_what_fails_on_the_host_is_judged_on_the_host() -> None:
    failure = "docker: Error response from daemon: nvidia-container-cli: initialization error: nvml error: driver not loaded: unknown.\n"
    facts = read_text(f"{HOST}docker run --gpus all a/b:1\n{failure}")
    assert facts.system.container is UNSET
    assert [symptom.scope for symptom in facts.symptoms] == ["host"]


def test_a_text_without_a_container_has_no_scopes() -> None:
    facts = read_text(f"{HOST}nvidia-smi\n{TABLE}{MISSING}")
    assert facts.nvidia.driver_version == "550.54.15"
    assert [symptom.scope for symptom in facts.symptoms] == [""]


def test_nvidias_banner_tells_the_size_of_shared_memory() -> None:
    banner = "NOTE: The SHMEM allocation limit is set to the default of 64MB.  This may be\n   insufficient for PyTorch.\n"
    assert read_text(banner).memory.shm_bytes == 64 * 2**20


@pytest.mark.parametrize(("program", "given"), [("nvidia-smi", None), ("nvidia-container-runtime-hook", UNSET)])
def test_a_container_without_the_program_came_to_be_all_the_same(program: str, given: object) -> None:
    refusal = (
        f'docker: Error response from daemon: OCI runtime create failed: exec: "{program}": executable file not found in $PATH: unknown.'
    )
    assert read_text(f"$ docker run --rm ubuntu:22.04 nvidia-smi\n{refusal}\n").system.container_gpus is given


def test_a_refusal_that_is_broken_over_lines_is_read_whole() -> None:
    refusal = (
        "docker: Error response from daemon: OCI runtime create failed:\ncontainer_linux.go:380: starting container process caused: exec:\n"
        '"nvidia-smi": executable file not found in $PATH: unknown.\n'
    )
    assert read_text(f"$ docker run --rm ubuntu:22.04 nvidia-smi\n{refusal}").system.container_gpus is None
