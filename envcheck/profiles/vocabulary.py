"""The facts that a profile may speak of, and the operators that make sense for each."""

import enum
import re
from collections.abc import Callable

import msgspec

from envcheck.parsers.expression import regex
from envcheck.profiles.bounds import check_version, parse_count, parse_size
from envcheck.profiles.model import Operator


class Kind(enum.Enum):
    """What sort of value a fact has."""

    SIZE = "size"
    COUNT = "count"
    VERSION = "version"
    WORD = "word"
    WORDS = "words"
    PRESENCE = "presence"


OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    Kind.SIZE: (Operator.AT_LEAST,),
    Kind.COUNT: (Operator.AT_LEAST,),
    Kind.VERSION: (Operator.AT_LEAST, Operator.AT_MOST, Operator.EQUALS),
    Kind.WORD: (Operator.EQUALS,),
    Kind.WORDS: (Operator.INCLUDES,),
    Kind.PRESENCE: (Operator.INSTALLED, Operator.ABSENT),
}

# `[]` stands for the name of a member: packages[torch].version.
FACTS: dict[str, Kind] = {
    "system.os": Kind.WORD,
    "system.machine": Kind.WORD,
    "memory.total_bytes": Kind.SIZE,
    "disks[].free_bytes": Kind.SIZE,
    "cpu.physical_cores": Kind.COUNT,
    "cpu.features": Kind.WORDS,
    "accelerators": Kind.PRESENCE,
    "accelerators.backend": Kind.WORDS,
    "accelerators.memory_bytes": Kind.SIZE,
    "accelerators.compute_capability": Kind.VERSION,
    "nvidia.driver_version": Kind.VERSION,
    "nvidia.cuda_version": Kind.VERSION,
    "toolkits[]": Kind.PRESENCE,
    "toolkits[].version": Kind.VERSION,
    "python.version": Kind.VERSION,
    "packages[]": Kind.PRESENCE,
    "packages[].version": Kind.VERSION,
    "tools[]": Kind.PRESENCE,
    "tools[].version": Kind.VERSION,
}

# Where the members of a collection are few, a word that is none of them is a slip of the pen.
MEMBERS: dict[str, tuple[str, ...]] = {
    "disks": ("environment", "pip-cache", "conda-packages", "uv-cache", "huggingface-cache", "temp", "home", "working-folder"),
    "toolkits": ("cuda", "cudnn", "nccl", "rocm"),
    # Those that the probe looks for: of any other program nobody could say that it is not there.
    "tools": (
        "java",
        "dotnet",
        "node",
        "git",
        "cmake",
        "ninja",
        "gcc",
        "g++",
        "clang",
        "cc",
        "nvcc",
        "hipcc",
        "docker",
        "podman",
        "apptainer",
        "singularity",
        "kubectl",
        "conda",
        "mamba",
        "micromamba",
        "pixi",
        "uv",
        "mpirun",
        "protoc",
        "ffmpeg",
        "hadoop",
        "Rscript",
    ),
}
WORDS: dict[str, tuple[str, ...]] = {
    "system.os": ("Linux", "Darwin", "Windows"),
    "accelerators.backend": ("cuda", "rocm", "metal", "xpu", "tpu"),
}

_FACT = regex(r"(?P<collection>[a-z]+)(?:\[(?P<member>[^\[\]]+)\])?(?:\.(?P<field>[a-z_]+))?")
_NAME = regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\+\+)?")


class Fact(msgspec.Struct, frozen=True):
    """A fact's path in its parts: `packages[a|b].version` has the members a and b, either of which will do."""

    shape: str  # the key in FACTS
    collection: str
    members: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        """What sort of value it has."""
        return FACTS[self.shape]


def parse_fact(path: str) -> Fact | None:
    """`packages[scikit_learn].version` → its parts, names of packages normalised (PEP 503); None: there is no such fact."""
    found = _FACT.fullmatch(path)
    if found is None:
        return None
    member, field = found["member"], found["field"]
    shape = found["collection"] + ("" if member is None else "[]") + ("" if field is None else f".{field}")
    members = tuple(name.strip() for name in member.split("|")) if member else ()
    if shape not in FACTS or not all(_NAME.fullmatch(name) for name in members):
        return None
    if found["collection"] == "packages":
        members = tuple(re.sub(r"[-_.]+", "-", name).lower() for name in members)
    return Fact(shape, found["collection"], members)


def canonical(fact: Fact) -> str:
    """The path of a fact, as it is written everywhere."""
    return fact.shape.replace("[]", f"[{'|'.join(fact.members)}]")


def check_bound(fact: Fact, bound: str) -> None:
    """Raises ValueError, with the reason as a sentence, for a bound that the fact cannot be compared with."""
    if fact.kind is Kind.PRESENCE:
        if bound:
            raise ValueError("Installed and absent take no bound; a version is required of the fact packages[NAME].version.")
        return
    if not bound:
        raise ValueError("A bound is missing: what is the fact to be compared with?")
    words = WORDS.get(fact.shape)
    if words and bound not in words:
        raise ValueError(f"Known words are {', '.join(words)}.")
    check = _CHECKS.get(fact.kind)
    if check is not None:
        check(bound)


_CHECKS: dict[Kind, Callable[[str], object]] = {Kind.SIZE: parse_size, Kind.COUNT: parse_count, Kind.VERSION: check_version}
