"""Which CUDA a library file such as `libcublas.so.12` belongs to, and which distribution brings it."""

import re
from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load
from envcheck.parsers.expression import regex

# Frameworks that look for CUDA libraries themselves, so that what torch brings is nothing to them.
ON_THEIR_OWN = ("tensorflow", "onnxruntime", "bitsandbytes")

_LINUX = regex(r"(?P<name>lib[A-Za-z_]+?)(?:_[a-z_]+|-builtins)?\.so(?:\.(?P<number>\d+)[\d.]*)?$")
_WINDOWS = regex(r"(?P<name>[A-Za-z]+?)(?:_[a-z_]+|-builtins)?64_(?P<number>\d+)(?:_\d+)*\.dll$", re.IGNORECASE)
_SUFFIXED, _OWN_FOLDER = 12, 13  # what wheels for CUDA 12 and 13 do with their names and folders
_TWO_PLACES = 100  # Windows writes CUDA 11.0 and 10.1 as 110 and 101


class Library(Row, frozen=True, kw_only=True):
    """One library of CUDA; `numbers` maps its own number to CUDA majors, empty: the number is the major."""

    name: str
    wheel_cu12: str
    wheel_cu13: str
    numbers: dict[str, tuple[int, ...]]

    def wheel(self, cuda_major: int) -> str | None:
        """The distribution that brings it for a CUDA major."""
        return {12: self.wheel_cu12, 13: self.wheel_cu13}.get(cuda_major)

    def majors(self, number: str) -> tuple[int, ...]:
        """The CUDA majors that a file with this number belongs to; none where the number says nothing."""
        if not number:
            return ()
        if self.numbers:
            return self.numbers.get(number, ())
        return (int(number) // 10,) if int(number) >= _TWO_PLACES else (int(number),)


class _Table(msgspec.Struct, frozen=True):
    library: tuple[Library, ...]


@cache
def _libraries() -> dict[str, Library]:
    return {row.name.lower(): row for row in load("cuda_libraries", _Table).library}


def find_library(file: str) -> tuple[Library, tuple[int, ...]] | None:
    """The library that a file name means, with the CUDA majors it belongs to (none: it does not tell); None: none of CUDA's.

    `libcudart.so.11.0`, `libcudnn_cnn_infer.so.8`, `cudart64_110.dll`, also with folders before the name.
    """
    base = re.split(r"[/\\]", file.strip().strip("'\""))[-1]
    found = _LINUX.match(base) or _WINDOWS.match(base)
    if found is None:
        return None
    name = found["name"].lower()
    row = _libraries().get(name) or _libraries().get(f"lib{name}") or _libraries().get(base.partition(".")[0].lower())
    return (row, row.majors(found["number"] or "")) if row is not None else None


def wheels_with_same_files(older: int, newer: int) -> tuple[tuple[str, str], ...]:
    """The wheels for two CUDA majors that write a file of the same name into the same folder, so that the last one installed stays.

    From CUDA 13 on most wheels have a folder of their own; those that keep the "-cu13" in their name share the old one.
    """
    pairs: dict[tuple[str, str], None] = {}
    for row in _libraries().values():
        if newer == _OWN_FOLDER and row.wheel_cu13.endswith("-cu13"):
            pairs[row.wheel_cu12, row.wheel_cu13] = None
        elif newer == _SUFFIXED and any({older, newer} <= set(majors) or not majors for majors in row.numbers.values()):
            pairs[row.wheel_cu12.replace("-cu12", f"-cu{older}"), row.wheel_cu12] = None
    return tuple(pairs)
