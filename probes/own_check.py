"""Runs the command of one check of a profile, and tells whether it ended with its exit code and printed what it has to print.

Argument: JSON with `fact` (the path of the result), `command` (an argument list), `folder` (where it runs), `exit_code`, `output` (texts
that have to occur in its standard output) and `timeout_s`.

This process adopts whatever the command starts, and ends all of it with the command: nothing that was detached goes on.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time

SOURCE = "own check"
# Of each stream that much is kept for people to read; what it has to contain is looked for in all of it.
_KEPT_BYTES, _MOST_LINES, _LONGEST_LINE = 4096, 8, 200
# How long the kernel may need to take a killed process away, and a stream to end once nobody is left who could write into it.
_REAP_S, _DRAIN_S = 2.0, 0.5
_MOST_MISSING = 3


def main(channel, arguments):
    wish = json.loads(arguments[0])
    before = time.monotonic()
    channel.stage("running " + wish["command"][0])
    outcome = _run(wish)
    outcome.update(seconds=round(time.monotonic() - before, 3), peak_bytes=_peak_bytes())
    channel.fact(wish["fact"], {key: value for key, value in outcome.items() if value is not None}, SOURCE)


def _run(wish):
    command, folder = wish["command"], wish["folder"]
    refusal = _refusal(command, folder)
    if refusal:
        return {"status": "skipped", "reason": refusal}
    adopting = _adopt()
    try:
        process = subprocess.Popen(  # noqa: S603 - what the user allowed to be run: an argument list, never a shell
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=sys.platform != "win32",
            preexec_fn=adopting,  # noqa: PLW1509 - there is no thread yet
        )
    except (OSError, ValueError) as error:  # ValueError: a character that this system's encoding does not have
        return _not_started(command[0], folder, error)
    output, errors = Stream(process.stdout, wish["output"]), Stream(process.stderr, ())
    ended = _wait(process, wish["timeout_s"])
    _end_descendants()
    for stream in (output, errors):
        stream.thread.join(_DRAIN_S)
    notes = {"standard output": output.last_lines(), "standard error": errors.last_lines()}
    outcome = _judge(ended, process.returncode, wish, output.missing)
    outcome["notes"] = dict({name: text for name, text in notes.items() if text}, **outcome.get("notes", {}))
    return outcome


def _refusal(command, folder):
    """Why it is not even tried; "" where it is."""
    if not os.path.isdir(folder):
        return "the folder of its profile is not there any more"
    if sys.platform == "win32" and command[0].lower().endswith((".bat", ".cmd")):
        return "it is a batch file, which a shell would run, and envcheck runs none"
    return ""


def _not_started(program, folder, error):
    if isinstance(error, FileNotFoundError):
        own_path = os.path.join(folder, program) if os.path.dirname(program) else ""
        if own_path and os.path.exists(own_path):
            return {"status": "absent", "reason": 'the program that "{}" is written for is not there'.format(program)}
        return {"status": "absent", "reason": 'there is no program "{}"'.format(program)}
    return {"status": "skipped", "reason": '"{}" cannot be started: {}'.format(program, getattr(error, "strerror", None) or error)}


def _wait(process, timeout_s):
    """Whether it ended by itself in its time; None where it cannot even be killed."""
    if _is_gone(process, timeout_s):
        return True
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)  # its end was not waited for yet: the number is still its own
    return False if _is_gone(process, _REAP_S) else None


def _is_gone(process, seconds):
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _judge(ended, status, wish, missing):
    if ended is None:
        return {"status": "unkillable", "reason": "it could not be killed: it sleeps inside the kernel or a driver"}
    if not ended:
        return {"status": "timed_out", "reason": "it did not come back within {:g} s".format(wish["timeout_s"])}
    if status < 0:
        name = _signal_name(-status)
        return {"status": "crashed", "reason": "it was ended by " + name, "notes": {"signal": name}}
    faults = []
    if status != wish["exit_code"]:
        faults.append("it ended with exit code {}, not {}".format(status, wish["exit_code"]))
    if missing:
        more = ", and {} more".format(len(missing) - _MOST_MISSING) if len(missing) > _MOST_MISSING else ""
        faults.append("its output lacks " + ", ".join('"{}"'.format(text) for text in missing[:_MOST_MISSING]) + more)
    notes = {"exit code": str(status)}
    return {"status": "failed", "reason": "; ".join(faults), "notes": notes} if faults else {"status": "passed", "notes": notes}


def _signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "signal {}".format(number)


class Stream(object):
    """One stream of the command, read to its end by a thread: its last lines, and which of the wanted texts it has not had yet."""

    def __init__(self, pipe, wanted):
        self.missing = list(wanted)
        self._pipe = pipe
        self._tail = b""
        self.thread = threading.Thread(target=self._read)
        self.thread.daemon = True
        self.thread.start()

    def _read(self):
        overlap = max([len(text.encode("utf-8")) for text in self.missing] or [1]) - 1
        held = b""
        while True:
            try:
                chunk = os.read(self._pipe.fileno(), 65536)
            except OSError:
                return
            if not chunk:
                return
            window = held + chunk
            self.missing = [text for text in self.missing if text.encode("utf-8") not in window]
            held = window[-overlap:] if overlap else b""
            self._tail = (self._tail + chunk)[-_KEPT_BYTES:]

    def last_lines(self):
        """Without what a terminal would obey or hide."""
        lines = self._tail.decode("utf-8", "backslashreplace").splitlines()
        lines = [harmless(line.rstrip())[-_LONGEST_LINE:] for line in lines if line.strip()]
        return "\n".join(lines[-_MOST_LINES:])


def harmless(text):
    return "".join(each if each.isprintable() else each.encode("unicode_escape", "surrogatepass").decode("ascii") for each in text)


def _adopt():
    """On Linux what the command leaves behind becomes a child of this process; the answer is what the command does before it starts."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        import ctypes

        library = ctypes.CDLL(None)
        library.prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
    except (ImportError, OSError, AttributeError):
        return None
    return lambda: library.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: nor does it outlive this process


def _end_descendants():
    """Ends all that descends from here, also what those start in the meantime; bounded, as nothing else would be."""
    try:
        import psutil
    except (ImportError, OSError):
        return  # the parent finds most of them by their mark
    end = time.monotonic() + _REAP_S
    while time.monotonic() < end:
        try:
            left = psutil.Process().children(recursive=True)
        except (psutil.Error, OSError):
            return
        if not left:
            return
        for process in left:
            with contextlib.suppress(psutil.Error, OSError):
                process.kill()
        psutil.wait_procs(left, timeout=_DRAIN_S)


def _peak_bytes():
    """The most memory that one of the processes held; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
