"""Starts one probe inside the interpreter that is examined, and carries what it finds back over a private channel.

This file is the program that envcheck starts, with whatever Python it is asked to examine. It must parse on Python 2.7, so that an
interpreter that is too old gets a clear word; the probes themselves are written for Python 3.8 and newer.

    python [-P] child.py CHANNEL MARK PACKAGE DEADLINE WEIGHT PROBE [ARGUMENT ...]

CHANNEL is "fd:N" or a path, MARK a random word that begins every line of ours, PACKAGE the folder of envcheck's own package (for its
parsers), DEADLINE seconds, WEIGHT "light" or "heavy" (heavy: a framework is imported).
"""

import sys

# The folder of this script would come first on sys.path, and a probe's name could shadow a real module. "-P" exists from 3.11 on.
HERE = __file__.rpartition("\\" if "\\" in __file__ else "/")[0]
if not getattr(sys.flags, "safe_path", False) and sys.path and sys.path[0] in (HERE, ""):
    del sys.path[0]

import os  # noqa: E402

OLDEST = (3, 8)


class Channel(object):
    """The way back: a line per fact, written at once, so that a crash loses only what was not known yet."""

    def __init__(self, target, mark):
        self.mark = mark
        if target.startswith("fd:"):
            self.descriptor = int(target[3:])
        else:
            self.descriptor = os.open(target, os.O_WRONLY | os.O_APPEND)
        if sys.version_info >= (3, 4):
            os.set_inheritable(self.descriptor, False)  # noqa: FBT003 - takes no keyword

    def stage(self, name):
        """What is about to be done: a hang or a crash is reported with the last stage."""
        self._line("stage", name)

    def fact(self, path, value, source):
        """One claim, measured here; see envcheck/facts/claims.py for the paths."""
        self._send("fact", [path, value, source])

    def unknown(self, path, reason, detail=""):
        """A fact that was asked for and could not be had; `reason` is one of UnknownReason's values."""
        self._send("unknown", [path, reason, detail])

    def observed(self, collection, completeness):
        """How far a collection was looked at: complete, partial or none."""
        self._send("observed", [collection, completeness])

    def said(self, subject, text, details=None):
        """The words of a program, to be parsed into symptoms by envcheck."""
        self._send("said", [subject, text, details or {}])

    def too_old(self, version):
        """The interpreter cannot run the probes."""
        self._send("too-old", [version])

    def section(self, path, function, *arguments):
        """Runs one part of a probe; an unexpected error makes its group of facts unknown and leaves the others."""
        try:
            function(self, *arguments)
        except PermissionError as error:  # noqa: F821 - Python 3 only, as every probe
            self.unknown(path, "denied", str(error))
        except Exception as error:  # noqa: BLE001 - one part must not take the others with it
            self.unknown(path, "crashed", "{}: {}".format(type(error).__name__, error))

    def _send(self, kind, payload):
        self._line(kind, trusted("json").dumps(payload))

    def _line(self, kind, text):
        data = "{} {} {}\n".format(self.mark, kind, text).encode("ascii", "backslashreplace")
        while data:
            data = data[os.write(self.descriptor, data) :]


def trusted(name):
    """A module of the standard library, even where a file of that name stands before it on sys.path."""
    library = os.path.dirname(os.__file__)
    loaded = sys.modules.get(name)
    if loaded is not None and (getattr(loaded, "__file__", None) or library).startswith(library):
        return loaded
    shadow = sys.modules.pop(name, None)
    path = sys.path
    sys.path = [library, os.path.join(library, "lib-dynload"), os.path.join(sys.prefix, "DLLs")]
    try:
        return __import__(name)
    finally:
        sys.path = path
        if shadow is not None:
            sys.modules[name] = shadow


def bind(name, folder):
    """Makes a folder importable as a package of that name, without running its __init__ and without touching sys.path."""
    package = type(sys)(name)
    package.__path__ = [folder]
    sys.modules[name] = package


def guard(deadline, heavy, descriptor):
    """No child outlives its deadline or its parent: a C thread ends it and writes down where it stood, even if Python is stuck."""
    import faulthandler

    faulthandler.enable(file=descriptor)
    faulthandler.dump_traceback_later(deadline, exit=True, file=descriptor)
    if heavy and sys.platform == "linux":
        _die_with_parent()
        _be_the_first_to_go()


def _die_with_parent():
    try:
        import ctypes

        ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL
    except (ImportError, OSError, AttributeError):
        pass  # the deadline still holds


def _be_the_first_to_go():
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass  # some containers forbid it


def main(arguments):
    target, mark, package, deadline, weight, probe = arguments[:6]
    channel = Channel(target, mark)
    channel.stage("started")
    if sys.version_info < OLDEST:
        version = ".".join(str(part) for part in sys.version_info[:3])
        channel.too_old(version)
        return
    guard(float(deadline), weight == "heavy", channel.descriptor)
    bind("envcheck", package)
    bind("envcheck_probes", HERE or ".")
    program = __import__("envcheck_probes." + probe, fromlist=["main"])
    program.main(channel, arguments[6:])
    channel.stage("done")


if __name__ == "__main__":
    main(sys.argv[1:])
    sys.stdout.flush()
    # Threads and exit handlers of an imported framework may hang or crash: the answer is given, nothing is left to do.
    os._exit(0)
