"""What ONEAPI_DEVICE_SELECTOR, its predecessor SYCL_DEVICE_FILTER and ZE_AFFINITY_MASK leave of Intel's GPUs.

    ONEAPI_DEVICE_SELECTOR=opencl:cpu;level_zero:0,1     terms that admit, and with a "!" in front terms that shut out
    SYCL_DEVICE_FILTER=level_zero:gpu:0,cpu              triples of which each part may be missing
    ZE_AFFINITY_MASK=0.1,1                               devices and their tiles, for Level Zero alone

The grammar of the first is the one of intel/llvm's EnvironmentVariables document; a value that does not follow it ends every program that
uses SYCL.
"""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

_BACKENDS = ("*", "level_zero", "opencl", "cuda", "hip", "native_cpu", "esimd_emulator", "offload")
_KINDS = ("*", "cpu", "gpu", "fpga", "acc", "npu")
_NUMBER = regex(r"\d{1,4}$")
_PART = regex(r"(?:\*|cpu|gpu|fpga|acc|npu|\d{1,4})(?:\.(?:\*|\d{1,4})){0,2}$")
_MOST = 2000


class Selection:
    """What a value says of Level Zero's GPUs: `fault` why it cannot be read; `every`: none is shut out; else `numbers` are admitted."""

    __slots__ = ("every", "fault", "numbers", "shut_out")

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.every = False
        self.numbers: set[int] = set()
        self.shut_out: set[int] = set()

    def admits(self, count: int | None) -> bool | None:
        """Whether at least one of `count` GPUs is left; None: that depends on how many there are."""
        if self.every:
            return count is None or count == 0 or len(self.shut_out & set(range(count))) < count
        wanted = self.numbers - self.shut_out
        if not wanted:
            return False
        return None if count is None else any(number < count for number in wanted)


def parse_selector(value: str) -> Selection:
    """ONEAPI_DEVICE_SELECTOR. Empty: as if it were not set."""
    text = value.strip().strip("\"'").lower()
    selection = Selection()
    terms = [term.strip() for term in text.split(";")][:_MOST]
    if not text:
        selection.every = True
        return selection
    admitting = refusing = False
    shut_out: set[int] = set()
    for term in filter(None, terms):
        refuse = term.startswith("!")
        backend, colon, devices = term.lstrip("!").partition(":")
        fault = _fault(term, backend, colon, devices)
        if fault:
            return Selection(fault)
        if refuse:
            refusing = True
            shut_out |= _refused(backend, devices)
        else:
            if refusing:
                return Selection(f"{term} stands behind a term with !: those that admit come first")
            admitting = True
            _admit(backend, devices, selection)
    if not admitting:
        selection.every = -1 not in shut_out
    elif -1 in shut_out:
        selection.every, selection.numbers = False, set()
    selection.shut_out = shut_out - {-1}
    return selection


def _fault(term: str, backend: str, colon: str, devices: str) -> str:
    if not colon:
        return f"{term} has no colon: a backend and its devices are wanted, such as level_zero:gpu"
    if backend not in _BACKENDS:
        return f"{backend or 'nothing'} is no backend: {', '.join(_BACKENDS[1:5])} and * are"
    if ":" in devices:
        return f"{term} has too many colons: level_zero:0 names a GPU by its number"
    parts = [part.strip() for part in devices.split(",")]
    wrong = next((part for part in parts if not _PART.match(part)), None)
    return "" if wrong is None else f"{wrong or 'nothing'} is no device: gpu, cpu, * and numbers are"


def _admit(backend: str, devices: str, selection: Selection) -> None:
    if backend not in ("*", "level_zero"):
        return
    for part in devices.split(","):
        root = part.strip().partition(".")[0]
        if root in ("*", "gpu"):
            selection.every = True
        elif _NUMBER.match(root):
            selection.numbers.add(int(root))


def _refused(backend: str, devices: str) -> set[int]:
    """The numbers that are shut out; -1 stands for all. Those of single tiles leave the others."""
    if backend not in ("*", "level_zero"):
        return set()
    roots = [part.strip() for part in devices.split(",") if "." not in part]
    return {-1 if root in ("*", "gpu") else int(root) for root in roots if root in ("*", "gpu") or _NUMBER.match(root)}


def parse_filter(value: str) -> Selection:
    """SYCL_DEVICE_FILTER: `level_zero:gpu:0,opencl:cpu`; programs built with oneAPI 2024 and newer no longer read it."""
    text = value.strip().strip("\"'").lower()
    selection = Selection()
    if not text:
        selection.every = True
        return selection
    for triple in text.split(",")[:_MOST]:
        parts = [part.strip() for part in triple.split(":")]
        wrong = next((part for part in parts if part not in (*_BACKENDS, *_KINDS, "host", "accelerator") and not _NUMBER.match(part)), None)
        if wrong is not None or len(parts) > 3:
            return Selection(f"{triple or 'nothing'} is no filter: backend:device:number is")
        backend = next((part for part in parts if part in _BACKENDS[1:]), "*")
        kind = next((part for part in parts if part in (*_KINDS[1:], "host", "accelerator")), "*")
        number = next((int(part) for part in parts if _NUMBER.match(part)), None)
        if backend in ("*", "level_zero") and kind in ("*", "gpu"):
            if number is None:
                selection.every = True
            else:
                selection.numbers.add(number)
    return selection


def parse_affinity_mask(value: str) -> Selection:
    """ZE_AFFINITY_MASK; empty and "default" show everything. Anything that is no number is passed over by the driver, and a fault here."""
    text = value.strip().strip("\"'").lower()
    selection = Selection()
    if text in ("", "default"):
        selection.every = True
        return selection
    for part in text.split(",")[:_MOST]:
        if not re.match(r"\s*\d{1,4}(?:\.\d{1,4}){0,2}\s*$", part):
            return Selection(f"{part.strip() or 'nothing'} is no device: numbers such as 0 or 0.1 are")
        selection.numbers.add(int(part.partition(".")[0]))
    return selection
