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

import os  # noqa: E402 - only now is sys.path as it should be

OLDEST = (3, 8)
# Taken before anything else has run: what an imported framework puts in place of them is not for us.
_write, _fstat, _open, _pid, _leave = os.write, os.fstat, os.open, os.getpid, os._exit


class Channel(object):
    """The way back: a line per fact, written at once, so that a crash loses only what was not known yet."""

    def __init__(self, target, mark):
        self.mark = mark
        self.pid = _pid()
        self.ends_itself = False  # at its deadline, by a thread of its own
        self.again = ""  # where the file can be opened once more
        if target.startswith("fd:"):
            self.descriptor = int(target[3:])
            if sys.platform.startswith("linux"):
                self.again = "/proc/{}/fd/{}".format(os.getppid(), self.descriptor)
        else:
            self.descriptor = _open(target, os.O_WRONLY | os.O_APPEND)
        self.file = self._identity()
        if self.file is None:  # closed by what ran before us
            self._open_again()
        elif sys.version_info >= (3, 4):
            os.set_inheritable(self.descriptor, False)  # noqa: FBT003 - takes no keyword

    def stage(self, name):
        """What is about to be done: a hang or a crash is reported with the last stage."""
        self._line("stage", name)

    def fact(self, path, value, source):
        """One claim, measured here; see envcheck/facts/claims.py for the paths."""
        self._send("fact", [path, value, source])

    def listed(self, path, value, source):
        """One claim out of a list of names or numbers: what is measured, by whoever, stands before it."""
        self._send("listed", [path, value, source])

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
        """The interpreter cannot run the probes; it may be one whose strings are of another kind."""
        self._line("too-old", '["{}"]'.format(version))

    def deadline(self, seconds):
        """It gets on: from now on these are the seconds within which the next such word, or the end, has to come."""
        self._line("deadline", as_json(float(seconds)))
        if self.ends_itself:
            end_after(float(seconds), self.descriptor)

    def section(self, path, function, *arguments):
        """Runs one part of a probe; an unexpected error makes its group of facts unknown and leaves the others."""
        try:
            function(self, *arguments)
        except PermissionError as error:  # noqa: F821 - Python 3 only, as every probe
            self.unknown(path, "denied", str(error))
        except Exception as error:  # noqa: BLE001 - one part must not take the others with it
            self.unknown(path, "crashed", "{}: {}".format(type(error).__name__, error))

    def _send(self, kind, payload):
        self._line(kind, as_json(payload))

    def _line(self, kind, text):
        if _pid() != self.pid:
            return  # a copy of this process that a framework made: it would tell everything twice
        if self._identity() != self.file:
            self._open_again()
        data = "{} {} {}\n".format(self.mark, kind, text).encode("ascii", "backslashreplace")
        while data:
            data = data[_write(self.descriptor, data) :]

    def _identity(self):
        """Which file our descriptor is; None where it was closed. A framework may close them all and open its own under our number."""
        try:
            status = _fstat(self.descriptor)
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _open_again(self):
        """The parent still has the file. Raises OSError where it cannot be had from there."""
        self.descriptor = _open(self.again, os.O_WRONLY | os.O_APPEND)
        found = self._identity()
        if self.file is not None and found != self.file:
            raise OSError("the way back is closed")
        self.file = found


def as_json(value):
    """A fact as JSON, made without any module: one that is imported here would hide from a framework that another stands before it."""
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return "{" + ", ".join([quoted(str(key)) + ": " + as_json(value[key]) for key in value]) + "}"
    if isinstance(value, (list, tuple, set, frozenset)):
        return "[" + ", ".join([as_json(member) for member in value]) + "]"
    if isinstance(value, int):
        return int.__repr__(value)
    text = float.__repr__(float(value))
    return text if text[-1:].isdigit() else "null"  # the infinities, and what is no number


def quoted(text):
    """A string of JSON, in ASCII."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return '"' + text + '"'
    return (
        '"' + "".join([character if " " <= character <= "~" and character not in '"\\' else escaped(character) for character in text]) + '"'
    )


def escaped(character):
    number = ord(character)
    if number > 0xFFFF:
        number -= 0x10000
        return "\\u{:04x}\\u{:04x}".format(0xD800 + (number >> 10), 0xDC00 + (number & 0x3FF))
    return "\\u{:04x}".format(number)


def bind(name, folder):
    """Makes a folder importable as a package of that name, without running its __init__ and without touching sys.path."""
    package = type(sys)(name)
    package.__path__ = [folder]
    sys.modules[name] = package


def guard(deadline, heavy, descriptor):
    """No child outlives its deadline or its parent: a C thread ends it and writes down where it stood, even if Python is stuck."""
    import faulthandler

    faulthandler.enable(file=descriptor)
    end_after(deadline, descriptor)
    if heavy and sys.platform == "linux":
        _die_with_parent()
        _be_the_first_to_go()


def end_after(deadline, descriptor):
    """Ends this process once so many seconds have gone by, in place of what was said before."""
    import faulthandler

    faulthandler.dump_traceback_later(deadline, exit=True, file=descriptor)


def _die_with_parent():
    try:
        import ctypes

        ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL
    except Exception:  # noqa: BLE001, S110 - a ctypes.py of somebody's own may stand before the real one; the deadline still holds
        pass


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
    channel.ends_itself = True
    bind("envcheck", package)
    bind("envcheck_probes", HERE or ".")
    program = __import__("envcheck_probes." + probe, fromlist=["main"])
    program.main(channel, arguments[6:])
    channel.stage("done")


def run(arguments):
    """The exit status. Nothing that a framework left behind (a stream of its own, a handler) may keep the process from ending."""
    status = 0
    try:
        main(arguments)
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    except BaseException:  # noqa: BLE001 - it is told to the parent, by the last line on standard error
        status = 1
        sys.__excepthook__(*sys.exc_info())
    for stream in (sys.stdout, sys.stderr):
        try:  # noqa: SIM105 - contextlib would be one more module that may be somebody's own
            stream.flush()
        except BaseException:  # noqa: BLE001, S110, PERF203 - the answer is given already
            pass
    return status


if __name__ == "__main__":
    # Threads and exit handlers of an imported framework may hang or crash: the answer is given, nothing is left to do.
    _leave(run(sys.argv[1:]))
