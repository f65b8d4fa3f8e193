"""What is known of each area, in words: one short text per area, from the facts alone."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from msgspec import UNSET, UnsetType

from envcheck.facts.snapshot import Completeness, Disk, Import, PackageState, Snapshot, UnknownReason, known
from envcheck.rendering.gpu_words import cards_in_words, drivers_in_words, no_card_in_words, toolkits_in_words
from envcheck.rendering.quantities import counted, duration, size
from envcheck.report import Area

MOST_LISTED = 5

_PURPOSES = {
    "environment": "the environment",
    "pip-cache": "pip's cache",
    "conda-packages": "conda's packages",
    "uv-cache": "uv's cache",
    "huggingface-cache": "Hugging Face's cache",
    "temp": "temporary files",
    "home": "the home folder",
    "working-folder": "the working folder",
}
# What is shown of the packages that were not imported: distributions that an environment is made for.
FRAMEWORKS = (
    *("torch", "tensorflow", "tensorflow-cpu", "jax", "keras", "transformers", "scikit-learn", "xgboost", "lightgbm"),
    *("onnxruntime", "onnxruntime-gpu", "openvino", "spacy", "pyspark", "ray", "h2o", "mlflow", "mxnet"),
)
_DISTRIBUTION_OF = {"sklearn": "scikit-learn"}
_IMPORT_FAILED = {
    "failed": "import failed",
    "crashed": "crashed while it was imported",
    "timed_out": "import did not end in time",
    "unkillable": "import hangs and cannot be stopped",
    "absent": "not installed",
}
_REASONS = {
    UnknownReason.DENIED: "access was denied",
    UnknownReason.TIMED_OUT: "no answer in time",
    UnknownReason.CRASHED: "the reading failed",
    UnknownReason.UNPARSABLE: "the answer was not understood",
    UnknownReason.UNKILLABLE: "the reading hangs and cannot be stopped",
    UnknownReason.UNSUPPORTED: "this system has no way to tell",
}


def facts_in_words(area: Area, facts: Snapshot) -> str:
    """The key facts of an area; empty where nothing is known of it and nothing was asked."""
    words = _WORDS.get(area)
    return (words(facts) if words else "") or _why_not(area, facts) or _not_looked_at(area, facts)


# Those that the doctor makes by itself, and a few.
_MOST_TESTS = 10


def cut(items: Iterable[str], most: int = MOST_LISTED) -> list[str]:
    """At most so many items; of a longer list the first ones and how many more there are."""
    listed = list(items)
    return listed if len(listed) <= most else [*listed[:most], f"and {len(listed) - most:,} more"]


def why(reason: UnknownReason) -> str:
    """A reason why something is not known, in words."""
    return _REASONS[reason]


def is_unknown(area: Area, facts: Snapshot) -> bool:
    """Whether nothing of an area is known: it was asked about in vain, or not in what was given."""
    words = _WORDS.get(area)
    return not (words(facts) if words else "") and bool(_why_not(area, facts) or (not facts.live and _not_looked_at(area, facts)))


def _why_not(area: Area, facts: Snapshot) -> str:
    for fact in _GROUPS.get(area, ()):
        unknown = next((entry for entry in facts.unknown if entry.fact == fact or entry.fact.startswith((f"{fact}.", f"{fact}["))), None)
        if unknown is not None:
            silent = not facts.live and unknown.reason is UnknownReason.UNSUPPORTED
            return f"not known: {'the text does not tell' if silent else why(unknown.reason)}"
    return ""


_GROUPS = {
    Area.SYSTEM: ("system",),
    Area.CPU: ("cpu",),
    Area.MEMORY: ("memory",),
    Area.DISK: ("disks",),
    Area.GPU: ("accelerators", "nvidia", "amd", "apple", "intel"),
    Area.PYTHON: ("python",),
    Area.PACKAGES: ("packages",),
    Area.FRAMEWORKS: ("imports", "builds"),
    Area.SMOKE: ("smoke",),
}


def _not_looked_at(area: Area, facts: Snapshot) -> str:
    """Of what everybody expects to see, that nobody looked."""
    if area not in (Area.GPU, Area.PACKAGES):
        return ""
    return "not looked at" if facts.live else "not in what was given"


def _joined(parts: Iterable[str | UnsetType | None]) -> str:
    return ", ".join(part for part in parts if isinstance(part, str) and part)


def _system(facts: Snapshot) -> str:
    system = facts.system
    kernel = f"kernel {system.kernel}" if isinstance(system.kernel, str) and system.os == "Linux" else UNSET
    return _joined(
        (
            known(system.distribution, known(system.os, "")),
            system.machine,
            kernel,
            system.libc,
            f"WSL {system.wsl}" if isinstance(system.wsl, int) else "",
            f"in a container ({system.container})" if known(system.container, "") else "",
            f"virtual machine ({system.virtual_machine})" if known(system.virtual_machine, "") else "",
            f"under {system.scheduler}" if known(system.scheduler, "") else "",
            "a login node" if system.login_node is True else "",
        )
    )


def _cpu(facts: Snapshot) -> str:
    cpu = facts.cpu
    return _joined((cpu.model, _cores(facts), cpu.level))


def _cores(facts: Snapshot) -> str:
    usable, all_cores = facts.cpu.usable_cores, facts.cpu.logical_cores
    if all_cores is UNSET:
        return "" if usable is UNSET else f"{usable:g} usable cores"
    if usable is UNSET or usable == all_cores:
        return counted(all_cores, "core")
    return f"{usable:g} of {counted(all_cores, 'core')} usable"


def _memory(facts: Snapshot) -> str:
    memory = facts.memory
    parts = [
        size(memory.total_bytes) if memory.total_bytes is not UNSET else "",
        f"{size(memory.available_bytes)} free" if memory.available_bytes is not UNSET else "",
    ]
    words = _joined(parts)
    limit = f"limit {size(memory.limit_bytes)} by cgroup" if isinstance(memory.limit_bytes, int) else ""
    return "; ".join(part for part in (words, limit) if part)


def _disk(facts: Snapshot) -> str:
    """Volumes of the same size and room are one and the same."""
    volumes: dict[tuple[object, ...], list[Disk]] = {}
    for disk in facts.disks:
        if disk.free_bytes is not UNSET or disk.writable is False:
            # The room as it reads: between two looks at one volume somebody may have written to it.
            volumes.setdefault((_room(disk), disk.total_bytes), []).append(disk)
    if len(volumes) == 1 and len(facts.disks) > 1 and len(next(iter(volumes.values()))) == len(facts.disks):
        return f"{_room(facts.disks[0])}, all on one volume"
    return "; ".join(cut(f"{_room(disks[0])} ({_purposes(disks)})" for disks in volumes.values()))


def _purposes(disks: list[Disk]) -> str:
    return ", ".join(cut((_PURPOSES.get(disk.purpose, disk.purpose) for disk in disks), 3))


def _room(disk: Disk) -> str:
    free = f"{size(disk.free_bytes)} free" if disk.free_bytes is not UNSET else ""
    return _joined((free, "not writable" if disk.writable is False else ""))


def _gpu(facts: Snapshot) -> str:
    cards = cut(cards_in_words(facts)) or [no_card_in_words(facts)]
    return _joined((*cards, *drivers_in_words(facts), toolkits_in_words(facts)))


def _python(facts: Snapshot) -> str:
    python = facts.python
    return _joined(
        (
            " ".join(word for word in (known(python.implementation, "Python"), known(python.version, "")) if word)
            if python.version is not UNSET
            else "",
            _origin(known(python.environment, ""), known(python.created_by, "")),
            "managed by the operating system" if python.externally_managed is True else "",
            f"{python.bits}-bit" if python.bits == 32 else "",
        )
    )


def _origin(environment: str, creator: str) -> str:
    """`venv made by uv`; the system's own is not made by anybody, it comes with `debian`."""
    if not creator or creator == environment:
        return environment
    return f"{environment} ({creator})" if environment == "system" else f"{environment} made by {creator}".strip()


