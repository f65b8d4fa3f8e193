"""Probes imported into the test's own process, the way child.py does it, and a channel that keeps what they say."""

import importlib
import os
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from envcheck.shipped import folder
from tests.probes.fake_machine import FakeMachine


class Recorder:
    """A channel: facts by path, those out of lists apart, unknown facts with their reason, collections with their completeness."""

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}
        self.sources: dict[str, str] = {}
        self.lists: dict[str, Any] = {}
        self.unknowns: dict[str, tuple[str, str]] = {}
        self.collections: dict[str, str] = {}

    def stage(self, name: str) -> None:
        """Not of interest here."""

    def fact(self, path: str, value: Any, source: str) -> None:
        self.facts[path], self.sources[path] = value, source

    def listed(self, path: str, value: Any, source: str) -> None:
        self.lists[path] = value

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


class Told:
    """Facts by path, with the fields of an accelerator in one."""

    def __init__(self, channel: Any) -> None:
        self.channel = channel
        self.cards: dict[str, dict[str, Any]] = {}
        self.devices: dict[str, dict[str, Any]] = {}

    def take(self, path: str, value: Any) -> None:
        for group, kept in (("accelerators[", self.cards), ("devices[", self.devices)):
            if path.startswith(group):
                key, _, field = path[len(group) :].partition("]")
                fields = kept.setdefault(key, {})
                for name, said in ({field[1:]: value} if field else value).items():
                    assert fields.setdefault(name, said) == said, f"{path}: of two words of one probe the first would stand"

    def __getitem__(self, path: str) -> Any:
        return self.channel.facts[path]

    def __contains__(self, path: str) -> bool:
        return path in self.channel.facts

    @property
    def observed(self) -> dict[str, str]:
        return dict(self.channel.collections)


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path)


@pytest.fixture
def look(
    probe: Callable[[str], types.ModuleType], channel: Any, machine: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Told]:
    """Looks at the machine; the other makers' own files are looked at elsewhere."""
    for name, function in (("cards.amd_files", "report_amd"), ("cards.intel_files", "report_intel")):
        stand_in = types.ModuleType(f"envcheck_probes.{name}")
        setattr(stand_in, function, lambda _channel, cards, root, name=name: _channel.fact(f"called[{name}]", list(cards), root))
        monkeypatch.setitem(sys.modules, f"envcheck_probes.{name}", stand_in)

    def told(variables: dict[str, str] | None = None) -> Told:
        result = Told(channel)
        keep = channel.fact

        def fact(path: str, value: Any, source: str) -> None:
            result.take(path, value)
            keep(path, value, source)

        channel.fact = fact
        probe("accelerators").collect(channel, str(machine.root), variables or {})
        channel.fact = keep
        return result

    return told


@pytest.fixture
def refuse(probe: Callable[[str], types.ModuleType], monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the system refuse nodes with an error, as it would whoever is not root or not in the right control group."""

    def refused(errors: dict[str, str]) -> None:
        nodes = probe("cards.device_nodes")
        monkeypatch.setattr(nodes, "may_access", lambda path: os.path.basename(path) not in errors)
        monkeypatch.setattr(nodes, "open_error", lambda path: errors.get(os.path.basename(path)))

    return refused
