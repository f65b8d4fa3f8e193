"""Names of packages' interfaces that came with one release or went with one."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import is_below


class Name(Row, frozen=True, kw_only=True):
    """One name, `jax.linear_util`: it is there from `added` on and until before `removed`; an empty version: since or for ever."""

    distribution: str
    name: str
    added: str = ""
    removed: str = ""
    instead: str = ""

    def is_in(self, version: str) -> bool:
        """Whether that release has it."""
        return not (self.added and is_below(version, self.added)) and not (self.removed and not is_below(version, self.removed))


class _Table(msgspec.Struct, frozen=True):
    name: tuple[Name, ...]


@cache
def _names() -> dict[str, Name]:
    return {row.name: row for row in load("names_by_release", _Table).name}


def find_name(path: str) -> Name | None:
    """The row of a name, or of what it lies in: `triton.ops.matmul_perf_model` is below `triton.ops`."""
    while path:
        if path in _names():
            return _names()[path]
        path = path.rpartition(".")[0]
    return None
