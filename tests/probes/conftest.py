"""Probes imported into the test's own process, the way child.py does it, and a channel that keeps what they say."""

import importlib
import sys
import types
from collections.abc import Callable
from typing import Any

import pytest

from envcheck.shipped import folder


class Recorder:
    """A channel: facts by path, unknown facts with their reason, collections with their completeness."""

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}
        self.sources: dict[str, str] = {}
        self.unknowns: dict[str, tuple[str, str]] = {}
        self.collections: dict[str, str] = {}

    def stage(self, name: str) -> None:
        """Not of interest here."""

    def fact(self, path: str, value: Any, source: str) -> None:
        self.facts[path], self.sources[path] = value, source

    def unknown(self, path: str, reason: str, detail: str = "") -> None:
        self.unknowns[path] = reason, detail

    def observed(self, collection: str, completeness: str) -> None:
        self.collections[collection] = completeness

    def section(self, path: str, function: Callable[..., None], *arguments: Any) -> None:
        """An error is the test's to see, except the one that a probe leaves to its channel."""
        try:
            function(self, *arguments)
        except PermissionError as error:
            self.unknown(path, "denied", str(error))


@pytest.fixture
def channel() -> Recorder:
    return Recorder()


@pytest.fixture(scope="session")
def probe() -> Callable[[str], types.ModuleType]:
    """A probe's module by its name."""
    package = types.ModuleType("envcheck_probes")
    package.__path__ = [str(folder("probes"))]
    sys.modules.setdefault("envcheck_probes", package)
    return lambda name: importlib.import_module(f"envcheck_probes.{name}")
