import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages import parse_message


@pytest.mark.parametrize(
    ("text", "subject", "details"),
    [
        (
            "OSError: CUDA_HOME environment variable is not set. Please set it to your CUDA install root.",
            "torch",
            {"reason": "CUDA_HOME is not set"},
        ),
        (
            "op_builder.builder.MissingCUDAException: CUDA_HOME does not exist, unable to compile CUDA op(s)",
            "deepspeed",
            {"reason": "CUDA_HOME does not exist"},
        ),
        (
            "UserWarning: flash_attn was requested, but nvcc was not found.  Are you sure your environment has nvcc available?",
            "flash_attn",
            {},
        ),
        ("FileNotFoundError: [Errno 2] No such file or directory: '/usr/local/cuda/bin/nvcc'", "", {"path": "/usr/local/cuda/bin/nvcc"}),
        ("error: command '/usr/local/cuda/bin/nvcc' failed: No such file or directory", "", {"path": "/usr/local/cuda/bin/nvcc"}),
        ("CMake Error at CMakeLists.txt:12:\n  No CMAKE_CUDA_COMPILER could be found.", "cmake", {}),
        ("  Failed to find nvcc.\n\n  Compiler requires the CUDA toolkit.", "cmake", {}),
        ("-- Could NOT find CUDA (missing: CUDA_TOOLKIT_ROOT_DIR CUDA_NVCC_EXECUTABLE) ", "cmake", {}),
    ],
)
def test_builds_that_find_no_compiler(text: str, subject: str, details: dict[str, str]) -> None:
    (symptom,) = [symptom for symptom in parse_message(text) if symptom.kind is SymptomKind.COMPILER_NOT_FOUND]
    assert symptom.subject == subject
    assert symptom.details == {"compiler": "nvcc", **details}


@pytest.mark.parametrize(
    "text",
    [
        "bash: nvcc: command not found",
        "No CUDA runtime is found, using CUDA_HOME='/usr/local/cuda'",
        "export CUDA_HOME=/usr/local/cuda",
        "you may need to set it if CUDA_HOME environment variable is not set",
        "error: command '/usr/bin/gcc' failed: No such file or directory",
    ],
)
def test_other_words(text: str) -> None:
    found = [symptom for symptom in parse_message(text) if symptom.kind is SymptomKind.COMPILER_NOT_FOUND]
    assert all(symptom.details["compiler"] != "nvcc" for symptom in found)
