"""Other Python environments, found without running anything, and the frameworks that lie in them, by the names of folders alone."""

import os
import re
import sys

from envcheck_probes.nearby.interpreters import environment_folder, find_command, identity, prefix_of, upwards
from envcheck_probes.reading import read_if_there, shown

from envcheck.parsers.python.metadata_folder import parse_metadata_folder

MOST_ENVIRONMENTS = 40
FRAMEWORKS = frozenset(
    ("torch", "tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-macos", "tensorflow-intel", "tf-nightly", "jax", "keras")
    + ("scikit-learn", "xgboost", "lightgbm", "transformers", "onnxruntime", "onnxruntime-gpu", "numpy")
)
# Folders that are looked into at most in one place where environments are kept.
_MOST_MEMBERS = 200
_VERSION = re.compile(r"(?:python|pypy)(\d+\.\d+)t?$")
_CONDA_ROOTS = ("miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba", "miniconda", "anaconda")


def report_nearby(channel, around):
    """Each environment with the frameworks it has; those nearest to the project come first."""
    found = []
    seen = {os.path.realpath(folder) for folder in _site_folders(around.prefix, _own_version(around))} if around.prefix else set()
    for path, kind, folders in _candidates(around):
        # Its first folder of packages is what an environment is: the same may be known under several paths.
        place = os.path.realpath(folders[0]) if folders else None
        if place is None or place in seen:
            continue
        seen.add(place)
        if len(found) == MOST_ENVIRONMENTS:
            break
        found.append({"path": shown(path), "environment": kind, "frameworks": _frameworks(folders)})
    channel.fact("python.nearby", found, "folders where environments are kept")


def _candidates(around):
    """(path, kind, site-packages folders) of all that is there, nearest first; the same may come twice."""
    for path in _project_environments(around):
        yield path, _kind(path), _site_folders(path)
    for path in _conda_environments(around):
        yield path, "conda", _site_folders(path)
    for home in _virtualenv_homes(around):
        for path in filter(_is_environment, _members(home)):
            yield path, "venv", _site_folders(path)
    for home, kind in _interpreter_homes(around):
        for path in _members(home):
            yield path, kind, _site_folders(path)
    yield from _system_python(around)
    yield from _user_sites(around)


def _project_environments(around):
    """`.venv`, `venv`, `env` here and above, up to the project's root or the home folder."""
    for folder in upwards(around.cwd):
        for name in (".venv", "venv", "env", os.path.join(".pixi", "envs", "default")):
            path = os.path.join(folder, name)
            if _is_environment(path):
                yield path
        if folder == around.home or any(os.path.exists(os.path.join(folder, name)) for name in (".git", "pyproject.toml")):
            return


def _is_environment(path):
    return os.path.isfile(os.path.join(path, "pyvenv.cfg")) or os.path.isdir(os.path.join(path, "conda-meta"))


def _kind(path):
    return "conda" if os.path.isdir(os.path.join(path, "conda-meta")) else "venv"


def _conda_environments(around):
    """Those of conda's own list, then those below each place where a conda is installed."""
    listed = read_if_there(os.path.join(around.home, ".conda", "environments.txt"), 256 * 1024) if around.home else b""
    for path in os.fsdecode(listed).splitlines()[:_MOST_MEMBERS]:
        if os.path.isabs(path) and os.path.isdir(os.path.join(path, "conda-meta")):
            yield path
    for root in _conda_roots(around):
        for path in (root, *_members(os.path.join(root, "envs"))):
            if os.path.isdir(os.path.join(path, "conda-meta")):
                yield path


def _conda_roots(around):
    variables = around.variables
    if os.path.isabs(variables.get("CONDA_EXE", "")):
        yield os.path.dirname(os.path.dirname(variables["CONDA_EXE"]))
    for name in ("CONDA_PREFIX", "MAMBA_ROOT_PREFIX"):
        if os.path.isabs(variables.get(name, "")):
            yield variables[name]
    if around.home:
        for name in _CONDA_ROOTS:
            yield os.path.join(around.home, name)
    for name in ("conda", *_CONDA_ROOTS):
        yield os.path.join(os.sep, "opt", name)


