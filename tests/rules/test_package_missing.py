"""package-missing: packages that profiles ask for."""

import pytest

from envcheck.facts.snapshot import Accelerator, Completeness, Nvidia, Observed, Package, PackageState, Python, Snapshot, System
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.report import Safety
from envcheck.rules.package_missing import RULE

ALL = Observed(packages=Completeness.COMPLETE, accelerators=Completeness.COMPLETE)
PIP = Package(name="pip", state=PackageState.OK, version="26.0")


def installed(name: str, version: str = "", profile: str = "lab", level: Level = Level.MUST) -> Requirement:
    if version:
        return Requirement(fact=f"packages[{name}].version", operator=Operator.AT_LEAST, level=level, bound=version, profile=profile)
    return Requirement(fact=f"packages[{name}]", operator=Operator.INSTALLED, level=level, profile=profile)


def judge(*requirements: Requirement, packages: tuple[Package, ...] = (PIP,), observed: Observed = ALL) -> list[Outcome]:
    python = Python(executable="/env/bin/python", environment="venv")
    return list(RULE.check(Case(Snapshot(packages=packages, observed=observed, python=python), requirements)))


def test_a_missing_package_is_found_with_the_command_that_installs_it() -> None:
    (found,) = judge(installed("spacy"))
    assert isinstance(found, Found)
    assert found.message == "spacy: not installed; the profile lab needs it."
    assert found.remedies[0].steps[0].run == ("/env/bin/python", "-m", "pip", "install", "spacy")
    assert found.remedies[0].safety is Safety.SAFE


def test_a_package_that_only_a_profile_knows_is_not_installed_without_a_second_thought() -> None:
    (found,) = judge(installed("somebodys-package"))
    assert isinstance(found, Found)
    assert found.remedies[0].safety is Safety.UNSAFE


def test_presence_and_version_of_one_package_are_one_finding() -> None:
    (found,) = judge(installed("keras"), installed("keras", "3", profile="other", level=Level.SHOULD))
    assert isinstance(found, Found)
    assert found.message == "keras: not installed; the profile other recommends 3 or newer."
    assert found.remedies[0].steps[0].run[-1] == "keras>=3"
    assert found.requirement == installed("keras")


def test_upper_and_lower_bounds_are_installed_together() -> None:
    upper = Requirement(fact="packages[numpy].version", operator=Operator.AT_MOST, level=Level.MUST, bound="2.3", profile="lab")
    (found,) = judge(installed("numpy", "1.26"), upper)
    assert isinstance(found, Found)
    assert found.remedies[0].steps[0].run[-1] == "numpy>=1.26,<2.4"


def test_of_several_that_would_do_the_first_is_proposed() -> None:
    (found,) = judge(installed("tensorflow|torch|jax"))
    assert isinstance(found, Found)
    assert found.message == "tensorflow, torch or jax: not installed; the profile lab needs it."
    assert found.remedies[0].steps[0].run[-1] == "tensorflow"
    (passed,) = judge(installed("tensorflow|torch|jax"), packages=(Package(name="jax", state=PackageState.OK, version="0.12"),))
    assert isinstance(passed, Passed)


def test_a_version_of_what_is_installed_is_another_rules_matter() -> None:
    old = Package(name="torch", state=PackageState.OK, version="2.0.0")
    assert isinstance(judge(installed("torch", "2.8"), packages=(old,))[0], NotApplicable)
    assert judge(installed("torch"), packages=(old,)) == [Passed("torch", "torch 2.0.0", installed("torch"))]


@pytest.mark.parametrize("completeness", [Completeness.PARTIAL, Completeness.NONE])
def test_absence_in_an_incomplete_list_is_not_evaluated(completeness: Completeness) -> None:
    (gap,) = judge(installed("torch", "2.8"), observed=Observed(packages=completeness))
    assert isinstance(gap, NotEvaluated)
    assert gap.needs == ("the output of pip list",)


def test_a_broken_package_is_not_called_missing() -> None:
    (gap,) = judge(installed("torch"), packages=(Package(name="torch", state=PackageState.BROKEN),))
    assert isinstance(gap, NotEvaluated)


def test_torch_comes_from_the_index_that_fits_the_machine() -> None:
    python = Python(executable="/env/bin/python", version="3.12.4")
    machine = {"python": python, "packages": (PIP,), "observed": ALL, "system": System(os="Linux", machine="x86_64")}
    card = Accelerator(index=0, vendor="nvidia", backend="cuda", compute_capability="8.6")
    driver = Nvidia(driver_version="550.54.14", cuda_version="12.4")
    cpu = Snapshot(**machine)
    gpu = Snapshot(**machine, accelerators=(card,), nvidia=driver)
    commands = []
    for snapshot in (cpu, gpu):
        (found,) = RULE.check(Case(snapshot, (installed("torch", "2.8"),)))
        assert isinstance(found, Found)
        commands.append(" ".join(found.remedies[0].steps[0].run))
    assert commands[0] == "/env/bin/python -m pip install --index-url https://download.pytorch.org/whl/cpu torch>=2.8"
    assert "/whl/cu12" in commands[1]
