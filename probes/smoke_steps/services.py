"""What tests of services share: processes that write into the test's folder alone, and whose words are told where they do not start."""

import os
import shutil
import subprocess
import sys

from envcheck_probes.smoke_steps.trial import NotEvaluated

_WORDS, _MOST = "words-of-processes.txt", 4000
_PATIENCE_S = 5


class NotStarted(Exception):
    """A process of a service did not start, or ended too early; its own last words are in the text."""


def prepare(folder):
    """The folder is where relative paths lead from here on, and no proxy stands before this machine.

    Raises NotEvaluated where there is no folder to write into.
    """
    if not folder:
        raise NotEvaluated("there is no folder that its processes could write into")
    os.chdir(folder)
    os.environ.update(NO_PROXY="*", no_proxy="*")


class words_kept:  # noqa: N801 - read as a word of the with statement
    """Within it, what this process and those that it starts print goes into a file of the folder. An exception gets its last part added.

    `doing` completes the sentence "… did not start"; `sought` says where the programs were looked for that it needs.
    """

    def __init__(self, folder, doing, sought=""):
        self._path, self._doing, self._sought = os.path.join(folder, _WORDS), doing, sought
        self._streams = []

    def __enter__(self):
        sys.stdout.flush()
        sys.stderr.flush()
        self._streams = [os.dup(1), os.dup(2)]
        with open(self._path, "ab") as words:
            os.dup2(words.fileno(), 1)
            os.dup2(words.fileno(), 2)

    def __exit__(self, _kind, error, _traceback):
        sys.stdout.flush()
        sys.stderr.flush()
        for number, stream in enumerate(self._streams, start=1):
            os.dup2(stream, number)
            os.close(stream)
        if isinstance(error, (Exception, SystemExit)):
            parts = ["{} did not start.".format(self._doing), self._sought, self._last_words()]
            raise NotStarted("\n".join(filter(None, parts))) from error

    def _last_words(self):
        with open(self._path, "rb") as words:
            text = words.read().decode("utf-8", "replace").strip()
        return text[-_MOST:]


def end(process):
    """Ends a process that was started here, and waits for it: it is asked, and then killed."""
    process.terminate()
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(_PATIENCE_S)


def java_sought():
    """Where Spark and H2O look for Java, and what is there."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java")
    in_home = "is unset" if not home else "is {}{}".format(home, "" if _is_java_home(home) else ", where there is no java")
    return "Java was looked for: JAVA_HOME {}; PATH has {}.".format(in_home, found or "no java")


def _is_java_home(folder):
    return shutil.which("java", path=os.path.join(folder, "bin")) is not None


def jvm_options(folder):
    """For a JVM that writes nothing outside the folder and has a short life: one thread that collects, and the quick compiler."""
    return [
        "-XX:-UsePerfData",
        "-XX:ErrorFile={}".format(os.path.join(folder, "hs_err_%p.log")),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Djava.io.tmpdir={}".format(folder),
    ]
