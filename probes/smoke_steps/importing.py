"""Imports one framework and says how far it got; the import probe and the smoke tests tell it in the same words.

Its exception's text goes to envcheck's message parser; nothing is judged here.
"""

import sys
import time

_LONGEST = 4096


def import_and_tell(channel, name):
    """The imported package; None where it could not be imported, which is then told."""
    channel.stage("importing " + name)
    before = time.perf_counter()
    outcome = _import(name)
    seconds = time.perf_counter() - before
    # From here on the answer is known; whatever the framework left running or changed cannot take it away.
    channel.stage("imported " + name if outcome is None else "import of " + name + " raised")
    module = sys.modules.get(name)
    if outcome is None:
        entry = {"status": "imported", "version": _attribute(module, "__version__"), "path": _attribute(module, "__file__")}
    else:
        entry = {"status": _status(name, outcome)}
        channel.said(name, words_of(outcome), details_of(outcome))
    entry["seconds"] = round(seconds, 3)
    fact = "imports[" + name + "]"
    channel.fact(fact, {key: value for key, value in entry.items() if value is not None}, "import in a child process")
    if entry["status"] == "failed":
        channel.section(fact + ".lost_files", _tell_lost_files, name, words_of(outcome))
    return module if outcome is None else None


def _tell_lost_files(channel, name, words):
    """What it reads with is imported only now: before, it could hide from a framework that another module stands before it."""
    from envcheck_probes.smoke_steps.lost_files import tell_lost_files

    channel.stage("looking for files that " + name + " has lost")
    tell_lost_files(channel, name, words)


def _import(name):
    """None, or what the import raised: SystemExit and KeyboardInterrupt too, since both happen on import."""
    try:
        __import__(name)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the finding
        return error
    return None


def _status(name, error):
    """Absent only if it is this very package that was not found, not one that it needs."""
    if isinstance(error, ModuleNotFoundError) and error.name == name:
        return "absent"
    return "failed"


def _attribute(module, name):
    """None where there is none, or where asking for it raises: a module may be anything."""
    try:
        value = getattr(module, name, None)
        return None if value is None else str(value)[:_LONGEST]
    except BaseException:  # noqa: BLE001 - the import itself went well, and that is the answer
        return None


def words_of(error):
    """The exception as Python prints its last line, and those it was raised from: `ImportError: libcudart.so.13: cannot open …`."""
    lines = []
    seen = set()
    while error is not None and id(error) not in seen and len(lines) < 5:
        seen.add(id(error))
        lines.append(_line(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def _line(error):
    try:
        words = str(error)
    except Exception as second:  # noqa: BLE001 - an exception whose own text cannot be made
        words = "(its text could not be made: " + type(second).__name__ + ")"
    return (type(error).__name__ + ": " + words)[:20000]


def details_of(error):
    """Where it was raised: the deepest frame names the package that is really at fault."""
    frame = error.__traceback__
    if frame is None:
        return {"exception": type(error).__name__}
    while frame.tb_next is not None:
        frame = frame.tb_next
    code = frame.tb_frame.f_code
    where = "{}:{} in {}".format(code.co_filename, frame.tb_lineno, code.co_name)
    return {"exception": type(error).__name__, "frame": where}
