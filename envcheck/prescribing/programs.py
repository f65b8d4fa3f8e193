"""How programs that are no Python packages are installed: by conda in its environments, else by what the system has for it."""

from envcheck.facts.snapshot import Snapshot, known
from envcheck.judging.case import Case
from envcheck.knowledge.versions import major
from envcheck.prescribing.install import by_hand, install
from envcheck.prescribing.system import install_packages
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
# Where installers put it.
_JAVA_FOLDERS = {
    "Linux": "its folder in /usr/lib/jvm",
    "Darwin": "what /usr/libexec/java_home -v {major} prints",
    "Windows": "its folder, which holds bin\\java.exe",
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
    command = _command(case.facts, name, version)
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


def install_java(facts: Snapshot, feature: int) -> Remedy:
    """Installs a Java of that number for this system, and lets JAVA_HOME lead to it: Spark and H2O ask that variable first."""
    summary = f"install Java {feature} and let JAVA_HOME lead to it"
    if known(facts.python.environment, "") == "conda":
        return install(facts, f"openjdk=={feature}.*", summary=summary, manager="conda")
    command = _command(facts, "java", str(feature))
    steps: list[Step | str] = [command] if command is not None else [f"get Java {feature} from {_PAGES['java']}"]
    where = _JAVA_FOLDERS.get(known(facts.system.os, ""), "its folder").format(major=feature)
    return by_hand(summary, *steps, f"set JAVA_HOME to {where}, and start Python again in a new terminal")


def _command(facts: Snapshot, name: str, version: str) -> Step | None:
    if facts.system.os == "Darwin":
        return Step(run=("brew", "install", _BREW[name].format(major=version))) if name in _BREW else None
    tables = {"apt-get": _DEBIAN, "dnf": _FEDORA}
    return install_packages(
        facts,
        # Fedora's package of Java 8 has the old way of counting in its name.
        {
            manager: (table[name].format(major=version).replace("java-8-", "java-1.8.0-"),)
            for manager, table in tables.items()
            if name in table
        },
    )
