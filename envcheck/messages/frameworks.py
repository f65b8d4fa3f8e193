"""What frameworks and their extensions say of how they were built, of each other, and of a device that they do without."""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import SENTENCE, Details, Pattern


def _plugin(_match: re.Match[str], details: Details) -> Details | None:
    details["package"] = re.sub(r"[-_.]+", "-", details["package"]).lower()
    return {**details, "need": f"=={details['need']}"}


def _boxes(_match: re.Match[str], details: Details) -> Details | None:
    """Of Horovod's own table only a group counts in which nothing is ticked: nobody needs all of it."""
    boxes = {group: details.pop(group) for group in ("frameworks", "controllers")}
    empty = [group for group, listed in boxes.items() if "x" not in re.sub(r"\][^\[]*", "]", listed).lower()]
    feature = {"frameworks": "any framework", "controllers": "mpi or gloo"}
    return {**details, "feature": feature[empty[0]]} if empty else None


PATTERNS = (
    # AssertionError: Torch not compiled with CUDA enabled
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "not compiled with CUDA enabled",
        r"(?:Torch|PyTorch)(?: was| is)? not compiled with CUDA enabled",
        {"feature": "cuda", "package": "torch"},
        subject="torch",
    ),
    # The same as people repeat it: "Torch not being compiled with CUDA enabled", "torch has not been compiled with CUDA support"
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        " compiled with CUDA ",
        r"\b(?:[Tt]orch|TORCH|[Pp]y[Tt]orch)(?: was| is| has)? not(?: being| been)? compiled with CUDA (?:enabled|support)",
        {"feature": "cuda", "package": "torch", "restated": "yes"},
        subject="torch",
        generic=True,
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
    # XGBoostError: […] XGBoost version not compiled with GPU support.    WARNING: …/context.cc:196: XGBoost is not compiled with …
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        " not compiled with ",
        r"XGBoost (?:version|is) not compiled with (?:GPU|CUDA) support",
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
        "-enabled jaxlib is not installed",
        r"(?i:An NVIDIA GPU may be present on this machine, but a CUDA-enabled jaxlib is not installed(?!\. Falling back to (?!cpu)))",
        {"feature": "cuda", "package": "jaxlib"},
        subject="jax",
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
    # ValueError: MPI support has not been built.  If this is not expected, reinstall Horovod with HOROVOD_WITH_MPI=1 to debug the build
    # ValueError: Gloo support has not been built.  If this is not expected, ensure CMake is installed and reinstall Horovod with …
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        " support has not been built. ",
        r"(?P<feature>MPI|Gloo|NCCL) support has not been built\. ?If this is not expected, (?:ensure CMake is installed and )?"
        r"reinstall Horovod",
        {"package": "horovod"},
        refine=lambda _match, details: {**details, "feature": details["feature"].lower()},
        subject="horovod",
    ),
    # Available Frameworks:↵ [ ] TensorFlow↵ [ ] PyTorch↵ … ↵Available Controllers:↵ [ ] MPI↵ [ ] Gloo    (horovodrun --check-build)
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "Available Frameworks:",
        r"Available Frameworks: (?P<frameworks>(?:\[[ Xx]?\] ?\w+ ?){2,6})"
        r"Available Controllers: (?P<controllers>(?:\[[ Xx]?\] ?\w+ ?){1,4})",
        {"package": "horovod"},
        refine=_boxes,
        subject="horovod",
        lines=14,
    ),
    # RuntimeError: operator torchvision::nms does not exist    RuntimeError: No such operator torchvision::nms    (the older torch)
    Pattern(
        SymptomKind.UNSUPPORTED_CALL,
        " does not exist",
        r"operator (?P<name>(?P<subject>torchvision|torchaudio|torchtext)::\w+) does not exist",
        subject="torchvision",
    ),
    Pattern(
        SymptomKind.UNSUPPORTED_CALL,
        "No such operator ",
        r"No such operator (?P<name>(?P<subject>torchvision|torchaudio|torchtext)::\w+)",
        subject="torchvision",
    ),
    # ValueError: Could not find the operator torchvision::nms. Please make sure you have already registered the operator and …
    Pattern(
        SymptomKind.UNSUPPORTED_CALL,
        "Could not find the operator ",
        r"Could not find the operator (?P<name>(?P<subject>torchvision|torchaudio|torchtext)::\w+)",
        subject="torchvision",
    ),
    # RuntimeError:↵object has no attribute nms:↵  File "…/torchvision/ops/boxes.py", line 40    (torch's compiler of scripts, up to 1.7)
    Pattern(
        SymptomKind.UNSUPPORTED_CALL,
        "object has no attribute ",
        r"object has no attribute (?P<operator>nms|roi_align|roi_pool|ps_roi_align|deform_conv2d|_new_empty_tensor_op):"
        r" File \"[^\"\n]{0,300}torchvision[/\\]ops[/\\]",
        refine=lambda _match, details: {"name": f"torchvision::{details['operator']}"},
        subject="torchvision",
        lines=1,
    ),
    # AttributeError: '_OpNamespace' 'torchvision' object has no attribute 'nms'
    Pattern(
        SymptomKind.UNSUPPORTED_CALL,
        "'_OpNamespace' ",
        r"'_OpNamespace' '(?P<subject>torchvision|torchaudio|torchtext)' object has no attribute '(?P<operator>\w+)'",
        refine=lambda match, details: {"subject": details["subject"], "name": f"{match['subject']}::{match['operator']}"},
        subject="torchvision",
    ),
    # NotImplementedError: Could not run 'torchvision::nms' with arguments from the 'CUDA' backend.
    Pattern(
        SymptomKind.UNSUPPORTED_CALL,
        "Could not run 'torchvision::",
        r"Could not run '(?P<name>torchvision::\w+)'(?: with arguments from the '(?P<backend>\w+)' backend)?",
        refine=lambda _match, details: details if details.pop("backend", "CUDA") == "CUDA" else None,
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
    # The MPS backend is supported on MacOS 12.3+.    MPS BFloat16 is only supported on MacOS 14 or newer    (macOS, from torch 2.9 on)
    *(
        Pattern(
            SymptomKind.VERSION_CONFLICT,
            f" supported on {system} ",
            rf"MPS (?:backend|BFloat16) is (?:only )?supported on {system} (?P<need>\d+(?:\.\d+)?)",
            {"package": "macos"},
            refine=lambda _match, details: {**details, "need": f">={details['need']}"},
            subject="torch",
        )
        for system in ("MacOS", "macOS")
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
    # Loaded runtime CuDNN library: 7301 (compatibility version 7300) but source was compiled with 7003 (compatibility version 7000).
    Pattern(
        SymptomKind.LOADED_OLDER_THAN_BUILT,
        "Loaded runtime CuDNN library: ",
        r"Loaded runtime CuDNN library: (?P<loaded>[\d.]+\d)(?: \(compatibility version \d{1,6}\))? but source was compiled with:? "
        r"(?P<built>[\d.]+\d)",
        {"library": "cudnn"},
    ),
    # cuDNN version incompatibility: PyTorch was compiled  against (8, 5, 0) but found runtime version (8, 1, 1).
    # Before 1.12: cuDNN version mismatch: PyTorch was compiled against 7501 but linked against 7401    ((8, 3, 2) from 1.10 on)
    Pattern(
        SymptomKind.LOADED_OLDER_THAN_BUILT,
        "cuDNN version ",
        r"cuDNN version (?:incompatibility|mismatch): PyTorch was compiled against \(?(?P<built>\d{1,6}(?:, ?\d{1,3}){0,3})\)? but "
        r"(?:found runtime version|linked against) \(?(?P<loaded>\d{1,6}(?:, ?\d{1,3}){0,3})\)?"
        r"(?:[^\n]{0,300}? your (?P<by>LD_LIBRARY_PATH) contains incompatible version)?",
        {"library": "cudnn"},
        refine=lambda _match, details: {**details, **{key: re.sub(r",\s*", ".", details[key]) for key in ("built", "loaded")}},
        subject="torch",
    ),
    # [enforce fail at common_cudnn.h:108] … cuDNN compiled (7102) and runtime (7005) versions mismatch
    Pattern(
        SymptomKind.LOADED_OLDER_THAN_BUILT,
        "cuDNN compiled (",
        r"cuDNN compiled \((?P<built>\d{4,6})\) and runtime \((?P<loaded>\d{4,6})\) versions mismatch",
        {"library": "cudnn"},
        subject="caffe2",
    ),
    # No GPU/TPU found, falling back to CPU. (Set TF_CPP_MIN_LOG_LEVEL=0 and rerun for more info.)
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        " found, falling back to CPU",
        r"No (?:GPU/TPU|GPU|TPU) found, falling back to CPU\b",
        {"provider": "gpu"},
        subject="jax",
    ),
    # RuntimeError: Unable to initialize backend 'cuda': …
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        "Unable to initialize backend '",
        rf"{SENTENCE}Unable to initialize backend '(?P<provider>cuda|gpu|rocm)': (?P<reason>[^\n]{{1,300}})",
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
)
