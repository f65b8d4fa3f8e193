"""What NCCL, NVIDIA's library for several GPUs, says of its own version."""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern


def _written(_match: re.Match[str], details: Details) -> Details | None:
    """`22705` is 2.27.5; before 2.9 the number had a place less."""
    for key in ("have", "need"):
        number = int(details[key])
        thousands = 10_000 if number >= _FIVE_PLACES else 1_000
        details[key] = f"{number // thousands}.{number % thousands // 100}.{number % 100}"
    return details


_FIVE_PLACES = 10_000

PATTERNS = (
    # NCCL WARN Mismatched NCCL version detected : rank 1 version 22705 rank 0 version 22703
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "Mismatched NCCL version detected",
        r"Mismatched NCCL version detected : rank \d{1,6} version (?P<have>\d{4,6}) rank \d{1,6} version (?P<need>\d{4,6})",
        {"package": "nccl", "what": "ranks"},
        refine=_written,
        subject="nccl",
    ),
    # undefined symbol: ncclCommRegister    (copied without the file that asked, of which the loader's own pattern knows)
    Pattern(
        SymptomKind.UNDEFINED_SYMBOL,
        "undefined symbol: ",
        r"undefined symbol: (?P<symbol>(?:(?:nccl|cudnn)[A-Z]|cublas|cusparse|cusolver|__nvJitLink)\w{1,80})",
        generic=True,
    ),
)
