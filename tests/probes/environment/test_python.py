"""The examined interpreter: what it is, where it is from, and what stands in the way of its modules."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def _pythons() -> list[str]:
    """One interpreter of every version that is here, the running one among them."""
    found = {sys.version_info[:2]: sys.executable}
    for folder in sorted(Path("~/.pyenv/versions").expanduser().glob("3.*")):
        python = folder / "bin" / "python"
        version = tuple(int(part) for part in folder.name.split(".")[:2] if part.isdigit())
        if python.exists() and version >= (3, 8):
            found.setdefault(version, str(python))
    for minor in range(8, 15):
        if path := shutil.which(f"python3.{minor}"):
            found.setdefault((3, minor), path)
    return [path for path in found.values() if subprocess.run([path, "-c", "pass"], check=False, capture_output=True).returncode == 0]


@pytest.mark.parametrize("python", _pythons())
def test_every_python_from_3_8_on_is_described_as_it_describes_itself(python, place):
    said = subprocess.check_output(
        [python, "-c", "import platform, sys, sysconfig as s; print(platform.python_version(), sys.prefix, s.get_platform(), sep='\\n')"],
        text=True,
    ).splitlines()
    facts = place.examine(python).python
    assert [facts.version, facts.prefix, facts.platform] == said
    assert facts.implementation == "CPython"
    assert facts.bits == 64
    assert facts.tags[-1].startswith("cp{0}-cp{0}".format("".join(said[0].split(".")[:2])))


def test_the_tags_are_among_those_that_pip_takes(environment):
    from packaging.tags import sys_tags

    taken = {str(tag) for tag in sys_tags()}
    tags = environment.examine().python.tags
    assert tags
    assert set(tags) <= taken


def test_a_venv_of_the_standard_library_is_told(environment):
    facts = environment.examine().python
    assert (facts.environment, facts.created_by, facts.externally_managed) == ("venv", "venv", False)
    assert facts.prefix == str(environment.folder)
    assert facts.base_prefix == sys.base_prefix
    assert facts.site_folders == (str(environment.site),)
    assert facts.executable == environment.python


@pytest.mark.parametrize(("line", "maker"), [("uv = 0.5.11", "uv"), ("virtualenv = 20.26.0", "virtualenv")])
def test_a_venv_says_what_made_it(environment, line, maker):
    with (environment.folder / "pyvenv.cfg").open("a") as file:
        file.write(line + "\n")
    assert environment.examine().python.created_by == maker


@pytest.mark.parametrize(
    ("command", "maker"),
    [
        ("/opt/conda/bin/conda create -n x", "conda"),
        ("/opt/conda/bin/mamba create -n x", "mamba"),
        ("micromamba create -n x", "micromamba"),
    ],
)
def test_a_conda_environment_says_what_made_it(environment, command, maker):
    history = environment.folder / "conda-meta" / "history"
    history.parent.mkdir()
    history.write_text(f"==> 2026-01-01 <==\n# cmd: {command}\n# conda version: 24.1\n")
    facts = environment.examine().python
    assert (facts.environment, facts.created_by) == ("conda", maker)


def test_the_search_path_of_the_user_is_told(environment, tmp_path):
    facts = environment.examine(PYTHONPATH=os.pathsep.join([str(tmp_path), ""])).python
    assert facts.python_path == (str(tmp_path), os.curdir)


def test_the_users_own_folder_is_counted_even_where_it_is_not_read(environment, tmp_path, place):
    version = "python{}.{}".format(*sys.version_info[:2])
    site = (
        tmp_path / version.replace(".", "").capitalize() / "site-packages"
        if sys.platform == "win32"
        else tmp_path / "lib" / version / "site-packages"
    )
    place.install(site, "numpy", "1.26.4")
    snapshot = environment.examine(PYTHONUSERBASE=str(tmp_path))
    assert snapshot.python.user_site.path == str(site)
    assert snapshot.python.user_site.enabled is False  # a venv does not look there
    assert snapshot.python.user_site.distributions == 1
    assert snapshot.package("numpy") is None


@pytest.mark.parametrize(
    ("variable", "service"), [("KAGGLE_KERNEL_RUN_TYPE", "kaggle"), ("COLAB_RELEASE_TAG", "colab"), ("COLAB_GPU", "colab")]
)
def test_a_notebook_service_is_known_by_its_variables(environment, variable, service):
    assert environment.examine(**{variable: ""}).python.service == service


def test_without_such_marks_there_is_no_service(environment):
    assert environment.examine().python.service is None


@pytest.mark.skipif(sys.platform == "win32", reason="needs links to files")
@pytest.mark.parametrize("managed", [True, False])
def test_a_python_that_its_distribution_manages_is_told(tmp_path, place, managed):
    """The running Python with a library of our own, made of links, so that the mark can be put into it or left out."""
    original = Path(os.__file__).parent
    library = tmp_path / "lib" / original.name
    library.mkdir(parents=True)
    for entry in original.iterdir():
        if entry.name not in ("EXTERNALLY-MANAGED", "site-packages", "dist-packages"):
            (library / entry.name).symlink_to(entry)
    if managed:
        place.write(library / "EXTERNALLY-MANAGED", "[externally-managed]\n")
    facts = place.examine(os.path.realpath(sys.executable), PYTHONHOME=str(tmp_path)).python
    assert (facts.prefix, facts.externally_managed) == (str(tmp_path), managed)


def test_a_standard_module_on_the_search_path_does_not_deceive_the_probe(environment, tmp_path, place):
    for module in ("re", "json", "sysconfig", "platform", "base64", "hashlib"):
        place.write(tmp_path / f"{module}.py", "raise SystemExit('imported')")
    snapshot = environment.examine(PYTHONPATH=str(tmp_path))
    assert {shadow.module for shadow in snapshot.python.shadowing} == {"re", "json", "sysconfig", "platform", "base64", "hashlib"}
    assert all(shadow.standard_library for shadow in snapshot.python.shadowing)


def test_files_of_the_working_folder_that_are_imported_instead_are_told(environment, tmp_path, place):
    environment.install("torch", "2.0", {"torch/__init__.py": ""})
    work = tmp_path / "work"
    place.write(work / "torch.py")
    place.write(work / "random.py")
    place.write(work / "numpy.py")  # no numpy is installed: it takes nobody's place
    place.write(work / "training.py")
    shadows = environment.examine(f"cwd={work}").python.shadowing
    assert {(shadow.module, shadow.path, shadow.standard_library) for shadow in shadows} == {
        ("torch", str(work / "torch.py"), False),
        ("random", str(work / "random.py"), True),
    }


def test_a_source_checkout_of_a_framework_stands_before_the_installed_one(environment, tmp_path, place):
    environment.install("torch", "2.0", {"torch/__init__.py": ""})
    place.write(tmp_path / "pytorch" / "torch" / "__init__.py")
    (shadow,) = environment.examine(f"cwd={tmp_path / 'pytorch'}").python.shadowing
    assert (shadow.module, shadow.path) == ("torch", str(tmp_path / "pytorch" / "torch" / "__init__.py"))


def test_a_folder_that_merely_has_the_name_is_no_shadow(environment, tmp_path, place):
    environment.install("datasets", "2.0", {"datasets/__init__.py": ""})
    place.write(tmp_path / "work" / "datasets" / "train.csv")
    place.write(tmp_path / "work" / "logging" / "today.log")
    assert environment.examine(f"cwd={tmp_path / 'work'}").python.shadowing == ()


def test_the_installed_package_is_no_shadow_of_itself(environment):
    environment.install("torch", "2.0", {"torch/__init__.py": ""})
    assert environment.examine(f"cwd={environment.site}").python.shadowing == ()
    assert environment.examine(f"cwd={os.path.dirname(os.__file__)}").python.shadowing == ()


def test_a_folder_of_pythonpath_with_an_installation_in_it_is_no_shadow(environment, tmp_path, place):
    environment.install("torch", "2.0", {"torch/__init__.py": ""})
    place.install(tmp_path / "modules", "torch", "2.5", {"torch/__init__.py": ""})
    snapshot = environment.examine(PYTHONPATH=str(tmp_path / "modules"))
    assert snapshot.python.shadowing == ()
    assert snapshot.package("torch").version == "2.5"


def test_the_sources_of_an_editable_installation_are_no_shadow(environment, tmp_path, place):
    source = place.write(tmp_path / "project" / "transformers" / "__init__.py").parent.parent
    link = json.dumps({"dir_info": {"editable": True}, "url": source.as_uri()})
    environment.install("transformers", "5.0", {"transformers-5.0.dist-info/direct_url.json": link})
    environment.write("transformers.pth", f"{source}\n")
    assert environment.examine(f"cwd={source}").python.shadowing == ()


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Pythons before 3.11 have no such variable")
def test_with_a_safe_path_the_working_folder_shadows_nothing(environment, tmp_path, place):
    place.write(tmp_path / "work" / "random.py")
    assert environment.examine(f"cwd={tmp_path / 'work'}", PYTHONSAFEPATH="1").python.shadowing == ()


def test_a_working_folder_that_is_gone_shadows_nothing(environment, tmp_path):
    assert environment.examine(f"cwd={tmp_path / 'gone'}").python.shadowing == ()
