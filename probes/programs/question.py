"""Asks a program one question: in a process group of its own, with a deadline and a bound on what it may print."""

import contextlib
import os
import subprocess
import sys
import threading
import time

from envcheck_probes.reading import shown

_MOST_BYTES = 64 * 1024
# After a program has ended, something it started may hold its pipe open; its own words are there by then.
_LINGER_S = 0.2
_LOOK_S = 0.01
# What it takes to end one that does not answer.
_END_S = 2
# No program is to speak another language, to greet a new user, to phone home, or to wait for a pager or a password.
_VARIABLES = {
    "LC_ALL": "C",
    "LANGUAGE": "",
    "TERM": "dumb",
    "NO_COLOR": "1",
    "PAGER": "cat",
    "DOTNET_CLI_TELEMETRY_OPTOUT": "1",
    "DOTNET_NOLOGO": "1",
    "DOTNET_SKIP_FIRST_TIME_EXPERIENCE": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "CONDA_REPORT_ERRORS": "false",
}


class Question:
    """One program that is being asked; what it says is kept up to a limit, and then it is ended.

    `words` is what it prints on both streams; with `apart`, what it prints on the second one is in `complaints`. `status` is None
    where it had to be ended at its deadline.
    """

    def __init__(self, command, deadline_s, most_bytes=_MOST_BYTES, apart=False):
        self.words = bytearray()
        self.complaints = bytearray()
        self.program, self._deadline_s = command[0], deadline_s
        self._most_bytes, self._apart = most_bytes, apart
        self._fault = ""
        self.status = None
        self._process = None
        self._enough, self._complained, self._ended = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._ask, args=(command, deadline_s), daemon=True)
        self._thread.start()

    def wait(self):
        """Until it has ended or has been ended; returned is the question itself."""
        self._thread.join(self._deadline_s + _END_S)
        return self

    def trouble(self):
        """Why there is no answer, as a reason and its words; None where the program came to its end."""
        if self.status is not None:
            return None
        if self._fault:
            return "crashed", shown(self.program) + ": " + self._fault
        return "timed_out", "{} did not answer within {:g} s".format(shown(self.program), self._deadline_s)

    def bad_end(self, words):
        """What is said of a program that came to its end without what was asked for; `words` are those that it printed."""
        reason = "unparsable" if self.status == 0 else "crashed"
        return reason, "{} ended with status {}: {}".format(shown(self.program), self.status, first_line(words) or "it printed nothing")

    def _ask(self, command, deadline_s):
        try:
            self._process = subprocess.Popen(  # noqa: S603 - an argument list with an absolute program, never a shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE if self._apart else subprocess.STDOUT,
                env=dict(os.environ, **_VARIABLES),
                cwd=os.path.dirname(command[0]),  # nothing of the current folder may change what it says
                start_new_session=sys.platform != "win32",
                creationflags=0x08000200 if sys.platform == "win32" else 0,  # CREATE_NO_WINDOW, CREATE_NEW_PROCESS_GROUP
            )
        except (OSError, ValueError) as error:
            self._fault = str(error)
            return
        threading.Thread(target=self._read, args=(self._process.stdout, self.words, self._enough), daemon=True).start()
        if self._apart:
            others = (self._process.stderr, self.complaints, self._complained)
            threading.Thread(target=self._read, args=others, daemon=True).start()
        self._wait(time.monotonic() + deadline_s)

    def _read(self, stream, words, enough):
        with stream:
            while len(words) < self._most_bytes:
                chunk = os.read(stream.fileno(), 8192)
                if not chunk:
                    break
                words += chunk
            enough.set()
            self._ended.wait()  # a pipe that is closed earlier would be what a program that says too much ends by

    def _wait(self, deadline):
        while time.monotonic() < deadline:
            self.status = self._process.poll()
            if self.status is not None:
                self._enough.wait(_LINGER_S)
                if self._apart:
                    self._complained.wait(_LINGER_S)
                break
            if max(len(self.words), len(self.complaints)) >= self._most_bytes:
                self.status = 0  # it said enough, and is not waited for
                break
            time.sleep(_LOOK_S)
        self._end()

    def _end(self):
        """Ends the tool and all that it started in its group."""
        try:
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, 9)
        except OSError:
            pass  # it is gone already
        with contextlib.suppress(subprocess.TimeoutExpired):  # what the system does not let go of is left behind
            self._process.wait(1)
        self._ended.set()


def as_text(words):
    """What a program printed, whatever its encoding."""
    return bytes(words).decode("utf-8", "backslashreplace")


def first_line(text):
    """The first line that says something, cut to what a report shows; empty where there is none."""
    return next((line.strip()[:200] for line in text.splitlines() if line.strip()), "")
