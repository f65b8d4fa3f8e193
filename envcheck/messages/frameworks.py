"""What frameworks and their extensions say of how they were built, of each other, and of a device that they do without."""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern


def _plugin(_match: re.Match[str], details: Details) -> Details | None:
    details["package"] = re.sub(r"[-_.]+", "-", details["package"]).lower()
    return {**details, "need": f"=={details['need']}"}


def _binary(_match: re.Match[str], details: Details) -> Details | None:
    """The `…/libbitsandbytes_cuda118.so` that could not be loaded needs the library."""
    details["needed_by"] = re.split(r"[/\\]", details["needed_by"])[-1].rstrip(".")
    return details


PATTERNS = (
    # AssertionError: Torch not compiled with CUDA enabled
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "not compiled with CUDA enabled",
        r"(?:Torch|PyTorch)(?: was| is)? not compiled with CUDA enabled",
        {"feature": "cuda", "package": "torch"},
        subject="torch",
    ),
    # RuntimeError: Not compiled with CUDA support (torchvision, torch-scatter)    RuntimeError: Not compiled with GPU support (detectron2)
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "ot compiled with ",
        r"(?:RuntimeError|Error|XGBoostError|Exception): (?:\[[\d:]+\] )?(?:\S{1,200} )?(?:XGBoost version )?[Nn]ot compiled with "
        r"(?:CUDA|GPU) support",
        {"feature": "cuda"},
        refine=lambda match, details: {**details, "package": "xgboost", "subject": "xgboost"} if "XGBoost" in match[0] else details,
    ),
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "XGBoost version not compiled with GPU support",
        r"XGBoost version not compiled with GPU support",
        {"feature": "cuda", "package": "xgboost"},
        subject="xgboost",
    ),
    # LightGBMError: GPU Tree Learner was not enabled in this build.
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "Tree Learner was not enabled in this build",
        r"(?:CUDA|GPU) Tree Learner was not enabled in this build",
        {"feature": "cuda", "package": "lightgbm"},
        subject="lightgbm",
    ),
    # An NVIDIA GPU may be present on this machine, but a CUDA-enabled jaxlib is not installed. Falling back to cpu.
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "CUDA-enabled jaxlib is not installed",
        r"An NVIDIA GPU may be present on this machine, but a CUDA-enabled jaxlib is not installed",
        {"feature": "cuda", "package": "jaxlib"},
        subject="jax",
    ),
    # The installed version of bitsandbytes was compiled without GPU support.
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "bitsandbytes was compiled without GPU support",
        r"The installed version of bitsandbytes was compiled without GPU support",
        {"feature": "cuda", "package": "bitsandbytes"},
        subject="bitsandbytes",
    ),
    # MPS not available because the current PyTorch install was not built with MPS enabled.
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "was not built with MPS enabled",
        r"the current PyTorch install was not built with MPS enabled",
        {"feature": "mps", "package": "torch"},
        subject="torch",
    ),
    # ImportError: Extension horovod.torch has not been built.
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "Extension horovod.",
        r"Extension horovod\.(?P<feature>\w+) has not been built",
        {"package": "horovod"},
        subject="horovod",
    ),
    # ValueError: Neither MPI nor Gloo support has been built.
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "Neither MPI nor Gloo support has been built",
        r"Neither MPI nor Gloo support has been built",
        {"feature": "mpi or gloo", "package": "horovod"},
        subject="horovod",
    ),
    # RuntimeError: operator torchvision::nms does not exist
    Pattern(
        SymptomKind.UNSUPPORTED_CALL,
        " does not exist",
        r"operator (?P<name>(?P<subject>torchvision|torchaudio|torchtext)::\w+) does not exist",
        subject="torchvision",
    ),
    # NotImplementedError: Could not run 'torchvision::nms' with arguments from the 'CUDA' backend.
    Pattern(
        SymptomKind.UNSUPPORTED_CALL,
        "Could not run 'torchvision::",
        r"Could not run '(?P<name>torchvision::\w+)' with arguments from the 'CUDA' backend",
        subject="torchvision",
    ),
    # RuntimeError: Couldn't load custom C++ ops. This can happen if your PyTorch and torchvision versions are incompatible
    Pattern(
        SymptomKind.UNSUPPORTED_CALL,
        "Couldn't load custom C++ ops",
        r"Couldn't load custom C\+\+ ops\.",
        {"name": "torchvision custom C++ ops"},
        subject="torchvision",
    ),
    # RuntimeError: Detected that PyTorch and torchvision were compiled with different CUDA versions. PyTorch has CUDA Version=11.7 and
    # torchvision has …=11.6
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "were compiled with different CUDA",
        r"PyTorch and (?P<package>torchvision|torchaudio) were compiled with different CUDA (?:major )?versions\. PyTorch has CUDA "
        r"[Vv]ersion ?=? ?(?P<need>[\d.]+?)"
        r" and (?:torchvision|torchaudio) has CUDA [Vv]ersion ?=? ?(?P<have>[\d.]+?)(?=\.?\s|\.?$)",
        {"what": "cuda"},
        subject="torchvision",
    ),
    # JAX plugin jax_cuda12_plugin version 0.4.35 is installed, but it is not compatible with the installed jaxlib version 0.4.34
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "not compatible with the installed jaxlib version",
        r"JAX plugin (?P<package>[\w-]+) version (?P<have>[\w.]+) is installed, but it is not compatible with the installed jaxlib "
        r"version (?P<need>[\w.]+\w)",
        refine=_plugin,
        subject="jax",
    ),
    # Mismatched PJRT plugin PJRT API version (0.70) and framework PJRT API version 0.72
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "Mismatched PJRT plugin PJRT API version",
        r"Mismatched PJRT plugin PJRT API version \(?(?P<have>[\d.]+)\)? and framework PJRT API version \(?(?P<need>[\d.]+\d)",
        {"package": "jax-plugin"},
        refine=_plugin,
        subject="jax",
    ),
    # RuntimeError: jaxlib is version 0.4.1, but this version of jax requires version 0.4.14.
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "but this version of jax requires version ",
        r"jaxlib is version (?P<have>[\w.]+), but this version of jax requires version (?P<need>>?=? ?[\w.]+\w)",
        {"package": "jaxlib", "by": "jax"},
        refine=lambda _match, details: {**details, "need": f">={details['need'].lstrip('>= ')}"},
        subject="jax",
    ),
    # RuntimeError: jaxlib version 0.4.30 is newer than and incompatible with jax version 0.4.20.
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        " is newer than and incompatible with jax version ",
        r"jaxlib version (?P<have>[\w.]+) is newer than and incompatible with jax version (?P<need>[\w.]+\w)",
        {"package": "jaxlib", "by": "jax"},
        refine=lambda _match, details: {**details, "need": f"<={details['need']}"},
        subject="jax",
    ),
    # The MPS backend is supported on MacOS 12.3+.    MPS BFloat16 is only supported on MacOS 14 or newer
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        " supported on MacOS ",
        r"MPS (?:backend|BFloat16) is (?:only )?supported on MacOS (?P<need>\d+(?:\.\d+)?)",
        {"package": "macos"},
        refine=lambda _match, details: {**details, "need": f">={details['need']}"},
        subject="torch",
    ),
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "because the current MacOS version is not ",
        r"(?<![\"'])MPS not available because the current MacOS version is not (?P<need>[\d.]+\d)\+",
        {"package": "macos"},
        refine=lambda _match, details: {**details, "need": f">={details['need']}"},
        subject="torch",
    ),
    # Loaded runtime CuDNN library: 9.10.1 but source was compiled with: 9.13.1.
    Pattern(
        SymptomKind.LOADED_OLDER_THAN_BUILT,
        "Loaded runtime CuDNN library: ",
        r"Loaded runtime CuDNN library: (?P<loaded>[\d.]+\d) but source was compiled with: (?P<built>[\d.]+\d)",
        {"library": "cudnn"},
    ),
    # cuDNN version incompatibility: PyTorch was compiled  against (8, 5, 0) but found runtime version (8, 1, 1).
    Pattern(
        SymptomKind.LOADED_OLDER_THAN_BUILT,
        "cuDNN version incompatibility: ",
        r"cuDNN version incompatibility: PyTorch was compiled against \((?P<built>[\d,\s]{1,20})\) but found runtime version "
        r"\((?P<loaded>[\d,\s]{1,20})\)",
        {"library": "cudnn"},
        refine=lambda _match, details: {**details, **{key: re.sub(r",\s*", ".", details[key]) for key in ("built", "loaded")}},
        subject="torch",
    ),
    # UserWarning: Specified provider 'CUDAExecutionProvider' is not in available provider names.Available providers:
    # 'AzureExecutionProvider, …'
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "Specified provider '",
        r"Specified provider '(?P<provider>\w+)' is not in available provider names\.(?: ?Available providers: "
        r"'(?P<available>[\w,\s]{1,300})')?",
        subject="onnxruntime",
        lines=1,
    ),
    # [W:onnxruntime:Default, …] Failed to create CUDAExecutionProvider. Please reference https://…
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "Failed to create ",
        r"Failed to create (?P<provider>CUDAExecutionProvider|TensorrtExecutionProvider|ROCMExecutionProvider)\b",
        subject="onnxruntime",
    ),
    # No GPU/TPU found, falling back to CPU. (Set TF_CPP_MIN_LOG_LEVEL=0 and rerun for more info.)
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        " found, falling back to CPU.",
        r"No (?:GPU/TPU|GPU|TPU) found, falling back to CPU\.",
        {"provider": "gpu"},
        subject="jax",
    ),
    # RuntimeError: Unable to initialize backend 'cuda': …
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "Unable to initialize backend '",
        r"RuntimeError: Unable to initialize backend '(?P<provider>cuda|gpu|rocm)': (?P<reason>[^\n]{1,300})",
        subject="jax",
    ),
    # W tensorflow/…/gpu_device.cc:2348] Cannot dlopen some GPU libraries. Please make sure the missing libraries mentioned above are
    # installed
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "Cannot dlopen some GPU libraries",
        r"Cannot dlopen some GPU libraries\.",
        {"provider": "gpu", "reason": "libraries"},
        subject="tensorflow",
    ),
    # WARNING: No visible GPU is found, setting device to CPU.
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "No visible GPU is found, setting device to CPU",
        r"No visible GPU is found, setting device to CPU",
        {"provider": "cuda"},
        subject="xgboost",
    ),
    # CUDA SETUP: Loading binary /…/libbitsandbytes_cuda118.so...
    # libcusparse.so.11: cannot open shared object file: No such file or directory
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "CUDA SETUP: Loading binary ",
        r"CUDA SETUP: Loading binary (?P<needed_by>\S{1,400}?)(?:\.\.\.)? (?P<library>[\w.+-]+): cannot open shared object file(?:: "
        r"(?P<reason>[A-Z][\w\s]{1,60}?))?(?=\n|$)",
        refine=_binary,
        subject="bitsandbytes",
        lines=1,
    ),
    # CUDA SETUP: Required library version not found: libbitsandbytes_cuda102.so. Maybe you need to compile it from source?
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "Required library version not found: ",
        r"CUDA SETUP: Required library version not found: (?P<library>[\w.-]+\.(?:so|dll))",
        subject="bitsandbytes",
    ),
    # RuntimeError: Configured CUDA binary not found at /…/libbitsandbytes_cuda126.so
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "Configured CUDA binary not found at ",
        r"Configured (?:CUDA|ROCm) binary not found at (?P<library>\S+)",
        subject="bitsandbytes",
    ),
    # CUDA Setup failed despite GPU being available. Please run the following command to get more information
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        " failed despite GPU being available",
        r"CUDA S(?:etup|ETUP):? failed despite GPU being available",
        {"provider": "cuda"},
        subject="bitsandbytes",
    ),
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "CUDA SETUP: Defaulting to libbitsandbytes_cpu.so",
        r"CUDA SETUP: Defaulting to libbitsandbytes_cpu\.so",
        {"provider": "cuda"},
        subject="bitsandbytes",
    ),
    # Exception: Java gateway process exited before sending its port number    [JAVA_GATEWAY_EXITED] …
    Pattern(
        SymptomKind.JAVA_FAILED,
        "Java gateway process exited before sending ",
        r"Java gateway process exited before sending (?:the driver )?its port number",
        {"reason": "gateway exited"},
        subject="pyspark",
    ),
    Pattern(
        SymptomKind.JAVA_FAILED,
        "JAVA_HOME is not set",
        r"(?:^|: )JAVA_HOME is not set",
        {"reason": "JAVA_HOME is not set"},
        subject="pyspark",
    ),
    # … has been compiled by a more recent version of the Java Runtime (class file version 61.0), this version … only recognizes class
    # file versions up to 52.0
    Pattern(
        SymptomKind.JAVA_FAILED,
        "by a more recent version of the Java Runtime",
        r"by a more recent version of the Java Runtime \(class file version (?P<need>\d+)(?:\.0)?\), this version of the Java Runtime "
        r"only recognizes"
        r" class file versions up to (?P<have>\d+)",
        {"reason": "class file version"},
        refine=lambda _match, details: {**details, **{key: str(int(details[key]) - 44) for key in ("need", "have")}},
    ),
    # h2o.exceptions.H2OStartupError: Cannot find Java. Please install the latest JRE
    Pattern(SymptomKind.JAVA_FAILED, "Cannot find Java", r"H2O\w*Error: Cannot find Java", {"reason": "not found"}, subject="h2o"),
)
