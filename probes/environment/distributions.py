"""The distributions that lie on the search path of the examined interpreter, read from their metadata without importing anything.

What each of them says of itself is read here; which copy counts and what state it is in is decided in `inventory.py`.
"""

import os

from envcheck_probes.reading import read_if_there, read_start, why

from envcheck.parsers.python.metadata import (
    has_all_headers,
    is_name,
    is_version,
    normalise,
    parse_metadata,
    parse_requires_txt,
    shortened,
)
from envcheck.parsers.python.record import parse_line

# Whose requirements are kept: rules compare them with what is installed.
FRAMEWORKS = frozenset(
    """accelerate ai-edge-litert bitsandbytes catboost datasets deepspeed diffusers flash-attn gradio h2o horovod jax jax-cuda12-pjrt
    jax-cuda12-plugin jax-cuda13-pjrt jax-cuda13-plugin jax-metal jax-rocm60-plugin jax-rocm7-plugin jaxlib keras keras-nightly libtpu
    lightgbm lightning ml-dtypes mlflow mlflow-skinny mlx mxnet nltk numba numpy oneflow onnx onnxruntime onnxruntime-directml
    onnxruntime-gpu onnxruntime-migraphx onnxruntime-openvino onnxruntime-rocm onnxruntime-training opencv-contrib-python
    opencv-contrib-python-headless opencv-python opencv-python-headless openvino pandas peft pyarrow pyspark pyspark-client
    pyspark-connect pytorch-lightning ray safetensors scikit-learn scipy sentence-transformers spacy tensorboard tensordict tensorflow
    tensorflow-cpu tensorflow-cpu-aws tensorflow-gpu tensorflow-intel tensorflow-macos tensorflow-metal tensorflow-rocm tensorflow-text
    tf-keras tf-nightly thinc timm tokenizers torch torch-xla torchao torchaudio torchmetrics torchrl torchtext torchvision
    transformers triton vllm wandb xformers xgboost xgboost-cpu ydata-profiling""".split()  # noqa: SIM905 - a hundred words are read more easily than a hundred strings
)
_START = 16 * 1024
_HEADERS = 512 * 1024
_RECORD = 16 * 1024 * 1024
# What pip puts in place of the first letter of a thing that it is about to delete; the dash is of older ones.
_LEFTOVER_SIGNS = "~-"


class Distribution:
    """One copy of one distribution: what its metadata folder `entry` in `folder` says."""

    __slots__ = ("denied", "entry", "fault", "folder", "installer", "name", "record", "requires", "requires_python", "unended", "version")

    def __init__(self, folder, entry):
        self.folder, self.entry = folder, entry
        self.name = self.version = self.installer = self.fault = self.requires_python = ""
        self.requires = None
        self.record = b""
        self.denied = False
        self.unended = 0  # the size of a metadata file whose header part has no end

    @property
    def is_record(self):
        """Whether it is of today's kind, a dist-info folder."""
        return self.entry.endswith(".dist-info")


class Folder:
    """What one folder of the search path holds: distributions, the names of leftovers, and every name in it."""

    __slots__ = ("distributions", "leftovers", "names", "path")

    def __init__(self, path, names):
        self.path, self.names = path, names
        self.distributions, self.leftovers = [], []


def read_folder(path):
    """The distributions of one folder, in the order in which importlib.metadata would find them. Raises OSError."""
    found = Folder(path, os.listdir(path))
    for entry in found.names:
        if entry[0] in _LEFTOVER_SIGNS:
            found.leftovers.append(entry)
        elif entry.endswith(".dist-info"):
            found.distributions.append(read_dist_info(path, entry))
        elif entry.endswith(".egg-info"):
            found.distributions.append(_read_egg_info(path, entry))
        elif entry == "EGG-INFO":
            found.distributions.append(_read_egg(path))
        elif entry.endswith(".egg-link"):
            linked = _read_egg_link(path, entry)
            if linked is not None:
                found.distributions.append(linked)
    return found


def read_archive(path):
    """A zipped egg or a wheel on the search path: what its file name says. None where it is another archive.

    foo_bar-1.0-py3.8.egg, foo_bar-1.0-py3-none-any.whl
    """
    folder, entry = os.path.split(path)
    stem, suffix = os.path.splitext(entry)
    if suffix not in (".egg", ".whl"):
        return None
    distribution = Distribution(path, entry)
    _name_by_entry(distribution, stem)
    return distribution


