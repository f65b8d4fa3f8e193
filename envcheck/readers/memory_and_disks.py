"""Memory out of `free`, and the room on the volumes that matter to an installation out of `df`."""

from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.linux.disk_free import Volume, parse_disk_free
from envcheck.parsers.linux.free_memory import parse_free_memory
from envcheck.readers.interface import Text

# What a volume is for, by where it is mounted.
_PURPOSES = {"/tmp": "temp", "/home": "home", "/": "root"}  # noqa: S108 - a place that is read about, not used
_SHARED = "/dev/shm"  # noqa: S108 - the same


class MemoryAndDiskReader:
    """Reads the tables of both programs."""

    name = "free and df"

    def recognises(self, text: Text) -> bool:
        """By a heading, or the end of a row."""
        return text.has("mem:", "mounted on", "% /")

    def read(self, text: Text) -> Evidence:
        """Sizes; a volume that is not shown may be there all the same."""
        evidence = Evidence(claims=[*_memory(text), *_disks(text)])
        if any(claim.fact.startswith("disks") for claim in evidence.claims):
            evidence.observed["disks"] = "partial"
        return evidence


def _memory(text: Text) -> Iterator[Claim]:
    memory = parse_free_memory(text.lines)
    if memory is None:
        return
    text.taken.update(memory.lines)
    facts = {"total_bytes": memory.total, "available_bytes": memory.available, "swap_bytes": memory.swap}
    yield from (text.claim(f"memory.{fact}", value, memory.lines[0]) for fact, value in facts.items() if value is not None)


def _disks(text: Text) -> Iterator[Claim]:
    volumes = [volume for volume in parse_disk_free(text.lines) if volume.mount != _SHARED]
    text.taken.update(volume.line for volume in volumes)
    told: dict[str, Volume] = {}
    for volume in volumes:
        if volume.mount in _PURPOSES:
            told.setdefault(_PURPOSES[volume.mount], volume)
    if "root" in told:
        told.setdefault("temp", told["root"])  # where no volume of its own is mounted, the folder is on that one
    for purpose, volume in told.items():
        entry: dict[str, object] = {"path": volume.mount, "total_bytes": volume.total, "free_bytes": volume.free}
        kind = volume.type or ("tmpfs" if volume.device == "tmpfs" else "")
        yield text.claim(f"disks[{purpose}]", {**entry, **({"filesystem": kind} if kind else {})}, volume.line)
