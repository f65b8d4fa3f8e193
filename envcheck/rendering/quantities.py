"""Numbers in words: first the number, then the unit. "GB" is 10⁹ bytes, as in the documents that requirements come from."""

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


def size(count: float) -> str:
    """25_215_000_000 → "25.2 GB"; three digits are enough to compare by.

    Cut, not rounded, as the messages of requirements do it: one and the same fact must not read as two numbers in one report.
    """
    value, unit = float(count), 0
    while abs(value) >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    number = f"{int(value)}" if unit == 0 or abs(value) >= 100 else f"{int(value * 10) / 10:.1f}".removesuffix(".0")
    return f"{number} {_UNITS[unit]}"


def duration(seconds: float) -> str:
    """0.012 → "12 ms", 2.13 → "2.1 s", 190 → "3 min 10 s"."""
    if seconds < 0.0995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 99.5:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def counted(number: int, noun: str, plural: str = "") -> str:
    """1, "problem" → "1 problem"; 3, "problem" → "3 problems"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
