"""From a command of PATH to the interpreter behind it, and whether two interpreters have the same packages.

Files are read; nothing is started.
"""

import os
import sys

from envcheck_probes.reading import read_if_there

from envcheck.parsers.python import pyenv
from envcheck.parsers.python.launchers import MAX_BYTES, parse_script_program, parse_windows_program
from envcheck.parsers.python.search_path import file_names, is_macos_shim, is_store_alias, parse_search_path

# A launcher may start another one: a shim a script, a wrapper a wrapper.
_DEPTH = 4
_HEAD = 4096


class Surroundings:
    """Where is looked: the examined interpreter, the current and the home folder ("" where there is none), and the folders of PATH."""

    def __init__(self, executable, prefix, cwd, home, variables):
        self.cwd, self.home, self.variables = cwd, home, variables
        self.executable = executable
        self.path = parse_search_path(variables.get("PATH", ""))
        self.identity = identity(executable) if executable else None
        self.prefix = prefix_of(executable) if executable and os.path.isfile(executable) else prefix


def identity(python):
    """What two paths of interpreters have in common if they see the same packages.

    For a virtual environment it is its folder: all of them lead to the same program.
    Else it is the program itself: under /usr there may be several.
    """
    folder = environment_folder(python)
    if folder is not None:
        return ("environment", os.path.realpath(folder))
    if sys.platform == "win32":
        return ("installation", os.path.normcase(os.path.realpath(os.path.dirname(python))))
    return ("installation", os.path.realpath(python))


def environment_folder(python):
    """The virtual environment that an interpreter's path belongs to, if any: the file that says so lies beside it or one above."""
    beside = os.path.dirname(python)
    for folder in (beside, os.path.dirname(beside)):
        if os.path.isfile(os.path.join(folder, "pyvenv.cfg")):
            return folder
    return None


def prefix_of(python):
    """The folder that sys.prefix will be."""
    folder = environment_folder(python)
    if folder is not None:
        return folder
    beside = os.path.dirname(os.path.realpath(python))
    return beside if sys.platform == "win32" else os.path.dirname(beside)


def is_python(program):
    """Whether a path or name is that of a Python: python3.11, pypy3, pythonw.exe."""
    name = os.path.basename(program.replace("\\", "/")).lower()
    return name.startswith(("python", "pypy"))


def find_command(around, name, folders=None):
    """The file that a command of PATH would start, or None; of a shim of pyenv the file behind it, where there is one."""
    for folder in around.path if folders is None else folders:
        for file in file_names(name, sys.platform):
            path = os.path.join(folder, file)
            if not _may_start(path):
                continue
            if _is_shim_folder(folder):
                path = _behind_shim(around, folder, name)
            if path is not None:
                return path
    return None


def _may_start(path):
    if is_store_alias(path, sys.platform) or not os.path.isfile(path) or not os.access(path, os.X_OK):
        return False
    # Those of macOS stand for nothing where Apple's tools are not installed; then nobody installs with them either.
    return not (is_macos_shim(path, sys.platform) and not os.path.isdir("/Library/Developer/CommandLineTools/usr/bin"))


def _is_shim_folder(folder):
    return os.path.basename(folder) == "shims" and os.path.isdir(os.path.join(os.path.dirname(folder), "versions"))


def _behind_shim(around, shims, name):
    root = os.path.dirname(shims)
    versions = os.path.join(root, "versions")
    installed = os.listdir(versions)
    for wanted in _pyenv_names(around, root):
        if wanted == "system":
            return find_command(around, name, [folder for folder in around.path if folder != shims])
        version = pyenv.choose_installed(wanted, installed)
        if version is not None:
            path = os.path.join(versions, version, "bin", name)
            if _may_start(path):
                return path
    return None


def _pyenv_names(around, root):
    names = pyenv.parse_python_version(around.variables.get("PYENV_VERSION", ""))
    for folder in upwards(around.cwd):
        if names:
            return names
        names = _read_names(os.path.join(folder, ".python-version"))
    return names or _read_names(os.path.join(root, "version")) or ["system"]


def _read_names(path):
    return pyenv.parse_python_version(read_if_there(path, pyenv.MAX_CHARACTERS).decode("utf-8", "replace"))


def upwards(folder):
    """A folder and all above it; none for an empty path."""
    while folder:
        yield folder
        above = os.path.dirname(folder)
        folder = "" if above == folder else above


def interpreter_behind(around, script, depth=_DEPTH):
    """The interpreter that a console script (`pip`, `jupyter`) runs under: a path that may not exist, or None if it cannot be told."""
    if is_python(script):
        return script
    program = _program(script)
    if program is None or depth == 0:
        return None
    if program.startswith(("./", ".\\")) or (not os.path.isabs(program) and ("/" in program or "\\" in program)):
        program = os.path.join(os.path.dirname(os.path.realpath(script)), program.replace("./", "", 1))
    elif not os.path.isabs(program):
        program = find_command(around, program)
        if program is None:
            return None
    return interpreter_behind(around, program, depth - 1)


def _program(script):
    data = read_if_there(script, MAX_BYTES)
    if not data.startswith(b"MZ"):
        return parse_script_program(data[:_HEAD].decode("utf-8", "surrogateescape"))
    program = parse_windows_program(data)
    if program is None and script.lower().endswith(".exe"):
        # An older launcher has its script beside it: pip.exe, pip-script.py. Conda's says no interpreter: it is one folder above.
        beside = read_if_there(script[:-4] + "-script.py", _HEAD)
        program = parse_script_program(beside.decode("utf-8", "replace"))
        if program is None and beside:
            program = os.path.join(os.path.dirname(os.path.dirname(script)), "python.exe")
    return program
