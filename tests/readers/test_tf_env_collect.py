"""The sections of tf_env_collect that have no labels."""

from msgspec import UNSET

from envcheck.readers.read import read_text

SECTION = "== {} =========================================================\n{}\n\n== next ==========\n"


def test_packages_in_the_forms_of_old_and_new_pip() -> None:
    snapshot = read_text(SECTION.format("check pips", "numpy (1.16.4)\ntensorflow-gpu         1.14.0\nDEPRECATION: no row"))
    assert {package.name: package.version for package in snapshot.packages} == {"numpy": "1.16.4", "tensorflow-gpu": "1.14.0"}


def test_the_container_and_the_search_path() -> None:
    text = SECTION.format("are we in docker", "Yes") + SECTION.format("env", "LD_LIBRARY_PATH is unset\nDYLD_LIBRARY_PATH /opt/cuda/lib")
    snapshot = read_text(text)
    assert snapshot.system.container == "docker"
    assert snapshot.variables == {"DYLD_LIBRARY_PATH": "/opt/cuda/lib"}


def test_no_container_is_not_what_the_script_can_know() -> None:
    assert read_text(SECTION.format("are we in docker", "No")).system.container is UNSET
