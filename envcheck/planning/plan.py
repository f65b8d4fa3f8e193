"""A plan: what is to be installed, by which commands, after what, and why; or why nothing can be."""

import msgspec

from envcheck.choosing.build import Reason
from envcheck.knowledge.tables_date import TABLES_DATE
from envcheck.report import Remedy, Step

SCHEMA = "envcheck/plan/1"
MANAGERS = ("pip", "uv", "conda", "mamba", "pixi")
# Those that take packages of conda-forge.
CONDAS = ("conda", "mamba", "pixi")


class PlannedPackage(msgspec.Struct, frozen=True, kw_only=True):
    """A distribution to be installed; None: not known, or left to the installer, and as index the default one."""

    name: str
    version: str | None = None
    variant: str | None = None  # cu126, cpu, rocm7.1, xpu, metal
    index: str | None = None
    size_bytes: int | None = None


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the indexes were asked, and what they answered."""

    state: str = "not_verified"
    reason: str = "--verify was not asked for"
    resolver: str | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer; of an impossible one `why` tells what could be done instead."""

    schema: str = SCHEMA
    manager: str
    python: str | None = None
    impossible: str | None = None
    packages: tuple[PlannedPackage, ...] = ()
    steps: tuple[Step, ...] = ()
    before: tuple[Remedy, ...] = ()
    why: tuple[Reason, ...] = ()
    verification: Verification = Verification()
    tables: str = TABLES_DATE
