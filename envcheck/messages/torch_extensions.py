"""What packages that are compiled for one torch say when they meet another one."""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern


def _built_for(_match: re.Match[str], details: Details) -> Details | None:
    """Another torch than the one it was built for; one without CUDA is a matter of torch's own build."""
    if _lacks_cuda(details):
        return None
    if "need" in details:
        details["need"] = f"=={details['need']}"
    return details


def _without_cuda(_match: re.Match[str], details: Details) -> Details | None:
    return details if _lacks_cuda(details) else None


def _lacks_cuda(details: Details) -> bool:
    return "+cu" in details.get("need", "") and "+cpu" in details.get("have", "")


_XFORMERS = (
    r"xFormers can't load C\+\+/CUDA extensions(?:\. xFormers was built for: ?PyTorch (?P<need>\d[\w.+]*)(?: with CUDA "
    r"(?P<cuda>\d{3,5}|None))? \(you have (?P<have>\d[\w.+]*)\))?"
)

PATTERNS = (
    # WARNING[XFORMERS]: xFormers can't load C++/CUDA extensions. xFormers was built for:↵    PyTorch 2.1.2+cu121 with CUDA 1201 (you have
    # 2.1.0+cu118)↵    Python  3.10.11 (you have 3.10.8)
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "xFormers can't load C++/CUDA extensions",
        _XFORMERS,
        {"package": "torch", "by": "xformers"},
        refine=_built_for,
        subject="xformers",
        lines=2,
    ),
    # … xFormers was built for:↵    PyTorch 2.1.2+cu121 with CUDA 1201 (you have 2.1.2+cpu)
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "xFormers can't load C++/CUDA extensions",
        _XFORMERS,
        {"feature": "cuda", "package": "torch"},
        refine=_without_cuda,
        subject="xformers",
        lines=2,
    ),
    # RuntimeError: Cannot find a working triton installation. Either the package is not installed or it is too old.
    Pattern(
        SymptomKind.MODULE_NOT_FOUND,
        "Cannot find a working triton installation",
        r"Cannot find a working triton installation",
        {"module": "triton"},
        subject="torch",
    ),
    # NotImplementedError: No operator found for `memory_efficient_attention_forward` with inputs: … xFormers wasn't build with CUDA support
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "xFormers wasn't build with CUDA support",
        r"xFormers wasn't build with CUDA support",
        {"feature": "cuda", "package": "xformers"},
        subject="xformers",
    ),
    # cannot import name 'AttrsDescriptor' from 'triton.compiler.compiler' (C:\…\compiler.py): logs leave out what sort of error it is
    Pattern(
        SymptomKind.IMPORT_FAILED,
        "' from 'triton.",
        r"(?P<message>cannot import name '\w{1,80}' from '(?P<module>triton[\w.]{0,120})')",
        {"exception": "ImportError"},
        subject="torch",
    ),
)
