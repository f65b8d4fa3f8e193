"""Machines in people's words: what a line enumerates or says to be its writer's, and what it only speaks of."""

import time

import pytest
from msgspec import UNSET

from envcheck.readers.read import read_text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("RTX 3080, driver 525, cuda 12.1", "NVIDIA RTX 3080"),
        ("Debian 12 / 8x H100 / torch 2.4 cu121", "NVIDIA H100"),
        ("GB200", "NVIDIA GB200"),
        ("Windows 11 RTX 4060 laptop", "NVIDIA RTX 4060"),
        ("I have a GTX 1070 and Python 3.11", "NVIDIA GTX 1070"),
        ("Running on a DGX Spark (GB10), CUDA 13.0", "NVIDIA DGX Spark"),
        ("Colab T4, torch 2.5.1+cu124", "NVIDIA T4"),
        ("L40S 48GB x4, vllm 0.6.1, driver 550", "NVIDIA L40S"),
        ("RX 6800 XT ROCm 6.1", "RX 6800 XT"),
        ("- **GPU**: 2x rtx3090ti", "NVIDIA RTX 3090 Ti"),
    ],
)
def test_a_card(text: str, name: str) -> None:
    cards = read_text(text).accelerators
    assert [card.name for card in cards] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "It works on my RTX 3080 but not on the RTX 5080 machine (torch 2.5.1).",
        "RTX 3060 and RTX 4090 here\nA100 there, docker",
        "You should buy an RTX 4090, torch runs well there",
        "Requires an A100 or newer, CUDA 12",
        "Has anybody tried a T4?",
        "torch.cuda.get_device_name() == 'T4x'",
        "The paper compares V100 and P100 (see table 3)",
        "see https://example.org/RTX-3090, driver",
    ],
)
def test_a_card_that_is_compared_wished_or_elsewhere(text: str) -> None:
    assert read_text(text).accelerators == ()


@pytest.mark.parametrize(
    "text", ["aarch64 machine, GH200", "GB300 node, torch 2.9", "Jetson Orin with JetPack 6", "my Jetson AGX Xavier dev kit"]
)
def test_processors_that_go_with_a_card(text: str) -> None:
    facts = read_text(text)
    assert facts.system.machine == "aarch64"
    assert len(facts.accelerators) == 1


def test_a_board_is_named() -> None:
    assert read_text("Jetson Orin Nano, JetPack 6.1").nvidia.jetson == "NVIDIA Jetson Orin Nano"


def test_macs() -> None:
    facts = read_text("I'm on an M2 MacBook with macOS 13.4, Python 3.12")
    assert (facts.system.os, facts.system.distribution_version, facts.apple.chip, facts.python.version) == (
        "Darwin",
        "13.4",
        "Apple M2",
        "3.12",
    )
    assert read_text("MacBook Pro M1 Max, Monterey 12.3, PyTorch 1.12").apple.chip == "Apple M1 Max"
    assert read_text("OS: macOS Sonoma 14.5 (Apple M3 Pro)").apple.chip == "Apple M3 Pro"
    assert read_text("the same on a friend's M2 MacBook").apple == read_text("").apple


def test_systems() -> None:
    facts = read_text("centos 7, glibc 2.17, driver 418.67")
    assert (facts.system.distribution_id, facts.system.distribution_version, facts.system.libc) == ("centos", "7", "glibc 2.17")
    assert read_text("Fedora 40, RX 7600, ROCm 6.0").amd.rocm_version == "6.0"


def test_what_a_tool_prints_wins_over_prose() -> None:
    facts = read_text(
        "my GPU is a RTX 3090\n$ nvidia-smi -L\nGPU 0: NVIDIA GeForce RTX 2080 Ti (UUID: GPU-11111111-2222-3333-4444-555555555555)"
    )
    assert [card.name for card in facts.accelerators] == ["NVIDIA GeForce RTX 2080 Ti"]
    assert facts.contradictions


def test_endless_lines_cost_no_time() -> None:
    before = time.perf_counter()
    read_text("\n".join("RTX 3090 " * 20 + str(number) for number in range(300)))
    read_text("i have a my the " * 500)
    read_text("a a a a a a a a RTX, " * 400)
    assert time.perf_counter() - before < 2


@pytest.mark.parametrize("line", ["JetPack 5.1.2, Ubuntu 20.04", "Jetpack version: 6.0", "jetpack=4.6.1"])
def test_jetpack_is_on_a_jetson(line: str) -> None:
    facts = read_text(line)
    assert (facts.nvidia.jetson, facts.system.machine) == ("Jetson", "aarch64")


@pytest.mark.parametrize("line", ["does it work with JetPack 6?", "a jetpack for WordPress"])
def test_other_jetpacks_are_none(line: str) -> None:
    assert read_text(line).nvidia.jetson is UNSET


def test_a_sentence_about_an_error_takes_nothing_from_the_one_before() -> None:
    (card,) = read_text("my card is a GTX1060 6GB, windows 10. error when starting comfyui:\n").accelerators
    assert card.name == "NVIDIA GTX 1060"


def test_a_sentence_about_another_machine_names_no_card_of_this_one() -> None:
    assert not read_text("It fails here. It works on my friend's RTX 4090.\n").accelerators
