from typing import Any

import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.judging.memory_words import shares
from envcheck.messages import parse_message

GIB = 2**30
PYTORCH = "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 24.00 GiB of which 1.00 GiB is free. "
OLD = (
    "CUDA out of memory. Tried to allocate 2.00 GiB (GPU 1; 8.00 GiB total capacity; 5.00 GiB already allocated; 1.00 GiB free; "
    "6.00 GiB reserved in total by PyTorch) If reserved memory is >> allocated memory"
)
OF_PYTORCH = "Of the allocated memory 4.00 GiB is allocated by PyTorch, and 2.00 GiB is reserved by PyTorch but unallocated."


def told(text: str) -> Any:
    (symptom,) = parse_message(text)
    assert symptom.kind is SymptomKind.OUT_OF_MEMORY
    return symptom


@pytest.mark.parametrize(
    ("text", "own", "others"),
    [
        (f"{PYTORCH}Including non-PyTorch memory, this process has 23.00 GiB memory in use. {OF_PYTORCH}", 23, 0),
        (f"{PYTORCH}Process 7 has 20.00 GiB memory in use. Including non-PyTorch memory, this process has 3.00 GiB memory in use", 3, 20),
        (f"{PYTORCH}Process 7 has 7.00 GiB memory in use. Process 8 has 16.00 GiB memory in use. {OF_PYTORCH}", 6, 17),
        (
            OLD,
            6,
            1,
        ),
        (
            "Free memory on device cuda:0 (4.0/24.0 GiB) on startup is less than desired GPU memory utilization (0.9, 21.6 GiB)",
            0,
            20,
        ),
        ("ValueError: Free memory on device (4.0/24.0 GiB) on startup is less than desired GPU memory utilization (0.9, 21.6 GiB)", 0, 20),
    ],
)
def test_whose_the_memory_was(text: str, own: int, others: int) -> None:
    found = shares(told(text))
    assert found is not None
    assert (found.own / GIB, found.others / GIB) == (own, others)


def test_a_message_that_wraps_is_read_whole() -> None:
    text = f"{PYTORCH}Including non-PyTorch memory, this process has 23.00 GiB memory in use.".replace(" GPU 0", "\nGPU 0").replace(
        " this", "\nthis"
    )
    found = shares(told(text))
    assert found is not None
    assert found.own == 23 * GIB


@pytest.mark.parametrize(
    ("text", "device"),
    [
        ("torch.OutOfMemoryError: HIP out of memory. Tried to allocate 20.00 MiB.", "cuda"),
        ("XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 17179869184 bytes.", "cuda"),
        (
            "ResourceExhaustedError: OOM when allocating tensor with shape[8,512,512,64] and type float on /job:localhost/device:GPU:0",
            "cuda",
        ),
        (
            "ResourceExhaustedError: OOM when allocating tensor with shape[8,512,512,64] and type float on /job:localhost/device:CPU:0",
            "cpu",
        ),
        ("RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", "cuda"),
        ("ValueError: No available memory for the cache blocks. Try increasing", "cuda"),
        ("Memory cgroup out of memory: Killed process 42 (python3) total-vm:1kB", "cpu"),
        ("      Reason:       OOMKilled", "cpu"),
        ("OSError: [Errno 12] Cannot allocate memory", "cpu"),
        ("RuntimeError: DefaultCPUAllocator: not enough memory: you tried to allocate 99 bytes.", "cpu"),
    ],
)
def test_what_ran_out(text: str, device: str) -> None:
    symptom = told(text)
    assert symptom.details["device"] == device
    assert shares(symptom) is None


@pytest.mark.parametrize(
    "text",
    ["my GPU runs out of memory", "avoid CUDA out of memory errors", "Killed process 42", "cannot allocate memory in static TLS block"],
)
def test_what_people_say_of_it_is_no_message(text: str) -> None:
    assert not [symptom for symptom in parse_message(text) if symptom.kind is SymptomKind.OUT_OF_MEMORY]
