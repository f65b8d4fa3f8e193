"""Lists of CPU or node numbers as the kernel prints them: `0-3,8,10-11`."""

from __future__ import annotations

# More than any machine has; a longer range is not a list of CPUs.
_MOST = 65536


def parse_cpu_list(text: str) -> set[int]:
    """The numbers that a list such as `4-20` or `0-15,88-103` stands for; empty text is an empty set.

    Raises:
        ValueError: it is not such a list.
    """
    numbers: set[int] = set()
    for part in text.strip().split(","):
        if not part.strip():
            continue
        first, dash, last = part.partition("-")
        start = int(first)
        end = int(last) if dash else start
        if not 0 <= start <= end < _MOST:
            raise ValueError(f"not a list of CPUs: {part[:40]!r}")
        numbers.update(range(start, end + 1))
    return numbers
