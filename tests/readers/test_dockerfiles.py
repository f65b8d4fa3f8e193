"""What the first line of a Dockerfile says of the image."""

import pytest

from envcheck.readers.read import read_text


def test_images_of_frameworks() -> None:
    facts = read_text("```dockerfile\nFROM pytorch/pytorch:2.2.1-cuda12.1-cudnn8-devel AS base\nRUN pip install flash-attn\n```")
    assert facts.builds["torch"].cuda == "12.1"
    assert facts.system.container_image == "pytorch/pytorch:2.2.1-cuda12.1-cudnn8-devel"
    assert facts.source_of("builds[torch].cuda") == "report line 2, as told"
    assert read_text("FROM tensorflow/tensorflow:2.15.0-gpu\nCOPY . .").packages[0].version == "2.15.0"


def test_images_of_cuda_and_python() -> None:
    facts = read_text("FROM nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04\nENV A=b\n")
    assert [kit.version for kit in facts.toolkits] == ["12.4.1"]
    assert facts.system.distribution_version == "22.04"
    facts = read_text("FROM --platform=linux/arm64 python:3.13-alpine\nRUN pip install torch")
    assert (facts.python.version, facts.system.libc, facts.system.machine) == ("3.13", "musl", "aarch64")


def test_of_several_stages_the_last_is_the_image() -> None:
    facts = read_text("FROM python:3.9 AS build\nRUN make\nFROM python:3.12-slim AS base\nRUN x\nFROM base\nCOPY --from=build /a /a\n")
    assert facts.python.version == "3.12"


@pytest.mark.parametrize(
    "text", ["FROM users WHERE name\nRUN", "SELECT x\nFROM orders\nWHERE 1", "from torch import nn\nRUN", "FROM python:3.12"]
)
def test_what_is_no_dockerfile(text: str) -> None:
    assert not isinstance(read_text(text).system.container_image, str)
