"""What the frameworks' own files say of their builds, read from an environment without importing them."""

import os
import sys

import pytest
from msgspec import UNSET

from envcheck.facts.snapshot import UnknownReason

BOOM = "raise SystemExit('imported')"


def test_torch_is_told_by_its_version_file(environment):
    text = "__version__ = '2.8.0+cu128'\ndebug = False\ncuda: Optional[str] = '12.8'\nhip: Optional[str] = None\n"
    environment.install("torch", "2.8.0", {"torch/__init__.py": BOOM, "torch/version.py": text + BOOM})
    snapshot = environment.examine()
    build = snapshot.builds["torch"]
    assert (build.version, build.cuda, build.rocm, build.xpu) == ("2.8.0+cu128", "12.8", None, UNSET)
    assert snapshot.source_of("builds[torch].cuda") == str(environment.site / "torch" / "version.py")


def test_the_file_is_taken_from_the_copy_that_an_import_finds(environment, tmp_path, place):
    environment.install("torch", "2.8.0", {"torch/version.py": "cuda = '12.8'\n"})
    place.install(tmp_path / "first", "torch", "2.1.0", {"torch/version.py": "cuda = None\n"})
    build = environment.examine(PYTHONPATH=str(tmp_path / "first")).builds["torch"]
    assert (build.version, build.cuda) == ("2.1.0", None)


def test_a_file_that_is_missing_leaves_the_build_unknown(environment):
    environment.install("torch", "2.8.0")
    snapshot = environment.examine()
    assert snapshot.builds == {}
    assert snapshot.why_unknown("builds[torch].cuda").reason is UnknownReason.UNPARSABLE


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files on Windows")
def test_a_file_that_is_a_pipe_is_not_waited_for(environment):
    environment.install("torch", "2.8.0", {"torch/__init__.py": ""})
    os.mkfifo(environment.site / "torch" / "version.py")
    snapshot = environment.examine()
    assert "is no regular file" in snapshot.why_unknown("builds[torch]").detail


@pytest.mark.parametrize("name", ["tensorflow", "tensorflow-cpu", "tf-nightly"])
def test_tensorflow_is_told_by_its_build_info_whatever_brought_it(environment, name):
    text = "build_info = collections.OrderedDict([('cuda_version', '12.5.1'), ('cudnn_version', '9'), ('is_cuda_build', True)])\n"
    environment.install(name, "2.18.0", {"tensorflow/python/platform/build_info.py": text})
    build = environment.examine().builds["tensorflow"]
    assert (build.version, build.cuda, build.cudnn) == ("2.18.0", "12.5.1", "9")


def test_onnxruntime_without_gpu_in_its_name_is_built_without_cuda(environment):
    environment.install(
        "onnxruntime", "1.20", {"onnxruntime/capi/build_and_package_info.py": "package_name = 'onnxruntime'\n__version__ = '1.20.1'\n"}
    )
    build = environment.examine().builds["onnxruntime"]
    assert (build.version, build.cuda) == ("1.20.1", None)


def test_jaxlib_alone_computes_on_the_cpu(environment):
    environment.install("jaxlib", "0.5.0")
    build = environment.examine().builds["jaxlib"]
    assert (build.version, build.cuda, build.rocm) == ("0.5.0", None, None)


def test_of_a_jaxlib_with_kernels_of_its_own_the_cuda_is_not_known(environment):
    environment.install("jaxlib", "0.4.13", {"jaxlib/cuda/_blas.so": ""})
    assert environment.examine().builds["jaxlib"].cuda is UNSET


def test_a_plugin_of_jax_brings_cuda(environment):
    environment.install("jaxlib", "0.5.0")
    environment.install("jax-cuda12-plugin", "0.5.0")
    assert environment.examine().builds["jaxlib"].cuda == "12"


def test_an_old_jaxlib_says_it_in_its_version(environment):
    environment.install("jaxlib", "0.4.13+cuda11.cudnn86")
    build = environment.examine().builds["jaxlib"]
    assert (build.cuda, build.cudnn) == ("11", "8.6")


@pytest.mark.parametrize(("name", "cuda"), [("xgboost", UNSET), ("xgboost-cpu", None)])
def test_xgboost_is_known_to_have_no_cuda_only_by_its_name(environment, name, cuda):
    environment.install(name, "3.0.0")
    build = environment.examine().builds["xgboost"]
    assert (build.version, build.cuda) == ("3.0.0", cuda)


def test_condas_build_string_tells_what_the_files_do_not(environment):
    environment.install("torch", "2.5.1", {"torch/version.py": "cuda = '12.1'\n"})
    environment.write("torch-2.5.1.dist-info/INSTALLER", "conda\n")
    meta = environment.folder / "conda-meta" / "pytorch-2.5.1-py3.11_cuda12.1_cudnn9.1.0_0.json"
    meta.parent.mkdir()
    meta.write_text('{"channel": "pytorch"}')
    build = environment.examine().builds["torch"]
    assert (build.cuda, build.cudnn) == ("12.1", "9.1.0")


@pytest.mark.parametrize(("build", "cuda"), [("cuda118py310h1234567_200", "11.8"), ("cpu_py310hdc00b08_0", None), ("py310h1_0", UNSET)])
def test_a_jaxlib_of_condas_is_told_by_its_build_string(environment, build, cuda):
    environment.install("jaxlib", "0.4.31")
    environment.write("jaxlib-0.4.31.dist-info/INSTALLER", "conda\n")
    meta = environment.folder / "conda-meta" / f"jaxlib-0.4.31-{build}.json"
    meta.parent.mkdir()
    meta.write_text("{}")
    assert environment.examine().builds["jaxlib"].cuda == cuda


def test_where_no_framework_is_there_is_no_build_and_nothing_unknown(environment):
    snapshot = environment.examine()
    assert (snapshot.builds, snapshot.unknown) == ({}, ())
