"""What a case speaks of, as short names: a rule whose signs are all missing has nothing to say, and need not even be imported.

live                        observed on the machine itself
taken, tools, unknown …     a collection that is not empty, or a text
observed.packages           a collection that was looked at, wholly or in part; observed.packages[complete]: and how far
said[cuda-error]            a symptom of that kind
packages[torch]             a package; packages[nvidia*]: one of which that is the first word; packages+rocm: one with that local version;
packages.manager[conda]: one that this manager installed; packages.channel: one whose source is known
builds[torch], builds.cuda  a framework's build; a build of which that is known; builds+xpu: one with that local version
accelerators[amd]           a card of that maker or backend; accelerators.mig: one of which that is known
nvidia, nvidia.state        a group of which anything is known, or that; system.os[Darwin]: and what it is; python.pip[none]: there is none
variables[CUDA_HOME], toolkits[cuda]
required[memory]            a requirement on that group
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from msgspec import UNSET, structs

from envcheck.facts.snapshot import Completeness, Observed, Snapshot
from envcheck.judging.case import Case

_GROUPS = ("system", "cpu", "memory", "nvidia", "amd", "apple", "intel", "python")
_OBSERVED = Observed.__struct_fields__
_COLLECTIONS = (
    "tools",
    "toolkits",
    "imports",
    "devices",
    "modules",
    "disks",
    "unknown",
    "contradictions",
    "packages",
    "accelerators",
    "smoke",
    "taken",
)


def signs(case: Case) -> frozenset[str]:
    """All signs that there are."""
    facts = case.facts
    found = {name for name in _COLLECTIONS if getattr(facts, name)}
    if facts.live:
        found.add("live")
    found.update(f"said[{symptom.kind.value}]" for symptom in facts.symptoms)
    found.update(f"variables[{name}]" for name in facts.variables)
    found.update(f"toolkits[{toolkit.name}]" for toolkit in facts.toolkits)
    found.update(f"required[{re.split(r'[.[]', requirement.fact)[0]}]" for requirement in case.requirements)
    for group in _GROUPS:
        known = [f"{group}.{name}" for name in _known(getattr(facts, group))]
        found.update(known, (group,) if known else ())
    if facts.python.pip is None:
        found.add("python.pip[none]")
    for name, completeness in zip(_OBSERVED, structs.astuple(facts.observed), strict=True):
        if completeness is not Completeness.NONE:
            found.update((f"observed.{name}", f"observed.{name}[{completeness.value}]"))
    if isinstance(facts.system.os, str):
        found.add(f"system.os[{facts.system.os}]")
    found.update(_of_packages(facts), _of_builds(facts), _of_accelerators(facts))
    return frozenset(found)


def _known(group: Any) -> Iterator[str]:
    for name, never_unknown in _fields(group.__class__):
        value = getattr(group, name)
        if value is not UNSET and value is not None and (value or not never_unknown):
            yield name


@cache
def _fields(group: Any) -> tuple[tuple[str, bool], ...]:
    """The fields, and whether each is there empty where nothing is known; in others an empty value is known."""
    names, defaults = group.__struct_fields__, group.__struct_defaults__
    defaults = (UNSET,) * (len(names) - len(defaults)) + defaults
    return tuple((name, default == ()) for name, default in zip(names, defaults, strict=True))


def _of_packages(facts: Snapshot) -> Iterator[str]:
    for package in facts.packages:
        yield f"packages[{package.name}]"
        yield f"packages[{package.name.partition('-')[0]}*]"
        yield f"packages.manager[{package.manager}]"
        if isinstance(package.channel, str):
            yield "packages.channel"
        yield from _local("packages", package.version)


def _of_builds(facts: Snapshot) -> Iterator[str]:
    for name, build in facts.builds.items():
        yield f"builds[{name}]"
        yield from (f"builds.{field}" for field in _known(build))
        yield from _local("builds", build.version)


def _local(collection: str, version: object) -> Iterator[str]:
    """`2.1.0+rocm5.6` → packages+rocm."""
    if isinstance(version, str) and "+" in version:
        yield from (f"{collection}+{letters}" for letters in re.findall(r"\+([a-z]{1,20})", version))


def _of_accelerators(facts: Snapshot) -> Iterator[str]:
    for card in facts.accelerators:
        yield f"accelerators[{card.vendor}]"
        yield f"accelerators[{card.backend}]"
        yield from (f"accelerators.{field}" for field in _known(card))
