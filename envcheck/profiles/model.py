"""Requirement profiles: what documents ask of a machine and an environment, and what holds today where the two differ."""

import enum

import msgspec


class Level(str, enum.Enum):
    """How binding a requirement is; a hint is never a matter of the exit code."""

    MUST = "must"
    SHOULD = "should"
    HINT = "hint"

    @property
    def rank(self) -> int:
        """0 for the most binding."""
        return list(Level).index(self)


class Operator(str, enum.Enum):
    """How a fact is compared with the bound."""

    AT_LEAST = ">="
    AT_MOST = "<="
    EQUALS = "=="
    INCLUDES = "includes"  # a collection has the bound as a member
    INSTALLED = "installed"
    ABSENT = "absent"


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where a requirement was read, and its words; `also` are further places that say the same, as "file:line"."""

    file: str
    line: int
    says: str
    also: tuple[str, ...] = ()


class Today(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What holds now, where the document is stale, wrong or silent.

    `bound` replaces the document's bound; without one that still stands. `required` false: it is no requirement any more.
    """

    says: str
    source: str
    bound: str | None = None
    required: bool = True


class Requirement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One requirement on one fact.

    `fact` is a path of the snapshot (`memory.total_bytes`, `packages[torch].version`); `bound` is a number with its unit ("8 GB"), a
    version or a word. "GB" is 10⁹ bytes.
    """

    fact: str
    operator: Operator
    level: Level
    bound: str = ""
    why: str = ""
    document: Document | None = None
    today: Today | None = None
    profile: str = ""  # filled in by the loader
    line: int = 0  # of the profile's own file; filled in by the loader

    @property
    def holds(self) -> bool:
        """Whether it is a requirement today."""
        return self.today is None or self.today.required

    @property
    def asked(self) -> str:
        """The bound that holds today."""
        return self.bound if self.today is None or self.today.bound is None else self.today.bound


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A named set of requirements; `extends` takes over those of others, `frameworks` are to be imported and smoke-tested."""

    name: str
    title: str
    description: str = ""
    extends: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    path: str = ""  # filled in by the loader
