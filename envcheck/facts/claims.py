"""Claims of several sources about the same facts, and their resolution into one snapshot.

A claim names a fact by its path in the snapshot: `memory.total_bytes`, `packages[torch].version`, `disks[temp]`.
Its value may be a scalar, a list, or a mapping of several facts below that path. Contradictions are kept, not overwritten.
"""

import enum
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from envcheck.facts.card_identity import number_cards
from envcheck.facts.snapshot import Contradiction, Snapshot, Unknown, UnknownReason
from envcheck.facts.symptoms import Symptom
from envcheck.parsers.expression import regex


class Trust(enum.IntEnum):
    """How far a claim is believed; the higher wins."""

    MENTIONED = 1  # somebody's prose
    PRINTED = 2  # a tool's output
    MEASURED = 3  # observed here


# How the source of a fact ends that no program printed: somebody wrote it, and may be mistaken.
TOLD = ", as told"


class Claim(msgspec.Struct, frozen=True):
    """One source's word about one fact.

    `scope` says where it holds: "" for the machine and environment that are spoken of, "host", "container", or an environment's name.
    """

    fact: str
    value: Any
    source: str
    trust: Trust = Trust.PRINTED
    scope: str = ""


class Evidence(msgspec.Struct):
    """What one or several observers brought home: claims, symptoms, how far they looked, and what they could not find out."""

    claims: list[Claim] = msgspec.field(default_factory=list)
    symptoms: list[Symptom] = msgspec.field(default_factory=list)
    observed: dict[str, str] = msgspec.field(default_factory=dict)
    unknown: list[Unknown] = msgspec.field(default_factory=list)

    def add(self, other: "Evidence") -> None:
        """Take over all that another observer found; of two words on a collection the more complete one stands."""
        self.claims += other.claims
        self.symptoms += [symptom for symptom in other.symptoms if symptom not in self.symptoms]
        self.unknown += other.unknown
        for collection, completeness in other.observed.items():
            if _COMPLETENESS.index(completeness) > _COMPLETENESS.index(self.observed.get(collection, "none")):
                self.observed[collection] = completeness


_COMPLETENESS = ("none", "partial", "complete")

# The lists of a snapshot whose members are named in a path by one of their own fields.
KEYS = {
    "disks": "purpose",
    "accelerators": "index",
    "toolkits": "name",
    "devices": "path",
    "packages": "name",
    "imports": "name",
    "tools": "name",
    "smoke": "framework",
}
# Nobody reads more of them, and a text may hold any number.
_MOST_CONTRADICTIONS = 1000
# Toolkits may lie on a disk several times; their key is "name@path". That of a smoke test is "framework:variant@device".
STEP = regex(r"([^.\[\]]+)|\[([^\]]*)\]")


def resolve(evidence: Evidence, *, taken: str, live: bool, scope: str = "") -> Snapshot:
    """One snapshot out of all claims: the most trusted claim of a fact wins, of equals the earlier; the rest is kept as contradictions.

    Claims of another scope than `scope` (the machine and environment that are judged) fill gaps in nothing: they are kept beside.
    Raises `msgspec.ValidationError` for a value of the wrong type, which is an observer's bug.
    """
    evidence = replace(evidence, claims=list(evidence.claims), unknown=list(evidence.unknown))
    number_cards(evidence)
    tree: dict[str, Any] = {}
    sources: dict[str, str] = {}
    lost: list[Contradiction] = []
    for claim in sorted(evidence.claims, key=lambda claim: -claim.trust):
        if claim.scope not in ("", scope):
            lost.append(_contradiction(claim.fact, claim.value, claim))
            continue
        _put(tree, _steps(claim.fact), claim.value, claim, lost)
        sources.setdefault(claim.fact, claim.source + TOLD if claim.trust is Trust.MENTIONED else claim.source)
    tree.update(
        taken=taken,
        live=live,
        observed=evidence.observed,
        unknown=[msgspec.to_builtins(unknown) for unknown in evidence.unknown if not _is_known(tree, unknown.fact)],
        symptoms=[msgspec.to_builtins(symptom) for symptom in evidence.symptoms],
        contradictions=[msgspec.to_builtins(entry) for entry in list(dict.fromkeys(lost))[:_MOST_CONTRADICTIONS]],
        sources=sources,
    )
    return msgspec.convert(_listed(tree), Snapshot)


