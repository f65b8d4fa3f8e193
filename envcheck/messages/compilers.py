"""What builds of CUDA extensions say when there is no CUDA compiler.

A shell that knows no nvcc says nothing of the sort: nobody builds there.
"""

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Pattern

_NVCC = {"compiler": "nvcc"}
_TOOLKIT = {"package": "cuda", "what": "toolkit"}
_C = {"compiler": "cc"}
_MSVC = {"compiler": "msvc"}

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
    # The detected CUDA version (12.4) mismatches the version that was used to compile↵PyTorch (11.8). Please … (newer ones: compilePyTorch)
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "mismatches the version that was used to compile",
        r"The detected CUDA version \((?P<have>[\d.]{2,12})\) mismatches the version that was used to compile ?PyTorch "
        r"\((?P<need>[\d.]{2,12})\)",
        {**_TOOLKIT, "by": "torch"},
        subject="torch",
        lines=1,
    ),
    # RuntimeError: Cuda extensions are being compiled with a version of Cuda that does not match the version used to compile Pytorch
    # binaries.  Pytorch binaries were compiled with Cuda 10.2.    (apex, whose source stands around it in some logs: Cuda {}.)
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "Cuda extensions are being compiled with a version of Cuda",
        r"Cuda extensions are being compiled with a version of Cuda that does not match the version used to compile Pytorch binaries\. ?"
        r"Pytorch binaries were compiled with Cuda (?P<need>\d{1,2}\.\d{1,2})",
        {**_TOOLKIT, "by": "torch"},
        subject="apex",
        lines=1,
    ),
    # CUDAMismatchException: >- DeepSpeed Op Builder: Installed CUDA version 12.5 does not match the version torch was compiled with 12.1
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "does not match the version torch was compiled with",
        r"Installed CUDA version (?P<have>[\d.]{2,12}) does not match the version torch was compiled with (?P<need>\d[\d.]{0,10}\d)",
        {**_TOOLKIT, "by": "torch"},
        subject="deepspeed",
    ),
    # RuntimeError: FlashAttention is only supported on CUDA 11.7 and above.  Note: make sure nvcc has a supported version by …
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "FlashAttention is only supported on CUDA ",
        r"FlashAttention is only supported on CUDA (?P<need>[\d.]{1,11}\d) and above",
        {**_TOOLKIT, "by": "flash-attn"},
        refine=lambda _match, details: {**details, "need": f">={details['need']}"},
        subject="flash_attn",
    ),
    # nvcc fatal   : Unsupported gpu architecture 'compute_89'
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "Unsupported gpu architecture ",
        r"nvcc fatal : Unsupported gpu architecture '(?P<need>(?:compute|sm)_\d{2,3}[af]?)'",
        {**_TOOLKIT, "by": "nvcc"},
        subject="nvcc",
    ),
    # #error -- unsupported GNU version! gcc versions later than 12 are not supported! …
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "unsupported GNU version!",
        r"#error -- unsupported GNU version! gcc versions later than (?P<need>\d{1,2}) are not supported",
        {"package": "gcc", "what": "toolkit", "by": "nvcc"},
        refine=lambda _match, details: {**details, "need": f"<={details['need']}"},
        subject="nvcc",
    ),
    # #error: -- unsupported Microsoft Visual Studio version! Only the versions between 2017 and 2022 (inclusive) are supported!
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "unsupported Microsoft Visual Studio version!",
        r"unsupported Microsoft Visual Studio version! Only the versions between (?P<need>20\d\d and 20\d\d)",
        {"package": "msvc", "what": "toolkit", "by": "nvcc"},
        subject="nvcc",
    ),
    # error: Microsoft Visual C++ 14.0 or greater is required. Get it with "Microsoft C++ Build Tools": https://visualstudio…
    Pattern(
        SymptomKind.COMPILER_NOT_FOUND,
        "error: Microsoft Visual C++ ",
        r"error: Microsoft Visual C\+\+ \d{1,2}\.\d(?: or greater)? is required\.? ",
        _MSVC,
    ),
    Pattern(SymptomKind.COMPILER_NOT_FOUND, "Unable to find vcvarsall.bat", r"Unable to find vcvarsall\.bat", _MSVC),
    # RuntimeError: Compiler: cl is not found.    (torch.compile on Windows)
    Pattern(
        SymptomKind.COMPILER_NOT_FOUND, "Compiler: cl is not found", r"Compiler: cl is not found", {**_MSVC, "reason": "torch.compile"}
    ),
    # error: command 'gcc' failed: No such file or directory    error: command 'cl.exe' failed: None
    Pattern(
        SymptomKind.COMPILER_NOT_FOUND,
        "error: command '",
        r"error: command '(?P<path>(?:[\w./-]{0,200}/)?(?:[\w-]{0,60}-)?(?:gcc|g\+\+|cc|c\+\+|clang(?:\+\+)?)(?:-\d{1,2})?)' failed: "
        r"(?:No such file or directory|\[Errno 2\])",
        _C,
    ),
    Pattern(
        SymptomKind.COMPILER_NOT_FOUND,
        "unable to execute '",
        r"unable to execute '(?P<path>(?:[\w-]{0,60}-)?(?:gcc|g\+\+|cc|c\+\+|clang)(?:-\d{1,2})?)': No such file or directory",
        _C,
    ),
    # No CMAKE_C_COMPILER could be found.    No CMAKE_CXX_COMPILER could be found.
    *(
        Pattern(SymptomKind.COMPILER_NOT_FOUND, f"No CMAKE_{name}_COMPILER could be found", rf"No CMAKE_{name}_COMPILER could be found", _C)
        for name in ("C", "CXX")
    ),
    # RuntimeError: Failed to find C compiler. Please specify via CC environment variable or set triton.knobs.build.impl.
    Pattern(
        SymptomKind.COMPILER_NOT_FOUND,
        "Failed to find C compiler",
        r"Failed to find C compiler\. Please specify via CC",
        {**_C, "reason": "triton"},
        subject="triton",
    ),
    # fatal error: Python.h: No such file or directory
    Pattern(
        SymptomKind.COMPILER_NOT_FOUND,
        "Python.h: No such file or directory",
        r"fatal error: Python\.h: No such file or directory",
        {"compiler": "python-headers"},
    ),
    # error: can't find Rust compiler
    Pattern(SymptomKind.COMPILER_NOT_FOUND, "can't find Rust compiler", r"error: can't find Rust compiler", {"compiler": "rust"}),
    # xcrun: error: invalid active developer path (/Library/Developer/CommandLineTools), missing xcrun at: …
    Pattern(
        SymptomKind.COMPILER_NOT_FOUND,
        "xcrun: error: invalid active developer path",
        r"xcrun: error: invalid active developer path",
        {"compiler": "xcode"},
        subject="xcrun",
    ),
)
