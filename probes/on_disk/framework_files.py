"""The compiled files that frameworks load as soon as they are imported, as they lie in an environment.

What a framework opens only when it is asked for (a CUDA provider, a codec) is no matter of its import and stands nowhere here.
"""

import re

# Import package → (packages that it imports before, files). A file without `.so` is an extension module, of which there may be several
# for different Pythons; the others have one name. Old and new releases stand side by side: what is not there is passed over.
FRAMEWORKS = {
    "numpy": ((), ("numpy/_core/_multiarray_umath", "numpy/core/_multiarray_umath", "numpy/linalg/_umath_linalg")),
    "scipy": (
        ("numpy",),
        ("scipy/_lib/_ccallback_c", "scipy/sparse/_sparsetools", "scipy/linalg/_fblas", "scipy/linalg/_flapack", "scipy/special/_ufuncs"),
    ),
    "pandas": (("numpy",), ("pandas/_libs/lib", "pandas/_libs/hashtable", "pandas/_libs/tslibs/timestamps")),
    "sklearn": (("numpy", "scipy"), ("sklearn/__check_build/_check_build", "sklearn/utils/_openmp_helpers", "sklearn/utils/murmurhash")),
    "matplotlib": (("numpy",), ("matplotlib/ft2font", "matplotlib/_path")),
    "PIL": ((), ("PIL/_imaging",)),
    "xgboost": (("numpy", "scipy"), ("xgboost/lib/libxgboost.so",)),
    "lightgbm": (("numpy", "scipy"), ("lightgbm/lib/lib_lightgbm.so", "lightgbm/lib_lightgbm.so")),
    "catboost": (("numpy",), ("catboost/_catboost",)),
    "torch": (("numpy",), ("torch/lib/libtorch_global_deps.so", "torch/_C")),
    "torchvision": (("torch",), ("torchvision/_C",)),
    "torchaudio": (("torch",), ("torchaudio/lib/libtorchaudio.so", "torchaudio/lib/_torchaudio")),
    "triton": ((), ("triton/_C/libtriton",)),
    "bitsandbytes": (("torch",), ("bitsandbytes/libbitsandbytes_cpu.so",)),
    "tensorflow": (
        ("numpy",),
        (
            "tensorflow/libtensorflow_framework.so.2",
            "tensorflow/python/_pywrap_tensorflow_internal",
            "tensorflow/python/platform/_pywrap_cpu_feature_guard",
        ),
    ),
    "jaxlib": (
        ("numpy",),
        ("jaxlib/cpu_feature_guard", "jaxlib/utils", "jaxlib/xla_extension", "jaxlib/_jax", "jaxlib/mlir/_mlir_libs/_mlir"),
    ),
    "onnx": (("numpy",), ("onnx/onnx_cpp2py_export",)),
    "onnxruntime": (("numpy",), ("onnxruntime/capi/onnxruntime_pybind11_state",)),
    "openvino": (("numpy",), ("openvino/_pyopenvino",)),
    "ai_edge_litert": (("numpy",), ("ai_edge_litert/_pywrap_litert_interpreter_wrapper",)),
    "cv2": (("numpy",), ("cv2/cv2",)),
    "h5py": (("numpy",), ("h5py/_errors", "h5py/defs")),
    "tokenizers": ((), ("tokenizers/tokenizers",)),
    "safetensors": ((), ("safetensors/_safetensors_rust",)),
    "spacy": (("numpy",), ("spacy/attrs", "spacy/lexeme")),
}
_MOST_RECORD = 16 * 2**20
# _C.cpython-311-x86_64-linux-gnu.so      _C.cpython-313t-x86_64-linux-gnu.so      _C.pypy310-pp73-x86_64-linux-gnu.so
_MADE_FOR = re.compile(r"(?P<python>cpython-\d{2,4}[a-z]*|pypy\d{2,4}-pp\d{2,4})(?=[-.])")


class OtherPython:
    """An extension module that is there for others only: one of its files, and the Python or the system that this one is for."""

    def __init__(self, path, python):
        self.path = path
        self.python = python


def find_files(disk, folders, name, python):
    """The folder on the search path that has the package, and the paths of its files, or `OtherPython`; twice nothing: it is not there.

    `python` is what the interpreter's own extension modules have in their names (cpython-311); empty: not known.
    """
    folder = next((folder for folder in folders if disk.is_folder(folder + "/" + name)), None)
    if folder is not None:
        found = [_choose(disk, folder + "/" + file, python) for file in FRAMEWORKS[name][1]]
        return folder, [each for each in found if each is not None]
    for folder in folders:
        alone = _choose(disk, folder + "/" + name, python)
        if alone is not None:
            return folder, [alone]
    return None, []


def _choose(disk, file, python):
    """The file itself, or of an extension module the one that the interpreter would load."""
    folder, _, stem = file.rpartition("/")
    if ".so" in stem:
        return file if disk.is_file(file) else None
    names = [name for name in disk.names(folder) if name.startswith(stem + ".") and name.endswith((".so", ".pyd"))]
    made_for = {name: _python_of(name[len(stem) + 1 :]) for name in names}
    own = ("", python, python.rstrip("d")) if python else made_for.values()
    # As Python does: what is made for it alone, then the stable interface, then a name that tells nothing.
    ranks = [lambda name: made_for[name] != "" and made_for[name] in own, (stem + ".abi3.so").__eq__, (stem + ".so").__eq__]
    chosen = next((name for fits in ranks for name in names if fits(name)), None)
    if chosen is not None:
        return folder + "/" + chosen
    return next((OtherPython(folder + "/" + name, python) for name, python in made_for.items() if python), None)


def _python_of(suffix):
    """What the end of a file's name says that it is made for; empty where it says nothing."""
    if suffix.endswith("pyd"):
        return "Windows"
    found = _MADE_FOR.match(suffix)
    return found.group("python") if found else ""


def extension_python(tag):
    """`cp313-cp313t-manylinux_2_28_x86_64`, a wheel tag, gives cpython-313t; empty where it tells nothing."""
    parts = tag.split("-")
    if len(parts) < 3:
        return ""
    if re.match(r"cp\d{2,4}[a-z]*$", parts[1]):
        return "cpython-" + parts[1][2:]
    pypy = re.match(r"pypy(\d{2,4})_(pp\d{2,4})$", parts[1])
    return "pypy{}-{}".format(*pypy.groups()) if pypy else ""


def lost_file(disk, sites, name):
    """A file of that name that a distribution was installed with and that is not there: site-packages folder, path in it, distribution.

    numpy.libs/libgfortran-040039e1-0352e75f.so.5.0.0,sha256=xgkASOz…,2833617 is such a line of a RECORD.
    """
    for site in sites:
        for folder in disk.names(site):
            text = disk.text(site + "/" + folder + "/RECORD", _MOST_RECORD) if folder.endswith(".dist-info") else ""
            end = text.find("/" + name + ",")
            path = text[text.rfind("\n", 0, end) + 1 : end + 1] + name
            if end >= 0 and not disk.is_file(site + "/" + path):
                return site, path, folder.partition("-")[0]
    return None
