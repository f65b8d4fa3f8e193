"""One child process: its own group, its streams kept in bounded rings, its answer in a private file, its end within bounds."""

import contextlib
import errno
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from envcheck.observing.answer import MAX_HEARD_BYTES, Answer, Ending, Heard, read_channel
from envcheck.shipped import PACKAGE, folder

if TYPE_CHECKING:
    import psutil

MARK_VARIABLE = "ENVCHECK_CHILD"
# What the kernel needs at most to take a killed process away; longer means that it sleeps inside a driver.
REAP_S = 2.0
# A child ends itself at its deadline; the parent waits this much longer before it does it.
GRACE_S = 1.0
# Between the end of a process and the end of what it printed, or the other way round.
_LAST_MOMENT_S = 0.1
# Ten thousand distributions are 3 MB; an import tells one fact.
MAX_ANSWER_BYTES, _MAX_HEAVY_ANSWER_BYTES = 64 * 2**20, 2**20
_HEAD_BYTES, _TAIL_BYTES = 16 * 2**10, 64 * 2**10


class Task(msgspec.Struct, frozen=True):
    """One probe to be run: `python` is the interpreter, `variables` what its environment has different (None: removed).

    It may take `deadline_s`; a probe that tells that it gets on sets deadlines of its own, up to `most_s` all in all. `expected_bytes` is
    the memory that it is measured to need.
    """

    name: str
    probe: str
    python: str
    arguments: tuple[str, ...] = ()
    deadline_s: float = 10.0
    most_s: float | None = None  # None: the deadline itself
    expected_bytes: int = 0
    heavy: bool = False
    memory_limit_bytes: int | None = None
    variables: Mapping[str, str | None] = msgspec.field(default_factory=dict)
    own: bool = False  # under envcheck's own interpreter: what PYTHON… variables say is not for it


class Ring:
    """The first and the last part of a stream; a reader thread keeps the pipe empty however much is printed."""

    def __init__(self, stream: IO[bytes], wake: threading.Event) -> None:
        self._stream, self._wake = stream, wake
        self._head, self._tail, self._dropped = bytearray(), bytearray(), 0
        self.drained = threading.Event()
        threading.Thread(target=self._drain, daemon=True).start()

    def _drain(self) -> None:
        with self._stream as stream, contextlib.suppress(OSError):
            while chunk := os.read(stream.fileno(), 65536):
                self._keep(chunk)
        self.drained.set()
        self._wake.set()

    def _keep(self, chunk: bytes) -> None:
        room = _HEAD_BYTES - len(self._head)
        self._head += chunk[:room]
        self._tail += chunk[room:] if room > 0 else chunk
        if len(self._tail) > 2 * _TAIL_BYTES:
            self._dropped += len(self._tail) - _TAIL_BYTES
            del self._tail[:-_TAIL_BYTES]

    def text(self) -> str:
        """What was kept, undecodable bytes escaped, with a line that says how much is missing."""
        gap = f"\n[… {self._dropped} bytes left out …]\n".encode() if self._dropped else b""
        return bytes(self._head + gap + self._tail).decode("utf-8", "backslashreplace")


