"""The distributions of an environment: whole ones, broken ones, torn ones, and those that were written over."""

import json
import os
import shutil
import socket
import subprocess
import sys

import pytest

from envcheck.facts.snapshot import Completeness, PackageState, UnknownReason


def test_a_whole_distribution_is_told_with_all_that_is_known_of_it(environment):
    environment.install(
        "Scikit_Learn",
        "1.5.0",
        {"sklearn/__init__.py": "x = 1"},
        Requires_Python=">=3.9",
        Requires_Dist='numpy>=1.19|pytest; extra == "tests"',
    )
    package = environment.package("scikit-learn")
    assert package.state is PackageState.OK
    assert package.version == "1.5.0"
    assert package.location == str(environment.site)
    assert (package.installer, package.manager) == ("pip", "pip")
    assert package.requires == ("numpy>=1.19",)
    assert package.requires_python == ">=3.9"
    assert package.others == ()


def test_an_empty_environment_is_a_complete_answer(environment):
    snapshot = environment.examine()
    assert snapshot.packages == ()
    assert snapshot.observed.packages is Completeness.COMPLETE
    assert snapshot.unknown == ()


def test_a_real_pip_is_found_and_whole(tmp_path, place):
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "real")], check=True, capture_output=True)
    python = tmp_path / "real" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pip = place.examine(str(python)).package("pip")
    said = subprocess.check_output([python, "-m", "pip", "--version"], text=True).split()
    assert (pip.version, pip.state, pip.installer) == (said[1], PackageState.OK, "pip")


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        (b"", "METADATA is empty"),
        (b"Metadata-Version: 2.1\n", "METADATA has no Name"),
        (b"Metadata-Version: 2.1\nName: torch\n", "METADATA has no Version"),
        (b"Metadata-Version: 2.1\nName: torch\nVersion: two\n\n", 'METADATA has a Version that is none: "two"'),
        (b"Metadata-Version: 2.1\nName: to rch\nVersion: 2.0\n\n", 'METADATA has a Name that is none: "to rch"'),
        (b"Name: torch\nVersion: 2.0\nAuthor: Andr\xe9\n\n", "METADATA is not UTF-8 (byte 37)"),
        (b"\x7fELF\0\0\0", "METADATA is binary"),
    ],
)
def test_metadata_that_cannot_be_used_breaks_the_distribution(environment, metadata, words):
    environment.write("torch-2.0.dist-info/METADATA", metadata)
    package = environment.package("torch")
    assert package.state is PackageState.BROKEN
    assert package.detail == words
    assert package.version == "2.0"  # what the folder's name says


def test_metadata_that_ends_within_its_headers_is_cut_off_where_it_was_longer_once(environment):
    environment.install("torch", "2.0", Requires_Dist="numpy")
    file = environment.site / "torch-2.0.dist-info" / "METADATA"
    whole = file.read_bytes()
    file.write_bytes(whole[:50])
    assert environment.package("torch").detail == f"METADATA is cut off: 50 of {len(whole)} bytes are there"


def test_metadata_without_a_description_is_whole(environment):
    environment.write("torch-2.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: torch\nVersion: 2.0")
    environment.write("torch-2.0.dist-info/RECORD", "torch-2.0.dist-info/METADATA,sha256=x,46\n")
    assert environment.package("torch").state is PackageState.OK


def test_metadata_that_is_missing_breaks_the_distribution(environment):
    environment.write("torch-2.0.dist-info/RECORD", "")
    assert environment.package("torch").detail == "METADATA is missing"


def test_metadata_that_is_a_folder_breaks_the_distribution(environment):
    environment.write("torch-2.0.dist-info/METADATA/x", "")
    package = environment.package("torch")
    assert (package.state, package.detail) == (PackageState.BROKEN, "METADATA is a folder")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files on Windows")
def test_a_pipe_a_socket_and_a_device_are_not_waited_for(environment, tmp_path, monkeypatch):
    for name in ("a", "b", "c", "d"):
        (environment.site / f"{name}-1.0.dist-info").mkdir()
    os.mkfifo(environment.site / "a-1.0.dist-info" / "METADATA")
    monkeypatch.chdir(environment.site / "b-1.0.dist-info")  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("METADATA")
        (environment.site / "c-1.0.dist-info" / "METADATA").symlink_to("/dev/zero")
        (environment.site / "d-1.0.dist-info" / "METADATA").symlink_to("METADATA")
        snapshot = environment.examine()
    assert {package.name for package in snapshot.packages} == {"a", "b", "c", "d"}
    assert {package.state for package in snapshot.packages} == {PackageState.BROKEN}
    assert snapshot.package("a").detail == "METADATA is no regular file"


