"""Machines that people have, for tests of plans."""

from typing import Any

import msgspec

from envcheck.facts.snapshot import Snapshot

LINUX: dict[str, Any] = {"os": "Linux", "machine": "x86_64", "libc": "glibc 2.35", "distribution_id": "ubuntu"}
WINDOWS: dict[str, Any] = {"os": "Windows", "machine": "AMD64"}
MAC: dict[str, Any] = {"os": "Darwin", "machine": "arm64", "distribution_version": "15.1"}
VENV: dict[str, Any] = {
    "version": "3.12.3",
    "executable": "/home/me/app/.venv/bin/python",
    "environment": "venv",
    "implementation": "CPython",
}
CONDA: dict[str, Any] = {**VENV, "executable": "/opt/conda/envs/ml/bin/python", "environment": "conda", "prefix": "/opt/conda/envs/ml"}


def machine(**facts: Any) -> Snapshot:
    """On Linux, in a virtual environment, with all cards told: none."""
    return msgspec.convert({"system": LINUX, "python": VENV, "observed": {"accelerators": "complete"}, **facts}, Snapshot)


def with_card(name: str = "NVIDIA GeForce RTX 3090", driver: str | None = "550.54.15", **facts: Any) -> Snapshot:
    """With one NVIDIA card; None: known to have no driver."""
    cards = [{"index": 0, "vendor": "nvidia", "backend": "cuda", "name": name}]
    return machine(**{"accelerators": cards, "nvidia": {"driver_version": driver}, **facts})
