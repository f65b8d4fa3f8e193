"""What Python says when modules and versions of packages do not fit: import errors, NumPy's ABI, conflicts of versions."""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import SENTENCE, Details, Pattern

_NAME = r"[A-Za-z0-9][\w.-]*"
# The version after an operator has no signs of operators: nothing can be read in two ways, so nothing is tried twice.
_SPECIFIER = r"[<>=!~]{1,3}[\w.*+-]+(?:,\s*[<>=!~]{1,3}[\w.*+-]+)*"

# What Transformers and Diffusers put before the words of another's error, whose kind they do not name.
_WRAPPED = r"\btraceback\): "


def _imported_from(_match: re.Match[str], details: Details) -> Details | None:
    """`cannot import name 'x' from 'y' (…)` and `y` of the module that could not be imported."""
    origin = re.match(r"cannot import name '?[\w.]+'? from (?:partially initialized module )?'?([\w.]+)", details["message"])
    if origin:
        details["module"] = origin[1]
    return details


def _sizes(match: re.Match[str], details: Details) -> Details | None:
    """What the module was compiled for, and what numpy has: before Cython 0.29 the two were printed the other way round."""
    if "from C header" not in match[0]:
        details |= {"need": details["have"], "have": details["need"], "cython": "<0.29"}
    return details if details["need"] != details["have"] else None


def _interfaces(_match: re.Match[str], details: Details) -> Details | None:
    """The numbers of numpy's interface are hexadecimal, in old releases without a sign of it: `a` and `9`."""
    return {**details, **{name: f"0x{details[name].removeprefix('0x')}" for name in ("need", "have")}}


def _attribute(_match: re.Match[str], details: Details) -> Details | None:
    details["name"] = f"{details.pop('module')}.{details.pop('attribute')}"
    return details


def _installed_keras(_match: re.Match[str], details: Details) -> Details | None:
    return {**details, "package": "keras", "have": "3", "need": "<3"}


