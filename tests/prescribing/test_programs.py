"""How programs that are no Python packages are installed."""

import pytest

from envcheck.facts.snapshot import Python, Snapshot, System
from envcheck.judging.case import Case
from envcheck.prescribing.programs import install_program
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.report import Remedy, Safety


def remedy(name: str, operator: Operator = Operator.INSTALLED, bound: str = "", **system: object) -> Remedy:
    fact = f"tools[{name}].version" if bound else f"tools[{name}]"
    requirement = Requirement(fact=fact, operator=operator, level=Level.MUST, bound=bound, profile="lab")
    return install_program(Case(Snapshot(system=System(**system)), (requirement,)), requirement)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("system", "command"),
    [
        ({"distribution_id": "debian"}, ("sudo", "apt-get", "install", "--yes", "openjdk-17-jre-headless")),
        (
            {"distribution_id": "linuxmint", "distribution_like": ("ubuntu", "debian")},
            ("sudo", "apt-get", "install", "--yes", "openjdk-17-jre-headless"),
        ),
        ({"distribution_id": "fedora"}, ("sudo", "dnf", "install", "--assumeyes", "java-17-openjdk-headless")),
        (
            {"distribution_id": "rocky", "distribution_like": ("rhel", "centos")},
            ("sudo", "dnf", "install", "--assumeyes", "java-17-openjdk-headless"),
        ),
        ({"os": "Darwin"}, ("brew", "install", "openjdk@17")),
    ],
)
def test_the_systems_own_packages_are_used(system: dict[str, object], command: tuple[str, ...]) -> None:
    assert remedy("java", Operator.AT_LEAST, "8", **system).steps[0].run == command


def test_elsewhere_the_makers_page_is_named_and_nothing_is_run() -> None:
    found = remedy("dotnet", os="Windows")
    assert (found.summary, found.safety) == ("install the .NET SDK", Safety.MANUAL)
    assert found.steps[0].do == "get it from https://dotnet.microsoft.com/download"


def test_a_program_that_is_not_known_by_name_is_named_as_it_is() -> None:
    assert remedy("frobnicate").steps[0].do == "install frobnicate"


@pytest.mark.parametrize(
    ("operator", "bound", "version"),
    [(Operator.AT_LEAST, "8", "17"), (Operator.AT_LEAST, "21", "21"), (Operator.AT_MOST, "11", "11"), (Operator.INSTALLED, "", "17")],
)
def test_java_is_proposed_in_a_version_that_is_kept_up(operator: Operator, bound: str, version: str) -> None:
    assert remedy("java", operator, bound).summary == f"install a Java runtime {version}"


def test_conda_installs_what_it_has() -> None:
    requirement = Requirement(fact="tools[node]", operator=Operator.INSTALLED, level=Level.MUST, profile="lab")
    case = Case(Snapshot(python=Python(environment="conda", prefix="/opt/env")), (requirement,))
    assert install_program(case, requirement).steps[0].run == (
        "conda",
        "install",
        "--yes",
        "--prefix",
        "/opt/env",
        "--channel",
        "conda-forge",
        "nodejs",
    )
