"""What the installed frameworks say of their own builds, by their files, without importing them.

A fact that no file tells is left out: not known. `cuda` None is known: built without CUDA.
"""

import os

from envcheck_probes.reading import read_start, shown, why

from envcheck.parsers.python.build_info import (
    parse_jax_plugin,
    parse_jaxlib_version,
    parse_onnxruntime_build_info,
    parse_tensorflow_build_info,
    parse_torch_version,
)

_LIMIT = 256 * 1024
# What is read of whom: the build's name, the distributions that bring it, the file, and who parses it.
_FILES = (
    ("torch", ("torch",), "torch/version.py", parse_torch_version),
    (
        "tensorflow",
        (
            "tensorflow",
            "tensorflow-cpu",
            "tensorflow-intel",
            "tensorflow-macos",
            "tensorflow-gpu",
            "tensorflow-rocm",
            "tensorflow-cpu-aws",
            "tf-nightly",
        ),
        "tensorflow/python/platform/build_info.py",
        parse_tensorflow_build_info,
    ),
    (
        "onnxruntime",
        (
            "onnxruntime-gpu",
            "onnxruntime",
            "onnxruntime-directml",
            "onnxruntime-openvino",
            "onnxruntime-rocm",
            "onnxruntime-migraphx",
            "onnxruntime-qnn",
            "onnxruntime-training",
        ),
        "onnxruntime/capi/build_and_package_info.py",
        parse_onnxruntime_build_info,
    ),
)
_XGBOOST = ("xgboost", "xgboost-cpu", "xgboost-cu12")


def tell_builds(channel, inventory):
    """One fact `builds[name]` per framework that is there."""
    for build, names, path, parse in _FILES:
        channel.section("builds[" + build + "]", _tell_file, build, names, path, parse, inventory)
    channel.section("builds[jaxlib]", _tell_jax, inventory)
    channel.section("builds[xgboost]", _tell_xgboost, inventory)


def _tell_file(channel, build, names, path, parse, inventory):
    installed = [inventory.chosen[name] for name in names if name in inventory.chosen]
    for distribution in installed:
        file = os.path.join(distribution.folder, *path.split("/"))
        try:
            text = read_start(file, _LIMIT)[0].decode("utf-8", "replace")
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            reason = "denied" if isinstance(error, PermissionError) else "unparsable"
            channel.unknown("builds[" + build + "]", reason, shown(file) + " " + why(error))
            return
        said = parse(text)
        if "version" not in said and distribution.version:
            said["version"] = distribution.version
        for fact, value in _said_by_conda(inventory, distribution).items():
            said.setdefault(fact, value)
        channel.fact("builds[" + build + "]", said, shown(file))
        return
    if installed:
        channel.unknown("builds[" + build + "]", "unparsable", "{} is missing below {}".format(path, shown(installed[0].folder)))


def _tell_jax(channel, inventory):
    """A plugin brings CUDA or ROCm to jaxlib, which is for the CPU. Before there were plugins its version said it; conda's build does."""
    jaxlib = inventory.chosen.get("jaxlib")
    if jaxlib is None:
        return
    said = {"version": jaxlib.version} if jaxlib.version else {}
    source = "jaxlib's version"
    plugins = [(name, parse_jax_plugin(name)) for name in inventory.chosen if name.startswith("jax-")]
    for name, plugin in plugins:
        if plugin is not None:
            said[plugin[0]] = plugin[1]
            source = name
    older = parse_jaxlib_version(jaxlib.version)
    for fact, value in (older or _said_by_conda(inventory, jaxlib)).items():
        said.setdefault(fact, value)
    compiled_in = b"jaxlib/cuda/_" in jaxlib.record or b"jaxlib/rocm/_" in jaxlib.record  # somebody's own build of the old kind
    if not older and not compiled_in and jaxlib.version and "build" not in inventory.packages["jaxlib"]:
        said.setdefault("cuda", None)
        said.setdefault("rocm", None)
    channel.fact("builds[jaxlib]", said, source)


def _tell_xgboost(channel, inventory):
    """Only the package's name and conda's build string tell the build; the library itself is asked when it is imported."""
    for name in _XGBOOST:
        distribution = inventory.chosen.get(name)
        if distribution is None:
            continue
        said = _said_by_conda(inventory, distribution)
        if name == "xgboost-cpu":
            said["cuda"] = None
        if distribution.version:
            said["version"] = distribution.version
        channel.fact("builds[xgboost]", said, "the distribution " + name)
        return


def _said_by_conda(inventory, distribution):
    """What conda's build string says, where conda installed it."""
    build = inventory.packages[distribution.name].get("build", "")
    if not build:
        return {}
    from envcheck.parsers.python.build_tag import parse_conda_build

    return parse_conda_build(build)