PATTERNS = (
    # Python path configuration:↵  PYTHONHOME = '/opt/old'↵  PYTHONPATH = (not set)↵ … ↵ModuleNotFoundError: No module named 'encodings'
    Pattern(
        SymptomKind.MODULE_NOT_FOUND,
        "Python path configuration:",
        r"Python path configuration: PYTHONHOME = (?:'(?P<home>[^'\n]{1,300})'|\(not set\))"
        r"[\s\S]{0,1500}?No module named '(?P<module>encodings)'",
        subject="python",
        lines=22,
    ),
    # ModuleNotFoundError: No module named 'torch'    /usr/bin/python3: No module named pip
    Pattern(
        SymptomKind.MODULE_NOT_FOUND,
        "No module named ",
        r"(?:ModuleNotFoundError|ImportError|python[\d.]*(?:\.exe)?|Failed to initialize NumPy|\btraceback\)): No module named "
        r"'?(?!tools\.nnwrap\b)(?P<module>[A-Za-z_][\w.]*)",  # for that one see pip's messages
    ),
    # … (look up to see its traceback):↵cannot import name 'builder' from 'google.protobuf.internal' (…)      from transformers, diffusers
    Pattern(
        SymptomKind.IMPORT_FAILED,
        " traceback): ",
        rf"{_WRAPPED}(?P<message>cannot import name [^\n]{{1,400}})",
        {"exception": "ImportError"},
        refine=_imported_from,
        lines=1,
    ),
    # ImportError: cannot import name 'packaging' from 'pkg_resources' (…)
    Pattern(
        SymptomKind.IMPORT_FAILED,
        "ImportError: ",
        r"(?:^|[\s:])(?P<exception>ImportError): (?P<message>[^\s][^\n]{0,400})",
        refine=_imported_from,
        generic=True,
    ),
    # A module that was compiled using NumPy 1.x cannot be run in NumPy 2.0.0 as it may crash.
    Pattern(
        SymptomKind.ABI_MISMATCH,
        "module that was compiled using NumPy ",
        r"A module that was compiled using NumPy (?P<need>[\w.]+?) cannot be run in NumPy (?P<have>\d[\w.]*?)(?= as it may "
        r"crash|\.\s|\.?$)",
        {"between": "numpy", "what": "api"},
        subject="numpy",
    ),
    # AttributeError: _ARRAY_API not found
    Pattern(
        SymptomKind.ABI_MISMATCH,
        "_ARRAY_API not found",
        rf"{SENTENCE}_ARRAY_API not found",
        {"between": "numpy", "what": "api", "need": "1.x"},
    ),
    # RuntimeError: module compiled against ABI version 0x1000009 but this version of numpy is 0x2000000
    Pattern(
        SymptomKind.ABI_MISMATCH,
        "odule compiled against A",
        r"[Mm]odule compiled against A[BP]I version (?P<need>(?:0x)?[0-9a-f]{1,8})\b "
        r"but this version of numpy is (?P<have>(?:0x)?[0-9a-f]{1,8})\b",
        {"between": "numpy", "what": "api"},
        refine=_interfaces,
    ),
    # RuntimeError: module was compiled against NumPy C-API version 0x10 (NumPy 1.23) but the running NumPy has C-API version 0xf.
    Pattern(
        SymptomKind.ABI_MISMATCH,
        "compiled against NumPy C-API version ",
        r"compiled against NumPy C-API version (?P<need>0x[0-9a-f]+)(?: \(NumPy [^)\n]{1,40}\))? but the running NumPy has C-API version "
        r"(?P<have>0x[0-9a-f]+)",
        {"between": "numpy", "what": "api"},
    ),
    # ValueError: numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C header, got 88 from PyObject
    Pattern(
        SymptomKind.ABI_MISMATCH,
        "changed, may indicate binary incompatibility",
        r"(?P<object>[\w.]+) size changed, may indicate binary incompatibility\.? Expected (?P<need>\d+)(?: from C header)?, got "
        r"(?P<have>\d+)",
        {"between": "numpy", "what": "size"},
        refine=_sizes,
    ),
    # ValueError: numpy.ufunc has the wrong size, try recompiling. Expected 192, got 216        (of modules made with Cython before 0.29)
    Pattern(
        SymptomKind.ABI_MISMATCH,
        "has the wrong size, try recompiling",
        r"(?P<object>[\w.]+) has the wrong size, try recompiling\.? Expected (?P<need>\d+), got (?P<have>\d+)",
        {"between": "numpy", "what": "size"},
        refine=_sizes,
    ),
    # "RuntimeError: Numpy is not available", from torch
    Pattern(
        SymptomKind.IMPORT_FAILED,
        "Numpy is not available",
        r"(?P<exception>RuntimeError): (?P<message>Numpy is not available)",
        {"module": "numpy"},
        subject="torch",
    ),
    # TypeError: Descriptors cannot not be created directly.
    Pattern(
        SymptomKind.PROTOBUF_DESCRIPTORS,
        " be created directly",
        rf"{SENTENCE}Descriptors cannot (?:not )?be created directly(?:\.|$)",
        subject="protobuf",
    ),
    # OMP: Error #15: Initializing libiomp5md.dll, but found libiomp5md.dll already initialized.
    Pattern(
        SymptomKind.DUPLICATE_RUNTIME,
        "Error #15: Initializing ",
        r"(?:^|P: )Error #15: Initializing (?P<library>[^\n]{1,300}?), but found (?P<other>[^\n]{1,300}?) already initialized",
        {"runtime": "openmp"},
    ),
    # tensorflow 2.13.0 requires numpy<=1.24.3,>=1.22, but you have numpy 1.26.0 which is incompatible.
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "but you have ",
        rf"(?P<by>{_NAME} [\w.+!-]+) (?:requires|has requirement) (?P<package>{_NAME})(?:\[[\w,-]*\])? "
        rf"?\(?(?P<need>{_SPECIFIER}?)\)?(?:; [^\n]{{0,200}}?)?,"
        rf" but you have {_NAME} (?P<have>[\w.+!-]+?)(?=\.?\s|\.?$)",
        subject="pip",
    ),
    # torchvision 0.20.1 requires torch==2.5.1, which is not installed.
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        ", which is not installed.",
        rf"(?P<by>{_NAME} [\w.+!-]+) requires (?P<package>{_NAME})(?:\[[\w,-]*\])?(?P<need>{_SPECIFIER})?, which is not installed",
        subject="pip",
    ),
    # Disabling PyTorch because PyTorch >= 2.4 is required but found 2.3.0
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        " is required but found ",
        r"PyTorch (?P<need>>=\s*[\d.]+) is required but found (?P<have>\d[\w.+]*?)(?=\.?\s|\.?$)",
        {"package": "torch"},
        refine=lambda _match, details: {**details, "need": re.sub(r"\s", "", details["need"])},
        subject="transformers",
    ),
    # ValueError: Due to a serious vulnerability issue in `torch.load`, …, we now require users to upgrade torch to at least v2.6 in order …
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "require users to upgrade torch to at least v",
        r"we now require users to upgrade torch to at least v(?P<need>\d+\.\d+)",
        {"package": "torch", "what": "torch.load"},
        refine=lambda _match, details: {**details, "need": f">={details['need']}"},
        subject="transformers",
    ),
    # ImportError: tokenizers>=0.14,<0.15 is required for a normal functioning of this module, but found tokenizers==0.13.3.
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "is required for a normal functioning of this module",
        rf"(?P<package>{_NAME}?)(?P<need>{_SPECIFIER}) is required for a normal functioning of this module, but found "
        rf"{_NAME}?==(?P<have>[\w.+]+?)(?=\.?\s|\.?$)",
        subject="transformers",
    ),
    # ValueError: Your currently installed version of Keras is Keras 3, but this is not yet supported in Transformers.
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "currently installed version of Keras is Keras 3",
        r"Your currently installed version of Keras is Keras 3, but this is not yet supported in Transformers",
        refine=_installed_keras,
        subject="transformers",
    ),
    # ValueError: Data of type <class 'keras.src.backend.common.keras_tensor.KerasTensor'> is not allowed only (<class 'tensorflow.python.…
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "common.keras_tensor.KerasTensor'> is not allowed",
        r"Data of type <class 'keras\.src\.backend\.common\.keras_tensor\.KerasTensor'> is not allowed only",
        refine=_installed_keras,
        subject="transformers",
    ),
    # pkg_resources.ContextualVersionConflict: (numpy 1.19.5 (/…), Requirement.parse('numpy>=1.20'), {'pandas'})
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "VersionConflict: (",
        rf"VersionConflict: \((?P<package>{_NAME}) (?P<have>[\w.+!-]+) \([^\n]{{1,300}}?\), "
        rf"Requirement\.parse\('[A-Za-z0-9._-]+?(?P<need>{_SPECIFIER}?)'\)",
    ),
    # Failed to import transformers.modeling_utils because of the following error (look up to see its traceback):↵module 'torch' has no …
    Pattern(
        SymptomKind.UNSUPPORTED_CALL,
        " traceback): ",
        r"Failed to import (?P<subject>[a-z]\w{1,60})[\w.]{0,200} because of the following error \(look up to see its traceback\): "
        r"(?:partially initialized )?module '(?P<module>[\w.]+)' has no attribute '(?P<attribute>\w+)'",
        refine=_attribute,
        lines=1,
    ),
    # AttributeError: module 'torch' has no attribute 'compiler'
    Pattern(
        SymptomKind.UNSUPPORTED_CALL,
        "' has no attribute '",
        rf"{SENTENCE}(?:partially initialized )?module '(?P<module>[\w.]+)' has no attribute '(?P<attribute>\w+)'",
        refine=_attribute,
    ),
)
