"""All that is known about one machine and one Python environment: typed, immutable, JSON both ways.

Three states are told apart in every field that can be asked for: a value is known, `None` (JSON `null`) is known
not to be there, and `UNSET` (absent from the JSON) is not known. What is not known is listed under `unknown` with its reason.
Sizes are bytes, versions are strings as printed by their owner.
"""

import enum
from functools import cached_property

import msgspec

from envcheck.facts.accelerators import Accelerator, Amd, Apple, Device, GpuProcess, Intel, MigDevice, Nvidia, Toolkit
from envcheck.facts.environment import (
    Build,
    Import,
    Kernel,
    NearbyEnvironment,
    Overwrite,
    Package,
    PackageState,
    PipCommand,
    Python,
    ShadowingFile,
    Smoke,
    UserSite,
)
from envcheck.facts.machine import Cpu, Disk, Memory, System, Tool
from envcheck.facts.symptoms import Symptom
from envcheck.facts.values import Fact, known

__all__ = [
    "SCHEMA",
    "Accelerator",
    "Amd",
    "Apple",
    "Build",
    "Completeness",
    "Contradiction",
    "Cpu",
    "Device",
    "Disk",
    "Fact",
    "GpuProcess",
    "Import",
    "Intel",
    "Kernel",
    "Memory",
    "MigDevice",
    "NearbyEnvironment",
    "Nvidia",
    "Observed",
    "Overwrite",
    "Package",
    "PackageState",
    "PipCommand",
    "Python",
    "ShadowingFile",
    "Smoke",
    "Snapshot",
    "System",
    "Tool",
    "Toolkit",
    "Unknown",
    "UnknownReason",
    "UserSite",
    "known",
]

SCHEMA = "envcheck/snapshot/1"


class Completeness(str, enum.Enum):
    """How far a collection was looked at: absence is evidence only in a complete one."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NONE = "none"


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """Of each collection, how far it was looked at."""

    packages: Completeness = Completeness.NONE
    accelerators: Completeness = Completeness.NONE
    tools: Completeness = Completeness.NONE
    variables: Completeness = Completeness.NONE
    disks: Completeness = Completeness.NONE
    imports: Completeness = Completeness.NONE
    modules: Completeness = Completeness.NONE
    devices: Completeness = Completeness.NONE
    toolkits: Completeness = Completeness.NONE


class UnknownReason(str, enum.Enum):
    """Why a fact is not known."""

    DENIED = "denied"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    UNPARSABLE = "unparsable"
    UNKILLABLE = "unkillable"
    UNSUPPORTED = "unsupported"  # this system has no way to tell


class Unknown(Fact, frozen=True, kw_only=True):
    """A fact, or a group of facts, that was asked for and could not be had."""

    fact: str
    reason: UnknownReason
    detail: str = ""


class Contradiction(Fact, frozen=True, kw_only=True):
    """A claim that lost against a better one for the same fact."""

    fact: str
    value: str
    source: str = ""
    scope: str = ""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One machine and one Python environment."""

    schema: str = SCHEMA
    taken: str = ""
    live: bool = False  # observed by envcheck on the machine itself, not read from a text
    system: System = System()
    cpu: Cpu = Cpu()
    memory: Memory = Memory()
    disks: tuple[Disk, ...] = ()
    accelerators: tuple[Accelerator, ...] = ()
    nvidia: Nvidia = Nvidia()
    amd: Amd = Amd()
    apple: Apple = Apple()
    intel: Intel = Intel()
    toolkits: tuple[Toolkit, ...] = ()
    modules: tuple[str, ...] = ()
    devices: tuple[Device, ...] = ()
    python: Python = Python()
    packages: tuple[Package, ...] = ()
    overwrites: tuple[Overwrite, ...] = ()
    builds: dict[str, Build] = {}
    imports: tuple[Import, ...] = ()
    variables: dict[str, str] = {}
    tools: tuple[Tool, ...] = ()
    symptoms: tuple[Symptom, ...] = ()
    smoke: tuple[Smoke, ...] = ()
    observed: Observed = Observed()
    unknown: tuple[Unknown, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    sources: dict[str, str] = {}

    def package(self, name: str) -> Package | None:
        """The installed distribution of that normalised name; None is evidence only where `observed.packages` is complete."""
        return self._packages_by_name.get(name)

    @cached_property
    def _packages_by_name(self) -> dict[str, Package]:
        return {package.name: package for package in reversed(self.packages)}

    def source_of(self, fact: str) -> str:
        """Where a fact is from: its own source, or that of the nearest group it belongs to."""
        while fact:
            if fact in self.sources:
                return self.sources[fact]
            cut = max(fact.rfind("."), fact.rfind("["))
            fact = fact[:cut] if cut > 0 else ""
        return ""

    def why_unknown(self, fact: str) -> Unknown | None:
        """The reason why a fact is not known, if it was asked for: its own entry or that of its group."""
        while fact:
            for unknown in self.unknown:
                if unknown.fact == fact:
                    return unknown
            cut = max(fact.rfind("."), fact.rfind("["))
            fact = fact[:cut] if cut > 0 else ""
        return None
