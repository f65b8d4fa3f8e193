"""Commands that install, reinstall and remove distributions in the examined environment, by the manager that made it."""

from collections.abc import Iterable

from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.knowledge.frameworks import FRAMEWORKS
from envcheck.parsers.expression import regex
from envcheck.report import Remedy, Safety, Step

# Distributions whose name in conda-forge is another; from the packages' own feedstocks.
_CONDA_NAMES = {
    "torch": "pytorch",
    "opencv-python": "opencv",
    "opencv-python-headless": "opencv",
    "opencv-contrib-python": "opencv",
    "opencv-contrib-python-headless": "opencv",
    "tables": "pytables",
    "ray": "ray-default",
    "msgpack": "msgpack-python",
}
# `name`, `[extras]` that conda does not have, the versions, and a marker that is of no use to it.
_REQUIREMENT = regex(r"(?P<name>[A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*(?P<versions>[^;@]*)")
_LOCAL_TAG = regex(r"\+[A-Za-z0-9.]+")


def interpreter(facts: Snapshot) -> str:
    """The examined interpreter; where its path is not known, its name: neither a Mac nor Ubuntu has a python without a digit."""
    posix = known(facts.system.os, "") in ("Linux", "Darwin") and known(facts.python.environment, "") not in ("conda", "venv")
    return known(facts.python.executable, "python3" if posix else "python")


def manager_for(facts: Snapshot, distribution: str) -> str:
    """Tells who installs it: conda, pip or uv.

    What is installed stays with its manager. Something new in a conda environment comes by conda, unless pip brought the frameworks that
    are there. An environment of uv's that has no pip is left to uv.
    """
    package = facts.package(distribution)
    if package is not None:
        conda = package.manager == "conda"
    else:
        conda = known(facts.python.environment, "") == "conda" and not _pip_brought_frameworks(facts)
    return "conda" if conda else _pip_or_uv(facts)


def install(
    facts: Snapshot,
    *requirements: str,
    summary: str,
    manager: str = "pip",
    index: str | None = None,
    reinstall: bool = False,
    dependencies: bool = True,
    over_damaged: bool = False,
    safety: Safety = Safety.UNSAFE,
) -> Remedy:
    """A remedy that installs the requirements ("torch>=2.8", "numpy<2").

    `index` is the package index to use instead of the default one; conda has channels and no index, so it is passed over there.
    `dependencies` False touches nothing but what is named. `over_damaged` writes over an installation that cannot be removed because its
    metadata is unusable. On a Python that its operating system manages, the remedy makes a virtual
    environment first, because pip refuses there (PEP 668).
    """
    if manager == "conda":
        step = _conda(facts, requirements, reinstall=reinstall or over_damaged, dependencies=dependencies)
        return Remedy(summary=summary, manager="conda", safety=safety, steps=(step,))
    steps: list[Step] = []
    python = interpreter(facts)
    if _is_the_systems(facts):
        steps.append(Step(run=(python, "-m", "venv", ".venv")))
        python = ".venv\\Scripts\\python.exe" if facts.system.os == "Windows" else ".venv/bin/python"
    elif manager == "pip" and _lacks_pip(facts):
        steps.append(Step(run=(python, "-m", "ensurepip", "--upgrade")))
    flags = (*_index(index), *_again(manager, reinstall=reinstall, over_damaged=over_damaged), *(() if dependencies else ("--no-deps",)))
    steps.append(Step(run=(*_pip(manager, python, "install"), *flags, *requirements)))
    return Remedy(summary=summary, manager=manager, safety=safety, steps=tuple(steps))


def replace(
    facts: Snapshot, remove: Iterable[str], requirement: str, *, summary: str, index: str | None = None, records: int = 1
) -> Remedy:
    """A remedy that removes distributions, each by its own manager, and then installs the one requirement.

    `records` is how many records of them lie in the folder: pip removes one at a time, conda all. Where pip may
    remove nothing (PEP 668), only the installation into a new environment is left.
    """
    removed = tuple(remove)
    manager = "conda" if removed and all(manager_for(facts, name) == "conda" for name in removed) else _pip_or_uv(facts)
    installation = install(facts, requirement, summary=summary, manager=manager, index=index)
    if _is_the_systems(facts):
        return installation
    pip_first = [step for step in installation.steps if "ensurepip" in step.run]
    removals = _removals(facts, removed) * (1 if manager == "conda" else records)
    last = [step for step in installation.steps if step not in pip_first]
    return Remedy(summary=summary, manager=manager, safety=Safety.UNSAFE, steps=(*pip_first, *removals, *last))


