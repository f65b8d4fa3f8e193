"""What pip, uv and conda say when there is nothing to install."""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern

_REQUIREMENT = r"[A-Za-z0-9][^\s;]{0,200}"
_MANY = 60


def _versions(_match: re.Match[str], details: Details) -> Details | None:
    """A list of versions too long to be shown keeps its first and last."""
    names = [name.strip() for name in details.get("versions", "").split(",") if name.strip()]
    if names:
        details["versions"] = ", ".join(names if len(names) <= _MANY else [*names[: _MANY // 2], "…", *names[-_MANY // 2 :]])
    return details


PATTERNS = (
    # ERROR: Could not find a version that satisfies the requirement torch==1.13.1 (from versions: 2.0.0, 2.0.1)
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        "Could not find a version that satisfies the requirement ",
        rf"Could not find a version that satisfies the requirement (?P<requirement>{_REQUIREMENT})(?: \(from "
        rf"(?!versions)[^)\n]{{1,200}}\))?"
        r"(?: \(from versions: (?P<versions>[^)\n]{0,1500}))?",
        refine=_versions,
        subject="pip",
    ),
    # ERROR: No matching distribution found for torch==1.13.1
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        "No matching distribution found for ",
        rf"No matching distribution found for (?P<requirement>{_REQUIREMENT})",
        subject="pip",
    ),
    # ERROR: torch-1.7.0-cp37-cp37m-win_amd64.whl is not a supported wheel on this platform.
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        " is not a supported wheel on this platform",
        r"(?P<requirement>[\w.+!-]{3,200}\.whl) is not a supported wheel on this platform",
        subject="pip",
    ),
    # Because torch==1.13.1 has no wheels with a matching Python ABI tag (e.g., `cp313`) …
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        " has no wheels with a matching ",
        r"(?:Because|that|and) (?P<requirement>[A-Za-z0-9][^\s]{0,100}) has no wheels with a matching ",
        subject="uv",
    ),
    # error: Distribution `torch==2.1.0 @ registry+…` can't be installed because it doesn't have a source distribution or wheel for the
    # current platform
    Pattern(
        SymptomKind.NO_MATCHING_DISTRIBUTION,
        "have a source distribution or wheel for the current platform",
        r"istribution `(?P<requirement>[A-Za-z0-9][^\s`]{0,100})(?: @ [^`\n]{0,200})?` can't be installed because it doesn't have a "
        r"source distribution or wheel",
        subject="uv",
    ),
    # ERROR: Package 'numba' requires a different Python: 3.12.1 not in '<3.12,>=3.8'
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        " requires a different Python: ",
        r"(?P<by>[A-Za-z0-9][\w.+-]*)'? requires a different Python: (?P<have>\d[\w.]*) not in '(?P<need>[^'\n]{1,60})'",
        {"package": "python"},
        subject="pip",
    ),
    # ERROR: Ignored the following versions that require a different python version: 1.21.2 Requires-Python >=3.7,<3.11; …
    Pattern(
        SymptomKind.VERSION_CONFLICT,
        "Ignored the following versions that require a different python version",
        r"Ignored the following versions that require a different python version: \S{1,60} Requires-Python (?P<need>[^;\n]{1,60})",
        {"package": "python"},
        subject="pip",
    ),
)
