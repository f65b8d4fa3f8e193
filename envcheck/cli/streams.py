"""Standard output and standard error: whatever their encoding, and also when nobody reads any more."""

import os
import sys

_LONGEST_NOTE = 2000


class Undelivered(Exception):
    """Standard output took not all of the report: the disk is full, or a limit is reached."""


def deliver(text: str, encoding: str | None = None) -> None:
    """Puts text on standard output; what it cannot encode is escaped, and a reader that has gone costs nothing but the text.

    Raises `Undelivered` where it cannot be written for another reason.

    Formats that programs read are UTF-8 whatever the locale says: `encoding` is theirs, None is that of the stream.
    """
    stream = sys.stdout
    if stream is None:  # closed before the interpreter started
        return
    encoding = encoding or getattr(stream, "encoding", None) or "utf-8"
    try:
        stream.flush()
        binary = getattr(stream, "buffer", None)
        if binary is None:
            stream.write(text)
        else:
            binary.write(text.replace("\n", os.linesep).encode(encoding, "backslashreplace"))
            binary.flush()
    except BrokenPipeError:
        forget_stdout()
    except OSError as error:
        forget_stdout()
        raise Undelivered(f"The output could not be written: {error.strerror or error}.") from None
    except ValueError:  # it was closed before we began
        forget_stdout()


def say(*lines: str) -> None:
    """Notes for the person, on standard error. They may quote a file, so that nothing in them is left for a terminal to obey."""
    from envcheck.rendering.plain_text import fit, neutral

    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    try:
        for line in lines:
            print(fit(neutral(line, most=_LONGEST_NOTE), encoding), file=sys.stderr)  # noqa: T201 - this is where it is allowed
    except (OSError, ValueError, AttributeError):
        pass  # nobody listens


def open_missing() -> None:
    """Puts the null device where standard input, output or error was closed: else the next file that is opened takes its number."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:  # noqa: PERF203 - three times at most
            os.open(os.devnull, os.O_RDWR)


def forget_stdout() -> None:
    """After the reader has gone: what the interpreter flushes at its end must not fail a second time."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - closed by the interpreter's end
