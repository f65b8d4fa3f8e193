"""Commands that install, reinstall and remove distributions in the examined environment, by the manager that made it."""

from envcheck.facts.snapshot import Snapshot, known
from envcheck.report import Remedy, Safety, Step

# Distributions whose name in conda-forge is another; from the packages' own feedstocks.
_CONDA_NAMES = {"torch": "pytorch", "opencv-python": "opencv", "tables": "pytables"}


def manager_for(facts: Snapshot, distribution: str) -> str:
    """Tells who installs it: conda where conda installed the distribution, uv where the environment is uv's and has no pip, else pip."""
    package = facts.package(distribution)
    if package is not None:
        if package.manager == "conda":
            return "conda"
    elif known(facts.python.environment, "") == "conda" and facts.package("pip") is None:
        return "conda"
    if known(facts.python.created_by, "") == "uv" and facts.package("pip") is None:
        return "uv"
    return "pip"


def install(
    facts: Snapshot,
    *requirements: str,
    summary: str,
    manager: str = "pip",
    index: str | None = None,
    reinstall: bool = False,
    safety: Safety = Safety.UNSAFE,
) -> Remedy:
    """A remedy that installs the requirements ("torch>=2.8", "numpy<2"); with `index` from there instead of the default index.

    On a Python that its operating system manages, the remedy makes a virtual environment first, because pip refuses there (PEP 668).
    """
    if manager == "conda":
        return Remedy(summary=summary, manager="conda", safety=safety, steps=(_conda(facts, requirements, index),))
    steps: list[Step] = []
    python = known(facts.python.executable, "python")
    if known(facts.python.externally_managed, default=False):
        steps.append(Step(run=(python, "-m", "venv", ".venv")))
        python = ".venv\\Scripts\\python.exe" if facts.system.os == "Windows" else ".venv/bin/python"
    steps.append(Step(run=(*_pip(manager, python, "install"), *_flags(manager, index, reinstall), *requirements)))
    return Remedy(summary=summary, manager=manager, safety=safety, steps=tuple(steps))


def uninstall(facts: Snapshot, *distributions: str, manager: str = "pip") -> Step:
    """The step that removes distributions without asking."""
    python = known(facts.python.executable, "python")
    if manager == "conda":
        prefix = ("--prefix", facts.python.prefix) if isinstance(facts.python.prefix, str) else ()
        return Step(run=("conda", "remove", "--yes", *prefix, *(_CONDA_NAMES.get(name, name) for name in distributions)))
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


def _pip(manager: str, python: str, verb: str) -> tuple[str, ...]:
    if manager == "uv":
        return ("uv", "pip", verb, "--python", python)
    return (python, "-m", "pip", verb)


def _flags(manager: str, index: str | None, reinstall: bool) -> tuple[str, ...]:
    again = ("--reinstall",) if manager == "uv" else ("--force-reinstall",)
    return (*(("--index-url", index) if index else ()), *(again if reinstall else ()))


def _conda(facts: Snapshot, requirements: tuple[str, ...], channel: str | None) -> Step:
    prefix = ("--prefix", facts.python.prefix) if isinstance(facts.python.prefix, str) else ()
    return Step(run=("conda", "install", "--yes", *prefix, "--channel", channel or "conda-forge", *map(_conda_name, requirements)))


def _conda_name(requirement: str) -> str:
    """`torch>=2.8` → `pytorch>=2.8`."""
    name = requirement
    for sign in "<>=!~ ":
        name = name.partition(sign)[0]
    return _CONDA_NAMES.get(name, name) + requirement[len(name) :]
