"""What programs, schedulers and the kernel say when memory runs out, of a GPU or of the machine, with the sizes that they tell."""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern
from envcheck.parsers.text.sizes import parse_size

_SIZE = r"[\d.]{1,12} ?[KMGT]?i?B"
_BYTES = ("requested", "total", "free", "own", "allocated", "reserved")
_GPU = {"device": "cuda"}


def _sizes(_match: re.Match[str], details: Details) -> Details | None:
    """In bytes; what a process has itself is what it allocated and reserved, where no number of its own is told."""
    for name in _BYTES:
        size = parse_size(re.sub(r"\s+", " ", details[name])) if name in details else None
        if size is None:
            details.pop(name, None)
        else:
            details[name] = str(size)
    allocated, reserved = int(details.pop("allocated", "0")), int(details.pop("reserved", "0"))
    if "own" not in details and allocated:
        details["own"] = str(allocated + reserved)
    return details


def _free_share(_match: re.Match[str], details: Details) -> Details | None:
    """`(3.25/23.43 GiB)` of vLLM's start, when it has nothing itself yet."""
    for name in ("free", "total"):
        details[name] = f"{details[name]} GiB"
    return _sizes(_match, {**details, "own": "0 B"})


PATTERNS = (
    # torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.95 GiB. GPU 0 has a total capacity of 14.75 GiB of which 1.66 GiB is
    # free. Process 414660 has 13.09 GiB memory in use. Of the allocated memory 10.09 GiB is allocated by PyTorch, and 1.92 GiB is reserved
    Pattern(
        SymptomKind.OUT_OF_MEMORY,
        " out of memory. Tried to allocate",
        rf"(?:CUDA|HIP) out of memory\. Tried to allocate(?: (?P<requested>{_SIZE})\.? GPU (?P<index>\d+) has a total capac\w+ of "
        rf"(?P<total>{_SIZE}) of which (?P<free>{_SIZE}) is free\.(?: (?:Process \d+ has {_SIZE} memory in use\.? ?){{0,32}}(?:Including "
        rf"non-PyTorch memory, this process has (?P<own>{_SIZE}) memory in use\.? ?)?(?:Process \d+ has {_SIZE} memory in use\.? ?){{0,32}}"
        rf"(?:[\d.]{{1,12}} [KMGT]iB allowed; )?(?:Of the allocated memory (?P<allocated>{_SIZE}) is allocated by PyTorch, "
        rf"(?:with [^\n]{{1,60}} allocated in private pools[^\n,]{{0,40}}, )?and (?P<reserved>{_SIZE}) is reserved)?)?)?",
        _GPU,
        refine=_sizes,
        subject="torch",
        lines=6,
    ),
    # RuntimeError: CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 7.79 GiB total capacity; 5.1 GiB already allocated; 17.2 MiB
    # free; 5.3 GiB reserved in total by PyTorch)
    Pattern(
        SymptomKind.OUT_OF_MEMORY,
        " total capacity; ",
        rf"(?:CUDA|HIP) out of memory\. Tried to allocate (?P<requested>{_SIZE}) \(GPU (?P<index>\d+); (?P<total>{_SIZE}) total capacity; "
        rf"{_SIZE} already allocated; (?P<free>{_SIZE}) free; (?P<own>{_SIZE}) (?:reserved in total by PyTorch|cached)",
        _GPU,
        refine=_sizes,
        subject="torch",
        lines=2,
    ),
    Pattern(
        SymptomKind.OUT_OF_MEMORY,
        "out of memory",
        r"(?:CUDA|cuda runtime|GPU) [Ee]rror(?: \(2\))?(?: 2)? ?: out of memory",
        _GPU,
    ),
    Pattern(SymptomKind.OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", r"CUDA_ERROR_OUT_OF_MEMORY: out of memory", _GPU),
    # XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 17179869184 bytes.
    Pattern(
        SymptomKind.OUT_OF_MEMORY,
        "RESOURCE_EXHAUSTED: ",
        r"RESOURCE_EXHAUSTED: (?:XLA:TPU compile permanent error\. )?(?:Out of memory (?:while trying to )?allocat\w+ |Failed to allocate "
        r"request for )(?P<requested>[\d.]{1,16} ?(?:[KMGT]?i?B|bytes))?",
        _GPU,
        refine=_sizes,
        subject="jax",
    ),
    # tensorflow.python.framework.errors_impl.ResourceExhaustedError: OOM when allocating tensor with shape[64,512,28,28] and type float on
    Pattern(
        SymptomKind.OUT_OF_MEMORY,
        "OOM when allocating tensor with shape",
        r"OOM when allocating tensor with shape\s?\[[\d,]{1,80}\](?: and type \w+ on \S{0,80}?device:(?P<where>[CG]PU))?",
        _GPU,
        refine=lambda _match, details: {"device": "cpu" if details.get("where") == "CPU" else "cuda"},
        subject="tensorflow",
    ),
    # RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`
    Pattern(
        SymptomKind.OUT_OF_MEMORY,
        "_STATUS_ALLOC_FAILED",
        r"(?:CUDA|cuDNN|cublas)\w* [Ee]rror: (?:CUBLAS|CUDNN)_STATUS_ALLOC_FAILED",
        {**_GPU, "reason": "a library had no room for its workspace"},
    ),
    # ValueError: Free memory on device cuda:0 (3.25/23.43 GiB) on startup is less than desired GPU memory utilization (0.9, 21.09 GiB).
    Pattern(
        SymptomKind.OUT_OF_MEMORY,
        "Free memory on device ",
        r"Free memory on device (?:cuda:(?P<index>\d+) )?\((?P<free>[\d.]{1,10})/(?P<total>[\d.]{1,10}) GiB\) on startup is less than "
        r"desired GPU memory utilization \([\d.]{1,6}, (?P<requested>[\d.]{1,10} GiB)\)",
        _GPU,
        refine=_free_share,
        subject="vllm",
        lines=2,
    ),
    # ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.
    Pattern(
        SymptomKind.OUT_OF_MEMORY,
        "No available memory for the cache blocks",
        r"No available memory for the cache blocks",
        {**_GPU, "reason": "the model leaves no room for the cache"},
        subject="vllm",
    ),
    # slurmstepd: error: Detected 1 oom_kill event in StepId=45791123.batch. Some of the step tasks have been OOM Killed.
    Pattern(
        SymptomKind.OUT_OF_MEMORY,
        " oom_kill event",
        r"Detected \d+ oom[_-]kill events? in ",
        {"device": "cpu", "reason": "the job's limit"},
        subject="slurm",
    ),
    # Memory cgroup out of memory: Killed process 4242 (python3) total-vm:…    Out of memory: Killed process …
    Pattern(
        SymptomKind.OUT_OF_MEMORY,
        "ut of memory: Kill",
        r"(?P<reason>[Mm]emory cgroup o|O)ut of memory: Kill(?:ed)? process \d+ \((?P<process>[^)\n]{1,40})\)",
        {"device": "cpu"},
        refine=lambda match, details: {
            **{name: value for name, value in details.items() if name != "reason"},
            **({"reason": "the limit of the container or job"} if "cgroup" in match[0] else {}),
        },
        subject="kernel",
    ),
    #     Reason:       OOMKilled    "OOMKilled": true
    Pattern(
        SymptomKind.OUT_OF_MEMORY,
        "OOMKilled",
        r"(?:Reason: ?OOMKilled|\"OOMKilled\": ?true)",
        {"device": "cpu", "reason": "the limit of the container"},
    ),
    Pattern(
        SymptomKind.OUT_OF_MEMORY,
        "DefaultCPUAllocator: ",
        r"DefaultCPUAllocator: (?:can't allocate memory|not enough memory)",
        {"device": "cpu"},
        subject="torch",
    ),
    # numpy.core._exceptions._ArrayMemoryError: Unable to allocate 14.9 GiB for an array with shape (200000, 10000) and data type float64
    Pattern(
        SymptomKind.OUT_OF_MEMORY,
        "Unable to allocate ",
        rf"MemoryError: Unable to allocate (?P<requested>{_SIZE}) for an array with shape",
        {"device": "cpu"},
        refine=_sizes,
        subject="numpy",
    ),
    Pattern(SymptomKind.OUT_OF_MEMORY, "[Errno 12] ", r"\[Errno 12\] Cannot allocate memory", {"device": "cpu"}),
    # OSError: [WinError 1455] The paging file is too small for this operation. Error loading "C:\…\torch\lib\cudnn64_8.dll" or …
    Pattern(
        SymptomKind.OUT_OF_MEMORY,
        "[WinError 1455]",
        r"\[WinError 1455\](?:[^\n]{0,400}?Error loading \"(?P<library>[^\"\n]{1,400})\")?",
        {"device": "cpu", "reason": "paging file", "code": "1455"},
    ),
)