def test_a_hundred_megabytes_of_metadata_are_not_read(environment):
    file = environment.write("big-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: big\nVersion: 1.0\n\n" + "Read me.\n" * 5000)
    with file.open("r+b") as opened:
        opened.truncate(100 * 2**20)  # a sparse file of zeros; had they been read, it would be binary
    assert environment.package("big").state is PackageState.OK


def test_a_framework_with_very_many_headers_is_read_to_their_end(environment):
    many = "|".join([f"part-{number}>=1.0" for number in range(3000)])
    environment.install("transformers", "5.0", Requires_Dist=many)
    assert len(environment.package("transformers").requires) == 3000


def test_two_records_of_one_name_in_one_folder_are_torn(environment):
    environment.install("torch", "2.1.0")
    environment.install("torch", "2.2.0")
    package = environment.package("torch")
    assert package.state is PackageState.TORN
    assert "torch-2.1.0.dist-info" in package.detail
    assert "torch-2.2.0.dist-info" in package.detail
    assert len(package.others) == 1


def test_an_egg_info_of_the_same_version_beside_a_dist_info_is_whole(environment):
    environment.install("cryptography", "38.0.4")
    environment.write("cryptography.egg-info/PKG-INFO", "Name: cryptography\nVersion: 38.0.4\n")
    package = environment.package("cryptography")
    assert (package.state, package.others) == (PackageState.OK, ())


def test_an_egg_info_of_another_version_beside_a_dist_info_is_torn(environment):
    environment.install("numpy", "2.0.0")
    environment.write("numpy-1.19.5-py3.9.egg-info/PKG-INFO", "Name: numpy\nVersion: 1.19.5\n")
    package = environment.package("numpy")
    assert (package.state, package.version) == (PackageState.TORN, "2.0.0")


def test_leftovers_are_told_of_the_package_they_were(environment):
    environment.install("scikit-learn", "1.5.0", {"sklearn/__init__.py": ""})
    environment.write("~klearn/__init__.py", "")
    package = environment.package("scikit-learn")
    assert package.state is PackageState.TORN
    assert package.detail == "left over from an interrupted removal: ~klearn"


@pytest.mark.parametrize("leftover", ["~orch", "-orch", "~orch-2.1.0.dist-info"])
def test_leftovers_of_which_nothing_else_is_there_are_a_package_without_version(environment, leftover):
    (environment.site / leftover).mkdir()
    (package,) = environment.examine().packages
    assert package.state is PackageState.TORN
    assert package.name in ("~orch", "-orch")
    assert not package.version


def test_a_leftover_that_still_says_its_name_is_told_by_it(environment):
    environment.write("~orch-2.1.0.dist-info/METADATA", "Name: torch\nVersion: 2.1.0\n\n")
    (environment.site / "~orch").mkdir()
    snapshot = environment.examine()
    assert snapshot.package("torch").state is PackageState.TORN
    assert not snapshot.package("torch").version


def test_an_import_package_that_its_record_lists_and_the_folder_lacks_is_torn(environment):
    environment.install("rich", "13.0", {"rich/__init__.py": "", "rich/table.py": ""})
    shutil.rmtree(environment.site / "rich")
    package = environment.package("rich")
    assert (package.state, package.detail) == (PackageState.TORN, "its RECORD lists rich/, which is not there")


def test_a_package_whose_initial_file_went_with_another_distribution_is_torn(environment):
    environment.install("PyJWT", "2.8.0", {"jwt/__init__.py": "", "jwt/own.py": ""})
    (environment.site / "jwt" / "__init__.py").unlink()
    package = environment.package("pyjwt")
    assert (package.state, package.detail) == (PackageState.TORN, "its RECORD lists jwt/__init__.py, which is not there")


def test_a_distribution_that_lost_files_to_another_is_overwritten(environment):
    environment.install(
        "onnxruntime", "1.20", {"onnxruntime/__init__.py": "cpu", "onnxruntime/capi/state.py": "cpu", "onnxruntime/same.py": "same"}
    )
    environment.install(
        "onnxruntime-gpu", "1.20", {"onnxruntime/__init__.py": "gpu", "onnxruntime/capi/state.py": "gpu!", "onnxruntime/same.py": "same"}
    )
    snapshot = environment.examine()
    (overwrite,) = snapshot.overwrites
    assert overwrite.distributions == ("onnxruntime", "onnxruntime-gpu")
    assert (overwrite.files, overwrite.example) == (2, "onnxruntime/__init__.py")
    loser = snapshot.package("onnxruntime")
    assert (loser.state, loser.detail) == (PackageState.OVERWRITTEN, "onnxruntime/__init__.py is that of onnxruntime-gpu")
    assert snapshot.package("onnxruntime-gpu").state is PackageState.OK


