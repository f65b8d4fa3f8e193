"""Asks tools for their versions, all at once: each in a process group of its own, with a deadline and a bound on what it may print."""

import os
import subprocess
import sys
import threading
import time

from envcheck_probes.reading import shown

from envcheck.parsers.text.tool_versions import parse_tool_version

_MOST_BYTES = 64 * 1024
# After a tool has ended, something it started may hold its pipe open; its own words are there by then.
_LINGER_S = 0.2
_LOOK_S = 0.01
# No tool is to speak another language, to greet a new user, to phone home, or to wait for a pager or a password.
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
    """One tool that is being asked; what it says is kept up to a limit, and then it is ended.

    `words` is what it prints on both streams; with `apart`, what it prints on the second one is in `complaints`.
    """

    def __init__(self, command, deadline_s, most_bytes=_MOST_BYTES, apart=False):
        self.words = bytearray()
        self.complaints = bytearray()
        self._most_bytes, self._apart = most_bytes, apart
        self.fault = ""
        self.status = None
        self._process = None
        self._enough, self._complained = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._ask, args=(command, deadline_s), daemon=True)
        self.thread.start()

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
            self.fault = str(error)
            return
        threading.Thread(target=self._read, args=(self._process.stdout.fileno(), self.words, self._enough), daemon=True).start()
        if self._apart:
            others = (self._process.stderr.fileno(), self.complaints, self._complained)
            threading.Thread(target=self._read, args=others, daemon=True).start()
        self._wait(time.monotonic() + deadline_s)

    def _read(self, descriptor, words, enough):
        try:
            while len(words) < self._most_bytes:
                chunk = os.read(descriptor, 8192)
                if not chunk:
                    break
                words += chunk
        except OSError:
            pass  # the pipe was closed under us: what came is what there is
        enough.set()

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
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self.fault = "it could not be ended"


def ask_all(channel, commands, deadline_s):
    """Reports each tool's version, or why it did not say one. `commands` are argument lists by the tool's name."""
    channel.stage("asking tools for their versions")
    questions = {name: Question(command, deadline_s) for name, command in commands.items()}
    for name, question in questions.items():
        question.thread.join(deadline_s + 2)
        _report(channel, name, commands[name], question, deadline_s)


def _report(channel, name, command, question, deadline_s):
    fact = "tools[" + name + "].version"
    if question.fault:
        channel.unknown(fact, "crashed", shown(command[0]) + ": " + question.fault)
        return
    if question.status is None:
        channel.unknown(fact, "timed_out", "{} did not answer within {:g} s".format(shown(command[0]), deadline_s))
        return
    text = bytes(question.words).decode("utf-8", "backslashreplace")
    version = parse_tool_version(name, text)
    if version is not None:
        channel.fact(fact, version, " ".join((shown(command[0]), *command[1:])))
    elif question.status != 0:
        channel.unknown(fact, "crashed", "{} ended with status {}".format(shown(command[0]), question.status))
    else:
        channel.unknown(fact, "unparsable", _first_line(text))


def _first_line(text):
    line = next((line.strip() for line in text.splitlines() if line.strip()), "it printed nothing")
    return line[:200]
