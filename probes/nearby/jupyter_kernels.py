"""Which interpreters Jupyter's kernels start, in all the folders where Jupyter looks for their descriptions."""

import os
import sys

from envcheck_probes.nearby.interpreters import find_command, identity, interpreter_behind, is_python, prefix_of
from envcheck_probes.reading import read_if_there, shown

from envcheck.parsers.python.kernelspec import MAX_CHARACTERS, parse_kernelspec

MOST_KERNELS = 100


def report_kernels(channel, around):
    """The kernels that the `jupyter` of PATH offers, and those of the examined environment itself: a name may come twice."""
    jupyter = _jupyter_python(around)
    kernels = []
    seen = set()
    for folder, owner in _folders(around, jupyter):
        for name in _names(folder):
            # Jupyter takes the first of a name. The examined environment's own stand beside it: a Jupyter in there would show them.
            key = (name, folder) if owner == around.executable else name
            if key in seen or len(kernels) == MOST_KERNELS:
                continue
            path = os.path.join(folder, name, "kernel.json")
            spec = parse_kernelspec(read_if_there(path, MAX_CHARACTERS).decode("utf-8", "replace"))
            seen.add(key)
            if spec is None:
                channel.unknown("python.kernels[" + shown(name) + "]", "unparsable", shown(path))
            else:
                kernels.append(_kernel(around, name, spec, owner or jupyter))
    channel.fact("python.kernels", kernels, "Jupyter's kernel.json files")


def _jupyter_python(around):
    for name in ("jupyter-lab", "jupyter-notebook", "jupyter"):
        command = find_command(around, name)
        python = interpreter_behind(around, command) if command else None
        if python is not None:
            return python
    return None


def _folders(around, jupyter):
    """Where kernels are described, in Jupyter's order, with the interpreter in whose environment the folder is (None: in no one's)."""
    variables = around.variables
    found = [(entry, None) for entry in variables.get("JUPYTER_PATH", "").split(os.pathsep)]
    of_user = [variables.get("JUPYTER_DATA_DIR") or _data_folder(around)]
    if around.home:
        of_user.append(os.path.join(around.home, ".local", "share", "jupyter"))
    own = [os.path.join(prefix_of(jupyter), "share", "jupyter")] if jupyter else []
    mine = os.path.join(around.prefix, "share", "jupyter") if around.prefix else ""
    found += [(path, jupyter) for path in own if path != mine]
    found.append((mine, around.executable))
    found += [(path, None) for path in of_user]
    found += [(path, None) for path in _system_folders(variables)]
    kernels = [(os.path.join(path, "kernels"), owner) for path, owner in found if os.path.isabs(path)]
    if around.home:
        kernels.append((os.path.join(around.home, ".ipython", "kernels"), None))
    once = {}
    for path, owner in kernels:
        once.setdefault(os.path.realpath(path), (path, owner))
    return once.values()


def _data_folder(around):
    if sys.platform == "win32":
        return os.path.join(around.variables.get("APPDATA", ""), "jupyter")
    if sys.platform == "darwin":
        return os.path.join(around.home, "Library", "Jupyter")
    return os.path.join(around.variables.get("XDG_DATA_HOME") or os.path.join(around.home, ".local", "share"), "jupyter")


def _system_folders(variables):
    if sys.platform == "win32":
        return [os.path.join(variables.get("PROGRAMDATA", ""), "jupyter")]
    return ["/usr/local/share/jupyter", "/usr/share/jupyter"]


def _names(folder):
    try:
        return sorted(name for name in os.listdir(folder) if os.path.isfile(os.path.join(folder, name, "kernel.json")))
    except OSError:
        return []


def _kernel(around, name, spec, owner):
    """`owner` is the interpreter that Jupyter runs under, or None where that is not known."""
    program, kernel = spec.program, {"name": shown(name)}
    if not os.path.isabs(program):
        started = owner if owner and _is_replaced(program, owner) else find_command(around, program)
        if started is None:
            kernel.update(executable=shown(program), exists=False)
            return kernel
        program = started
    kernel.update(executable=shown(program), exists=os.path.isfile(program) and os.access(program, os.X_OK))
    if around.identity is not None and (is_python(program) or spec.language == "python"):
        same = _same_environment(around, program)
        if same is not None:
            kernel["same_environment"] = same
    return kernel


def _is_replaced(program, owner):
    """Whether jupyter_client puts its own interpreter in the place of this name: "python", "python3", and "python3.11" under 3.11."""
    return program in ("python", "python3", os.path.basename(os.path.realpath(owner)))


def _same_environment(around, program):
    """Whether a Python kernel runs in the examined environment; None where the program (conda, a shell) does not tell."""
    if is_python(program):
        return identity(program) == around.identity
    if os.path.basename(program).startswith(("xpython", "ipython", "ipykernel")):
        return os.path.realpath(os.path.dirname(program)) == os.path.realpath(os.path.dirname(around.executable))
    return None
