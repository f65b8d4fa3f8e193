"""How programs that are no Python packages are installed: by conda in its environments, else by what the system has for it."""

from envcheck.facts.snapshot import known
from envcheck.judging.case import Case
from envcheck.knowledge.versions import major
from envcheck.prescribing.install import by_hand, install
from envcheck.profiles.model import Operator, Requirement
from envcheck.profiles.vocabulary import parse_fact
from envcheck.report import Remedy, Step

# What people call them.
_TITLES = {
    "java": "a Java runtime",
    "git": "Git",
    "docker": "Docker",
    "kubectl": "kubectl",
    "node": "Node.js",
    "dotnet": "the .NET SDK",
    "hadoop": "Hadoop",
}
_CONDA = {"java": "openjdk", "git": "git", "node": "nodejs"}
_DEBIAN = {"java": "openjdk-{major}-jre-headless", "git": "git", "node": "nodejs"}
_FEDORA = {"java": "java-{major}-openjdk-headless", "git": "git", "node": "nodejs"}
_BREW = {"java": "openjdk@{major}", "git": "git", "node": "node", "kubectl": "kubernetes-cli"}
_PAGES = {
    "java": "https://adoptium.net/temurin/releases/",
    "git": "https://git-scm.com/downloads",
    "docker": "https://docs.docker.com/engine/install/",
    "kubectl": "https://kubernetes.io/docs/tasks/tools/",
    "node": "https://nodejs.org/en/download",
    "dotnet": "https://dotnet.microsoft.com/download",
    "hadoop": "https://hadoop.apache.org/releases.html",
}
# The oldest Java that Spark 4 runs on is also one that H2O takes.
_JAVA = 17


def install_program(case: Case, requirement: Requirement) -> Remedy:
    """Installs a program in the version that is asked for, or says how."""
    fact = parse_fact(requirement.fact)
    name = fact.members[0] if fact is not None else requirement.fact
    version = _version(name, requirement)
    summary = f"install {_TITLES.get(name, name)}{f' {version}' if version else ''}"
    if known(case.facts.python.environment, "") == "conda" and name in _CONDA:
        return install(case.facts, _CONDA[name] + (f"=={version}.*" if version else ""), summary=summary, manager="conda")
    command = _command(case, name, version)
    steps: list[Step | str] = (
        [command] if command is not None else [f"get it from {_PAGES[name]}"] if name in _PAGES else [f"install {name}"]
    )
    if name == "java":
        steps.append("let JAVA_HOME lead to it where several are installed")
    return by_hand(summary, *steps)


def _version(name: str, requirement: Requirement) -> str:
    """The major version to install: the newest that is allowed, or the oldest that is asked for; of Java one that is kept up for years."""
    wanted = major(requirement.asked) if requirement.asked else -1
    if name == "java":
        return str(wanted if requirement.operator is Operator.AT_MOST else max(wanted, _JAVA))
    return str(wanted) if wanted >= 0 else ""


def _command(case: Case, name: str, version: str) -> Step | None:
    system = case.facts.system
    families = (known(system.distribution_id, ""), *system.distribution_like)
    if "debian" in families or "ubuntu" in families:
        return _run(_DEBIAN, name, version, ("apt-get", "install", "--yes"), root=True)
    if "fedora" in families or "rhel" in families:
        return _run(_FEDORA, name, version, ("dnf", "install", "--assumeyes"), root=True)
    return _run(_BREW, name, version, ("brew", "install"), root=False) if system.os == "Darwin" else None


def _run(packages: dict[str, str], name: str, version: str, command: tuple[str, ...], *, root: bool) -> Step | None:
    package = packages.get(name)
    return Step(run=(*command, package.format(major=version)), root=root) if package else None
