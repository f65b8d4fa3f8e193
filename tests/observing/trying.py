"""Imports frameworks as the doctor does, without anything else of it."""

import os
from collections.abc import Iterable

from envcheck.facts.claims import Evidence
from envcheck.observing.frameworks import Room, Surroundings, try_frameworks


def import_frameworks(executable: str, names: Iterable[str], room: Room, deadline_s: float | None = None) -> Evidence:
    return try_frameworks(executable, names, (), room, Surroundings(dict(os.environ), deadline_s))
