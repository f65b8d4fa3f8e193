"""CUDA's versions as its interfaces number them: cuDriverGetVersion and CUDA_VERSION say 12040 for 12.4."""

from __future__ import annotations


def cuda_version(number: int) -> str | None:
    """`12040` → "12.4"; None for what is no version."""
    major, minor = divmod(number, 1000)
    return f"{major}.{minor // 10}" if 0 < major < 100 else None