def test_files_that_two_distributions_share_word_for_word_are_fine(environment):
    shared = {"mlflow/__init__.py": "", "mlflow/client.py": "x = 1\n" * 300}
    environment.install("mlflow", "3.0", shared)
    environment.install("mlflow-skinny", "3.0", shared)
    snapshot = environment.examine()
    assert snapshot.overwrites == ()
    assert {package.state for package in snapshot.packages} == {PackageState.OK}


def test_a_namespace_package_that_each_declares_in_its_own_words_is_fine(environment):
    environment.install("google-auth", "2.0", {"google/__init__.py": "a = 1", "google/auth.py": ""})
    environment.install("protobuf", "4.0", {"google/__init__.py": "__import__('pkgutil')", "google/proto.py": ""})
    assert environment.examine().overwrites == ()


def test_tests_folders_that_several_distributions_install_by_mistake_are_fine(environment):
    environment.install("one", "1.0", {"one.py": "", "tests/test_it.py": "one"})
    environment.install("two", "1.0", {"two.py": "", "tests/test_it.py": "two"})
    assert environment.examine().overwrites == ()


def test_the_first_copy_on_the_search_path_counts_and_the_others_are_named(environment, tmp_path, place):
    environment.install("numpy", "2.0.0")
    first = tmp_path / "first"
    place.install(first, "NumPy", "1.26.4")
    package = environment.package("numpy", PYTHONPATH=str(first))
    assert (package.version, package.location) == ("1.26.4", str(first))
    assert package.others == (f"2.0.0 at {environment.site}",)
    assert package.state is PackageState.OK


@pytest.mark.skipif(sys.platform == "win32", reason="needs a link to a folder")
def test_one_folder_under_two_names_is_looked_at_once(environment, tmp_path):
    environment.install("numpy", "2.0.0")
    (tmp_path / "again").symlink_to(environment.site)
    assert environment.package("numpy", PYTHONPATH=str(tmp_path / "again")).others == ()


def test_a_folder_that_cannot_be_read_makes_the_answer_partial(environment):
    environment.install("numpy", "2.0.0")
    snapshot = environment.examine(PYTHONPATH="/" + "x" * 5000)  # no system can open that, whoever asks
    assert snapshot.observed.packages is Completeness.PARTIAL
    (unknown,) = (unknown for unknown in snapshot.unknown if unknown.fact == "packages")
    assert unknown.reason is UnknownReason.CRASHED
    assert snapshot.package("numpy") is not None


def test_search_path_entries_that_do_not_exist_are_no_loss(environment):
    assert environment.examine(PYTHONPATH=os.pathsep.join(["/nowhere", "", "x.zip"])).observed.packages is Completeness.COMPLETE


def test_distributions_of_older_kinds_are_told(environment, tmp_path, place):
    environment.write("PyYAML-5.1-py3.8.egg-info", "Metadata-Version: 1.1\nName: PyYAML\nVersion: 5.1\n")
    environment.write("old_style.egg-info/PKG-INFO", "Metadata-Version: 1.1\r\nName: old.style\r\nVersion: 0.1\r\n")
    egg = tmp_path / "unpacked-1.2-py3.8.egg"
    place.write(egg / "EGG-INFO" / "PKG-INFO", "Name: unpacked\nVersion: 1.2\n")
    zipped = place.write(tmp_path / "zipped-3.4-py3.8.egg", b"PK\5\6" + b"\0" * 18)
    snapshot = environment.examine(PYTHONPATH=os.pathsep.join([str(egg), str(zipped)]))
    versions = {package.name: package.version for package in snapshot.packages}
    assert versions == {"pyyaml": "5.1", "old-style": "0.1", "unpacked": "1.2", "zipped": "3.4"}


def test_a_framework_with_an_egg_info_has_its_requirements(environment):
    environment.write("keras.egg-info/PKG-INFO", "Name: keras\nVersion: 2.2\n")
    environment.write("keras.egg-info/requires.txt", "numpy>=1.9\n\n[:python_version < '3.8']\nmock\n\n[tests]\npytest\n")
    assert environment.package("keras").requires == ("numpy>=1.9", "mock; python_version < '3.8'")


