"""What is said where Windows refuses a path for its length: 260 characters, unless long paths were enabled."""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern

_LONGEST = 259


def _is_long(_match: re.Match[str], details: Details) -> Details | None:
    """A path as Python quotes it, each backslash twice; of a short one the file is really missing."""
    path = details.get("path", "").replace("\\\\", "\\")
    return {**details, "path": path} if len(path) > _LONGEST else None


PATTERNS = (
    # HINT: This error might have occurred since this system does not have Windows Long Path support enabled.
    Pattern(
        SymptomKind.PATH_TOO_LONG,
        "does not have Windows Long Path support enabled",
        r"this system does not have Windows Long Path support enabled",
        {"by": "pip"},
        subject="pip",
    ),
    # FileNotFoundError: [WinError 206] The filename or extension is too long: 'C:\\…'
    Pattern(SymptomKind.PATH_TOO_LONG, "[WinError 206]", r"\[WinError 206\](?:[^\n']{0,120}'(?P<path>[^'\n]{1,600})')?"),
    # OSError: [Errno 2] No such file or directory: 'C:\\Users\\…' of more than 260 characters
    Pattern(
        SymptomKind.PATH_TOO_LONG,
        "[Errno 2] No such file or directory: '",
        r"\[Errno 2\] No such file or directory: '(?P<path>[A-Za-z]:\\[^'\n]{200,1500})'",
        refine=_is_long,
    ),
    # error: unable to create file third_party/…/x.h: Filename too long    (git)
    Pattern(
        SymptomKind.PATH_TOO_LONG,
        ": Filename too long",
        r"(?:unable to create file|could not open|cannot stat) '?(?P<path>[^\n']{1,600}?)'?: Filename too long",
        {"by": "git"},
        subject="git",
    ),
)
