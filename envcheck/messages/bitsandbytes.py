"""What bitsandbytes says when it has no binary that it can use, in all the ages of its CUDA setup.

Up to 0.41 it searched for libcudart and told each step ("CUDA SETUP: …"), up to 0.44 it went by torch's CUDA version, since then it tells
the versions that it has binaries for. What it prints on the way to a binary that works is passed over.
"""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern

_SUBJECT = "bitsandbytes"
_MISSING = r"(?P<library>[\w.+-]+): cannot open shared object file(?:: (?P<reason>No such file or directory|[A-Z][\w\s]{1,60}?))?(?=\n|$)"


def _binary(_match: re.Match[str], details: Details) -> Details | None:
    """The `…/libbitsandbytes_cuda118.so` that could not be loaded needs the library."""
    details["needed_by"] = re.split(r"[/\\]", details["needed_by"])[-1].rstrip(".")
    return details


def _fallback(reason: str, anchor: str, expression: str, lines: int = 0) -> Pattern:
    """Its own verdict, as a short word of what it lacks."""
    return Pattern(SymptomKind.PROVIDER_FALLBACK, anchor, expression, {"provider": "cuda", "reason": reason}, None, _SUBJECT, lines)


PATTERNS = (
    # CUDA SETUP: Loading binary /…/libbitsandbytes_cuda118.so...
    # libcusparse.so.11: cannot open shared object file: No such file or directory
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "CUDA SETUP: Loading binary ",
        rf"CUDA SETUP: Loading binary (?P<needed_by>\S{{1,400}}?)(?:\.\.\.)? {_MISSING}",
        refine=_binary,
        subject=_SUBJECT,
        lines=1,
    ),
    # Could not load bitsandbytes native library: libcusparse.so.12: cannot open shared object file: No such file or directory
    # bitsandbytes library load error: libnvJitLink.so.13: cannot open shared object file: No such file or directory
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        ": cannot open shared object file",
        rf"(?:Could not load bitsandbytes native library|bitsandbytes library load error): (?:[^\s:]{{0,400}}/)?{_MISSING}",
        subject=_SUBJECT,
    ),
    # CUDA SETUP ERROR: Missing dependency: libnvJitLink.so.13 …   Original error: libnvJitLink.so.13: cannot open shared object file: …
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "SETUP ERROR: Missing dependency: ",
        r"SETUP ERROR: Missing dependency: (?P<library>[\w.+-]+)"
        r"(?:[\s\S]{0,1500}?Original error: (?P=library): cannot open shared object file(?:: (?P<reason>No such file or directory))?)?",
        subject=_SUBJECT,
        lines=20,
    ),
    # CUDA SETUP: Required library version not found: libbitsandbytes_cuda102.so. Maybe you need to compile it from source?
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "Required library version not found: ",
        r"Required library version not found: (?P<library>libs?bitsandbytes_[\w.-]+\.(?:so|dll))",
        subject=_SUBJECT,
    ),
    # Could not find the bitsandbytes CUDA binary at PosixPath('/…/libbitsandbytes_cuda124.so')
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "Could not find the bitsandbytes ",
        r"Could not find the bitsandbytes (?:CUDA|ROCm) binary at (?:Posix|Windows)Path\('(?P<library>[^'\n]{1,400})'\)",
        subject=_SUBJECT,
    ),
    # RuntimeError: Configured CUDA binary not found at /…/libbitsandbytes_cuda126.so
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "Configured ",
        r"Configured (?:CUDA|ROCm) binary not found at (?P<library>[^\n]{1,400}?\.(?:so|dll))\b",
        subject=_SUBJECT,
    ),
    # CUDA VERSION MISMATCH↵Requested CUDA version:          13.2↵Detected PyTorch CUDA version:   13.2
    Pattern(
        SymptomKind.PROVIDER_FALLBACK,
        " VERSION MISMATCH",
        r"(?:CUDA|ROCm) VERSION MISMATCH\W{0,12}Requested (?P<provider>CUDA|ROCm) version: (?P<need>\d[\d.]*)"
        r"(?: Detected PyTorch (?:CUDA|ROCm) version: (?P<torch>\d[\d.]*))?",
        {"reason": "no-binary"},
        refine=lambda _match, details: {**details, "provider": details["provider"].lower()},
        subject=_SUBJECT,
        lines=3,
    ),
    # The installed version of bitsandbytes was compiled without GPU support.
    Pattern(
        SymptomKind.NOT_COMPILED_WITH,
        "bitsandbytes was compiled without GPU support",
        r"The installed version of bitsandbytes was compiled without GPU support",
        {"feature": "cuda", "package": _SUBJECT},
        subject=_SUBJECT,
    ),
    # CUDA Setup failed despite GPU being available. Please run the following command to get more information
    _fallback("gpu-available", " failed despite ", r"CUDA S(?:etup|ETUP):? failed despite (?:GPU|CUDA) being available"),
    _fallback("cpu-binary", "Defaulting to libbitsandbytes_cpu.so", r"CUDA SETUP: Defaulting to libbitsandbytes_cpu\.so"),
    # CUDA SETUP: Loading binary C:\…\bitsandbytes\libbitsandbytes_cpu.so...    bin /…/bitsandbytes/libbitsandbytes_cpu.so
    _fallback(
        "cpu-binary", "libbitsandbytes_cpu.", r"(?:^|\n)(?:CUDA SETUP: Loading binary|bin) [^\n]{0,400}libbitsandbytes_cpu\.(?:so|dll)"
    ),
    # NameError: name 'str2optimizer32bit' is not defined
    _fallback("cpu-binary", "name 'str2optimizer", r"NameError: name 'str2optimizer\w+' is not defined"),
    # argument of type 'WindowsPath' is not iterable
    _fallback("windows", "'WindowsPath' is not iterable", r"argument of type 'WindowsPath' is not iterable"),
    # CUDA SETUP: Loading binary D:\venv\Lib\site-packages\bitsandbytes\libbitsandbytes_cuda121.so... (a file of Linux)
    _fallback("windows", "CUDA SETUP: Loading binary ", r"CUDA SETUP: Loading binary [A-Za-z]:\\[^\n]{0,400}libbitsandbytes_\w+\.so\b"),
    # CUDA SETUP: Problem: The main issue seems to be that the main CUDA runtime library was not detected.
    _fallback(
        "libcudart", "main CUDA runtime library was not detected", r"CUDA SETUP: Problem: [^\n]{0,80}main CUDA runtime library was not"
    ),
    _fallback("libcuda", "main CUDA library was not detected", r"CUDA SETUP: Problem: [^\n]{0,80}main CUDA library was not detected"),
    _fallback("libcuda", "libcuda.so not found! Do you have", r"libcuda\.so not found! Do you have a CUDA driver installed\?"),
    # WARNING: No libcudart.so found! Install CUDA or the cudatoolkit package (anaconda)!
    _fallback("libcudart", "No libcudart.so found! Install", r"No libcudart\.so found! Install CUDA"),
    # The last lines of 0.35 to 0.38, of which any may be all that was copied.
    _fallback("libcudart", "libcudart.so path is None", r"CUDA SETUP: libcudart\.so path is None"),
    _fallback(
        "libcudart", "cuda installation is not in your path", r"CUDA SETUP: I[st] seems that your cuda installation is not in your path"
    ),
    _fallback("libcudart", "Detected CUDA version 00", r"CUDA SETUP: [^\n]{0,120}Detected CUDA version 00\b"),
    _fallback("detection", "CUDA detection failed!", r"CUDA SETUP: CUDA detection failed!"),
    _fallback("detection", "Something unexpected happened", r"CUDA SETUP: Something unexpected happened\. Please compile from source"),
    _fallback("not-built", "Forgot to compile the bitsandbytes", r"Forgot to compile the bitsandbytes library\?"),
    _fallback(
        "no-binary", "bitsandbytes native library functionality", r"use bitsandbytes native library functionality but it's not available"
    ),
)