def test_an_editable_installation_whose_sources_are_gone_is_broken(environment, tmp_path):
    for name, target in (("here", tmp_path), ("moved", tmp_path / "moved")):
        link = json.dumps({"dir_info": {"editable": True}, "url": target.as_uri()})
        environment.install(name, "1.0", {f"{name}-1.0.dist-info/direct_url.json": link})
    snapshot = environment.examine()
    assert snapshot.package("here").state is PackageState.OK
    assert snapshot.package("moved").state is PackageState.BROKEN
    assert "are not there" in snapshot.package("moved").detail


def test_an_egg_link_to_nowhere_is_broken_and_one_to_sources_is_told_by_them(environment, tmp_path, place):
    environment.write("gone.egg-link", f"{tmp_path / 'gone'}\n.\n")
    place.write(tmp_path / "src" / "here.egg-info" / "PKG-INFO", "Name: here\nVersion: 0.2\n")
    environment.write("here.egg-link", f"{tmp_path / 'src'}\n.\n")
    environment.write("easy-install.pth", f"{tmp_path / 'src'}\n")
    snapshot = environment.examine()
    assert snapshot.package("gone").state is PackageState.BROKEN
    assert (snapshot.package("here").version, snapshot.package("here").location) == ("0.2", str(tmp_path / "src"))


@pytest.mark.skipif(sys.platform != "linux", reason="only there a file name may be any bytes")
def test_file_names_that_are_no_text_do_no_harm(environment):
    site = os.fsencode(environment.site)
    os.mkdir(site + b"/caf\xe9-1.0.dist-info")
    os.mkdir(site + b"/~\xff")
    snapshot = environment.examine()
    assert [package.state for package in snapshot.packages] == [PackageState.BROKEN]
    snapshot.packages[0].name.encode("ascii")


@pytest.mark.parametrize(("installer", "manager"), [("uv", "uv"), ("conda", "conda"), ("rpm", "system"), ("poetry 1.8", "pip")])
def test_the_manager_is_told_by_who_installed(environment, installer, manager):
    environment.install("numpy", "2.0.0", {"numpy-2.0.0.dist-info/extra": ""})
    environment.write("numpy-2.0.0.dist-info/INSTALLER", installer)
    assert environment.package("numpy").manager == manager


def _conda(environment, name, version, build, channel="conda-forge", **more):
    content = {
        "build": build,
        "channel": f"https://conda.anaconda.org/{channel}/linux-64",
        "depends": [],
        "files": [],
        "name": name,
        **more,
    }
    file = environment.folder / "conda-meta" / f"{name}-{version}-{build}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content))


def test_conda_owns_what_it_installed_and_knows_what_is_no_python(environment):
    for name, version in (("torch", "2.5.1"), ("numpy", "2.0.0"), ("odd-name", "1.0")):
        environment.install(name, version)
        environment.write(f"{name.replace('-', '_')}-{version}.dist-info/INSTALLER", "conda\n")
    _conda(environment, "pytorch", "2.5.1", "py3.11_cuda12.1_cudnn9.1.0_0", "pytorch")
    _conda(environment, "numpy", "2.0.0", "py311h0")
    _conda(
        environment, "another", "1.0", "0", depends=["python >=3.9"], files=["lib/python3.11/site-packages/odd_name-1.0.dist-info/METADATA"]
    )
    _conda(environment, "cuda-version", "12.1", "h1", "t/tk-secret-token/nvidia/label/cuda-12.1.0")
    snapshot = environment.examine()
    assert {package.name for package in snapshot.packages} == {"torch", "numpy", "odd-name", "cuda-version"}
    torch = snapshot.package("torch")
    assert (torch.manager, torch.build, torch.channel) == ("conda", "py3.11_cuda12.1_cudnn9.1.0_0", "pytorch")
    assert snapshot.package("odd-name").build == "0"
    cuda = snapshot.package("cuda-version")
    assert (cuda.version, cuda.manager, cuda.channel) == ("12.1", "conda", "nvidia/label/cuda-12.1.0")


def test_what_pip_wrote_over_a_conda_package_is_pips(environment):
    environment.install("numpy", "2.0.0")
    _conda(environment, "numpy", "1.26.4", "py311h0")
    package = environment.package("numpy")
    assert (package.manager, package.version, package.others) == ("pip", "2.0.0", ("1.26.4 in conda's records",))
