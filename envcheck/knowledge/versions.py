"""Comparing version numbers of drivers, toolkits and releases, which follow no common scheme but are all numbers and dots."""

from envcheck.parsers.expression import regex

# Bounded: a hundred thousand places, or a number of five thousand digits, is nobody's version.
_RELEASE = regex(r"v?(\d{1,18}(?:\.\d{1,18}){0,15})(?!\d)")
_UNFINISHED = regex(r"\d(?:a|b|rc|\.dev)\d|\.dev")


def release(version: str) -> tuple[int, ...]:
    """The leading numbers: `2.5.1+cu124` → (2, 5, 1), `525.60.13` → (525, 60, 13); empty where there are none."""
    found = _RELEASE.match(version.strip())
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def is_below(version: str, bound: str) -> bool:
    """Whether a version is older than a bound, missing places counting as zero."""
    have, need = release(version), release(bound)
    length = max(len(have), len(need))
    return have + (0,) * (length - len(have)) < need + (0,) * (length - len(need))


def is_same(version: str, other: str) -> bool:
    """Whether two versions have the same numbers, whatever stands behind them."""
    return not is_below(version, other) and not is_below(other, version)


def agree(version: str, other: str) -> bool:
    """Whether they are the same as far as both are told: `550.54` may be `550.54.15`, and a word without numbers any version."""
    one, another = release(version), release(other)
    length = min(len(one), len(another))
    return one[:length] == another[:length]


def major(version: str) -> int:
    """The first number; -1 where there is none."""
    return next(iter(release(version)), -1)


def series(version: str) -> str:
    """The release series: `2.5.1+cu124` → "2.5"."""
    return ".".join(str(part) for part in release(version)[:2])


def local_tag(version: str) -> str:
    """What stands behind the plus: `2.5.1+cu124` → "cu124"; empty where there is none."""
    return version.partition("+")[2]


def is_unfinished(version: str) -> bool:
    """Whether it is a nightly, a candidate, or somebody's own build of an unfinished version (`2.1.0a0+git…`)."""
    return _UNFINISHED.search(version.partition("+")[0]) is not None
