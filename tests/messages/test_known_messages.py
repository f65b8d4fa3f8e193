"""Every sentence that CUDA, a driver, a framework, a shell or pip is known to say, in its own words, against the kind and the details that rules rely upon."""
# ruff: noqa: E501 - what programs print stands as they print it

import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages import parse_message

K = SymptomKind
CUDA = [
    (
        "RuntimeError: CUDA error: no kernel image is available for execution on the device\nCUDA kernel errors might be",
        K.CUDA_ERROR,
        {"code": "209", "name": "cudaErrorNoKernelImageForDevice"},
    ),
    (
        "UserWarning: CUDA initialization: CUDA unknown error - this may be due to an incorrectly set up environment, e.g. changing",
        K.CUDA_ERROR,
        {"code": "999", "name": "cudaErrorUnknown"},
    ),
    (
        (
            "Unexpected error from cudaGetDeviceCount(). Did you run some cuda functions before calling NumCudaDevices() that might have already"
            " set an error? Error 802: system not yet initialized (Triggered internally at ../c10/cuda/CUDAFunctions.cpp:108.)"
        ),
        K.CUDA_ERROR,
        {"code": "802", "name": "cudaErrorSystemNotReady"},
    ),
    (
        "RuntimeError: CUDA error: system has unsupported display driver / cuda driver combination",
        K.CUDA_ERROR,
        {"code": "803", "name": "cudaErrorSystemDriverMismatch"},
    ),
    (
        "Error 804: forward compatibility was attempted on non supported HW",
        K.CUDA_ERROR,
        {"code": "804", "name": "cudaErrorCompatNotSupportedOnDevice"},
    ),
    ("RuntimeError: No CUDA GPUs are available", K.CUDA_ERROR, {"code": "100", "name": "cudaErrorNoDevice"}),
    (
        "failed call to cuInit: CUDA_ERROR_UNKNOWN: unknown error",
        K.CUDA_ERROR,
        {"code": "999", "name": "cudaErrorUnknown"},
    ),
    ("failed call to cuInit: UNKNOWN ERROR (303)", K.CUDA_ERROR, {"code": "303"}),
    (
        "cudaGetDeviceCount returned 35\n-> CUDA driver version is insufficient for CUDA runtime version",
        K.CUDA_ERROR,
        {"code": "35", "name": "cudaErrorInsufficientDriver"},
    ),
    ("RuntimeError: CUDA error: out of memory", K.OUT_OF_MEMORY, {"device": "cuda"}),
    ("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.", K.OUT_OF_MEMORY, {"device": "cuda"}),
    ("RuntimeError: Found no NVIDIA driver on your system. Please check", K.DRIVER_NOT_FOUND, {"vendor": "nvidia"}),
    ("RuntimeError: The NVIDIA driver on your system is too old (found version 11040).", K.DRIVER_TOO_OLD, {"found": "11040"}),
    (
        "nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.1, please update your driver",
        K.DRIVER_TOO_OLD,
        {"need": "cuda>=12.1"},
    ),
    (
        (
            "UserWarning: \n    NVIDIA GeForce RTX 5090 with CUDA capability sm_120 is not compatible with the current PyTorch installation.\n"
            "The current PyTorch install supports CUDA capabilities sm_50 sm_60 sm_90.\nIf you want to use the"
        ),
        K.ARCH_NOT_SUPPORTED,
        {"device": "NVIDIA GeForce RTX 5090", "capability": "12.0", "arch_list": "sm_50 sm_60 sm_90"},
    ),
    (
        (
            "Found GPU0 GeForce GTX 660 Ti which is of cuda capability 3.0.\n    PyTorch no longer supports this GPU because it is too old.\n"
            "    The minimum cuda capability supported by this library is 3.7."
        ),
        K.ARCH_NOT_SUPPORTED,
        {"device": "GeForce GTX 660 Ti", "capability": "3.0", "minimum": "3.7"},
    ),
    (
        (
            "Found GPU0 NVIDIA TITAN Xp which is of cuda capability 6.1.\n    Minimum and Maximum cuda capability supported by this version of"
            " PyTorch is\n    (7.5) - (12.0)"
        ),
        K.ARCH_NOT_SUPPORTED,
        {"device": "NVIDIA TITAN Xp", "capability": "6.1", "minimum": "7.5", "maximum": "12.0"},
    ),
    ('"hipErrorNoBinaryForGpu: Unable to find code object for all current devices!"', K.ARCH_NOT_SUPPORTED, {"backend": "rocm"}),
    (
        "rocBLAS error: Cannot read /opt/rocm/lib/TensileLibrary.dat: Illegal seek for GPU arch : gfx1031",
        K.ARCH_NOT_SUPPORTED,
        {"backend": "rocm", "capability": "gfx1031"},
    ),
    ("Unable to open /dev/kfd read-write: Permission denied", K.PERMISSION_DENIED, {"path": "/dev/kfd"}),
    ("Unable to open /dev/kfd read-write: No such file or directory", K.DEVICE_NOT_FOUND, {"path": "/dev/kfd"}),
    (
        'docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].',
        K.DEVICE_REQUEST_REFUSED,
        {"by": "docker", "reason": "gpu"},
    ),
    (
        "docker: Error response from daemon: could not select device driver with capabilities: [[gpu]].",
        K.DEVICE_REQUEST_REFUSED,
        {"by": "docker", "reason": "gpu"},
    ),
]
NVML = [
    (
        "Failed to initialize NVML: Driver/Library Version Mismatch",
        K.NVML_ERROR,
        {"code": "18", "name": "LIB_RM_VERSION_MISMATCH"},
    ),
    (
        "Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 580.173",
        K.NVML_ERROR,
        {"code": "18", "name": "LIB_RM_VERSION_MISMATCH", "library_version": "580.173"},
    ),
    ("Failed to initialize NVML: Unknown Error", K.NVML_ERROR, {"code": "999", "name": "UNKNOWN"}),
    (
        "Failed to initialize NVML: GPU access blocked by the operating system",
        K.NVML_ERROR,
        {"code": "17", "name": "OPERATING_SYSTEM"},
    ),
    (
        "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed",
        K.NVML_ERROR,
        {"code": "9", "name": "DRIVER_NOT_LOADED"},
    ),
    (
        "NVIDIA-SMI couldn't find libnvidia-ml.so library in your system. Please make sure",
        K.NVML_ERROR,
        {"code": "12", "name": "LIBRARY_NOT_FOUND"},
    ),
    ("No devices were found", K.NVML_ERROR, {"code": "6", "name": "NOT_FOUND"}),
    (
        "Unable to determine the device handle for GPU0000:08:00.0: Unknown Error",
        K.NVML_ERROR,
        {"code": "999", "name": "UNKNOWN", "device": "0000:08:00.0"},
    ),
    (
        "Unable to determine the device handle for GPU1: 0000:34:00.0: Unknown Error",
        K.NVML_ERROR,
        {"code": "999", "name": "UNKNOWN", "device": "0000:34:00.0"},
    ),
    (
        "Unable to determine the device handle for GPU 0000:CB:00.0: GPU is lost.  Reboot the system to recover this GPU",
        K.NVML_ERROR,
        {"code": "15", "name": "GPU_IS_LOST", "device": "0000:CB:00.0"},
    ),
    (
        "pynvml.NVMLError_LibRmVersionMismatch: Driver/library version mismatch",
        K.NVML_ERROR,
        {"code": "18", "name": "LIB_RM_VERSION_MISMATCH"},
    ),
    (
        "[  12.3] NVRM: API mismatch: the client has the version 550.107.02, but\n[  12.3] NVRM: this kernel module has the version 550.90.07.",
        K.NVML_ERROR,
        {"code": "18", "name": "LIB_RM_VERSION_MISMATCH", "library_version": "550.107.02", "kernel_module_version": "550.90.07"},
    ),
    (
        "modprobe: ERROR: could not insert 'nvidia': Required key not available",
        K.KERNEL_MODULE_FAILED,
        {"module": "nvidia", "reason": "Required key not available"},
    ),
    (
        "NVRM: The NVIDIA probe routine was not called for 1 device(s).",
        K.KERNEL_MODULE_FAILED,
        {"module": "nvidia", "reason": "another driver owns the device"},
    ),
]
FRAMEWORKS = [
    ("AssertionError: Torch not compiled with CUDA enabled", K.NOT_COMPILED_WITH, {"feature": "cuda", "package": "torch"}),
    (
        "xgboost.core.XGBoostError: [10:11:12] C:\\x\\tree.cc:1: Not compiled with CUDA support",
        K.NOT_COMPILED_WITH,
        {"feature": "cuda", "package": "xgboost"},
    ),
    (
        "ImportError: Extension horovod.torch has not been built.  If this is not expected,",
        K.NOT_COMPILED_WITH,
        {"feature": "torch", "package": "horovod"},
    ),
    (
        (
            "ValueError: Gloo support has not been built.  If this is not expected, ensure CMake is installed and reinstall Horovod with "
            "HOROVOD_WITH_GLOO=1 to debug the build error."
        ),
        K.NOT_COMPILED_WITH,
        {"feature": "gloo", "package": "horovod"},
    ),
    (
        "NotImplementedError: Could not run 'torchvision::nms' with arguments from the 'CUDA' backend. This could be",
        K.UNSUPPORTED_CALL,
        {"name": "torchvision::nms"},
    ),
    (
        "nvrtc: error: failed to open libnvrtc-builtins.so.11.7.",
        K.LIBRARY_NOT_FOUND,
        {"library": "libnvrtc-builtins.so.11.7"},
    ),
    *(
        (words, K.DRIVER_NOT_FOUND, {"vendor": "nvidia", "reason": "nvidia-smi is not installed"})
        for words in (
            'Der Befehl "nvidia-smi" ist entweder falsch geschrieben oder\nkonnte nicht gefunden werden.',
            "'nvidia-smi' n'est pas reconnu en tant que commande interne",
            "'nvidia-smi' 不是内部或外部命令，也不是可运行的程序",  # noqa: RUF001 - as Windows prints it
            "bash: nvidia-smi: Kommando nicht gefunden.",
            "bash: nvidia-smi : commande introuvable",
            "nvidia-smi: orden no encontrada",
            "Befehl »nvidia-smi« nicht gefunden, kann aber installiert werden mit:",
        )
    ),
    ("bash: nvidia-smi: command not found", K.DRIVER_NOT_FOUND, {"vendor": "nvidia", "reason": "nvidia-smi is not installed"}),
    ("RuntimeError: operator torchvision::nms does not exist", K.UNSUPPORTED_CALL, {"name": "torchvision::nms"}),
    ("RuntimeError: No such operator torchvision::roi_align", K.UNSUPPORTED_CALL, {"name": "torchvision::roi_align"}),
    ("NotImplementedError: Could not run 'torchvision::nms'", K.UNSUPPORTED_CALL, {"name": "torchvision::nms"}),
    ("ValueError: Could not find the operator torchvision::nms. Please make sure", K.UNSUPPORTED_CALL, {"name": "torchvision::nms"}),
    ("AttributeError: '_OpNamespace' 'torchaudio' object has no attribute 'x'", K.UNSUPPORTED_CALL, {"name": "torchaudio::x"}),
    (
        'RuntimeError:\nobject has no attribute nms:\n  File "/e/torchvision/ops/boxes.py", line 40',
        K.UNSUPPORTED_CALL,
        {"name": "torchvision::nms"},
    ),
    (
        "RuntimeError: cuDNN version mismatch: PyTorch was compiled against 7102 but linked against 7600",
        K.LOADED_OLDER_THAN_BUILT,
        {"built": "7102", "loaded": "7600", "library": "cudnn"},
    ),
    (
        "RuntimeError: cuDNN version incompatibility: PyTorch was compiled against (8, 3, 2) but linked against (8, 0, 3)",
        K.LOADED_OLDER_THAN_BUILT,
        {"built": "8.3.2", "loaded": "8.0.3", "library": "cudnn"},
    ),
    (
        "[enforce fail at common_cudnn.h:108] version_match. cuDNN compiled (7102) and runtime (7005) versions mismatch",
        K.LOADED_OLDER_THAN_BUILT,
        {"built": "7102", "loaded": "7005", "library": "cudnn"},
    ),
    (
        "ImportError: DLL load failed while importing _ext: The specified procedure could not be found.",
        K.DLL_LOAD_FAILED,
        {"module": "_ext", "code": "127"},
    ),
    (
        "Required library version not found: libbitsandbytes_cuda124_nocublaslt.so",
        K.LIBRARY_NOT_FOUND,
        {"library": "libbitsandbytes_cuda124_nocublaslt.so"},
    ),
    (
        "GeForce RTX 3080 with CUDA capability sm_86 is not compatible with the\ncurrent PyTorch installation.",
        K.ARCH_NOT_SUPPORTED,
        {"device": "GeForce RTX 3080", "capability": "8.6"},
    ),
    (
        (
            "Cuda extensions are being compiled with a version of Cuda that does not match the version used to compile Pytorch binaries.\n"
            "Pytorch binaries were compiled with Cuda 10.2."
        ),
        K.VERSION_CONFLICT,
        {"package": "cuda", "what": "toolkit", "need": "10.2", "by": "torch"},
    ),
    (
        "Torch not being compiled with CUDA enabled",
        K.NOT_COMPILED_WITH,
        {"feature": "cuda", "package": "torch", "restated": "yes"},
    ),
    (
        "Loaded runtime CuDNN library: 9.10.1 but source was compiled with: 9.13.1.  CuDNN library needs to have matching major version",
        K.LOADED_OLDER_THAN_BUILT,
        {"library": "cudnn", "loaded": "9.10.1", "built": "9.13.1"},
    ),
    (
        "RuntimeError: cuDNN version incompatibility: PyTorch was compiled  against (8, 5, 0) but found runtime version (8, 1, 1).",
        K.LOADED_OLDER_THAN_BUILT,
        {"library": "cudnn", "loaded": "8.1.1", "built": "8.5.0"},
    ),
    (
        "Specified provider 'CUDAExecutionProvider' is not in available provider names.Available providers: 'CPUExecutionProvider'",
        K.PROVIDER_FALLBACK,
        {"provider": "CUDAExecutionProvider", "available": "CPUExecutionProvider"},
    ),
    (
        "JAX plugin jax_cuda12_plugin version 0.4.35 is installed, but it is not compatible with the installed jaxlib version 0.4.34, so",
        K.VERSION_CONFLICT,
        {"package": "jax-cuda12-plugin", "have": "0.4.35", "need": "==0.4.34"},
    ),
    (
        (
            "(class file version 61.0) has been compiled by a more recent version of the Java Runtime (class file version 61.0), this version of"
            " the Java Runtime only recognizes class file versions up to 52.0"
        ),
        K.JAVA_FAILED,
        {"reason": "class file version", "need": "17", "have": "8"},
    ),
]
PROCESS = [
    ("Segmentation fault (core dumped)", K.SIGNAL, {"signal": "SIGSEGV"}),
    ("Killed", K.SIGNAL, {"signal": "SIGKILL"}),
    ("zsh: illegal hardware instruction  python -c 'import tensorflow'", K.SIGNAL, {"signal": "SIGILL"}),
    ("[1]    4242 segmentation fault  python3 x.py", K.SIGNAL, {"signal": "SIGSEGV"}),
    ("./run.sh: line 3: 12345 Killed                  python train.py", K.SIGNAL, {"signal": "SIGKILL"}),
    ("Process finished with exit code 139 (interrupted by signal 11: SIGSEGV)", K.SIGNAL, {"signal": "SIGSEGV"}),
    ("Process finished with exit code -1073741795 (0xC000001D)", K.SIGNAL, {"signal": "SIGILL"}),
    ("Fatal Python error: Illegal instruction", K.SIGNAL, {"signal": "SIGILL"}),
    ("job terminated by signal SIGILL (Illegal instruction)", K.SIGNAL, {"signal": "SIGILL"}),
    ("DataLoader worker (pid 47) is killed by signal: Killed.", K.SIGNAL, {"signal": "SIGKILL", "process": "DataLoader worker"}),
    (
        "RuntimeError: DataLoader worker (pid 47) is killed by signal: Bus error. It is possible that dataloader's",
        K.SHARED_MEMORY_EXHAUSTED,
        {"signal": "SIGBUS"},
    ),
    (
        "unable to open shared memory object </torch_29_1> in read-write mode: No space left on device (28)",
        K.SHARED_MEMORY_EXHAUSTED,
        {"path": "/torch_29_1"},
    ),
    (
        "RuntimeError: unable to allocate shared memory(shm) for file </torch_41_2093857264_8>: No space left on device (28)",
        K.SHARED_MEMORY_EXHAUSTED,
        {"path": "/torch_41_2093857264_8"},
    ),
    (
        "ERROR: Unexpected bus error encountered in worker. This might be caused by insufficient shared memory (shm).",
        K.SHARED_MEMORY_EXHAUSTED,
        {"signal": "SIGBUS"},
    ),
    ("OSError: [Errno 28] No space left on device: '/tmp/x.whl'", K.NO_SPACE, {"path": "/tmp/x.whl"}),
    ("PermissionError: [Errno 13] Permission denied: '/usr/lib/x'", K.PERMISSION_DENIED, {"path": "/usr/lib/x"}),
    (
        "The TensorFlow library was compiled to use AVX2 instructions, but these aren't available on your machine.",
        K.ARCH_NOT_SUPPORTED,
        {"device": "cpu", "capability": "avx2"},
    ),
]
PIP = [
    (
        (
            "ERROR: Could not find a version that satisfies the requirement torch==1.13.1 (from versions: 2.0.0, 2.0.1)\n"
            "ERROR: No matching distribution found for torch==1.13.1"
        ),
        K.NO_MATCHING_DISTRIBUTION,
        {"requirement": "torch==1.13.1", "versions": "2.0.0, 2.0.1"},
    ),
    (
        "ERROR: Could not find a version that satisfies the requirement triton==2.0.0 (from torch) (from versions: none)",
        K.NO_MATCHING_DISTRIBUTION,
        {"requirement": "triton==2.0.0", "versions": "none"},
    ),
    (
        "ERROR: torch-1.7.0-cp37-cp37m-win_amd64.whl is not a supported wheel on this platform.",
        K.NO_MATCHING_DISTRIBUTION,
        {"requirement": "torch-1.7.0-cp37-cp37m-win_amd64.whl"},
    ),
    (
        "  Because torch==1.13.1 has no wheels with a matching Python ABI tag (e.g., `cp313`) and you require it",
        K.NO_MATCHING_DISTRIBUTION,
        {"requirement": "torch==1.13.1", "what": "abi", "have": "cp313"},
    ),
]


