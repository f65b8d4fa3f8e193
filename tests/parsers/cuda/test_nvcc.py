from envcheck.parsers.cuda.nvcc import is_of_nvcc, parse_nvcc


def test_the_whole_version_or_the_release() -> None:
    lines = [
        "nvcc: NVIDIA (R) Cuda compiler driver",
        "Cuda compilation tools, release 12.6, V12.6.85",
        "cuda compilation tools, release 11.8",
    ]
    assert [(answer.version, answer.line) for answer in parse_nvcc(lines)] == [("12.6.85", 1), ("11.8", 2)]
    assert is_of_nvcc(lines[0])
    assert not is_of_nvcc("nvcc: command not found")
    assert not parse_nvcc(["nvcc: command not found", "release 12.6"])
