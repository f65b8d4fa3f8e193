"""Files and folders that an import would find in place of an installed framework or of a module of Python's own.

Looked at is what really stands before them on the search path: the working folder (for `python -c`, `python -m`, notebooks and scripts
that lie in it) and PYTHONPATH.
"""

import os
import sys

from envcheck_probes.reading import read_if_there, shown

_FRAMEWORKS = """accelerate bitsandbytes catboost cv2 datasets deepspeed diffusers flax gradio h2o huggingface_hub jax jaxlib keras lightgbm
lightning matplotlib mlflow numpy nltk onnx onnxruntime openvino optax pandas peft PIL pyarrow pyspark ray safetensors scipy seaborn sklearn
spacy tensorboard tensorflow tokenizers torch torchaudio torchvision tqdm transformers triton wandb xgboost yaml""".split()  # noqa: SIM905 - words are read more easily than strings
# What importing the frameworks above imports of the standard library (seen in sys.modules afterwards), but for what Python itself has
# loaded before it looks into any of these folders.
_STANDARD = """argparse array ast asyncio base64 bisect bz2 calendar cmath code collections colorsys concurrent configparser contextlib
contextvars copy copyreg csv ctypes dataclasses datetime decimal difflib dis email enum fileinput fnmatch fractions functools getpass
gettext glob gzip hashlib heapq hmac html http importlib inspect ipaddress json keyword linecache locale logging lzma math mimetypes mmap
multiprocessing numbers opcode operator optparse pathlib pdb pickle pickletools pkgutil platform pprint pydoc queue quopri random re reprlib
resource runpy secrets select selectors shlex shutil signal socket ssl statistics string struct subprocess sysconfig tarfile tempfile
textwrap threading timeit token tokenize tomllib traceback types typing unicodedata unittest urllib uuid warnings weakref xml zipfile zlib
zoneinfo""".split()  # noqa: SIM905 - words are read more easily than strings


def tell_shadowing(channel, working_folder, search_path, inventory):
    """The fact `python.shadowing`: an empty list where nothing shadows anything."""
    found = []
    for folder in _folders_before(working_folder):
        found += _shadows_in(folder, search_path, inventory)
    channel.fact("python.shadowing", found, "the working folder and PYTHONPATH")


def _folders_before(working_folder):
    """The folders that come before everything else, each once."""
    safe_path = getattr(sys.flags, "safe_path", False) and os.environ.get("PYTHONSAFEPATH")
    folders = [working_folder] if working_folder and not safe_path else []
    if not sys.flags.ignore_environment and os.environ.get("PYTHONPATH"):
        folders += [path or working_folder for path in os.environ["PYTHONPATH"].split(os.pathsep)]
    return [folder for folder in dict.fromkeys(os.path.abspath(folder) for folder in folders if folder) if os.path.isdir(folder)]


def _shadows_in(folder, search_path, inventory):
    names = set(os.listdir(folder))  # as they are written: Python heeds it on every system
    for module in _FRAMEWORKS:
        file = _importable(folder, module, names)
        if file and _is_shadow(folder, file, module, search_path, inventory):
            yield {"module": module, "path": shown(file), "standard_library": False}
    for module in _STANDARD:
        file = _importable(folder, module, names)
        if file and module not in sys.builtin_module_names and _is_elsewhere(file, _found_in(_library(), module)):
            yield {"module": module, "path": shown(file), "standard_library": True}


def _importable(folder, module, names):
    """The file that `import module` would load from a folder; a folder without __init__ is a namespace package, and gives way."""
    if module in names:
        initial = os.path.join(folder, module, "__init__.py")
        if os.path.isfile(initial):
            return initial
    return os.path.join(folder, module + ".py") if module + ".py" in names and os.path.isfile(os.path.join(folder, module + ".py")) else ""


def _is_shadow(folder, file, module, search_path, inventory):
    """Whether another copy, further down, is the installed one. A distribution that is installed in this very folder is no shadow."""
    if any(_same(folder, distribution.folder) for distribution in inventory.chosen.values() if _brings(distribution, module)):
        return False
    later = [path for path in search_path if isinstance(path, str) and path and not _same(path, folder)]
    return _is_elsewhere(file, _found_in(later, module)) and not _is_editable(file, inventory)


def _found_in(folders, module):
    """The first file further down by which the module would be found; nothing where there is none."""
    for folder in folders:
        for candidate in (os.path.join(folder, module, "__init__.py"), os.path.join(folder, module + ".py")):
            if os.path.isfile(candidate):
                return candidate
    return ""


def _library():
    return [os.path.dirname(os.__file__)]


def _is_elsewhere(file, installed):
    return bool(installed) and not _same(file, installed)


def _same(one, other):
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def _brings(distribution, module):
    """Whether a distribution has the module among its top-level names: by its name, or by its RECORD."""
    name = module.lower().replace("_", "-")
    return (
        distribution.name == name
        or distribution.record.startswith(module.encode() + b"/")
        or b"\n" + module.encode() + b"/" in distribution.record
    )


def _is_editable(file, inventory):
    """Whether the file belongs to an editable installation, whose sources the user happens to work in."""
    from urllib.parse import unquote

    for distribution in inventory.chosen.values():
        if b"direct_url.json" in distribution.record:
            text = read_if_there(os.path.join(distribution.folder, distribution.entry, "direct_url.json"), 16384).decode("utf-8", "replace")
            url = text.partition('"file://')[2].partition('"')[0]
            if url and '"editable"' in text and file.startswith(unquote(url).rstrip("/") + os.sep):
                return True
    return False
