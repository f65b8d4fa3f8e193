"""Whether a wheel was refused because it needs a newer glibc or macOS than the machine has: by an installer's tags, or by tables."""

import msgspec

from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.case import proof
from envcheck.judging.macs import macos_version
from envcheck.judging.wheel_refusals import Refusal
from envcheck.knowledge import jax, packages, tensorflow, torch
from envcheck.knowledge.distributions import glibc_of
from envcheck.knowledge.python_wheels import Platform, platform_of, wheels_of
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.versions import is_below, is_same, release, series
from envcheck.parsers.expression import regex
from envcheck.report import Proof

_TAG = regex(r"(?P<system>manylinux|macosx)_(?P<major>\d{1,2})_(?P<minor>\d{1,3})_(?P<machine>\w+)$")
_OLD_TAG = regex(r"manylinux(?P<year>1|2010|2014)_(?P<machine>\w+)$")
_OLD_GLIBC = {"1": "2.5", "2010": "2.12", "2014": "2.17"}
GLIBC, MACOS = "glibc", "macOS"


class Tag(msgspec.Struct, frozen=True):
    """`manylinux_2_28_x86_64` → glibc 2.28 on x86_64; `macosx_11_0_arm64` → macOS 11.0 on arm64."""

    system: str
    version: str
    machine: str


class Floor(msgspec.Struct, frozen=True):
    """What a wheel needs of the system, and what the machine has; `sure`: the installer said so, or a row of high confidence does."""

    system: str
    need: str
    have: str
    sure: bool
    evidence: tuple[Proof, ...] = ()


def parse_tag(text: str) -> Tag | None:
    """None for the platforms that have no version: `win_amd64`, `linux_x86_64`."""
    found = _TAG.match(text)
    if found:
        system = GLIBC if found["system"] == "manylinux" else MACOS
        return Tag(system, f"{found['major']}.{found['minor']}", found["machine"])
    old = _OLD_TAG.match(text)
    return Tag(GLIBC, _OLD_GLIBC[old["year"]], old["machine"]) if old else None


def missed_floor(facts: Snapshot, refusal: Refusal) -> Floor | None:
    """None: the system is new enough, or it is not known to be too old."""
    if refusal.what == "platform":
        return _by_tags(refusal)
    if refusal.wheel:
        return _by_file(facts, refusal)
    return _by_tables(facts, refusal) if refusal.too_new and refusal.exact else None


def has_other_processors_only(refusal: Refusal) -> bool:
    """Whether the tags say that there are wheels for this system, and none for its processor."""
    here = parse_tag(refusal.have)
    there = [tag for tag in map(parse_tag, refusal.tags) if tag is not None and here is not None and tag.system == here.system]
    return bool(there) and all(here is not None and not _same_machine(tag.machine, here.machine) for tag in there)


def _by_tags(refusal: Refusal) -> Floor | None:
    """The installer names the newest tag that fits here, and those that there are."""
    here = parse_tag(refusal.have)
    if here is None:
        return None
    there = [tag for tag in map(parse_tag, refusal.tags) if tag is not None and tag.system == here.system]
    needs = [tag.version for tag in there if _same_machine(tag.machine, here.machine)]
    if not needs or not is_below(here.version, min(needs, key=release)):
        return None
    return Floor(here.system, min(needs, key=release), here.version, sure=True)


def _by_file(facts: Snapshot, refusal: Refusal) -> Floor | None:
    """A wheel that was named itself: where its name has several tags, the least of them."""
    tags = [tag for tag in map(parse_tag, refusal.wheel["platform"].split(".")) if tag is not None]
    return _below(facts, tags[0].system, min((tag.version for tag in tags), key=release), sure=True) if tags else None


def _by_tables(facts: Snapshot, refusal: Refusal) -> Floor | None:
    """Pip only says that it found nothing newer: tables tell which system this release needs, where it has a wheel for this Python."""
    here, python = platform_of(facts), series(known(facts.python.version, ""))
    if here.libc or here.os not in ("linux", "macos"):
        return None
    need, pythons, sure = _needed(refusal.name, refusal.exact, here, python)
    if not need or (python and pythons and python not in pythons):
        return None
    return _below(facts, GLIBC if here.os == "linux" else MACOS, need, sure=sure and bool(python))


def _below(facts: Snapshot, system: str, need: str, *, sure: bool) -> Floor | None:
    have, measured, evidence = _have(facts, system)
    if not have or not is_below(have, need):
        return None
    return Floor(system, need, have, sure=sure and measured, evidence=evidence)


def _have(facts: Snapshot, system: str) -> tuple[str, bool, tuple[Proof, ...]]:
    """The version that the machine has; of a distribution whose glibc nobody measured the one that it came with."""
    if system == MACOS:
        version = macos_version(facts) or ""
        return version, True, (proof(facts, "system.distribution_version", version),)
    libc = known(facts.system.libc, "")
    if libc.startswith("glibc"):
        return libc.removeprefix("glibc").strip(), True, (proof(facts, "system.libc", libc),)
    row = glibc_of(known(facts.system.distribution_id, "") or "", known(facts.system.distribution_version, "") or "")
    if row is None:
        return "", False, ()
    told = proof(facts, "system.distribution", known(facts.system.distribution, "") or row.ids[0])
    return row.glibc, row.confidence is Confidence.HIGH, (told, Proof(fact="its glibc", value=row.glibc, source=row.source))


def _needed(name: str, version: str, here: Platform, python: str) -> tuple[str, tuple[str, ...], bool]:
    """The oldest system for a release's wheels, the Pythons that have one, and whether that is sure."""
    for row in wheels_of(name):
        if is_same(row.version, version) and here.has(row):
            return row.oldest_system(python), row.python, row.confidence is Confidence.HIGH
    if name == "torch" and (own := torch.find_release(version)) is not None:
        glibc = own.glibc_aarch64 if here.machine == "aarch64" else own.glibc
        need = glibc if here.os == "linux" else own.macos(here.machine or "arm64", python)
        return need, own.python, own.confidence is Confidence.HIGH
    if here.os != "linux" or here.machine not in ("", "x86_64"):
        return "", (), False
    found = tensorflow.find_release(version) if name == "tensorflow" else jax.find_release(version) if name == "jaxlib" else None
    if found is not None and is_same(found.version, version):
        return found.glibc, found.python, found.confidence is Confidence.HIGH
    other = packages.find(name, version)
    return (other.glibc_min, other.pythons, other.confidence is Confidence.HIGH) if other is not None else ("", (), False)


def _same_machine(one: str, other: str) -> bool:
    return one == other or "universal2" in (one, other)
