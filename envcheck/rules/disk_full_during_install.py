"""disk-full-during-install: an installation ran out of space, as a rule in the temporary folder."""

import re
from collections.abc import Iterator

from envcheck.facts.snapshot import Disk, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.system import as_root
from envcheck.report import Area, Certainty, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether an installer said that no space was left, and which volume that was.",
    why="pip downloads and unpacks in the temporary folder before it installs. That is often a small volume in memory, which a wheel of "
    "torch with its CUDA libraries fills, while the disk has room.",
    example="OSError: [Errno 28] No space left on device, from pip install torch with a 2 GB tmpfs at /tmp and 50 GB free elsewhere.",
    fix="Point TMPDIR at a folder on a disk with room, and use --no-cache-dir; or make room, or enlarge the tmpfs.",
    ignore_when="The space was freed since.",
    sources=("https://pip.pypa.io/en/stable/topics/caching/", "https://docs.python.org/3/library/tempfile.html#tempfile.gettempdir"),
)

_ENGINE = "docker"  # which builds an image, and unpacks its layers
_INSTALLERS = ("pip", "uv", "conda", "mamba", "poetry", _ENGINE, "")
_ENLARGE = as_root("mount", "-o", "remount,size=16G", "/tmp")  # noqa: S108 - that tmpfs is meant
_CACHES = "or make room: pip cache purge, uv cache clean or conda clean --all removes what the installer has kept"
_SMALL = 6_000_000_000  # a plain installation of torch downloads up to 4.1 GB
_GB = 1_000_000_000


# What the volumes are for that an installation writes to.
_WRITTEN_TO = ("root", "temp", "environment", "home", "pip-cache", "cache")


def check(case: Case) -> Iterator[Outcome]:
    """Only what an installer said; a disk that is merely rather full has another rule."""
    full = [symptom for symptom in case.said(SymptomKind.NO_SPACE) if not _is_shared_memory(symptom)]
    mine = tuple(symptom for symptom in full if symptom.subject in _INSTALLERS)
    if mine:
        yield _found(case, mine)
    elif full:
        yield NotEvaluated("disk", f"{full[0].subject} found no space left; it is no installer", ("run df --human-readable",))
    else:
        yield _room(case)


def _room(case: Case) -> Outcome:
    """Whether an installation would have found it where it unpacks and where it ends."""
    facts = case.facts
    free = {disk.purpose: disk.free_bytes for disk in facts.disks if isinstance(disk.free_bytes, int)}
    used_up = [disk for disk in facts.disks if _is_used_up(disk)]
    if used_up:
        return _used_up(case, used_up)
    if "temp" in free and "environment" in free and min(free["temp"], free["environment"]) >= _SMALL:
        return Passed("disk", f"{min(free['temp'], free['environment']) / _GB:.0f} GB free for an installation")
    return NotApplicable("no installer said that no space was left")


def _is_used_up(disk: Disk) -> bool:
    """Not a byte is left of a volume that is written to; images that are mounted are full from the start."""
    return disk.purpose in _WRITTEN_TO and disk.free_bytes == 0 and known(disk.total_bytes, 0) >= _SMALL and disk.writable is not False


def _used_up(case: Case, disks: list[Disk]) -> Found:
    """Nobody has complained yet, or not in what was given."""
    place = known(disks[0].path, disks[0].purpose)
    size = known(disks[0].total_bytes, 0) / _GB
    return Found(
        place,
        f"The volume of {place} has no space left: all of its {size:.0f} GB are used, so that nothing can be installed there.",
        severity=Severity.WARNING,
        evidence=tuple(case.proof(f"disks[{disk.purpose}].free_bytes", 0) for disk in disks),
        remedies=(by_hand("make room on the full disk", f"free some of the volume that holds {place}", _CACHES),),
    )


def _is_shared_memory(symptom: Symptom) -> bool:
    return symptom.details.get("path", "").startswith("/dev/shm")  # noqa: S108 - a place that is named, not used