def resolve_what_fits(evidence: Evidence, *, taken: str, live: bool) -> Snapshot:
    """As `resolve`, for evidence that nobody vouches for: what has not the type of its fact becomes unknown, and the rest stands."""
    try:
        return resolve(evidence, taken=taken, live=live)
    except _MISFITS:
        pass
    groups: dict[str, list[Claim]] = {}
    for claim in evidence.claims:
        groups.setdefault(next(iter(_steps(claim.fact)), ""), []).append(claim)
    fitting = Evidence(symptoms=evidence.symptoms, observed=_known_collections(evidence.observed), unknown=list(evidence.unknown))
    for claims in groups.values():
        kept = claims if _fit(claims) else [claim for claim in claims if _fit([claim])]
        kept = kept if _fit(kept) else []
        fitting.claims += kept
        for claim in claims:
            if claim not in kept:
                fitting.unknown.append(
                    Unknown(fact=claim.fact, reason=UnknownReason.UNPARSABLE, detail="what was answered is no such fact")
                )
                fitting.observed.pop(next(iter(_steps(claim.fact)), ""), None)
    return resolve(fitting, taken=taken, live=live)


# What a claim of a wrong shape raises on its way into a snapshot.
_MISFITS = (msgspec.ValidationError, ValueError, TypeError, LookupError, AttributeError, RecursionError)


def _fit(claims: list[Claim]) -> bool:
    try:
        resolve(Evidence(claims=claims), taken="", live=True)
    except _MISFITS:
        return False
    return True


def _known_collections(observed: Mapping[str, str]) -> dict[str, str]:
    return {collection: completeness for collection, completeness in observed.items() if completeness in _COMPLETENESS}


def _steps(path: str) -> list[str]:
    """`packages[torch].version` → ["packages", "torch", "version"]."""
    return [name or key for name, key in STEP.findall(path)]


def _put(tree: dict[str, Any], steps: list[str], value: Any, claim: Claim, lost: list[Contradiction]) -> None:
    for step in steps[:-1]:
        child = tree.setdefault(step, {})
        if not isinstance(child, dict):
            lost.append(_contradiction(claim.fact, value, claim))
            return
        tree = child
    _merge(tree, steps[-1], value, claim, claim.fact, lost)


def _merge(tree: dict[str, Any], key: str, value: Any, claim: Claim, path: str, lost: list[Contradiction]) -> None:
    if key not in tree:
        tree[key] = dict(value) if isinstance(value, Mapping) else value
    elif isinstance(value, Mapping) and isinstance(tree[key], dict):
        for name, part in value.items():
            _merge(tree[key], name, part, claim, f"{path}.{name}", lost)
    elif tree[key] != value:
        lost.append(_contradiction(path, value, claim))


def _contradiction(path: str, value: Any, claim: Claim) -> Contradiction:
    return Contradiction(fact=path, value=str(value), source=claim.source, scope=claim.scope)


def _is_known(tree: Mapping[str, Any], path: str) -> bool:
    """Whether another source knew the fact after all."""
    node: Any = tree
    for step in _steps(path):
        if not isinstance(node, Mapping) or step not in node:
            return False
        node = node[step]
    return not isinstance(node, Mapping)


def _listed(tree: dict[str, Any]) -> dict[str, Any]:
    """The tree with every keyed collection turned into the list that the snapshot has."""
    for collection, key in KEYS.items():
        members = tree.get(collection)
        if isinstance(members, dict):
            tree[collection] = [_member(collection, key, name, member) for name, member in members.items()]
            if key == "index":
                tree[collection].sort(key=lambda member: member["index"])
    return tree


def _member(collection: str, key: str, name: str, member: Mapping[str, Any]) -> dict[str, Any]:
    if collection == "smoke":
        return {**_tested(name), **member}
    value: str | int = int(name) if key == "index" else name.partition("@")[0] if collection == "toolkits" else name
    listed = {key: value, **member}
    if collection == "packages":
        listed.setdefault("state", "ok")
    return listed


def _tested(name: str) -> dict[str, str]:
    """`keras:jax@cuda:0` → the framework keras, the variant jax, the device cuda:0."""
    test, _, device = name.partition("@")
    framework, _, variant = test.partition(":")
    return {"framework": framework, "variant": variant, "device": device}


def unknowns(facts: Iterable[str], unknown: Unknown) -> list[Unknown]:
    """The same reason for each of several facts."""
    return [msgspec.structs.replace(unknown, fact=fact) for fact in facts]