def read_dist_info(folder, entry):
    """One dist-info folder."""
    distribution = Distribution(folder, entry)
    path = folder + os.sep + entry + os.sep
    _name_by_entry(distribution, entry[:-10])
    if not _read_metadata(distribution, path + "METADATA", "METADATA"):
        return distribution
    distribution.installer = _installer(path)
    distribution.record = read_if_there(path + "RECORD", _RECORD)
    if distribution.unended:
        distribution.fault = distribution.fault or _cut_fault(distribution)
    if b"direct_url.json" in distribution.record:
        distribution.fault = distribution.fault or _editable_fault(path)
    return distribution


def _read_egg_info(folder, entry):
    """A folder by setuptools, or one file by distutils."""
    distribution = Distribution(folder, entry)
    path = folder + os.sep + entry
    _name_by_entry(distribution, entry[:-9])
    if os.path.isdir(path):
        _read_metadata(distribution, path + os.sep + "PKG-INFO", "PKG-INFO")
        distribution.installer = _installer(path + os.sep)
        if distribution.name in FRAMEWORKS and not distribution.requires:
            distribution.requires = parse_requires_txt(read_if_there(path + os.sep + "requires.txt", _HEADERS))
    else:
        _read_metadata(distribution, path, entry)
    return distribution


def _read_egg(folder):
    """An unpacked egg: the folder itself stands on the search path."""
    distribution = Distribution(folder, "EGG-INFO")
    name = os.path.basename(folder)
    _name_by_entry(distribution, name[:-4] if name.endswith(".egg") else name)
    _read_metadata(distribution, os.path.join(folder, "EGG-INFO", "PKG-INFO"), "PKG-INFO")
    return distribution


def _read_egg_link(folder, entry):
    """An editable installation of the old kind: a file with the path of the sources.

    None where it is whole, for the sources are on the search path themselves.

    /home/me/project
    .
    """
    distribution = Distribution(folder, entry)
    _name_by_entry(distribution, entry[:-9])
    text = read_if_there(os.path.join(folder, entry), 4096).decode("utf-8", "replace")
    target = (text.splitlines() or [""])[0].strip()
    if target and os.path.isdir(os.path.join(folder, target)):
        return None
    distribution.fault = "its sources ({}) are not there".format(shortened(target)) if target else entry + " is empty"
    return distribution


def _name_by_entry(distribution, stem):
    """What the file name says, used where the metadata says nothing: "torch-2.8.0+cu128", "PyYAML-6.0-py3.11"."""
    parts = stem.split("-")
    distribution.name = normalise(parts[0]) if is_name(parts[0]) else shortened(stem) or distribution.entry
    if len(parts) > 1 and is_version(parts[1]):
        distribution.version = parts[1]


def _read_metadata(distribution, path, label):
    """Fills in what the metadata says; False where it cannot be read at all."""
    try:
        data, size = read_start(path, _START)
        if size > _START and distribution.name in FRAMEWORKS and not has_all_headers(data):
            data, size = read_start(path, _HEADERS)
    except OSError as error:
        distribution.fault = label + " " + why(error)
        distribution.denied = isinstance(error, PermissionError)
        return False
    said = parse_metadata(data, whole=len(data) >= size, requirements=distribution.name in FRAMEWORKS, label=label)
    if said.name and (said.version or not said.fault):  # a name that the file ends with may itself be cut
        distribution.name = normalise(said.name)
    if said.version:
        distribution.version = said.version
    distribution.fault = said.fault
    distribution.unended = 0 if size > len(data) or has_all_headers(data) else size
    distribution.requires, distribution.requires_python = said.requires, said.requires_python
    return True


def _installer(path):
    words = read_if_there(path + "INSTALLER", 100).decode("ascii", "replace").split()
    return shortened(words[0]) if words else ""


def _cut_fault(distribution):
    """A METADATA that ends within its headers is whole only where it is as long as RECORD says: many have no description."""
    _, found, rest = distribution.record.partition(distribution.entry.encode("utf-8", "surrogateescape") + b"/METADATA,")
    recorded = parse_line(b"," + rest.partition(b"\n")[0])[2] if found else None
    if recorded is None or recorded <= distribution.unended:
        return ""
    return "METADATA is cut off: {} of {} bytes are there".format(distribution.unended, recorded)


def _editable_fault(path):
    """An editable installation whose sources were moved or deleted.

    {"dir_info": {"editable": true}, "url": "file:///home/me/project"}
    """
    import json
    from urllib.parse import unquote

    try:
        said = json.loads(read_if_there(path + "direct_url.json", _START).decode("utf-8", "replace"))
        editable, url = said["dir_info"].get("editable"), said["url"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""  # it tells where the distribution came from, nothing more
    if editable is not True or not isinstance(url, str) or not url.startswith("file://") or os.name == "nt":
        return ""
    target = unquote(url[len("file://") :])
    return "" if os.path.isdir(target) else "its sources ({}) are not there".format(shortened(target))
