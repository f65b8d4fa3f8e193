"""Every sentence that the loader or Python is known to say, in its own words, against the kind and the details that rules rely upon."""
# ruff: noqa: E501 - what programs print stands as they print it

import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages import parse_message

K = SymptomKind
LOADER = [
    (
        "ImportError: libcudart.so.12: cannot open shared object file: No such file or directory",
        K.LIBRARY_NOT_FOUND,
        {"library": "libcudart.so.12", "reason": "No such file or directory"},
    ),
    (
        "Could not load library libcudnn_cnn_infer.so.8. Error: libcuda.so: cannot open shared object file: No such file or directory",
        K.LIBRARY_NOT_FOUND,
        {"library": "libcuda.so", "needed_by": "libcudnn_cnn_infer.so.8", "reason": "No such file or directory"},
    ),
    (
        "Could not load library libcudnn_ops_infer.so.8. Error: libcudnn_ops_infer.so.8: cannot open shared object file: No such file or directory",
        K.LIBRARY_NOT_FOUND,
        {"library": "libcudnn_ops_infer.so.8", "reason": "No such file or directory"},
    ),
    (
        "python: error while loading shared libraries: libpython3.10.so.1.0: cannot open shared object file: No such file or directory",
        K.LIBRARY_NOT_FOUND,
        {"library": "libpython3.10.so.1.0", "reason": "No such file or directory"},
    ),
    ("RuntimeError: Failed to dlopen libcuda.so", K.LIBRARY_NOT_FOUND, {"library": "libcuda.so"}),
    (
        "Could not load dynamic library 'libcudnn.so.8'; dlerror: libcudnn.so.8: cannot open shared object file: No such file or directory; LD_LIBRARY_PATH: /x",
        K.LIBRARY_NOT_FOUND,
        {"library": "libcudnn.so.8", "reason": "No such file or directory"},
    ),
    ("/usr/bin/ld: cannot find -lcuda: No such file or directory", K.LIBRARY_NOT_FOUND, {"library": "libcuda.so", "reason": "linker"}),
    ("\tlibcudart.so.12 => not found", K.LIBRARY_NOT_FOUND, {"library": "libcudart.so.12", "reason": "ldd"}),
    (
        "Unable to load any of {libcudnn_ops.so.9.1.0, libcudnn_ops.so.9.1, libcudnn_ops.so.9, libcudnn_ops.so}",
        K.LIBRARY_NOT_FOUND,
        {"library": "libcudnn_ops.so.9"},
    ),
    (
        "ImportError: dlopen(/x/_lib.so, 0x0006): Library not loaded: '@rpath/libomp.dylib'\n  Referenced from: '/x/_lib.so'\n  Reason: image not found",
        K.LIBRARY_NOT_FOUND,
        {"library": "@rpath/libomp.dylib", "needed_by": "/x/_lib.so", "reason": "image not found"},
    ),
    (
        "Library not loaded: @rpath/libomp.dylib\n  Referenced from: <0F0E-11> /x/libtorch_cpu.dylib\n  Reason: tried: '/x' (no such file)",
        K.LIBRARY_NOT_FOUND,
        {"library": "@rpath/libomp.dylib", "needed_by": "/x/libtorch_cpu.dylib", "reason": "tried: '/x' (no such file)"},
    ),
    (
        "ImportError: /usr/lib/libstdc++.so.6: version `GLIBCXX_3.4.29' not found (required by /e/scipy/_x.cpython-38-x86_64-linux-gnu.so)",
        K.SYMBOL_VERSION_MISSING,
        {"library": "/usr/lib/libstdc++.so.6", "version": "GLIBCXX_3.4.29", "needed_by": "/e/scipy/_x.cpython-38-x86_64-linux-gnu.so"},
    ),
    (
        "ImportError: /lib64/libc.so.6: version `GLIBC_2.27'\nnot found (required by /opt/e/torch/lib/libshm.so)",
        K.SYMBOL_VERSION_MISSING,
        {"library": "/lib64/libc.so.6", "version": "GLIBC_2.27", "needed_by": "/opt/e/torch/lib/libshm.so"},
    ),
    (
        "ImportError: libcusparse.so.12: undefined symbol: __nvJitLinkComplete_12_4, version libnvJitLink.so.12",
        K.UNDEFINED_SYMBOL,
        {"symbol": "__nvJitLinkComplete_12_4", "needed_by": "libcusparse.so.12", "library": "libnvJitLink.so.12"},
    ),
    (
        "python: symbol lookup error: /a/b/libtorch.so: undefined symbol: ncclCommRegister",
        K.UNDEFINED_SYMBOL,
        {"symbol": "ncclCommRegister", "needed_by": "/a/b/libtorch.so"},
    ),
    ("undefined symbol: ncclCommRegister", K.UNDEFINED_SYMBOL, {"symbol": "ncclCommRegister"}),
    ("It says since Monday:\nundefined symbol: cudnnBackendFinalize", K.UNDEFINED_SYMBOL, {"symbol": "cudnnBackendFinalize"}),
    (
        "ImportError: libcublas.so.11: symbol cublasLtGetStatusString, version libcublasLt.so.11 not defined in file libcublasLt.so.11 with link time reference",
        K.UNDEFINED_SYMBOL,
        {
            "symbol": "cublasLtGetStatusString",
            "needed_by": "libcublas.so.11",
            "version": "libcublasLt.so.11",
            "library": "libcublasLt.so.11",
        },
    ),
    (
        "Symbol not found: __ZNKSt3__115basic\n  Referenced from: <AB-1> /x/libtorch.dylib\n  Expected in:     <CD-2> /usr/lib/libc++.1.dylib",
        K.UNDEFINED_SYMBOL,
        {"symbol": "__ZNKSt3__115basic", "needed_by": "/x/libtorch.dylib", "library": "/usr/lib/libc++.1.dylib"},
    ),
    (
        "ImportError: Error relocating /x/_multiarray.so: __memcpy_chk: symbol not found",
        K.UNDEFINED_SYMBOL,
        {"symbol": "__memcpy_chk", "needed_by": "/x/_multiarray.so"},
    ),
    (
        "ImportError: DLL load failed while importing _C: Das angegebene Modul wurde nicht gefunden.",
        K.DLL_LOAD_FAILED,
        {"module": "_C"},
    ),
    ("ImportError: DLL load failed: The specified module could not be found.", K.DLL_LOAD_FAILED, {}),
    (
        'OSError: [WinError 127] Die Prozedur fehlt. Error loading "C:\\e\\torch\\lib\\c10_cuda.dll" or one of its dependencies.',
        K.DLL_LOAD_FAILED,
        {"code": "127", "library": "C:\\e\\torch\\lib\\c10_cuda.dll"},
    ),
    (
        'Error loading "C:\\e\\torch\\lib\\fbgemm.dll" or one of its dependencies.',
        K.DLL_LOAD_FAILED,
        {"library": "C:\\e\\torch\\lib\\fbgemm.dll"},
    ),
    ("Could not locate zlibwapi.dll. Please make sure it is in your library path!", K.DLL_LOAD_FAILED, {"library": "zlibwapi.dll"}),
    (
        "Could not load library cudnn_cnn_infer64_8.dll. Error code 126",
        K.DLL_LOAD_FAILED,
        {"library": "cudnn_cnn_infer64_8.dll", "code": "126"},
    ),
    (
        "dlopen(/o/_C.so, 0x0002): tried: '/o/_C.so' (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64'))",
        K.WRONG_ARCHITECTURE,
        {"library": "/o/_C.so", "have": "x86_64", "need": "arm64"},
    ),
    (
        "ImportError: /x/_C.so: wrong ELF class: ELFCLASS32",
        K.WRONG_ARCHITECTURE,
        {"library": "/x/_C.so", "have": "ELFCLASS32"},
    ),
]
PYTHON = [
    ("ModuleNotFoundError: No module named 'torch'", K.MODULE_NOT_FOUND, {"module": "torch"}),
    ("/usr/bin/python3: No module named pip", K.MODULE_NOT_FOUND, {"module": "pip"}),
    (
        "ImportError: cannot import name 'packaging' from 'pkg_resources' (/x/__init__.py)",
        K.IMPORT_FAILED,
        {
            "exception": "ImportError",
            "module": "pkg_resources",
            "message": "cannot import name 'packaging' from 'pkg_resources' (/x/__init__.py)",
        },
    ),
    (
        "A module that was compiled using NumPy 1.x cannot be run in\nNumPy 2.0.0 as it may crash. To support both 1.x and 2.x\nversions",
        K.ABI_MISMATCH,
        {"between": "numpy", "what": "api", "need": "1.x", "have": "2.0.0"},
    ),
    ("AttributeError: _ARRAY_API not found", K.ABI_MISMATCH, {"between": "numpy", "what": "api", "need": "1.x"}),
    (
        "RuntimeError: module compiled against ABI version 0x1000009 but this version of numpy is 0x2000000",
        K.ABI_MISMATCH,
        {"between": "numpy", "what": "api", "need": "0x1000009", "have": "0x2000000"},
    ),
    (
        "RuntimeError: module was compiled against NumPy C-API version 0x10 (NumPy 1.23) but the running NumPy has C-API version 0xf.",
        K.ABI_MISMATCH,
        {"between": "numpy", "what": "api", "need": "0x10", "have": "0xf"},
    ),
    (
        "ValueError: numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C header, got 88 from PyObject",
        K.ABI_MISMATCH,
        {"between": "numpy", "what": "size", "object": "numpy.dtype", "need": "96", "have": "88"},
    ),
    ("TypeError: Descriptors cannot not be created directly.", K.PROTOBUF_DESCRIPTORS, {}),
    ("TypeError: Descriptors cannot be created directly.", K.PROTOBUF_DESCRIPTORS, {}),
    (
        "OMP: Error #15: Initializing libiomp5.so, but found libomp.so already initialized.",
        K.DUPLICATE_RUNTIME,
        {"runtime": "openmp", "library": "libiomp5.so", "other": "libomp.so"},
    ),
    (
        "tensorflow 2.13.0 requires numpy<=1.24.3,>=1.22, but you have numpy 1.26.0 which is incompatible.",
        K.VERSION_CONFLICT,
        {"by": "tensorflow 2.13.0", "package": "numpy", "need": "<=1.24.3,>=1.22", "have": "1.26.0"},
    ),
    (
        "torchvision 0.20.1 has requirement torch==2.5.1, but you have torch 2.4.0+cu121.",
        K.VERSION_CONFLICT,
        {"by": "torchvision 0.20.1", "package": "torch", "need": "==2.5.1", "have": "2.4.0+cu121"},
    ),
    (
        "torchvision 0.20.1 requires torch==2.5.1, which is not installed.",
        K.VERSION_CONFLICT,
        {"by": "torchvision 0.20.1", "package": "torch", "need": "==2.5.1"},
    ),
    (
        "Disabling PyTorch because PyTorch >= 2.1 is required but found 1.13.1+cu117",
        K.VERSION_CONFLICT,
        {"package": "torch", "need": ">=2.1", "have": "1.13.1+cu117"},
    ),
    (
        "ImportError: tokenizers>=0.14,<0.15 is required for a normal functioning of this module, but found tokenizers==0.13.3.",
        K.VERSION_CONFLICT,
        {"package": "tokenizers", "need": ">=0.14,<0.15", "have": "0.13.3"},
    ),
    ("AttributeError: module 'torch' has no attribute 'compiler'", K.UNSUPPORTED_CALL, {"name": "torch.compiler"}),
    (
        (
            "RuntimeError: Failed to import transformers.trainer because of the following error (look up to see its traceback):\n"
            "Failed to import transformers.modeling_utils because of the following error (look up to see its traceback):\n"
            "module 'torch' has no attribute 'compiler'"
        ),
        K.UNSUPPORTED_CALL,
        {"name": "torch.compiler"},
    ),
    (
        "RuntimeError: Failed to import diffusers.x because of the following error (look up to see its\ntraceback):\nNo module named 'y.z'",
        K.MODULE_NOT_FOUND,
        {"module": "y.z"},
    ),
    (
        "because of the following error (look up to see its traceback):\ncannot import name 'autocast' from 'torch.cuda.amp' (/x.py)",
        K.IMPORT_FAILED,
        {"exception": "ImportError", "module": "torch.cuda.amp", "message": "cannot import name 'autocast' from 'torch.cuda.amp' (/x.py)"},
    ),
    (
        "ERROR: Package 'numba' requires a different Python: 3.12.1 not in '<3.12,>=3.8'",
        K.VERSION_CONFLICT,
        {"by": "numba", "package": "python", "need": "<3.12,>=3.8", "have": "3.12.1"},
    ),
]


@pytest.mark.parametrize(("text", "kind", "details"), [*LOADER, *PYTHON])
def test_a_message_becomes_one_symptom_with_its_details(text: str, kind: SymptomKind, details: dict[str, str]) -> None:
    found = parse_message(text)
    assert [(symptom.kind, symptom.details) for symptom in found] == [(kind, details)]
    assert str(found[0].code) == details["code"] if "code" in details else found[0].code is None
    assert all(line.strip() in text for line in found[0].text.split("\n"))


@pytest.mark.parametrize(
    ("line", "library"),
    [
        ("Cannot find -lcuda while Infering", "libcuda.so"),
        ("Torch compile: libcuda.so cannot found", "libcuda.so"),
    ],
)
def test_the_linkers_words_in_a_heading(line: str, library: str) -> None:
    (symptom,) = parse_message(line)
    assert (symptom.details["library"], symptom.details["reason"]) == (library, "linker")


def test_a_path_in_escaped_quotes() -> None:
    (symptom,) = parse_message(r'"message": "[WinError 126] x. Error loading \"C:\\v\\torch\\lib\\c10.dll\" or one of its dependencies."')
    assert symptom.details["library"].endswith("c10.dll")
