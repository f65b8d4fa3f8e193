"""What a rule is and what it may say: one of four outcomes per subject, with the evidence it stands on."""

import enum
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import msgspec

from envcheck.facts.symptoms import Symptom
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

if TYPE_CHECKING:
    from envcheck.judging.case import Case
    from envcheck.profiles.model import Requirement


class Layer(enum.IntEnum):
    """Where in the stack a problem sits; the deeper one (the lower number) is the likelier cause."""

    HARDWARE = 0
    KERNEL = 1
    DRIVER = 2
    CONTAINER = 3
    PYTHON = 4
    BUILD = 5
    COMPANIONS = 6
    LOADING = 7
    DEVICE = 8
    COMPUTE = 9


class Manual(msgspec.Struct, frozen=True):
    """What `envcheck explain` shows of a rule."""

    checks: str
    why: str
    example: str
    fix: str
    ignore_when: str
    sources: tuple[str, ...]


class Found(msgspec.Struct, frozen=True):
    """The problem is there.

    `symptoms` are those that it was seen by; none: it was computed from facts. `about` names the packages that it concerns: a
    cause that concerns torch is no cause of what is wrong with jax. `brings` are packages that are here by this alone: what is
    wrong with them follows from it even where it is no more than a hint by itself. `context` is shown behind the evidence, and
    decides nothing. `follows` are subjects of findings of the same rule that this one is only a consequence of.
    """

    subject: str
    message: str
    severity: Severity = Severity.ERROR
    certainty: Certainty = Certainty.CERTAIN
    evidence: tuple[Proof, ...] = ()
    would_confirm: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    symptoms: tuple[Symptom, ...] = ()
    about: tuple[str, ...] = ()
    brings: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    context: tuple[Proof, ...] = ()
    requirement: "Requirement | None" = None


class Passed(msgspec.Struct, frozen=True):
    """The subject was judged and is right; `message` is a few words such as "16.8 GB, 8 GB needed"."""

    subject: str
    message: str = ""
    requirement: "Requirement | None" = None


class NotEvaluated(msgspec.Struct, frozen=True):
    """The deciding fact is not known; `needs` says what to run or paste so that it is. `required`: the user had asked for it by name."""

    subject: str
    reason: str
    needs: tuple[str, ...] = ()
    requirement: "Requirement | None" = None
    required: bool = False


class NotApplicable(msgspec.Struct, frozen=True):
    """The question does not arise here."""

    reason: str


Outcome = Found | Passed | NotEvaluated | NotApplicable


class Rule(msgspec.Struct, frozen=True):
    """One problem that envcheck knows.

    `name` is a kebab-case phrase for the problem, never reused; `explains` names the rules and the kinds of symptoms that follow from it.
    `alike` names a rule that tells the same of another stage: what explains that one explains this one too, and so does any rule that has
    heard one of the same symptoms.
    """

    name: str
    title: str
    area: Area
    layer: Layer
    manual: Manual
    check: "Callable[[Case], Iterable[Outcome]]"
    explains: frozenset[str] = msgspec.field(default_factory=frozenset)
    alike: str = ""


class Unasked(msgspec.Struct, frozen=True):
    """Stands for a rule that could say nothing but `gap`, and was therefore not imported."""

    name: str
    area: Area
    gap: NotEvaluated
