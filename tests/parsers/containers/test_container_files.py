"""Compose files and pods, whole and among other text."""

import pytest

from envcheck.parsers.containers.container_files import find_container_files

COMPOSE = """services:
  trainer:
    image: nvcr.io/nvidia/pytorch:24.01-py3
    shm_size: 8gb
"""
RESERVED = """    deploy:
      resources:
        reservations:
          devices:
            - driver: nvidia
              count: all
              capabilities: [gpu]
"""
POD = """apiVersion: v1
kind: Pod
spec:
  containers:
  - name: t
    image: pytorch/pytorch:latest
"""


@pytest.mark.parametrize(
    ("text", "engine", "given"),
    [
        (COMPOSE, "docker", False),
        (COMPOSE + RESERVED, "docker", True),
        (COMPOSE + "    runtime: nvidia\n", "docker", True),
        (COMPOSE + "    gpus: all\n", "docker", True),
        (COMPOSE + "    # runtime: nvidia\n", "docker", False),
        (COMPOSE + "    devices:\n      - /dev/kfd\n      - /dev/dri\n", "docker", True),
        (POD, "kubernetes", False),
        (POD + "    resources:\n      limits:\n        nvidia.com/gpu: 1\n", "kubernetes", True),
        (POD + '    resources: {limits: {"amd.com/gpu": "2"}}\n', "kubernetes", True),
        (POD + "    resources: {limits: {nvidia.com/gpu: 0}}\n", "kubernetes", False),
    ],
)
def test_whether_it_is_given_gpus(text: str, engine: str, given: bool) -> None:
    (file,) = find_container_files(("my file:\n\n" + text + "\nTraceback (most recent call last):\n").split("\n"))
    assert (file.engine, file.gpus is not None) == (engine, given)


def test_image_and_shared_memory() -> None:
    (file,) = find_container_files(COMPOSE.split("\n"))
    assert (file.image, file.shm_bytes) == ("nvcr.io/nvidia/pytorch:24.01-py3", 8 * 2**30)


@pytest.mark.parametrize("text", ["services:\nnothing\n", "kind: Pod\n", "kind: Service\n", "", "services: none\n"])
def test_what_describes_no_container_is_none(text: str) -> None:
    assert find_container_files(text.split("\n")) == []
