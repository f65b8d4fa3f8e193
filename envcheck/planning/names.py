"""What a person names, a profile or a framework, as the distributions that belong into the environment."""

from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from envcheck.knowledge.frameworks import FRAMEWORKS, distributions_of, is_framework
from envcheck.knowledge.versions import is_below, release
from envcheck.mistake import Mistake, suggestion
from envcheck.parsers.expression import regex
from envcheck.parsers.python.metadata import normalise
from envcheck.profiles.load import chain, load_profile, shipped_names
from envcheck.profiles.model import Level, Operator, Profile, Requirement
from envcheck.profiles.vocabulary import parse_fact

# What an extra or a plugin's framework brings along, in the release that belongs to it.
_BROUGHT = frozenset({"jaxlib", "jax-cuda12-plugin", "jax-cuda13-plugin", "tensorflow-metal"})
_NAME = regex(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_FILE = (".toml", "/", "\\")


class UnknownName(Mistake):
    """A name that is neither a profile with packages nor a framework."""


class Member(msgspec.Struct, frozen=True):
    """One distribution, or whichever of several fits first; `below` is exclusive, `series` a series of releases (2.8).

    `device` is what a profile wants it to compute on, `name` the word of the command line that asked for it.
    """

    name: str
    alternatives: tuple[str, ...]
    at_least: str = ""
    below: str = ""
    series: str = ""
    device: str = ""

    @property
    def asked(self) -> str:
        """`2.8 or newer, before 2.11`; empty where any release will do."""
        parts = (self.series, f"{self.at_least} or newer" if self.at_least else "", f"before {self.below}" if self.below else "")
        return ", ".join(filter(None, parts))


def read_names(names: Sequence[str]) -> tuple[Member, ...]:
    """All that the names ask for, each distribution once. Raises `UnknownName`, or `ProfileError` for a profile that cannot be read."""
    found: dict[tuple[str, ...], Member] = {}
    for name in names:
        for member in _members(name):
            found[member.alternatives] = _both(found[member.alternatives], member) if member.alternatives in found else member
    single = {member.alternatives[0] for member in found.values() if len(member.alternatives) == 1}
    return tuple(member for member in found.values() if len(member.alternatives) == 1 or not single.intersection(member.alternatives))


def _members(name: str) -> tuple[Member, ...]:
    if name in shipped_names() or any(sign in name for sign in _FILE):
        members = tuple(_of_profile(load_profile(name), name))
        if not members:
            raise UnknownName(f'The profile "{name}" names no packages to install.', "`envcheck profiles show` tells what it asks for.")
        return members
    distribution = _framework(name)
    if not distribution:
        known = [*shipped_names(), *FRAMEWORKS]
        hint = suggestion(name.lower(), known) or "`envcheck profiles` lists the profiles."
        raise UnknownName(f'There is no profile or framework "{name}".', hint)
    return (Member(name, (distribution,)),)


def _framework(name: str) -> str:
    """The distribution of a framework that is named by what is imported (sklearn) or installed (scikit-learn)."""
    if name in FRAMEWORKS:
        return distributions_of(name)[0]
    return normalise(name) if is_framework(normalise(name)) else ""


def _of_profile(profile: Profile, name: str) -> Iterator[Member]:
    members: dict[tuple[str, ...], Member] = {}
    profiles = chain(profile)
    for member in (Member(name, (distributions_of(each)[0],)) for one in profiles for each in one.frameworks):
        members[member.alternatives] = member
    requirements = [entry for one in profiles for entry in one.requirements if entry.holds and entry.level is not Level.HINT]
    for requirement in requirements:
        for member in _of_requirement(requirement, name):
            members[member.alternatives] = _both(members[member.alternatives], member) if member.alternatives in members else member
    device = _device(requirements)
    yield from (replace(member, device=device) for member in members.values() if _is_installable(member))


def _of_requirement(requirement: Requirement, name: str) -> Iterator[Member]:
    fact = parse_fact(requirement.fact)
    if fact is None or fact.collection != "packages" or requirement.operator is Operator.ABSENT:
        return
    plain = Member(name, tuple(normalise(member) for member in fact.members if member not in _BROUGHT))
    if not plain.alternatives:
        return
    match requirement.operator:
        case Operator.AT_LEAST:
            yield replace(plain, at_least=requirement.asked)
        case Operator.AT_MOST:
            yield replace(plain, below=_after(requirement.asked))
        case Operator.EQUALS:
            yield replace(plain, series=requirement.asked)
        case _:
            yield plain


def _after(bound: str) -> str:
    """The first series that "<= 2.10" excludes: 2.11."""
    numbers = release(bound)
    return ".".join(str(part) for part in (*numbers[:-1], numbers[-1] + 1)) if numbers else ""


def _device(requirements: Sequence[Requirement]) -> str:
    backends = (entry.asked for entry in requirements if entry.fact == "accelerators.backend" and entry.level is Level.MUST)
    return next(iter(backends), "")


def _is_installable(member: Member) -> bool:
    """A profile may be anybody's: nothing that is no name of a distribution comes near a command."""
    return all(_NAME.fullmatch(name) for name in member.alternatives)


def _both(one: Member, other: Member) -> Member:
    """The narrower of what two ask of the same distribution."""
    at_least = max((one.at_least, other.at_least), key=release)
    belows = [bound for bound in (one.below, other.below) if bound]
    below = belows[0] if belows else ""
    if len(belows) > 1 and is_below(belows[1], below):
        below = belows[1]
    return replace(one, at_least=at_least, below=below, series=one.series or other.series, device=one.device or other.device)
