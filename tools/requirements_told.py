"""What the Requires-Dist lines of a release tell of others: specifiers, the extras' own requirements, and the CUDA that it brings."""

import re
from collections.abc import Iterable

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

_PLAIN = re.compile(r"[\x20-\x7e]{1,400}")
_LINUX = {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64", "os_name": "posix"}
_CPYTHON = {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
_NVIDIA = re.compile(r"nvidia-(?P<library>cudnn|nccl|cuda-runtime)(?:-cu(?P<major>\d{2}))?")


class Requirements:
    """The requirements of one release on Linux x86_64; lines that are none are left out."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._all = [found for line in lines if (found := _requirement(line)) is not None]

    def specifier(self, name: str, extra: str = "") -> str | None:
        """The specifier for a package, of an extra where one is named; None: it is not required."""
        return next((str(found.specifier) for found in self._of(extra) if canonicalize_name(found.name) == name), None)

    def lower_bound(self, name: str, extra: str = "") -> str | None:
        """The oldest version that a specifier takes: that of `==`, `>=` or `~=`."""
        specifiers = [found.specifier for found in self._of(extra) if canonicalize_name(found.name) == name]
        bounds = (each.version for specifier in specifiers for each in specifier if each.operator in ("==", ">=", "~="))
        return next(bounds, None)

    def extras(self) -> set[str]:
        """The extras that markers name."""
        return {name for found in self._all for name in re.findall(r'extra == "([^"]+)"', str(found.marker or ""))}

    def cuda(self, extra: str = "") -> str | None:
        """The CUDA of the libraries that come as wheels, `12.6`: by `cuda-toolkit`, else by the runtime's own wheel."""
        for found in self._of(extra):
            named = _NVIDIA.fullmatch(canonicalize_name(found.name))
            if canonicalize_name(found.name) == "cuda-toolkit" or (named is not None and named["library"] == "cuda-runtime"):
                bound = self.lower_bound(canonicalize_name(found.name), extra)
                return ".".join(bound.split(".")[:2]) if bound else None
        return None

    def nvidia(self, library: str, extra: str = "") -> str | None:
        """The version of `cudnn` or `nccl` that comes as a wheel, whichever CUDA's."""
        for found in self._of(extra):
            named = _NVIDIA.fullmatch(canonicalize_name(found.name))
            if named is not None and named["library"] == library:
                return self.lower_bound(canonicalize_name(found.name), extra)
        return None

    def lines(self, names: set[tuple[str, str]], pythons: Iterable[str]) -> list[str]:
        """As the metadata writes them, those for (package, extra) that count on Linux for any of the Pythons."""
        kept = []
        versions = [re.sub(r"[t+]$", "", python) for python in pythons if python.startswith("3.")] or ["3.12"]
        for found in self._all:
            name = canonicalize_name(found.name)
            for extra in sorted(extra for wanted, extra in names if wanted == name):
                named = bool(found.marker) and "extra" in str(found.marker)
                if bool(extra) == named and any(_holds(found, python, extra) for python in versions):
                    kept.append(str(found))
        return kept

    def _of(self, extra: str) -> Iterable[Requirement]:
        return (found for found in self._all if bool(extra) == ("extra" in str(found.marker or "")) and _holds(found, "3.12", extra))


def names_of(lines: Iterable[str]) -> set[tuple[str, str]]:
    """The (package, extra) of requirement lines; no extra is ""."""
    found = [requirement for line in lines if (requirement := _requirement(line)) is not None]
    return {
        (canonicalize_name(each.name), extra)
        for each in found
        for extra in re.findall(r'extra == "([^"]+)"', str(each.marker or "")) or [""]
    }


def _requirement(line: str) -> Requirement | None:
    if _PLAIN.fullmatch(line) is None:
        return None
    try:
        found = Requirement(line)
    except (InvalidRequirement, RecursionError):
        return None
    return None if found.url else found


def _holds(found: Requirement, python: str, extra: str) -> bool:
    if found.marker is None:
        return True
    version = {"python_version": python, "python_full_version": f"{python}.0", "extra": extra}
    return bool(found.marker.evaluate({**_LINUX, **_CPYTHON, **version}))
