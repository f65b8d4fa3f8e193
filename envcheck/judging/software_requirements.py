"""Requirements on Python, packages, programs and toolkits, compared with the facts."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Package, PackageState, Snapshot, known
from envcheck.judging.case import Case, proof
from envcheck.judging.comparison import Comparison, Met, bound_in_words, subject_of, unknown
from envcheck.knowledge.frameworks import distributions_of, import_of
from envcheck.knowledge.versions import release
from envcheck.profiles.bounds import fits
from envcheck.profiles.model import Operator, Requirement
from envcheck.profiles.vocabulary import Fact, parse_fact

_UNUSABLE = (PackageState.BROKEN,)  # a torn one may be a leftover beside a whole installation


def compare_python(requirement: Requirement, fact: Fact, facts: Snapshot) -> Comparison:
    """The version of the examined interpreter."""
    version = facts.python.version
    if not isinstance(version, str) or not release(version):
        return unknown(facts, fact.shape, "Python", "the version of Python", "the output of python --version")
    met = Met.YES if fits(release(version), requirement.operator, requirement.asked) else Met.NO
    return Comparison(met, "Python", version, bound_in_words(requirement), evidence=(proof(facts, fact.shape, version),))


def installed(fact: Fact, facts: Snapshot) -> Iterator[Package]:
    """The installed distributions that serve: of `packages[tensorflow]` also tensorflow-cpu, which brings the same import package."""
    for member in fact.members:
        for name in distributions_for(member):
            package = facts.package(name)
            if package is not None:
                yield package


def distributions_for(member: str) -> tuple[str, ...]:
    """The distribution itself first, then those that bring the same import package."""
    group = distributions_of(import_of(member))
    return (member, *(name for name in group if name != member)) if member in group else (member,)


def compare_package(requirement: Requirement, fact: Fact, facts: Snapshot) -> Comparison:
    """Presence or version. What is installed but broken is left to the rules about packages."""
    found = list(installed(fact, facts))
    subject = subject_of(fact)
    if not found:
        return _absent_package(requirement, fact, facts)
    package = next((entry for entry in found if entry.state not in _UNUSABLE), found[0])
    path = f"packages[{package.name}]"
    version = known(package.version, "")
    titled = f"{package.name} {version}".rstrip()
    if requirement.operator in (Operator.ABSENT, Operator.INSTALLED) and package.state not in _UNUSABLE:
        met = Met.YES if requirement.operator is Operator.INSTALLED else Met.NO
        return Comparison(met, subject, titled, _need(requirement), evidence=(proof(facts, path, version or "installed"),))
    if package.state in _UNUSABLE:
        detail = f": {package.detail}" if package.detail else ""
        repair = f"repair {package.name}, then run envcheck again"
        return Comparison(Met.UNKNOWN, subject, reason=f"{package.name} is installed but {package.state.value}{detail}", needs=(repair,))
    if not release(version):
        return unknown(facts, f"{path}.version", subject, f"the version of {package.name}", "the output of pip list")
    met = Met.YES if fits(release(version), requirement.operator, requirement.asked) else Met.NO
    return Comparison(met, subject, version, bound_in_words(requirement), evidence=(proof(facts, f"{path}.version", version),))


def _absent_package(requirement: Requirement, fact: Fact, facts: Snapshot) -> Comparison:
    path = f"packages[{fact.members[0]}]"
    if facts.observed.packages is not Completeness.COMPLETE:
        return unknown(facts, path, subject_of(fact), subject_of(fact), "the output of pip list")
    met = Met.YES if requirement.operator is Operator.ABSENT else Met.NO
    return Comparison(met, subject_of(fact), "not installed", _need(requirement), evidence=(proof(facts, path, "not installed"),))


def compare_tool(requirement: Requirement, fact: Fact, facts: Snapshot) -> Comparison:
    """A program of PATH by its name."""
    name = subject_of(fact)
    tool = next((tool for tool in facts.tools if tool.name in fact.members), None)
    path = f"tools[{fact.members[0]}]"
    wants_absence = requirement.operator is Operator.ABSENT
    if tool is None:
        if facts.observed.tools is not Completeness.COMPLETE or facts.why_unknown(path) is not None:
            return unknown(facts, path, name, name, f"the output of {name} --version")
        met = Met.YES if wants_absence else Met.NO
        return Comparison(met, name, "not found", _need(requirement), evidence=(proof(facts, path, "not found"),))
    version = known(tool.version, "")
    if not requirement.asked:
        evidence = (proof(facts, path, version or known(tool.path, "found")),)
        return Comparison(Met.NO if wants_absence else Met.YES, name, version or "found", _need(requirement), evidence=evidence)
    numbers = java_release(version) if tool.name == "java" else release(version)
    if not numbers:
        return unknown(facts, f"{path}.version", name, f"the version of {name}", f"the output of {name} --version")
    met = Met.YES if fits(numbers, requirement.operator, requirement.asked) else Met.NO
    return Comparison(met, name, version, _need(requirement), evidence=(proof(facts, f"{path}.version", version),))


def java_release(version: str) -> tuple[int, ...]:
    """`17.0.15` → (17, 0, 15); up to Java 8 the number was the second one: `1.8.0_292` → (8, 0)."""
    numbers = release(version)
    return numbers[1:] if numbers[:1] == (1,) and len(numbers) > 1 else numbers


def compare_toolkit(requirement: Requirement, fact: Fact, facts: Snapshot) -> Comparison:
    """A CUDA, cuDNN, NCCL or ROCm on disk; nobody searches the whole disk, so that none seen is not none there."""
    name = fact.members[0]
    path = f"toolkits[{name}]"
    found = [toolkit for toolkit in facts.toolkits if toolkit.name in fact.members]
    if not found:
        return unknown(facts, path, name, f"a {name} toolkit", "the output of nvcc --version")
    wants_absence = requirement.operator is Operator.ABSENT
    versions = [toolkit.version for toolkit in found if isinstance(toolkit.version, str) and release(toolkit.version)]
    if not requirement.asked:
        have = ", ".join(versions) or "found"
        return Comparison(Met.NO if wants_absence else Met.YES, name, have, _need(requirement), evidence=(proof(facts, path, have),))
    if not versions:
        return unknown(facts, f"{path}.version", name, f"the version of the {name} toolkit", "the output of nvcc --version")
    met = any(fits(release(version), requirement.operator, requirement.asked) for version in versions)
    evidence = (proof(facts, f"{path}.version", ", ".join(versions)),)
    return Comparison(Met.YES if met else Met.NO, name, ", ".join(versions), _need(requirement), evidence=evidence)


def _need(requirement: Requirement) -> str:
    """What stands behind "needs"."""
    if requirement.asked:
        return bound_in_words(requirement)
    return "none of it" if requirement.operator is Operator.ABSENT else "it"


def required_versions(case: Case) -> Iterator[Requirement]:
    """The requirements on versions of packages that are installed."""
    for requirement in case.required("packages["):
        fact = parse_fact(requirement.fact)
        if requirement.asked and fact is not None and any(installed(fact, case.facts)):
            yield requirement


def has_tool(case: Case, requirement: Requirement) -> bool:
    """Whether the program that a requirement speaks of was found."""
    fact = parse_fact(requirement.fact)
    return fact is not None and any(tool.name in fact.members for tool in case.facts.tools)
