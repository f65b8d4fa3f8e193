"""Tells a device that others hold, and a type of data that it does not have, from a device that fails: neither of them is a failure."""

from envcheck_probes.smoke_steps.trial import NotEvaluated

# torch.OutOfMemoryError, and before 2.5 torch.cuda.OutOfMemoryError; TensorFlow's.
_NAMES = ("OutOfMemoryError", "ResourceExhaustedError")
_WORDS = (
    "out of memory",  # CUDA's error 2, HIP's, and what torch says of each of its devices
    "busy or unavailable",  # CUDA's error 46 in its old and its new words: the mode of one process alone
    "CUDA_ERROR_OUT_OF_MEMORY",
    "CUDA_ERROR_DEVICE_UNAVAILABLE",
    "RESOURCE_EXHAUSTED",  # XLA
    "OUT_OF_DEVICE_MEMORY",  # Level Zero
)
# These say one of the words above, and mean a kernel that asks for more than any card has, or a build that does not fit it.
_NEVER = ("shared memory", "no kernel image")
_NOT_THERE = ("not implemented", "not supported", "unsupported", "unimplemented")


def busy_reason(error):
    """A sentence that begins with busy, where the error says that a device or its memory is taken; otherwise none."""
    words = str(error)
    if any(never in words.lower() for never in _NEVER):
        return ""
    if type(error).__name__ in _NAMES or any(said in words for said in _WORDS):
        return "busy: " + (words.strip().split("\n")[0] or type(error).__name__)[:300]
    return ""


def is_not_supported(error):
    """Whether it says that this device or version does not have what was asked for; libraries' own codes of errors do not say that."""
    words = str(error).lower()
    return isinstance(error, NotImplementedError) or any(said in words for said in _NOT_THERE)


class busy_is_no_failure:  # noqa: N801 - read as a word of the with statement
    """Within it an error that says "busy" of a device becomes NotEvaluated. Of the CPU it stays one: its memory is the process's own."""

    def __init__(self, trial):
        self._trial = trial

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _traceback):
        reason = busy_reason(error) if isinstance(error, Exception) and self._trial.device != "cpu" else ""
        if reason:
            raise NotEvaluated(reason) from error


def refuse_full(trial, free_bytes, total_bytes):
    """Raises NotEvaluated where the card has not as much free memory as the test may take."""
    if free_bytes < trial.card_bytes:
        raise NotEvaluated("busy: {} MiB of its {} MiB are free".format(free_bytes >> 20, total_bytes >> 20))
