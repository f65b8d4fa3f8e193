"""The bounds of requirements: sizes such as "8 GB", counts, versions; "GB" is 10⁹ bytes, as in the documents."""

from envcheck.knowledge.versions import release
from envcheck.parsers.expression import regex
from envcheck.profiles.model import Operator

_SIZE = regex(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)")
_LONGEST_VERSION = 64
_PLAIN_VERSION = regex(r"\d+(?:\.\d+)*")
_TOO_LARGE = 2**63
UNITS = {
    "B": 1,
    "kB": 10**3,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
    "TiB": 2**40,
}


def parse_size(text: str) -> int:
    """`8 GB` → 8_000_000_000, `7.5 GiB` → 8_053_063_680. Raises ValueError with the reason as a sentence."""
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise ValueError('A size is a number with its unit: "8 GB", "512 MiB".')
    if found[2] not in UNITS:
        raise ValueError(f"The units of a size are {', '.join(UNITS)}.")
    size = float(found[1]) * UNITS[found[2]]
    if size >= _TOO_LARGE:
        raise ValueError("No machine has as much.")
    return round(size)


def parse_count(text: str) -> float:
    """`4` → 4.0. Raises ValueError with the reason as a sentence."""
    try:
        count = float(text)
    except ValueError:
        count = -1.0
    if not 0 <= count < 10**9:
        raise ValueError('A count is a number such as "4".')
    return count


def check_version(text: str) -> None:
    """Raises ValueError, with the reason as a sentence, for what is no version."""
    if len(text) > _LONGEST_VERSION:
        raise ValueError('A version is digits and dots: operator = ">=", bound = "2.8".')
    if _PLAIN_VERSION.fullmatch(text):
        return
    from packaging.version import InvalidVersion, Version

    try:
        Version(text)
    except InvalidVersion:
        words = "The operator stands in its own key" if text.lstrip()[:1] in tuple("<>=!~") else "A version is digits and dots"
        raise ValueError(f'{words}: operator = ">=", bound = "2.8".') from None


def format_size(count: float, like: str = "GB") -> str:
    """6_200_000_000 → "6.2 GB"; in binary units where the bound (`like`) is.

    Cut, not rounded: what is short of a bound never reads as if it reached it.
    """
    binary = "i" in like
    base = 1024 if binary else 1000
    units = ("B", "KiB", "MiB", "GiB", "TiB") if binary else ("B", "kB", "MB", "GB", "TB")
    value, step = float(count), 0
    while value >= base and step < len(units) - 1:
        value, step = value / base, step + 1
    tenths = int(value * 10)
    number = f"{tenths // 10}" if tenths % 10 == 0 or step == 0 else f"{tenths / 10:.1f}"
    return f"{number} {units[step]}"


def fits(version: tuple[int, ...], operator: Operator, bound: str) -> bool:
    """Whether a release is what the operator asks for; missing places count as zero, a pre-release as its release.

    "<=" and "==" mean the bound's whole series: 3.13.5 is within "3.13", and 3.10.4 is "3.10".
    """
    need = release(bound)
    length = max(len(version), len(need))
    if operator is Operator.AT_LEAST:
        return _padded(version, length) >= _padded(need, length)
    series = _padded(version, len(need))[: len(need)]
    return series == need if operator is Operator.EQUALS else series <= need


def _padded(version: tuple[int, ...], length: int) -> tuple[int, ...]:
    return version + (0,) * (length - len(version))
