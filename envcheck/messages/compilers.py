"""What builds of CUDA extensions say when there is no CUDA compiler.

A shell that knows no nvcc says nothing of the sort: nobody builds there.
"""

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Pattern

_NVCC = {"compiler": "nvcc"}

PATTERNS = (
    # OSError: CUDA_HOME environment variable is not set. Please set it to your CUDA install root.
    Pattern(
        SymptomKind.COMPILER_NOT_FOUND,
        "CUDA_HOME environment variable is not set",
        r"(?:OSError|EnvironmentError|IOError|RuntimeError): CUDA_HOME environment variable is not set",
        {**_NVCC, "reason": "CUDA_HOME is not set"},
        subject="torch",
    ),
    # deepspeed.ops.op_builder.builder.MissingCUDAException: CUDA_HOME does not exist, unable to compile CUDA op(s)
    Pattern(
        SymptomKind.COMPILER_NOT_FOUND,
        "CUDA_HOME does not exist",
        r"CUDA_HOME does not exist, unable to compile CUDA op",
        {**_NVCC, "reason": "CUDA_HOME does not exist"},
        subject="deepspeed",
    ),
    # UserWarning: flash_attn was requested, but nvcc was not found.  Are you sure your environment has nvcc available?
    Pattern(
        SymptomKind.COMPILER_NOT_FOUND,
        "nvcc was not found",
        r"(?P<subject>\w{2,40}) was requested, but nvcc was not found",
        _NVCC,
    ),
    # FileNotFoundError: [Errno 2] No such file or directory: '/usr/local/cuda/bin/nvcc'
    Pattern(
        SymptomKind.COMPILER_NOT_FOUND,
        "nvcc'",
        r"(?:No such file or directory: |error: \[Errno 2\] [^\n']{0,80})'(?P<path>[^'\n]{0,300}nvcc)'",
        _NVCC,
    ),
    # error: command '/usr/local/cuda/bin/nvcc' failed: No such file or directory
    Pattern(
        SymptomKind.COMPILER_NOT_FOUND,
        "' failed: No such file or directory",
        r"error: command '(?P<path>[^'\n]{0,300}nvcc)' failed: No such file or directory",
        _NVCC,
    ),
    # CMake Error at CMakeLists.txt:12 (enable_language):↵  No CMAKE_CUDA_COMPILER could be found.
    Pattern(
        SymptomKind.COMPILER_NOT_FOUND,
        "No CMAKE_CUDA_COMPILER could be found",
        r"No CMAKE_CUDA_COMPILER could be found",
        _NVCC,
        subject="cmake",
    ),
    # Failed to find nvcc.↵ Compiler requires the CUDA toolkit.  Please set the CUDAToolkit_ROOT variable.
    Pattern(
        SymptomKind.COMPILER_NOT_FOUND,
        "Failed to find nvcc",
        r"Failed to find nvcc\.",
        _NVCC,
        subject="cmake",
    ),
    # Could NOT find CUDAToolkit (missing: CUDAToolkit_INCLUDE_DIR …)            Could NOT find CUDA (missing: CUDA_TOOLKIT_ROOT_DIR …)
    Pattern(
        SymptomKind.COMPILER_NOT_FOUND,
        "Could NOT find CUDA",
        r"Could NOT find CUDA(?:Toolkit)? \(missing: [^()\n]{0,300}\)",
        _NVCC,
        subject="cmake",
    ),
)
