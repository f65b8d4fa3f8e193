"""What programs said: an error line, a signal, a loader message, as a kind with its parsed details.

Rules see symptoms, never the text they were parsed from; `text` is kept to be shown.
"""

import enum

import msgspec

# `asked_by` in the details of a symptom: nobody but envcheck itself had asked.
OWN_QUESTION = "envcheck"
# `reason` of a library that a program failed to load and does not tell why: it may be there, and not fit its neighbours.
LOADED_IN_VAIN = "could not be loaded"
# In the details of a symptom that was read from files before anything was loaded: no program has said it.
PREDICTED = "predicted"


class SymptomKind(str, enum.Enum):
    """What sort of thing was said; details of each kind are listed beside it, "?" marks those that not every message has.

    Any symptom may also have `count`: how often it was said, where that was more than once in one text; and `asked_by`,
    which is "envcheck" for what a driver or its tools answered to envcheck's own question: a state, and nothing that anybody missed.
    `predicted` stands in those that nobody said yet: the file was read that says it of itself.
    """

    # The dynamic loader and the operating system.
    LIBRARY_NOT_FOUND = "library-not-found"  # library, needed_by?, lies? (its path), reason? (the loader's words; "linker", "ldd")
    SYMBOL_VERSION_MISSING = "symbol-version-missing"  # library, version (GLIBCXX_3.4.29), needed_by?
    UNDEFINED_SYMBOL = "undefined-symbol"  # symbol, needed_by?, library? (that should have it), version?, macos? (built for), newer?
    DLL_LOAD_FAILED = "dll-load-failed"  # module?, library?, code? (126, 127, 193 …)
    WRONG_ARCHITECTURE = "wrong-architecture"  # library, have?, need?
    # library (its path), reason? (absent), path?, distribution?, lost? (how many of its files): it is cut, no library at all, or gone
    FILE_DAMAGED = "file-damaged"
    PRELOAD_IGNORED = "preload-ignored"  # library; it stands in LD_PRELOAD and is not there
    ALLOCATORS_MIXED = "allocators-mixed"  # allocator (tcmalloc), which was to free what another one had given
    SIGNAL = "signal"  # signal (SIGSEGV), stage?, process?
    NO_SPACE = "no-space"  # path?
    PERMISSION_DENIED = "permission-denied"  # path
    OUT_OF_MEMORY = "out-of-memory"  # device (cpu|cuda|mps|xpu), in bytes: requested?, total?, free?, own? (the process's), reason?
    SHARED_MEMORY_EXHAUSTED = "shared-memory-exhausted"  # signal?, path?
    # Python and its packages.
    MODULE_NOT_FOUND = "module-not-found"  # module
    BUILD_MISSED_MODULE = "build-missed-module"  # module, by?: not found in the environment that an installer makes for building
    IMPORT_FAILED = "import-failed"  # module?, exception, message: an import error of no finer kind
    ABI_MISMATCH = "abi-mismatch"  # between (numpy), what (api|size), have?, need?, module?
    DUPLICATE_RUNTIME = "duplicate-runtime"  # runtime (openmp), library?, other?
    NO_MATCHING_DISTRIBUTION = (
        "no-matching-distribution"  # requirement, versions? ("2.0.0, 2.0.1" or "none"), what? (abi, platform), have?, tags?
    )
    PACKAGE_RETIRED = "package-retired"  # package, instead?: a distribution that only tells where its project goes on
    DOWNLOAD_FAILED = "download-failed"  # reason?, url?: an index could not be reached, so that what it has is not known
    VERSION_CONFLICT = "version-conflict"  # package, need? (a specifier: >=2.1), have?, by?, what? (cuda: of the builds)
    PROTOBUF_DESCRIPTORS = "protobuf-descriptors"
    UNSUPPORTED_CALL = "unsupported-call"  # name, package?, removed? (the release that took it away), instead?: what this build lacks
    JAVA_FAILED = "java-failed"  # reason?, have?, need?
    COMPILER_NOT_FOUND = "compiler-not-found"  # compiler (nvcc, msvc, cc …), path?, reason?: a build looked for it
    # packages?: an installer says that a running program keeps what it had loaded; reason? (session: it ran in one), loaded?, installed?
    RESTART_ADVISED = "restart-advised"
    PATH_TOO_LONG = "path-too-long"  # path?, by?: Windows refused a path for its length
    # What is no matter of the environment.
    PROGRAM_ERROR = "program-error"  # what (shapes, devices, types, weights, file, label, gradient, quota …), message?
    ACCESS_REFUSED = "access-refused"  # service, code? (401, 403, 404, 429), reason?: a service on the network
    # Accelerators.
    CUDA_ERROR = "cuda-error"  # code?, name? (the runtime's: cudaErrorNoDevice); 35 is also said where there is no driver at all
    NVML_ERROR = "nvml-error"  # code?, name? (LIB_RM_VERSION_MISMATCH), library_version?, device?
    DRIVER_NOT_FOUND = "driver-not-found"  # vendor, reason?, need? (cuda>=12)
    DRIVER_TOO_OLD = "driver-too-old"  # found? (11040), need? (cuda>=12.1), by? (cuda-version 12.4)
    NOT_COMPILED_WITH = "not-compiled-with"  # feature (cuda, mps, mpi, gloo, torch …), package, restated? (somebody's own words)
    ARCH_NOT_SUPPORTED = (
        "arch-not-supported"  # device?, capability? (12.0, gfx803, avx), arch_list? (sm_80 …), minimum?, maximum?, backend?
    )
    LOADED_OLDER_THAN_BUILT = "loaded-older-than-built"  # library (cudnn), loaded, built, by? (LD_LIBRARY_PATH)
    PROVIDER_FALLBACK = "provider-fallback"  # provider, available?, reason?
    DEVICE_NOT_FOUND = "device-not-found"  # path (/dev/kfd), or backend (xpu, mps, cuda: a program asked for one), reason? (checkpoint)
    XPU_ERROR = "xpu-error"  # code?, name? (UR_RESULT_ERROR_DEVICE_LOST, INVALID_SELECTOR), value?, reason?: of SYCL or Level Zero
    DEVICE_REQUEST_REFUSED = "device-request-refused"  # by (docker, …), reason?: a container engine without its GPU runtime
    KERNEL_MODULE_FAILED = "kernel-module-failed"  # module (nvidia), reason?
    GPU_XID = "gpu-xid"  # code (NVIDIA's Xid number: 79 fell off the bus), device? (its PCI address)
    GPU_START_FAILED = "gpu-start-failed"  # device? (its PCI address), reason? (the driver's codes): the module runs, a card does not start
    FABRIC_MANAGER_FAILED = "fabric-manager-failed"  # reason? (version), have?, need? (the versions of the fabric manager and the driver)
    RESUMED = "resumed"  # reason (the words: "after suspend", "PM: suspend exit"): the machine has slept in between
    # Children of envcheck's own.
    TIMED_OUT = "timed-out"  # stage, seconds, stack?
    UNKILLABLE = "unkillable"  # stage
    EXITED = "exited"  # status, stage: the process ended before it could answer
    KILLED_FOR_MEMORY = "killed-for-memory"  # resident_bytes, stage
    # Of a smoke test these and any other symptom have: test (torch@cuda:0), layer.
    WRONG_RESULT = "wrong-result"  # what, got, expected, element?, relative_error?
    SMOKE_TEST_FAILED = "smoke-test-failed"  # exception, message, frame?: an exception of no finer kind


class Symptom(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One thing that a program said.

    `subject` is the program or import package that said it; `text` at most a few lines of its own words;
    `code` its number, where it has one; `scope` is where it was said (host, container, or an environment).
    """

    kind: SymptomKind
    text: str
    subject: str = ""
    code: int | None = None
    details: dict[str, str] = {}
    scope: str = ""
    source: str = ""

    @property
    def was_asked_for(self) -> bool:
        """Whether it is the answer to a question of envcheck's own, and so no sign that anybody missed what it says is missing."""
        return self.details.get("asked_by") == OWN_QUESTION

    @property
    def was_predicted(self) -> bool:
        """Whether files let expect it, and no program has said it."""
        return PREDICTED in self.details
