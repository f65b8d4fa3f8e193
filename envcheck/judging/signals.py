"""How a process ended, in words: a signal with what it means, an exit, or a lack of memory."""

from envcheck.facts.symptoms import Symptom, SymptomKind

SIGNALS = {
    "SIGSEGV": "it touched memory that is not its own",
    "SIGILL": "it met an instruction that this processor does not have",
    "SIGABRT": "it gave up by itself",
    "SIGBUS": "memory that it had been promised could not be provided",
    "SIGFPE": "it divided by zero",
    "SIGKILL": "it was killed from outside, mostly because memory ran out",
    "SIGTERM": "it was asked from outside to end",
    "SIGSYS": "it made a system call that is forbidden here",
    "SIGTRAP": "it stopped itself",
}


def how_it_ended(ending: Symptom | None) -> str:
    """`crashed with SIGILL (it met an instruction that this processor does not have)`."""
    if ending is None:
        return "ended the process"
    if ending.kind is SymptomKind.SIGNAL:
        signal = ending.details.get("signal", "a signal")
        return f"crashed with {signal}{f' ({SIGNALS[signal]})' if signal in SIGNALS else ''}"
    if ending.kind is SymptomKind.KILLED_FOR_MEMORY:
        taken = ending.details.get("resident_bytes", "")
        size = f" when it held {int(taken) / 10**9:.1f} GB" if taken.isdecimal() else ""
        return f"was stopped{size}, before the machine had no memory left"
    return f"ended the process with status {ending.details.get('status', 'unknown')} before it could answer"
