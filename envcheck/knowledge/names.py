"""Names of packages' interfaces that came with one release or went with one."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Row, load
from envcheck.knowledge.versions import is_below


class Name(Row, frozen=True, kw_only=True):
    """One name, `jax.linear_util`: it is there from `added` on and until before `removed`; an empty version: since or for ever.

    `gap`: from the first of the two releases on, until before the second, it was away all the same.
    """

    distribution: str
    name: str
    added: str = ""
    removed: str = ""
    instead: str = ""
    gap: tuple[str, ...] = ()

    def is_in(self, version: str) -> bool:
        """Whether that release has it."""
        if self.gap and not is_below(version, self.gap[0]) and is_below(version, self.gap[1]):
            return False
        return not (self.added and is_below(version, self.added)) and not (self.removed and not is_below(version, self.removed))

    def taken_in(self, version: str) -> str:
        """The release that took it from that one, which may be unknown; empty: none did, it came later."""
        if self.gap and (not self.removed or is_below(version, self.gap[1])):
            return self.gap[0]
        return self.removed


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