def _found(case: Case, said: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    small = [
        disk for disk in facts.disks if disk.purpose in ("temp", "environment", "pip-cache") and known(disk.free_bytes, _SMALL) < _SMALL
    ]
    path = next((symptom.details["path"] for symptom in said if symptom.details.get("path")), "")
    engine = all(symptom.subject == _ENGINE for symptom in said)
    evidence = [spoken(symptom) for symptom in said]
    evidence += [case.proof(f"disks[{disk.purpose}].free_bytes", known(disk.free_bytes, 0)) for disk in small]
    certain = bool(small)
    return Found(
        path or "temporary folder",
        f"The installation found no space left{' where the container engine keeps its images' if engine else _place(small, path)}.",
        certainty=Certainty.CERTAIN if certain else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if certain else ("df --human-readable shows little room for /tmp, or for the environment's folder",),
        remedies=(_in_engine(),) if engine else (_make_room(path),) if _is_in_environment(path) else (_remedy(facts, small),),
        symptoms=said,
    )


def _in_engine() -> Remedy:
    return by_hand(
        "make room on the disk of the container engine",
        "see what fills it, and remove what no container uses:",
        Step(run=("docker", "system", "df")),
        Step(run=("docker", "system", "prune")),
        "or move its data-root to a larger disk; Docker Desktop has a size of its own for its disk, in its settings",
    )


def _is_in_environment(path: str) -> bool:
    """Whether it is the environment's own volume that is full: no other temporary folder helps then."""
    return re.search(r"[/\\](?:site|dist)-packages[/\\]|[/\\]envs[/\\]", path) is not None


def _make_room(path: str) -> Remedy:
    folder = path.rpartition("/")[0] or path
    return by_hand(
        "make room on the environment's disk",
        f"free some of the volume that holds {folder}, or make the environment on a larger one",
        _CACHES,
    )


def _place(small: list[Disk], path: str) -> str:
    if small:
        disk = small[0]
        return f" on the volume of {known(disk.path, disk.purpose)}, which has {known(disk.free_bytes, 0) / _GB:.1f} GB free"
    return f" for {path}" if path else ", as a rule in the temporary folder"


def _remedy(facts: Snapshot, small: list[Disk]) -> Remedy:
    roomy = [
        disk
        for disk in facts.disks
        if known(disk.free_bytes, 0) >= _SMALL and disk.writable is not False and isinstance(disk.path, str) and not _is_in_memory(disk)
    ]
    on_windows = known(facts.system.os, "") == "Windows"
    target = "a folder on a disk with room"
    if roomy:
        target = _folder_on(max(roomy, key=lambda disk: known(disk.free_bytes, 0)), on_windows=on_windows)
    if on_windows:
        first = f"set the variables TEMP and TMP to {target}, then install again with --no-cache-dir"
    else:
        first = f"set TMPDIR to {target} and install again with --no-cache-dir"
    tmpfs = any(disk.filesystem == "tmpfs" for disk in small)
    return by_hand(
        "install through a folder that has room",
        first,
        *(("or enlarge the tmpfs:", _ENLARGE) if tmpfs else (_CACHES,)),
    )


def _is_in_memory(disk: Disk) -> bool:
    return known(disk.filesystem, "") in ("tmpfs", "devtmpfs", "ramfs") or known(disk.path, "").startswith(
        ("/dev", "/run", "/sys", "/boot")
    )


def _folder_on(disk: Disk, *, on_windows: bool) -> str:
    """A folder of the user's there: where volumes are mounted only root may write, as a rule."""
    path = known(disk.path, "")
    if disk.writable is True:
        return path
    if on_windows:
        return f"a new folder on {path}"
    if disk.purpose == "home" or path == "/" or path.startswith(("/home", "/Users", "/root")):
        return 'a folder in your home (mkdir -p "$HOME/tmp"; export TMPDIR="$HOME/tmp")'
    return f"a folder below {path} that you may write to"


RULE = Rule(
    name="disk-full-during-install",
    title="An installation ran out of space",
    area=Area.DISK,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset({"disk-too-full", "package-torn"}),
)
