"""Every family of messages that there is: its module, and the words without which none of its messages stands in a text.

A family is imported when one of its words stands in a text. Each anchor of the family has one of them in it, as it is written there;
tests/messages/test_register.py holds the two together. Rare words are the better ones: a frequent word costs an import at every text.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple

from envcheck.messages.pattern import Pattern
from envcheck.messages.vocabulary import Vocabulary


class Family(NamedTuple):
    """One table, by the name of its module in this folder; `words` as above."""

    module: str
    words: tuple[str, ...]

    def load(self) -> tuple[Pattern, ...]:
        """Its patterns."""
        return _load(self.module)


@cache
def _load(module: str) -> tuple[Pattern, ...]:
    return tuple(import_module(f"envcheck.messages.{module}").PATTERNS)


# By module, the words between bars. Where two families know the same sentence, the earlier one is asked first.
_WORDS = {
    "compilers": "could be|to find|version!|CUDA_HOME|the version|cl is|find C|xcrun:|of Cuda|is only|nvcc was|' failed:|"
    "Python.h:|find Rust|execute '|Visual|command '|Unsupported gpu|nvcc'",
    "container": "initialization error:|files on|flag:|from CDI|no runtime|device error:|nvidia-container-cli:|CDI devices|"
    "nvidia-container-runtime|nknown runtime|executable file|Insufficient|Driver was|nvidia-smi",
    "loader": "not found|not load|loading shared|find -l|Library|.dll.|any of|'GLIBC|in file|(or one|open CUDA|"
    "to dlopen|version `|ELF header|not locate|relocating|library -l|Redistributable|class:|DLL load|or one|"
    "failed to open|(have|TLS block|[WinError|Could not find|object file|symbol",
    "damaged_files": "too short|past end|file data|no loadable",
    "preload": "LD_PRELOAD cannot|free invalid",
    "python": "NumPy|is required|Keras|to at|Numpy is|VersionConflict:|size,|against A|_ARRAY_API|Python path|"
    "which is not|directly|changed,|Error #15:|but you|' has|No module|ImportError:|traceback):",
    "removed_names": "removed|keyword|use_2to3|use '",
    "frameworks": "compiled|enabled|support has|to CPU|operator|MacOS|CuDNN|on macOS|Frameworks:|jax requires|Could not run|"
    "the installed|C++ ops|with jax|horovod.|PJRT API|not exist|object has|'_OpNamespace'|backend '|"
    "cuDNN version |some GPU",
    "bitsandbytes": "bitsandbytes|SETUP|found!|main CUDA|despite|path is|iterable|happened|detection|your path|Configured|"
    "version 00|'str2optimizer|VERSION MISMATCH|Required library|cannot open",
    "onnx_runtime": 'provider|set but|Failed to create|loading "|is missing',
    "cuda": "CUDA driver|invalid|supported|CUDA-capable|unknown error|encountered|too old|is of|a PTX|the MPS|"
    "appear to|condition:|Ignoring|CDI devices|select|cudaGetDeviceCount()|initialization error|unspecified|"
    "ERROR (|drivers|rocBLAS|image is|CUDA_ERROR_|not yet|capability sm_|No HIP|read-write|"
    "hipErrorNoBinaryForGpu|Found no|GPUs are",
    "cuda_programs": "failure|error at|error ==|get device|UNKNOWN_ERROR|cuInit failed|Call to cu|cudaGetDeviceCount returned|cuInit",
    "intel": "XPU device|Native|XPU out|for xpu|selector|with XPU|device of|backend failed|ZE_RESULT_ERROR_|"
    "_ERROR_DEVICE_NOT_FOUND|_ERROR_OUT_OF_",
    "jax": "'METAL':|plugin is|initialize:|JAX was|'GpuAllocatorConfig'|Exception when|function arguments|Unable to load",
    "apple": "type at|with MPS|attribute 'mps'|for mps|backend out",
    "nccl": "Mismatched NCCL|undefined symbol",
    "nvml": "NVRM:|insert|has failed|magic|FATAL:|kernel:|headers|load the|unsigned|disagrees|Loading of|NVMLError_|"
    "driver is not|NVML/RM|match DSO|ERROR_LIB_RM_VERSION_MISMATCH|couldn|handle for|No devices|river/library|NVML:|"
    "nvidia-smi|nvidia-docker",
    "rocm": "amdgpu|/dev/kfd|group|is NOT|atomics|kfd not|timeout,|GPU init|hsa_init|Exception by|ROCm-capable|"
    "/dev/dri/renderD|hipErrorNoDevice|HSA_STATUS_ERROR_OUT_OF_RESOURCES|sudo|root",
    "kernel_log": "installed in|sleep|fabric|NVRM:|fallen|failed!|hibernation|open kernel|Failed to start|rm_init_adapter|"
    "more than|PM: suspend",
    "memory": "memory|event|OOM when|capacity;|OOMKilled|[Errno 12]|Unable to allocate|RESOURCE_EXHAUSTED:|"
    "DefaultCPUAllocator:|_STATUS_ALLOC_FAILED|CUDA_ERROR_OUT_OF_MEMORY|1455]",
    "notebooks": "imported|use updated",
    "windows_paths": "Filename|Long Path|[WinError 206]|2] No",
    "elsewhere": "Loss is|of tensor|gated|shape|the same|quota|Given|by an|Client|type (|layer:|in its|Trying|scalar|"
    "listed|bounds.|Error(s)|operands|connect to|contains NaN|CUDA_ERROR_ASSERT|LocalEntryNotFoundError:|"
    "HTTPSConnectionPool(host='|triggered|Assertion `|FileNotFoundError:",
    "process": "us error|space left|shared memory|signal|AVX|llegal|opcode|extend|loating|with code|died with|[Errno 13]|"
    "from shared|Windows fatal|[WinError 112]|abort|library was|Fatal|egmentation| exit code |(core|Aborted|"
    "illed|unable",
    "pip": "wheel|fetch|provides|a different|__cuda|for `|there is|broken by|you require|would require|"
    "candidates for|current Python|CondaHTTPError:|python[version='|PackagesNotFoundError:|__glibc|satisfies|"
    "No matching|torch-0.1|'tools.nnwrap'|name=",
    "java": "'java'|java: |JAVA_HOME|Java Runtime|Unsupported|gateway|java is|find Java|getSubject|FindException|StorageUtils$|"
    "system version|JAVA_GATEWAY_EXITED|java.nio.DirectByteBuffer.<init>(long",
    "sleep": "suspen|wak|woke|resume|leaving|standby|hibernat| idle|sleep|left |lid",
    "tensorflow": "Addons|in flat|to True,|loading CUDA|TensorFlow Versions|Probability",
    "torch_devices": "mixed|found!|has: []|Unsloth|used on|not able|is needed|unavailable,|CUDAAccelerator|CUDA '|on a CUDA",
    "torch_extensions": "xFormers|'triton.|a working",
}
FAMILIES = tuple(Family(module, tuple(words.split("|"))) for module, words in _WORDS.items())


def patterns_for(flat: str, vocabulary: Vocabulary | None = None) -> Iterator[Pattern]:
    """Those of the families that may have a message in a text in one line; `vocabulary` is the text's own."""
    for family in FAMILIES:
        if any((vocabulary is None or vocabulary.may_have(word)) and word in flat for word in family.words):
            yield from family.load()