class Child:
    """A probe that runs."""

    def __init__(self, task: Task, wake: threading.Event) -> None:
        """Starts it. Raises OSError where the interpreter cannot be started."""
        self.task, self.mark = task, os.urandom(12).hex()
        self.started = self.measured = time.monotonic()
        self._answer_file = _answer_file()
        self._due = self.started + task.deadline_s
        self._heard = Heard(self.mark)
        try:
            self._process = self._start()
        except BaseException:  # Ctrl-C as well: no file stays behind
            _discard(self._answer_file)
            raise
        assert self._process.stdout is not None  # noqa: S101 - it is a PIPE
        assert self._process.stderr is not None  # noqa: S101 - it is a PIPE
        try:
            self._rings = Ring(self._process.stdout, wake), Ring(self._process.stderr, wake)
        except BaseException as error:
            self.kill()
            _discard(self._answer_file)
            if isinstance(error, RuntimeError):  # a limit of processes counts threads, too
                raise OSError(errno.EAGAIN, str(error)) from None
            raise

    def _start(self) -> subprocess.Popen[bytes]:
        task = self.task
        descriptor = self._answer_file.fileno()
        inherit = sys.platform != "win32"
        target = f"fd:{descriptor}" if inherit else self._answer_file.name
        weight = "heavy" if task.heavy else "light"
        command = [task.python, *(_own_flags() if task.own else ()), str(folder("probes") / "child.py"), target, self.mark, str(PACKAGE)]
        command += [str(task.deadline_s), weight, task.probe, *task.arguments]
        return subprocess.Popen(  # noqa: S603 - an argument list, never a shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self._environment(),
            pass_fds=(descriptor,) if inherit else (),
            start_new_session=inherit,
            creationflags=0 if inherit else _WINDOWS_FLAGS,
        )

    def _environment(self) -> dict[str, str]:
        environment = {**os.environ, MARK_VARIABLE: self.mark}
        if not self.task.own:
            environment["PYTHONDONTWRITEBYTECODE"] = "1"
        for name, value in self.task.variables.items():
            environment.pop(name, None)
            if value is not None:
                environment[name] = value
        return environment

    @property
    def quiet(self) -> bool:
        """Both streams have ended, so the process has or is about to."""
        return all(ring.drained.is_set() for ring in self._rings)

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self.started

    @property
    def overdue(self) -> bool:
        """It should have ended itself by now."""
        return time.monotonic() > min(self._due, self._last) + GRACE_S

    @property
    def _last(self) -> float:
        """When it is over however much it gets on: each of several results has that time."""
        begun = self._heard.last_result if self._heard.last_result is not None else self.started
        return begun + (self.task.most_s or self.task.deadline_s)

    def listen(self) -> str:
        """The stage that it told last, "" if none came since the last call; a deadline that it told counts from now."""
        if sys.platform == "win32":  # which cannot read a file from a place without moving where its writer stands
            self._due = self._last
            return ""
        try:
            self._heard.take(os.pread(self._answer_file.fileno(), MAX_HEARD_BYTES, self._heard.position))
        except OSError:
            return ""
        if self._heard.deadline_s is not None:
            self._due = time.monotonic() + self._heard.deadline_s
        return self._heard.told()

    def ended(self) -> bool:
        """Whether the process is gone; waits a moment where its streams say that it is about to go, and for what is left in them."""
        if self.quiet:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_LAST_MOMENT_S)
        if self._process.poll() is None:
            return False
        for ring in self._rings:
            ring.drained.wait(_LAST_MOMENT_S)
        return True

    def resident_bytes(self) -> int:
        """The memory of the child and its descendants; 0 where this system does not tell."""
        tree, total = self._tree(), 0
        if tree:
            import psutil

            for process in tree:
                with contextlib.suppress(psutil.Error, OSError):
                    total += process.memory_info().rss
        return total

    def _tree(self) -> "list[psutil.Process]":
        """The child and its descendants; none where this system does not tell."""
        try:
            import psutil
        except (ImportError, OSError):
            return []
        with contextlib.suppress(psutil.Error, OSError, IndexError):  # without /proc nobody can be found, and psutil stumbles over that
            parent = psutil.Process(self._process.pid)
            return [parent, *parent.children(recursive=True)]
        return []

    @property
    def answer_bytes(self) -> int:
        """How much was written where the answer belongs: it is memory, and anything in the child can write there."""
        return os.fstat(self._answer_file.fileno()).st_size

    def kill_group(self) -> None:
        """Ends it, what is still in its group and what descends from it, without waiting."""
        tree = self._tree()  # before: from a dead process nothing descends any more
        with contextlib.suppress(OSError):
            _kill_group(self._process)
        if tree:
            import psutil

            for process in tree:
                with contextlib.suppress(psutil.Error, OSError):
                    process.kill()

    def kill(self) -> bool:
        """Ends it and all that it started; False where the kernel does not let go of it."""
        self.kill_group()
        self._kill_strays()
        try:
            self._process.wait(REAP_S)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _kill_strays(self) -> None:
        """Those that left the group or were detached: they still carry the mark in their environment."""
        try:
            import psutil

            processes = list(psutil.process_iter())
        except (ImportError, OSError, IndexError):  # without /proc nobody can be found, and psutil stumbles over that
            return
        for process in processes:
            with contextlib.suppress(psutil.Error, OSError):
                if process.pid != os.getpid() and process.environ().get(MARK_VARIABLE) == self.mark:
                    process.kill()

    def collect(self, ending: Ending | None = None) -> Answer:
        """The answer, once it has ended or was given up (then `ending` says how)."""
        if ending is None and (self.task.heavy or not self.quiet):
            self._kill_strays()  # somebody still holds the pipe, or has let go of it and goes on
        status = self._process.poll()
        answer = Answer(self.task.name, ending or Ending.ANSWERED, status=status, seconds=self.seconds)
        answer.stdout, answer.stderr = (ring.text() for ring in self._rings)
        read_channel(answer, self._read_answer(), self.mark)
        if ending is not None:
            answer.ending = ending
        elif answer.ending is Ending.ANSWERED and "done" not in answer.stages:
            answer.ending = Ending.SIGNALLED if status is not None and status < 0 else Ending.EXITED
        if status is not None and status < 0 and ending is None:
            answer.signal = _signal_name(-status)
        _discard(self._answer_file)
        return answer

    def _read_answer(self) -> str:
        self._answer_file.seek(0)
        most = _MAX_HEAVY_ANSWER_BYTES if self.task.heavy else MAX_ANSWER_BYTES
        return self._answer_file.read(most).decode("utf-8", "backslashreplace")


def _own_flags() -> list[str]:
    """Of envcheck's own interpreter: PYTHONPATH, PYTHONWARNINGS and the like are for the Python that is examined.

    The user's own site folder stays, since psutil may lie there; PYTHONHOME must stay where it is what makes this interpreter work.
    Its bytecode is kept as that of envcheck itself is: in a checkout the probes would be compiled anew at every start.
    """
    flags = [] if os.environ.get("PYTHONHOME") else ["-E"]
    return [*flags, *(["-B"] if sys.dont_write_bytecode else []), "-X", f"utf8={sys.flags.utf8_mode}"]


_WINDOWS_FLAGS = 0x00000200 | 0x08000000  # CREATE_NEW_PROCESS_GROUP, CREATE_NO_WINDOW


def _answer_file() -> IO[bytes]:
    """A file that has no name where that is possible; memory where no folder can be written."""
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("envcheck-answer"), "w+b")
    if sys.platform == "win32":  # where a file that deletes itself cannot be opened a second time
        descriptor, path = tempfile.mkstemp(prefix="envcheck-")
        os.close(descriptor)
        return Path(path).open("w+b")
    else:  # noqa: RET505 - mypy reads one platform at a time
        return tempfile.TemporaryFile("w+b")


def _discard(answer_file: IO[bytes]) -> None:
    answer_file.close()
    if sys.platform == "win32":
        with contextlib.suppress(OSError):  # a child that cannot be killed still holds it
            Path(answer_file.name).unlink()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()  # what it started is found by its mark
    else:
        os.killpg(process.pid, signal.SIGKILL)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