def uninstall(facts: Snapshot, *distributions: str, manager: str = "pip") -> Step:
    """The step that removes distributions without asking."""
    python = interpreter(facts)
    if manager == "conda":
        names = dict.fromkeys(_CONDA_NAMES.get(name, name) for name in distributions)
        return Step(run=("conda", "remove", "--yes", *_prefix(facts), *names))
    yes = () if manager == "uv" else ("--yes",)
    return Step(run=(*_pip(manager, python, "uninstall"), *yes, *distributions))


def by_hand(summary: str, *steps: str | Step) -> Remedy:
    """A remedy that only a person can carry out; words and commands in their order."""
    return Remedy(
        summary=summary,
        manager="manual",
        safety=Safety.MANUAL,
        steps=tuple(step if isinstance(step, Step) else Step(do=step) for step in steps),
    )


def _is_the_systems(facts: Snapshot) -> bool:
    """Whether the operating system manages this Python; a virtual environment made from it is not concerned (PEP 668)."""
    return known(facts.python.externally_managed, default=False) and known(facts.python.environment, "") != "venv"


def _lacks_pip(facts: Snapshot) -> bool:
    return facts.live and facts.observed.packages is Completeness.COMPLETE and facts.package("pip") is None


def _pip_brought_frameworks(facts: Snapshot) -> bool:
    packages = (facts.package(name) for distributions in FRAMEWORKS.values() for name in distributions)
    return any(package is not None and package.manager in ("pip", "uv") for package in packages)


def _pip_or_uv(facts: Snapshot) -> str:
    return "uv" if known(facts.python.created_by, "") == "uv" and facts.package("pip") is None else "pip"


def _removals(facts: Snapshot, distributions: tuple[str, ...]) -> list[Step]:
    """One step for each manager that has something to remove."""
    by_manager: dict[str, list[str]] = {}
    for name in distributions:
        package = facts.package(name)
        manager = "system" if package is not None and package.manager == "system" else manager_for(facts, name)
        by_manager.setdefault(manager, []).append(name)
    system = by_manager.pop("system", [])
    words = [Step(do=f"remove {' and '.join(system)} with the package manager of the operating system")] if system else []
    return [*words, *(uninstall(facts, *names, manager=manager) for manager, names in by_manager.items())]


def _pip(manager: str, python: str, verb: str) -> tuple[str, ...]:
    if manager == "uv":
        return ("uv", "pip", verb, "--python", python)
    return (python, "-m", "pip", verb)


def _index(index: str | None) -> tuple[str, ...]:
    return ("--index-url", index) if index else ()


def _again(manager: str, *, reinstall: bool, over_damaged: bool) -> tuple[str, ...]:
    """Where the list of files is missing, uv removes what it finds; pip stops unless it is told not to look."""
    if over_damaged:
        return ("--reinstall",) if manager == "uv" else ("--ignore-installed",)
    if reinstall:
        return ("--reinstall",) if manager == "uv" else ("--force-reinstall",)
    return ()


def _conda(facts: Snapshot, requirements: tuple[str, ...], *, reinstall: bool, dependencies: bool) -> Step:
    flags = (*(("--force-reinstall",) if reinstall else ()), *(() if dependencies else ("--no-deps",)))
    channel = ("--channel", _channel(facts, requirements))
    return Step(run=("conda", "install", "--yes", *_prefix(facts), *flags, *channel, *map(_conda_requirement, requirements)))


def _prefix(facts: Snapshot) -> tuple[str, ...]:
    """None known: conda takes the environment that is active."""
    return ("--prefix", facts.python.prefix) if isinstance(facts.python.prefix, str) else ()


def _channel(facts: Snapshot, requirements: tuple[str, ...]) -> str:
    """conda-forge, unless the installed one is from Anaconda's own channels: the two are not mixed."""
    for requirement in requirements:
        package = facts.package(_name(requirement).lower())
        channel = known(package.channel, "") if package is not None else ""
        if channel == "defaults" or "pkgs/" in channel:
            return "defaults"
    return "conda-forge"


def _name(requirement: str) -> str:
    found = _REQUIREMENT.match(requirement)
    return found["name"] if found else requirement


def _conda_requirement(requirement: str) -> str:
    """`torch[opt]>=2.8` → `pytorch>=2.8`; `torch==2.8.0+cu128` → `pytorch==2.8.0`, as conda tells builds by another field."""
    found = _REQUIREMENT.match(requirement)
    if found is None:
        return requirement
    versions = _LOCAL_TAG.sub("", found["versions"]).replace(" ", "")
    return _CONDA_NAMES.get(found["name"], found["name"]) + versions
