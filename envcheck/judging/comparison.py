"""What comparing a requirement with a fact yields, in the words that a message needs."""

import enum

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.profiles.model import Operator, Requirement
from envcheck.profiles.vocabulary import Fact
from envcheck.report import Proof

# What firmware and error correction take away of memory: a module of 8 GB is never seen whole.
TOLERANCE = 0.03


class Met(enum.Enum):
    """How a fact stands to a requirement."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    MOOT = "moot"  # the question does not arise here


class Comparison(msgspec.Struct, frozen=True):
    """The outcome of one comparison, in the words that a message needs.

    `have` and `need` are values ("6.2 GB", "16 GB"); `reason` and `needs` explain what is unknown or moot; `share` says how much of the
    bound is there; `limited`: the machine itself has enough, but this process may not use it; `would_confirm`: what would, where the
    facts only suggest it.
    """

    met: Met
    subject: str
    have: str = ""
    need: str = ""
    reason: str = ""
    needs: tuple[str, ...] = ()
    evidence: tuple[Proof, ...] = ()
    share: float | None = None
    limited: bool = False
    would_confirm: tuple[str, ...] = ()


def subject_of(fact: Fact) -> str:
    """What a finding about the fact is about: `torch`; of what may stand for each other `tensorflow, torch or jax`."""
    *others, last = fact.members or ("",)
    return (f"{', '.join(others)} or {last}" if others else last) or _SUBJECTS.get(fact.collection, fact.collection)


def bound_in_words(requirement: Requirement) -> str:
    """`3.10 or newer`, `3.13 or older`, `2.18`."""
    suffix = {Operator.AT_LEAST: " or newer", Operator.AT_MOST: " or older"}.get(requirement.operator, "")
    return requirement.asked + suffix


_SUBJECTS = {"accelerators": "GPU", "nvidia": "NVIDIA driver", "cpu": "CPU", "python": "Python"}


def unknown(facts: Snapshot, fact: str, subject: str, thing: str, *needs: str) -> Comparison:
    """What is not known, with the reason where it was asked for; `thing` is a word for the fact, `needs` what would tell it."""
    why = facts.why_unknown(fact)
    if why is None:
        where = "on this machine" if facts.live else "in what was given"
        return Comparison(Met.UNKNOWN, subject, reason=f"{thing} was not found {where}", needs=needs)
    detail = f": {why.detail}" if why.detail else ""
    return Comparison(
        Met.UNKNOWN, subject, reason=f"{thing} could not be found out ({why.reason.value.replace('_', ' ')}){detail}", needs=needs
    )
