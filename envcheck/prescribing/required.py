"""Remedies for what profiles require: packages in the versions that are asked for, Pythons, programs, hardware."""

from envcheck.choosing.build import Build, Wishes
from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.judging.case import Case
from envcheck.judging.software_requirements import installed
from envcheck.knowledge.frameworks import TENSOR_FRAMEWORKS, is_framework
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.versions import is_below, release, series
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.prescribing.shared import install_beside
from envcheck.profiles.model import Operator, Requirement
from envcheck.profiles.vocabulary import parse_fact
from envcheck.report import Remedy, Safety, Step

_BOUND = regex(r"(?P<sign>>=|==|<)(?P<version>[^,]+)")
# The Python that every framework of the documents has wheels for, as of TABLES_DATE.
_SERVED_BY_ALL = "3.12"


def specifier(case: Case, distribution: str, member: str) -> str:
    """`torch>=2.8,<2.11`: the distribution with all that the profiles ask of the member it serves for.

    "<=" and "==" of a profile mean a whole series, so that `<= 2.10` becomes `<2.11`.
    """
    asked = [entry for entry in case.required("packages[") if entry.holds and entry.asked and member in _members(entry)]
    lowest = [entry.asked for entry in asked if entry.operator is Operator.AT_LEAST]
    highest = [entry.asked for entry in asked if entry.operator is Operator.AT_MOST]
    exact = [f"=={entry.asked}.*" for entry in asked if entry.operator is Operator.EQUALS]
    parts = [f">={max(lowest, key=release)}"] if lowest else []
    parts += [f"<{_next_series(min(highest, key=release))}"] if highest else []
    return distribution + ",".join(exact[:1] or parts)


def _members(requirement: Requirement) -> tuple[str, ...]:
    fact = parse_fact(requirement.fact)
    return fact.members if fact is not None else ()


def _next_series(bound: str) -> str:
    """`2.10` → `2.11`."""
    numbers = release(bound)
    return ".".join(str(part) for part in (*numbers[:-1], numbers[-1] + 1))


def install_missing(case: Case, requirement: Requirement) -> Remedy:
    """Installs what a requirement asks for, of several that would do the first.

    Safe are the frameworks that envcheck knows: a profile may come from anybody, and so may a package that it names.
    """
    return install_framework(case, _members(requirement)[0])


def install_framework(case: Case, distribution: str) -> Remedy:
    """Installs a distribution that is missing, from where the build is that fits the machine, and as the profiles ask for it."""
    return _install(case, distribution, distribution, Safety.SAFE if is_framework(distribution) else Safety.UNSAFE)


def _install(case: Case, distribution: str, member: str, safety: Safety) -> Remedy:
    """Installs a distribution as the profiles ask for the member that it serves for; torch from the index whose build fits the machine."""
    facts = case.facts
    wanted = specifier(case, distribution, member)
    build = _fitting(facts, distribution, wanted)
    index = build.index if build is not None else None
    if build is not None and build.extras:
        wanted = f"{distribution}[{','.join(build.extras)}]{wanted.removeprefix(distribution)}"
    manager = manager_for(facts, distribution)
    return install(facts, wanted, summary=f"install {wanted}", manager=manager, index=index, safety=safety)


def change_version(case: Case, requirement: Requirement) -> Remedy:
    """Installs another release of the distribution that is there; whatever depends on it may change with it."""
    fact = parse_fact(requirement.fact)
    found = next(installed(fact, case.facts), None) if fact is not None else None
    member = _members(requirement)[0]
    name = found.name if found is not None else member
    versions = specifier(case, name, member).removeprefix(name)
    if name not in TENSOR_FRAMEWORKS and versions.startswith(">=") and "<" not in versions:
        return install_beside(case.facts, name, versions, f"install {name}{versions}")
    return _install(case, name, member, Safety.UNSAFE)


def _fitting(facts: Snapshot, distribution: str, wanted: str) -> Build | None:
    """Where it has to come from and with which extras: by driver and card, or for the CPU where there is known to be no GPU."""
    from envcheck.choosing.choose import choose_build  # it and its tables are for those who need a remedy

    build = choose_build(facts, distribution, _wishes(wanted)) if distribution in TENSOR_FRAMEWORKS else None
    if not isinstance(build, Build) or build.confidence is Confidence.LOW:
        return None
    return None if build.variant == "cpu" and facts.observed.accelerators is not Completeness.COMPLETE else build


def _wishes(wanted: str) -> Wishes:
    """`torch>=2.8,<2.11` and `torch==2.10.*` as wishes."""
    bounds = {found["sign"]: found["version"] for found in _BOUND.finditer(wanted)}
    return Wishes(version=bounds.get("==", "").removesuffix(".*"), at_least=bounds.get(">=", ""), below=bounds.get("<", ""))


def another_python(case: Case) -> Remedy:
    """An environment with a Python that all profiles accept; envcheck exchanges no interpreter."""
    return environment_with(case.facts, choose_python(case))


def environment_with(facts: Snapshot, version: str, *installation: str) -> Remedy:
    """An environment with that Python beside the one that is there; `installation` says how the Python comes, where pip's venv is used."""
    summary = f"make an environment with Python {version} and install the packages there"
    if known(facts.python.environment, "") == "conda":
        return by_hand(summary, Step(run=("conda", "create", "--name", f"python{version}", f"python={version}")))
    if known(facts.python.created_by, "") == "uv":
        return by_hand(summary, Step(run=("uv", "venv", "--python", version, f".venv-{version}")))
    python = f"python{version}" if known(facts.system.os, "") != "Windows" else f"py -{version}"
    steps = installation or (f"install Python {version}",)
    return by_hand(summary, *steps, Step(run=(*python.split(), "-m", "venv", f".venv-{version}")))


def get_python(facts: Snapshot, python: str) -> str:
    """Where another Python comes from, in words."""
    if known(facts.system.os, "") == "Windows":
        return f"install Python {python} with the 64-bit installer of https://www.python.org/downloads/windows/"
    return f"install Python {python}: uv python install {python}, pyenv install {python}, or the system's package"


def choose_python(case: Case) -> str:
    """The version that all frameworks are built for where the profiles accept it, else the nearest that they do."""
    bounds = [entry for entry in case.required("python.version") if entry.holds]
    lowest = [entry.asked for entry in bounds if entry.operator is not Operator.AT_MOST]
    highest = [entry.asked for entry in bounds if entry.operator is not Operator.AT_LEAST]
    if lowest and is_below(_SERVED_BY_ALL, max(lowest, key=release)):
        return series(max(lowest, key=release))
    if highest and is_below(min(highest, key=release), _SERVED_BY_ALL):
        return series(min(highest, key=release))
    return _SERVED_BY_ALL