def _virtualenv_homes(around):
    """Where virtualenvwrapper, pipenv and poetry keep theirs."""
    yield around.variables.get("WORKON_HOME") or os.path.join(around.home, ".virtualenvs")
    yield os.path.join(around.home, ".local", "share", "virtualenvs")
    yield os.path.join(around.home, ".cache", "pypoetry", "virtualenvs")
    yield os.path.join(around.home, "Library", "Caches", "pypoetry", "virtualenvs")


def _interpreter_homes(around):
    """Where pyenv and uv keep the Pythons that they installed."""
    variables, home = around.variables, around.home
    root = variables.get("PYENV_ROOT") or os.path.join(home, ".pyenv")
    yield os.path.join(root, "versions"), "pyenv"
    data = variables.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    if sys.platform == "win32":
        data = variables.get("APPDATA", "")
    yield variables.get("UV_PYTHON_INSTALL_DIR") or os.path.join(data, "uv", "python"), "uv"


def _system_python(around):
    """The `python3` of PATH, where it is neither the examined one nor an environment's."""
    python = find_command(around, "python3") or find_command(around, "python")
    if python is None or environment_folder(python) is not None or identity(python) == around.identity:
        return
    prefix = prefix_of(python)
    match = _VERSION.search(os.path.basename(os.path.realpath(python)))
    version = match.group(1) if match else None
    folders = _site_folders(prefix, version)
    if prefix == os.path.join(os.sep, "usr"):
        folders = _site_folders(os.path.join(prefix, "local"), version) + folders
        debian = os.path.join(prefix, "lib", "python3", "dist-packages")
        folders += [debian] if os.path.isdir(debian) else []
    yield python, "system", folders


def _user_sites(around):
    """What `pip install --user` of other Pythons put into the home folder."""
    own = _own_version(around)
    library = os.path.join(around.home, ".local", "lib")
    for path in _members(library):
        version = _VERSION.match(os.path.basename(path))
        folder = os.path.join(path, "site-packages")
        if version and version.group(1) != own and os.path.isdir(folder):
            yield folder, "user", [folder]


def _own_version(around):
    """The examined Python's version in two numbers, from the folder of its library or its program's name."""
    match = _VERSION.search(os.path.basename(os.path.realpath(around.executable)))
    if match:
        return match.group(1)
    folders = _site_folders(around.prefix) if around.prefix else []
    match = _VERSION.search(os.path.basename(os.path.dirname(folders[0]))) if len(folders) == 1 else None
    return match.group(1) if match else None


def _site_folders(prefix, version=None):
    """The folders of packages below a prefix: lib/python3.11/site-packages, Debian's dist-packages, Windows' Lib/site-packages."""
    found = []
    for library in ("lib", "lib64"):
        base = os.path.join(prefix, library)
        if library == "lib64" and os.path.islink(base):
            continue  # a virtual environment's second name for lib
        for path in _members(base):
            match = _VERSION.match(os.path.basename(path))
            if match and version in (None, match.group(1)):
                found += [os.path.join(path, name) for name in ("site-packages", "dist-packages")]
    found.append(os.path.join(prefix, "Lib", "site-packages"))
    once = {}
    for path in found:
        if os.path.isdir(path):
            once.setdefault(os.path.realpath(path), path)
    return list(once.values())


def _members(folder):
    """The folders in a folder, sorted; none where it cannot be listed."""
    if not os.path.isabs(folder):
        return []
    try:
        names = sorted(os.listdir(folder))[:_MOST_MEMBERS]
    except OSError:
        return []
    return [os.path.join(folder, name) for name in names if os.path.isdir(os.path.join(folder, name))]


def _frameworks(folders):
    found = {}
    for folder in folders:
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            parsed = parse_metadata_folder(name) if name.endswith("-info") else None
            if parsed is not None and parsed[0] in FRAMEWORKS:
                found.setdefault(*parsed)
    return dict(sorted(found.items()))
