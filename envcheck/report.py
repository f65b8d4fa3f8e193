"""What envcheck says: findings with their evidence and remedies, what passed, what could not be judged, and the facts it stands on."""

import enum

import msgspec

from envcheck.facts.snapshot import Snapshot

SCHEMA = "envcheck/report/1"


class Severity(str, enum.Enum):
    """How bad a finding is; only `error` fails a run by default."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


class Certainty(str, enum.Enum):
    """Whether the deciding fact is known, or the text only suggests it."""

    CERTAIN = "certain"
    LIKELY = "likely"


class Role(str, enum.Enum):
    """A cause of its own, or what follows from one."""

    PRIMARY = "primary"
    CONSEQUENCE = "consequence"


class Area(str, enum.Enum):
    """The groups that a report is read by."""

    SYSTEM = "system"
    CPU = "cpu"
    MEMORY = "memory"
    DISK = "disk"
    GPU = "gpu"
    PYTHON = "python"
    PACKAGES = "packages"
    FRAMEWORKS = "frameworks"
    SMOKE = "smoke"
    CONTAINER = "container"
    CONFIG = "config"


class Safety(str, enum.Enum):
    """Whether a remedy may be carried out without a second thought, with one, or only by hand."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    MANUAL = "manual"


class Part(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The base of every part of a report."""


class Step(Part, frozen=True, kw_only=True):
    """One command as an argument list (`run`), or one thing to do in words (`do`)."""

    run: tuple[str, ...] = ()
    do: str = ""
    env: dict[str, str] = {}
    root: bool = False


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """What to do about a finding, computed for this machine."""

    summary: str
    manager: str  # pip, uv, conda, system, manual
    safety: Safety
    steps: tuple[Step, ...]


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that a finding stands on, with its value in words and where it is from."""

    fact: str
    value: str
    source: str = ""


class Origin(Part, frozen=True, kw_only=True):
    """The requirement of a profile that a finding, a pass or a gap is about; `level` is must, should or hint."""

    profile: str
    level: str = ""
    file: str = ""
    line: int = 0
    source: str = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong."""

    id: str
    rule: str
    area: Area
    severity: Severity
    certainty: Certainty
    role: Role
    subject: str
    message: str
    because_of: tuple[str, ...] = ()
    evidence: tuple[Proof, ...] = ()
    would_confirm: tuple[str, ...] = ()
    requirement: Origin | None = None
    remedies: tuple[Remedy, ...] = ()


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be judged, why, and what to run or paste so that it can be."""

    rule: str
    subject: str
    area: Area
    reason: str
    needs: tuple[str, ...] = ()
    required: bool = False
    requirement: Origin | None = None


class Pass(msgspec.Struct, frozen=True, kw_only=True):
    """What was judged and found right; `message` says it in a few words."""

    rule: str
    subject: str
    area: Area
    message: str = ""
    requirement: Origin | None = None


class Ignored(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that the user asked not to hear of."""

    rule: str
    subject: str
    reason: str
    requirement: Origin | None = None


class Status(str, enum.Enum):
    """The verdict in a word."""

    HEALTHY = "healthy"
    PROBLEMS = "problems"
    UNKNOWN = "unknown"


class Target(Part, frozen=True, kw_only=True):
    """The examined Python."""

    python: str = ""
    version: str = ""
    environment: str = ""
    chosen_because: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole verdict about one snapshot, the same for every renderer."""

    schema: str
    envcheck: str
    tables: str
    status: Status
    target: Target
    profiles: tuple[str, ...]
    selected: tuple[str, ...] = ()  # areas and rules; empty: all were judged
    findings: tuple[Finding, ...]
    not_evaluated: tuple[Gap, ...]
    passed: tuple[Pass, ...]
    ignored: tuple[Ignored, ...]
    facts: Snapshot
