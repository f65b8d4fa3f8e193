"""Remedies for what profiles require."""

import pytest

from envcheck.facts.snapshot import Accelerator, Completeness, Nvidia, Observed, Package, PackageState, Python, Snapshot, System
from envcheck.judging.case import Case
from envcheck.prescribing.required import change_version, choose_python, install_missing, specifier
from envcheck.profiles.model import Level, Operator, Requirement, Today


def need(fact: str, operator: Operator, bound: str, today: Today | None = None) -> Requirement:
    return Requirement(fact=fact, operator=operator, level=Level.MUST, bound=bound, today=today, profile="lab")


def torch(operator: Operator, bound: str, today: Today | None = None) -> Requirement:
    return need("packages[torch].version", operator, bound, today)


@pytest.mark.parametrize(
    ("requirements", "expected"),
    [
        ((), "torch"),
        ((torch(Operator.AT_LEAST, "2.8"),), "torch>=2.8"),
        ((torch(Operator.AT_LEAST, "2.8"), torch(Operator.AT_LEAST, "2.10")), "torch>=2.10"),
        ((torch(Operator.AT_MOST, "2.10"), torch(Operator.AT_MOST, "2.14")), "torch<2.11"),
        ((torch(Operator.AT_LEAST, "2.8"), torch(Operator.AT_MOST, "2")), "torch>=2.8,<3"),
        ((torch(Operator.EQUALS, "2.10"), torch(Operator.AT_LEAST, "2.8")), "torch==2.10.*"),
        ((torch(Operator.AT_LEAST, "2.0", Today("newer", "index", "2.6")),), "torch>=2.6"),
        ((torch(Operator.AT_LEAST, "2.0", Today("no more", "index", required=False)),), "torch"),
    ],
)
def test_all_that_the_profiles_ask_of_a_package_is_one_specifier(requirements: tuple[Requirement, ...], expected: str) -> None:
    assert specifier(Case(Snapshot(), requirements), "torch", "torch") == expected


def test_the_distribution_that_is_there_is_changed_and_not_its_sibling() -> None:
    requirement = need("packages[tensorflow].version", Operator.AT_LEAST, "2.20")
    package = Package(name="tensorflow-cpu", state=PackageState.OK, version="2.18.0")
    remedy = change_version(Case(Snapshot(packages=(package,)), (requirement,)), requirement)
    assert remedy.steps[-1].run[-1] == "tensorflow-cpu>=2.20"


def commands(snapshot: Snapshot) -> str:
    requirement = torch(Operator.AT_LEAST, "2.8")
    return " ".join(install_missing(Case(snapshot, (requirement,)), requirement).steps[-1].run)


def test_torch_for_the_cpu_only_where_it_is_known_that_there_is_no_gpu() -> None:
    none = Observed(accelerators=Completeness.COMPLETE)
    linux, mac = System(os="Linux", machine="x86_64"), System(os="Darwin", machine="arm64")
    assert "/whl/cpu" in commands(Snapshot(system=linux, observed=none))
    assert "--index-url" not in commands(Snapshot(system=linux))
    assert "--index-url" not in commands(Snapshot(system=mac, observed=none))
    assert "--index-url" not in commands(Snapshot(system=linux, observed=none, accelerators=(Accelerator(index=0, vendor="amd"),)))


def test_torch_for_an_old_card_is_not_taken_from_an_index_that_has_no_such_release() -> None:
    kepler = Accelerator(index=0, vendor="nvidia", backend="cuda", compute_capability="3.7")
    snapshot = Snapshot(
        system=System(os="Linux", machine="x86_64"),
        python=Python(version="3.10.4"),
        accelerators=(kepler,),
        observed=Observed(accelerators=Completeness.COMPLETE),
        nvidia=Nvidia(driver_version="470.82.01", cuda_version="11.4"),
    )
    assert "--index-url" not in commands(snapshot)


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ((), "3.12"),
        (((Operator.AT_LEAST, "3.10"),), "3.12"),
        (((Operator.AT_LEAST, "3.13"),), "3.13"),
        (((Operator.AT_MOST, "3.11"),), "3.11"),
        (((Operator.AT_LEAST, "3.9"), (Operator.AT_LEAST, "3.13")), "3.13"),
        (((Operator.AT_MOST, "3.11"), (Operator.AT_MOST, "3.14")), "3.11"),
        (((Operator.EQUALS, "3.10"),), "3.10"),
        (((Operator.AT_LEAST, "3.9.2"), (Operator.AT_MOST, "3.11.4")), "3.11"),
    ],
)
def test_the_python_that_all_profiles_accept(bounds: tuple[tuple[Operator, str], ...], expected: str) -> None:
    requirements = tuple(need("python.version", operator, bound) for operator, bound in bounds)
    assert choose_python(Case(Snapshot(), requirements)) == expected


@pytest.mark.parametrize(
    ("name", "driver", "expected"),
    [
        ("tensorflow", "535.54.03", "tensorflow[and-cuda]>=2.0"),
        ("jax", "535.54.03", "jax[cuda12]>=0.4"),
        ("jax", "580.65.06", "jax[cuda13]>=0.4"),
        ("tensorflow", "390.157", "tensorflow>=2.0"),  # none fits
        ("scikit-learn", "535.54.03", "scikit-learn>=1.0"),
    ],
)
def test_a_framework_comes_with_the_extra_that_the_gpu_needs(name: str, driver: str, expected: str) -> None:
    snapshot = Snapshot(
        system=System(os="Linux", machine="x86_64"),
        python=Python(version="3.12.4"),
        accelerators=(Accelerator(index=0, vendor="nvidia", backend="cuda", compute_capability="8.6"),),
        observed=Observed(accelerators=Completeness.COMPLETE),
        nvidia=Nvidia(driver_version=driver),
    )
    requirement = need(f"packages[{name}].version", Operator.AT_LEAST, expected.rpartition(">=")[2])
    assert install_missing(Case(snapshot, (requirement,)), requirement).steps[-1].run[-1] == expected


def test_a_newer_release_keeps_to_what_other_packages_accept() -> None:
    requirement = need("packages[numpy].version", Operator.AT_LEAST, "2.1")

    def changed(asked: str) -> tuple[str, ...]:
        packages = (
            Package(name="numpy", state=PackageState.OK, version="1.26.4"),
            Package(name="scipy", state=PackageState.OK, version="1.11.4", requires=(f"numpy{asked}",)),
        )
        facts = Snapshot(packages=packages, python=Python(version="3.11.7"), system=System(os="Linux", machine="x86_64"))
        return change_version(Case(facts, (requirement,)), requirement).steps[-1].run[4:]

    assert changed("<2.7,>=1.26") == ("numpy>=2.1,<2.7",)
    assert changed("<1.28") == ("--upgrade", "scipy", "numpy>=2.1")
    assert changed(">=1.21") == ("numpy>=2.1",)
