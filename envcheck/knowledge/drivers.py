"""Which NVIDIA driver runs which CUDA, and which CUDA compiles for which card."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import is_below, is_same, major, series


class Minimum(Row, frozen=True, kw_only=True):
    """The oldest driver that runs what was built for a CUDA."""

    linux_min: str
    windows_min: str

    def version(self, *, windows: bool) -> str:
        """The driver's number, by the system whose way of numbering it follows."""
        return self.windows_min if windows else self.linux_min


class Family(Minimum, frozen=True, kw_only=True):
    """That of a whole CUDA major version (minor-version compatibility, from CUDA 11 on)."""

    major: int


class Exact(Minimum, frozen=True, kw_only=True):
    """That of one CUDA release before 11."""

    cuda: str


class Branch(Row, frozen=True, kw_only=True):
    """The newest CUDA that the drivers of a branch report."""

    branch: int
    cuda: str


class FirstCompiler(Row, frozen=True, kw_only=True):
    """The first CUDA that makes machine code for cards of a compute capability's major number."""

    major: int
    cuda: str


class LastBranch(Row, frozen=True, kw_only=True):
    """The last branch that has a driver for cards up to a compute capability."""

    up_to: str
    branch: int


class _Table(msgspec.Struct, frozen=True):
    family: tuple[Family, ...]
    exact: tuple[Exact, ...]
    branch: tuple[Branch, ...]
    first_compiler: tuple[FirstCompiler, ...]
    last_branch: tuple[LastBranch, ...]


@cache
def _table() -> _Table:
    return load("cuda_drivers", _Table)


def find_minimum(cuda: str) -> Minimum | None:
    """The row with the oldest driver that runs a build for this CUDA; None: it is in no table."""
    for family in _table().family:
        if family.major == major(cuda):
            return family
    return next((row for row in _table().exact if is_same(row.cuda, series(cuda))), None)


def find_branch(driver: str) -> Branch | None:
    """The branch of a driver: the nearest at or below its number."""
    at_or_below = [row for row in _table().branch if row.branch <= major(driver)]
    return max(at_or_below, key=lambda row: row.branch, default=None)


def find_first_compiler(capability_major: int) -> FirstCompiler | None:
    """The row with the first CUDA that can make code for such a card."""
    return next((row for row in _table().first_compiler if row.major == capability_major), None)


def find_last_branch(capability: str) -> LastBranch | None:
    """The row with the last branch of drivers for such a card; None: today's branches still have one."""
    rows = sorted(_table().last_branch, key=lambda row: row.branch)
    return next((row for row in rows if not is_below(row.up_to, capability)), None)


def find_older_branch(number: int) -> LastBranch | None:
    """The row of that branch, if it is the last for some cards."""
    return next((row for row in _table().last_branch if row.branch == number), None)


def is_compilable(cuda: str, capability_major: int) -> bool | None:
    """Whether a build for this CUDA can have machine code for such a card; None: not in the table."""
    row = find_first_compiler(capability_major)
    return None if row is None else not is_below(cuda, row.cuda)
