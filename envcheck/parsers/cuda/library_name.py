"""What the file name of one of NVIDIA's CUDA libraries says.

>>> parse_library_name("libcudnn.so.8.9.7").version, parse_library_name("libcudnn.so.9").version
('8.9.7', None)
>>> parse_library_name("cudart64_110.dll").name, parse_library_name("libcudnn_ops_infer.so.8") is None
('cudart', True)

A name that ends in the interface's number alone (`libcudnn.so.9`, `cublas64_12.dll`) tells no version.
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

_STEMS = {
    "libcudart": "cudart",
    "libcudnn": "cudnn",
    "libnccl": "nccl",
    "libcublas": "cublas",
    "libcusparse": "cusparse",
    "libcusolver": "cusolver",
    "libnvJitLink": "nvjitlink",
    "libnvinfer": "tensorrt",
}
NAMES = tuple(_STEMS.values())
# What begins the name of a file that is worth looking at, for those who list large folders.
BEGINNINGS = (*(f"{stem}." for stem in _STEMS), "libcudart-", "libcublas-", "libcudnn-")
_LINUX = regex(r"(?P<stem>lib[A-Za-z]+)(?:-[0-9a-f]{8})?\.so\.(?P<numbers>\d{1,4}(?:\.\d{1,6}){0,4})$")
# cudart64_110.dll is of CUDA 11.0 and later 11.x; from 12 on the number is the major version alone.
_WINDOWS = regex(
    r"(?P<stem>cudart|cudnn|cublas|cusparse|cusolver|nvJitLink|nvinfer)(?:64)?_(?P<number>\d{1,4})(?:_0)?\.dll$", re.IGNORECASE
)
_WINDOWS_NAMES = {"nvjitlink": "nvjitlink", "nvinfer": "tensorrt"}


class Library:
    """`name` as `toolkits` has it, `version` where the name says one, `interface` the number that programs ask for: 9 of libcudnn.so.9."""

    __slots__ = ("interface", "name", "soname", "version")

    def __init__(self, name: str, version: str | None, interface: str, soname: str) -> None:
        self.name = name
        self.version = version
        self.interface = interface
        self.soname = soname


def parse_library_name(file: str) -> Library | None:
    """The library that a file is by its name; None: it is none of those that are known here, or one of their parts."""
    found = _LINUX.match(file)
    if found is not None and found.group("stem") in _STEMS:
        numbers = found.group("numbers").split(".")
        version = ".".join(numbers) if len(numbers) > 2 else None
        # CUDA before 11 put two numbers into the name that programs ask for: libcudart.so.10.2.
        interface = numbers[0]
        if found.group("stem") == "libcudart" and len(numbers) > 1 and int(numbers[0]) < 11:
            interface = ".".join(numbers[:2])
        stem = file[: found.start("numbers")]
        return Library(_STEMS[found.group("stem")], version, interface, f"{stem}{interface}")
    windows = _WINDOWS.match(file)
    if windows is not None:
        stem = windows.group("stem").lower()
        return Library(_WINDOWS_NAMES.get(stem, stem), None, windows.group("number"), file.lower())
    return None