def _packages(facts: Snapshot) -> str:
    if not facts.packages and facts.observed.packages is not Completeness.COMPLETE:
        return ""
    damaged = Counter(package.state for package in facts.packages if package.state is not PackageState.OK)
    partial = facts.observed.packages is not Completeness.COMPLETE
    states = (f"{number} {state.value}" for state, number in damaged.items())
    count = counted(len(facts.packages), "package")
    return _joined((f"{count} named in the text, not a full list" if partial else f"{count} installed", *states))


def _frameworks(facts: Snapshot) -> str:
    imported = {_DISTRIBUTION_OF.get(entry.name, entry.name) for entry in facts.imports}
    words = list(_imports(facts))
    for name in FRAMEWORKS:
        package = facts.package(name)
        if package is not None and name not in imported:
            words.append(f"{name} {known(package.version, '(version unknown)')}")
    if words:
        return ", ".join(cut(words))
    return "no machine-learning framework is installed" if facts.observed.packages is Completeness.COMPLETE else ""


def _imports(facts: Snapshot) -> Iterator[str]:
    for entry in sorted(facts.imports, key=_by_interest):
        name = _DISTRIBUTION_OF.get(entry.name, entry.name)
        package = facts.package(name)
        version = known(entry.version, known(package.version, "") if package else "")
        outcome = _IMPORT_FAILED.get(entry.status, "imported" if entry.status == "imported" else entry.status)
        time = f" in {duration(entry.seconds)}" if entry.status == "imported" and entry.seconds is not UNSET else ""
        yield f"{name}{' ' if version else ''}{version} ({outcome}{time})"


def _by_interest(entry: Import) -> tuple[bool, int, str]:
    """What went wrong first, then the best known; never in the order in which the imports came to their end."""
    name = _DISTRIBUTION_OF.get(entry.name, entry.name)
    return entry.status == "imported", FRAMEWORKS.index(name) if name in FRAMEWORKS else len(FRAMEWORKS), name


def _container(facts: Snapshot) -> str:
    kind = known(facts.system.container, "")
    shared = facts.memory.shm_bytes
    return _joined((kind, f"{size(shared)} of shared memory (/dev/shm)" if kind and isinstance(shared, int) else ""))


def _smoke(facts: Snapshot) -> str:
    if not facts.smoke:
        return ""
    from envcheck.rendering.smoke_words import results

    return "; ".join(cut(results(facts), most=_MOST_TESTS))


_WORDS: dict[Area, Callable[[Snapshot], str]] = {
    Area.SYSTEM: _system,
    Area.CPU: _cpu,
    Area.MEMORY: _memory,
    Area.DISK: _disk,
    Area.GPU: _gpu,
    Area.PYTHON: _python,
    Area.PACKAGES: _packages,
    Area.FRAMEWORKS: _frameworks,
    Area.SMOKE: _smoke,
    Area.CONTAINER: _container,
}