@pytest.mark.parametrize(("text", "kind", "details"), [*CUDA, *NVML, *FRAMEWORKS, *PROCESS, *PIP])
def test_a_message_becomes_one_symptom_with_its_details(text: str, kind: SymptomKind, details: dict[str, str]) -> None:
    found = parse_message(text)
    assert [(symptom.kind, symptom.details) for symptom in found] == [(kind, details)]
    assert str(found[0].code) == details["code"] if "code" in details else found[0].code is None
    assert all(line.strip() in text for line in found[0].text.split("\n"))


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Failed to initialize NVML: Unknown Error", "nvidia-smi"),
        ("ERROR: No matching distribution found for torch", "pip"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "pip"),
        ("OSError: [Errno 28] No space left on device", ""),
        ("W tensorflow/x/dso_loader.cc:59] Could not load dynamic library 'libcudnn.so.7'; dlerror: libcudnn.so.7: cannot open shared object file", "tensorflow"),
        ("Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.11: cannot open shared object file", "onnxruntime"),
        ("CUDA SETUP: Loading binary /d/libbitsandbytes_cuda118.so...\nlibcusparse.so.11: cannot open shared object file: No such file", "bitsandbytes"),
        ("RuntimeError: operator torchaudio::x does not exist", "torchaudio"),
        ("PyTorch >= 2.1 is required but found 1.13.1", "transformers"),
    ],
)  # fmt: skip
def test_a_message_that_names_its_program_says_who_spoke(text: str, speaker: str) -> None:
    assert parse_message(text)[0].subject == speaker


def test_a_library_of_bitsandbytes_is_said_by_it_alone() -> None:
    text = "CUDA SETUP: Loading binary /d/libbitsandbytes_cuda118.so...\nlibcusparse.so.11: cannot open shared object file: No such file or directory"
    assert [symptom.details for symptom in parse_message(text)] == [
        {"needed_by": "libbitsandbytes_cuda118.so", "library": "libcusparse.so.11", "reason": "No such file or directory"}
    ]
