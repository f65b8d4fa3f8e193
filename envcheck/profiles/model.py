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


DEFAULT_CHECK_S = 20.0


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A check of one's own: a command that has to end with an exit code and to print certain texts.

    `command` is an argument list; an argument that is the word {python} stands for the examined interpreter. It is run without a shell, in
    the folder of the profile's file. Each text of `output` has to occur in its standard output, as it is, within one line, in any order.
    """

    name: str
    command: tuple[str, ...]
    level: Level
    exit_code: int = msgspec.field(default=0, name="exit-code")
    output: tuple[str, ...] = ()
    timeout: float = DEFAULT_CHECK_S  # seconds
    why: str = ""
    profile: str = ""  # filled in by the loader
    line: int = 0  # of the profile's own file; filled in by the loader

    @property
    def key(self) -> str:
        """The name of its result among the facts: `smoke[gpu-burn:lab@]`."""
        return f"{self.name}:{self.profile}@"

    @property
    def requirement(self) -> Requirement:
        """That it passes, as a requirement on the fact that it becomes."""
        fact = f"smoke[{self.key}].status"
        return Requirement(
            fact=fact, operator=Operator.EQUALS, level=self.level, bound="passed", why=self.why, profile=self.profile, line=self.line
        )


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A named set of requirements and checks; `extends` takes over those of others, `frameworks` are to be imported and smoke-tested."""

    name: str
    title: str
    description: str = ""
    extends: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    checks: tuple[Check, ...] = ()
    path: str = ""  # filled in by the loader
