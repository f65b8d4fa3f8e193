"""What the end of a heavy child says, and what a framework printed in it, as symptoms: the same words for imports and for smoke tests."""

from msgspec.structs import replace

from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.facts.values import in_seconds
from envcheck.messages import parse_message
from envcheck.observing.answer import Answer, Ending
from envcheck.parsers.text.traceback import import_package_of, parse_tracebacks

# What a framework prints while all goes well, and is trouble all the same; other words are noise.
_TROUBLE_ALL_THE_SAME = (
    SymptomKind.ABI_MISMATCH,
    SymptomKind.ARCH_NOT_SUPPORTED,
    SymptomKind.DRIVER_TOO_OLD,
    SymptomKind.LOADED_OLDER_THAN_BUILT,
)

_STATUS = {
    Ending.SIGNALLED: "crashed",
    Ending.EXITED: "crashed",
    Ending.TIMED_OUT: "timed_out",
    Ending.UNKILLABLE: "unkillable",
    Ending.OUT_OF_MEMORY: "killed_for_memory",
    Ending.NOT_STARTED: "failed",
    Ending.TOO_OLD: "failed",
}


def status_of(ending: Ending) -> str:
    """The status of what ended so before it had answered."""
    return _STATUS.get(ending, "crashed")


def spoken(subject: str, text: str, source: str) -> list[Symptom]:
    """What a program's words say, by the parser of messages."""
    return parse_message(text, subject=subject, source=source)


def printed(subject: str, answer: Answer, source: str, *, worked: bool) -> list[Symptom]:
    """What the framework printed; where all went well only what is trouble all the same."""
    said = [each for each in spoken(subject, answer.stderr, source) if not worked or each.kind in _TROUBLE_ALL_THE_SAME]
    if any(each.kind is SymptomKind.ABI_MISMATCH for each in said):
        tracebacks = parse_tracebacks(answer.stderr.splitlines())
        return naming_module(said, [frame.path for traceback in tracebacks[:1] for frame in traceback.frames])
    return said


def naming_module(said: list[Symptom], paths: list[str]) -> list[Symptom]:
    """Of a module that does not fit NumPy the deepest frame tells which it is: what was imported may only have imported it.

    NumPy's own frames are those of who complains.
    """
    packages = [package for path in paths if (package := import_package_of(path)) and not package.startswith("numpy")]
    return [
        replace(each, details={**each.details, "module": packages[-1]})
        if packages and each.kind is SymptomKind.ABI_MISMATCH and each.details.get("between", "").startswith("numpy")
        else each
        for each in said
    ]


def ending_symptom(subject: str, what: str, answer: Answer, source: str, **more: str) -> Symptom:
    """The symptom that an ending without an answer is, with the stage and the innermost frame; `what` was done: "import torch"."""
    where = {"stage": answer.stage, **({"frame": answer.stack[0]} if answer.stack else {}), **more}
    seconds = in_seconds(answer.seconds)
    kinds: dict[Ending, tuple[SymptomKind, str, dict[str, str]]] = {
        Ending.SIGNALLED: (SymptomKind.SIGNAL, f"ended by {answer.signal}", {"signal": answer.signal}),
        Ending.EXITED: (SymptomKind.EXITED, f"ended with status {answer.status} before it had answered", {"status": str(answer.status)}),
        Ending.TIMED_OUT: (SymptomKind.TIMED_OUT, f"did not come back within {seconds} s", {"seconds": seconds}),
        Ending.UNKILLABLE: (SymptomKind.UNKILLABLE, "could not be killed: it sleeps inside the kernel or a driver", {}),
        Ending.OUT_OF_MEMORY: (
            SymptomKind.KILLED_FOR_MEMORY,
            "was stopped: it took the memory away",
            {"resident_bytes": str(answer.resident_bytes)},
        ),
        Ending.NOT_STARTED: (SymptomKind.EXITED, f"could not be started: {answer.detail}", {"status": "not started"}),
    }
    kind, text, details = kinds.get(answer.ending, (SymptomKind.EXITED, "gave no answer", {}))
    return Symptom(kind=kind, text=f"{what} {text}", subject=subject, code=answer.status, details={**details, **where}, source=source)
