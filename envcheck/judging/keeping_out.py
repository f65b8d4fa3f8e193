"""Keeping packages of elsewhere out of an environment, which comes before any change of them: no manager can remove them from there."""

import re

from msgspec.structs import replace

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.environments import kind_of_environment
from envcheck.judging.leaks import FAULTS_OF_PACKAGES, INSTALLERS, Leak, find_leaks
from envcheck.judging.rule import Found
from envcheck.parsers.expression import regex
from envcheck.report import Remedy, Safety, Step

_MANAGERS = frozenset({"pip", "uv", "conda", "mamba"})
_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_THEN = "then look again: with other copies of these packages, or none, what was found here may be gone or be another"


def switch_off_user_site(facts: Snapshot) -> Step:
    """The step that keeps the user's site folder out of this environment."""
    if kind_of_environment(facts) == "conda":
        prefix = ("--prefix", facts.python.prefix) if isinstance(facts.python.prefix, str) else ()
        return Step(run=("conda", "env", "config", "vars", "set", *prefix, "PYTHONNOUSERSITE=1"))
    return Step(do="set the environment variable PYTHONNOUSERSITE to 1 before Python starts")


def leave_to_leaks(facts: Snapshot, rule: str, found: Found) -> Found:
    """The same finding without commands that would change packages from outside the environment.

    A manager refuses to remove what lies elsewhere, or takes it away from the environment that it belongs to; and what it installs
    here stays hidden.
    """
    if not found.remedies:
        return found
    for leak in find_leaks(facts):
        if rule in FAULTS_OF_PACKAGES and leak.names.intersection(found.about):
            return replace(found, remedies=(_keep_out(facts, leak),))
        kept = tuple(remedy for remedy in found.remedies if not _changes(remedy, leak.names))
        if len(kept) < len(found.remedies):
            return replace(found, remedies=(_keep_out(facts, leak), *kept))
    return found


def _keep_out(facts: Snapshot, leak: Leak) -> Remedy:
    if leak.of_user:
        summary, first = "keep the user's folder out of this environment", switch_off_user_site(facts)
    else:
        summary, first = "keep the packages of the other environment out of this one", Step(do=f"take {leak.folder} out of PYTHONPATH")
    return Remedy(summary=summary, manager="manual", safety=Safety.MANUAL, steps=(first, Step(do=_THEN)))


def _changes(remedy: Remedy, names: frozenset[str]) -> bool:
    """Whether a step has a manager install or remove one of the packages."""
    commands = (step.run for step in remedy.steps if _MANAGERS.intersection(step.run))
    words = (_NAME.match(word) for run in commands for word in run[1:])
    return any(word is not None and re.sub(r"[._-]+", "-", word.group()).lower() in names - INSTALLERS for word in words)
