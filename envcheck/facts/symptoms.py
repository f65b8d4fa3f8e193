"""What programs said: an error line, a signal, a loader message, as a kind with its parsed details.

Rules see symptoms, never the text they were parsed from; `text` is kept to be shown.
"""

import enum

import msgspec


class SymptomKind(str, enum.Enum):
    """What sort of thing was said; details of each kind are listed beside it."""

    # The dynamic loader and the operating system.
    LIBRARY_NOT_FOUND = "library-not-found"  # library, needed_by?, reason?
    SYMBOL_VERSION_MISSING = "symbol-version-missing"  # library, version (GLIBCXX_3.4.29), needed_by?
    UNDEFINED_SYMBOL = "undefined-symbol"  # symbol, needed_by
    DLL_LOAD_FAILED = "dll-load-failed"  # module?, library?, code?
    WRONG_ARCHITECTURE = "wrong-architecture"  # library, have?, need?
    SIGNAL = "signal"  # signal (SIGSEGV), stage?
    NO_SPACE = "no-space"  # path?
    PERMISSION_DENIED = "permission-denied"  # path
    OUT_OF_MEMORY = "out-of-memory"  # device (cpu|cuda)
    SHARED_MEMORY_EXHAUSTED = "shared-memory-exhausted"
    # Python and its packages.
    MODULE_NOT_FOUND = "module-not-found"  # module
    IMPORT_FAILED = "import-failed"  # module?, exception, message: an import error of no finer kind
    ABI_MISMATCH = "abi-mismatch"  # between (numpy), have?, need?, module?
    DUPLICATE_RUNTIME = "duplicate-runtime"  # runtime (openmp), library?
    NO_MATCHING_DISTRIBUTION = "no-matching-distribution"  # requirement, versions?
    VERSION_CONFLICT = "version-conflict"  # package, need, have
    PROTOBUF_DESCRIPTORS = "protobuf-descriptors"
    UNSUPPORTED_CALL = "unsupported-call"  # name: an attribute or operator that this build lacks
    # Accelerators.
    CUDA_ERROR = "cuda-error"  # code?, name?
    NVML_ERROR = "nvml-error"  # code?, name?, library_version?
    DRIVER_NOT_FOUND = "driver-not-found"  # vendor
    DRIVER_TOO_OLD = "driver-too-old"  # found (11040)
    NOT_COMPILED_WITH = "not-compiled-with"  # feature (cuda), package
    ARCH_NOT_SUPPORTED = "arch-not-supported"  # device?, capability, arch_list?
    LOADED_OLDER_THAN_BUILT = "loaded-older-than-built"  # library (cudnn), loaded, built
    PROVIDER_FALLBACK = "provider-fallback"  # provider
    # Children of envcheck's own.
    TIMED_OUT = "timed-out"  # stage, seconds, stack?
    UNKILLABLE = "unkillable"  # stage
    EXITED = "exited"  # status, stage: the process ended before it could answer
    KILLED_FOR_MEMORY = "killed-for-memory"  # resident_bytes, stage


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
