"""Which Java releases Spark and H2O run on."""

from functools import cache

import msgspec

from envcheck.knowledge.table import Confidence, Row, load
from envcheck.knowledge.versions import is_below, release, series

# Those that are kept up for years: the only ones worth installing.
KEPT_UP = (8, 11, 17, 21)
# What every Spark since 3.3 and every H2O since 3.36 runs on.
COMMONEST = 17


class Framework(Row, frozen=True, kw_only=True):
    """The Javas of one release series of a framework."""

    package: str
    series: str
    java: tuple[int, ...]

    @property
    def sure(self) -> bool:
        """Whether a finding may be certain by it."""
        return self.confidence is Confidence.HIGH

    @property
    def in_words(self) -> str:
        """`8, 11 or 17`, or `8 to 21` where it is every one of them."""
        first, last = self.java[0], self.java[-1]
        if len(self.java) > 2 and last - first == len(self.java) - 1:
            return f"{first} to {last}"
        return " or ".join(filter(None, (", ".join(map(str, self.java[:-1])), str(last))))


class _Table(msgspec.Struct, frozen=True):
    framework: tuple[Framework, ...]


@cache
def _rows() -> tuple[Framework, ...]:
    return load("java_for_frameworks", _Table).framework


def find_javas(package: str, version: str) -> Framework | None:
    """The row of an installed pyspark or h2o."""
    return next((row for row in _rows() if row.package == package and row.series == series(version)), None)


def nearest_javas(package: str, version: str) -> Framework | None:
    """The same for a release whose series may be too new to be known: that of the newest series before it."""
    rows = (row for row in _rows() if row.package == package and not is_below(series(version), row.series))
    return find_javas(package, version) or max(rows, key=lambda row: release(row.series), default=None)


def is_known_to_any(java: int) -> bool:
    """Whether any release of any of them runs on that Java: none does on 9, 10 or 12 but H2O."""
    return any(java in row.java for row in _rows() if row.package == "pyspark")


def java_to_install(row: Framework | None) -> int:
    """The newest Java kept up for years that a framework runs on, but no newer than the one that most do."""
    fitting = [java for java in KEPT_UP if row is not None and java in row.java]
    return max((java for java in fitting if java <= COMMONEST), default=max(fitting, default=COMMONEST))
