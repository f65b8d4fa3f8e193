"""Packages from outside of the environment: which they are, and what may be run about them."""

import pytest

from envcheck.facts.snapshot import Package, PackageState, Python, Snapshot, UserSite
from envcheck.judging.keeping_out import leave_to_leaks
from envcheck.judging.leaks import find_leaks, hiding, names_from
from envcheck.judging.rule import Found
from envcheck.prescribing.install import install, uninstall
from envcheck.readers.read import read_text
from envcheck.report import Remedy, Safety

OWN = "/env/lib/python3.12/site-packages"
OTHER = "/tools/lib/python3.12/site-packages"
USER = "/home/me/.local/lib/python3.12/site-packages"


def package(name: str, location: str, *others: str) -> Package:
    return Package(name=name, version="1.0", state=PackageState.OK, location=location, others=others)


def live(*packages: Package, environment: str = "venv", user: bool = True) -> Snapshot:
    python = Python(
        executable="/env/bin/python",
        version="3.12.1",
        environment=environment,
        prefix="/env",
        site_folders=(OWN,),
        python_path=(OTHER, "/src"),
        user_site=UserSite(path=USER, enabled=user),
    )
    return Snapshot(live=True, python=python, packages=packages)


def test_what_lies_on_pythonpath_or_in_the_users_folder_leaks() -> None:
    leaks = find_leaks(live(package("keras", OTHER), package("scikit-learn", USER), package("torch", OWN)))
    assert [(leak.folder, leak.of_user, sorted(leak.names)) for leak in leaks] == [
        (OTHER, False, ["keras"]),
        (USER, True, ["scikit-learn", "sklearn"]),
    ]


@pytest.mark.parametrize(("environment", "user"), [("system", True), ("venv", False)])
def test_the_users_folder_leaks_only_into_what_reads_it_and_has_packages_of_its_own(environment: str, user: bool) -> None:
    assert find_leaks(live(package("torch", USER), environment=environment, user=user)) == ()


def test_nothing_hides_where_the_releases_are_the_same_or_only_installers_differ() -> None:
    same, pip = package("numpy", OTHER, f"1.0 at {OWN}"), package("pip", OTHER, f"23.2 at {OWN}")
    other = package("torch", OTHER, f"2.8.0 at {OWN}")
    assert hiding((same, pip, other, package("keras", OTHER))) == [other]


def test_a_traceback_tells_import_names_and_their_distributions() -> None:
    text = f'Traceback (most recent call last):\n  File "{USER}/google/protobuf/descriptor.py", line 5, in f\nTypeError: x\n'
    assert names_from(read_text(text), USER) == ("google", "protobuf")


CHANGES = (
    install(live(), "torch==2.8.0", summary="install it"),
    install(live(), "Torch", summary="install it", manager="conda"),
    Remedy(summary="remove it", manager="pip", safety=Safety.UNSAFE, steps=(uninstall(live(), "torch", "numpy"),)),
)


@pytest.mark.parametrize("remedy", CHANGES)
def test_no_manager_is_told_to_change_what_lies_elsewhere(remedy: Remedy) -> None:
    (left,) = leave_to_leaks(live(package("torch", OTHER)), "some-rule", Found("torch", "It is so.", remedies=(remedy,))).remedies
    assert (left.safety, left.steps[0].do) == (Safety.MANUAL, f"take {OTHER} out of PYTHONPATH")
    (left,) = leave_to_leaks(live(package("torch", USER)), "some-rule", Found("torch", "It is so.", remedies=(remedy,))).remedies
    assert "PYTHONNOUSERSITE" in left.steps[0].do


def test_what_is_wrong_with_such_packages_has_no_other_remedy() -> None:
    by_hand = Remedy(summary="look it up", manager="manual", safety=Safety.MANUAL, steps=())
    found = Found("torch", "It is so.", remedies=(by_hand,), about=("torch",))
    facts = live(package("torch", OTHER))
    assert leave_to_leaks(facts, "xformers-torch-mismatch", found).remedies[0].steps[0].do == f"take {OTHER} out of PYTHONPATH"
    assert leave_to_leaks(facts, "driver-too-old", found) == found


def test_other_remedies_and_the_environments_own_packages_are_left_alone() -> None:
    found = Found("torch", "It is so.", remedies=CHANGES, about=("torch",))
    assert leave_to_leaks(live(package("torch", OWN)), "numpy2-abi", found) == found
    assert leave_to_leaks(live(package("keras", OTHER)), "numpy2-abi", found) == found
