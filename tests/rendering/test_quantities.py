import pytest

from envcheck.rendering.fact_names import fact_in_words, value_in_words
from envcheck.rendering.quantities import counted, duration, size


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (67_108_864, "67.1 MB"),
        (999_400_000, "999 MB"),
        (999_600_000, "999 MB"),
        (25_215_000_000, "25.2 GB"),
        (100_000_000_000, "100 GB"),
        (5 * 10**18, "5000 PB"),
    ],
)
def test_sizes(count: int, words: str) -> None:
    assert size(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.0123, "12 ms"), (0.0996, "0.1 s"), (2.13, "2.1 s"), (99.6, "1 min 40 s"), (190, "3 min 10 s")]
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_counts() -> None:
    assert [counted(number, "problem") for number in (0, 1, 2)] == ["0 problems", "1 problem", "2 problems"]
    assert counted(1500, "entry", "entries") == "1,500 entries"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("the torchaudio of torch 2.7.1+cu126", "the torchaudio of torch 2.7.1+cu126"),
        ("nvidia.driver_version", "NVIDIA driver version"),
        ("packages[torch].version", "torch version"),
        ("builds[torch].cuda", "CUDA of the torch build"),
        ("memory.total_bytes", "memory total"),
        ("memory.shm_bytes", "memory shared memory"),
        ("disks[temp].free_bytes", "disk temp free"),
        ("symptoms[signal]", "it said"),
        ("symptoms[file-damaged].predicted", "its files show"),
        ("variables[LD_LIBRARY_PATH]", "LD_LIBRARY_PATH"),
        ("system.libc", "C library"),
        ("", ""),
        ("something new", "something new"),
    ],
)
def test_facts_have_names(path: str, words: str) -> None:
    assert fact_in_words(path) == words


def test_a_bare_count_of_bytes_becomes_a_size() -> None:
    assert value_in_words("memory.total_bytes", "8000000000") == "8 GB"
    assert value_in_words("memory.total_bytes", "8 GB") == "8 GB"
    assert value_in_words("nvidia.driver_version", "470") == "470"
