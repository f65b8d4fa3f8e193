"""Whether a version lies in the range that a requirement names, told by the numbers alone: what stands behind them never decides a pair."""

import re

from envcheck.knowledge.versions import is_below, is_same, release
from envcheck.parsers.expression import regex

_BOUND = regex(r"\s*(?P<sign>===?|!=|~=|<=|>=|<|>)\s*(?P<version>[\w.*+!-]{1,80})\s*")
_REQUIREMENT = regex(r"\s*(?P<name>[A-Za-z0-9][\w.-]{0,200})\s*(?:\[[^\]]{0,200}\])?\s*(?P<specifier>[^;@]{0,400})")


def accepts(specifier: str, version: str) -> bool:
    """Whether `2.5.1+cu124` is in `==2.5.1`, `>=2.16,<2.17`, `~=2.15.0`, `==2.18.*`; a version without numbers is in every range."""
    return not release(version) or all(_is_in(bound.strip(), version) for bound in specifier.split(",") if bound.strip())


def split_requirement(line: str) -> tuple[str, str]:
    """The normalised name and the range of `torch (==2.1.0) ; python_version > "3.8"`: ("torch", "==2.1.0"); ("", "") of anything else."""
    found = _REQUIREMENT.match(line)
    if found is None:
        return "", ""
    return re.sub(r"[-_.]+", "-", found["name"]).lower(), found["specifier"].strip().removeprefix("(").removesuffix(")").replace(" ", "")


def pinned_version(specifier: str) -> str:
    """The one version that a range names: `==2.5.1` → "2.5.1"; empty where it leaves a choice."""
    found = _BOUND.fullmatch(specifier)
    return found["version"] if found is not None and found["sign"] in ("==", "===") and "*" not in found["version"] else ""


def _is_in(bound: str, version: str) -> bool:
    found = _BOUND.fullmatch(bound)
    if found is None:
        return True
    sign, wanted = found["sign"], found["version"]
    if wanted.endswith(".*"):
        prefix = release(wanted.removesuffix(".*"))
        return (_padded(version, len(prefix)) == prefix) is (sign != "!=")
    if sign == "~=":
        prefix = release(wanted)[:-1]
        return not is_below(version, wanted) and _padded(version, len(prefix)) == prefix
    below, same = is_below(version, wanted), is_same(version, wanted)
    return {"<": below, "<=": below or same, ">": not below and not same, ">=": not below, "!=": not same}.get(sign, same)


def _padded(version: str, places: int) -> tuple[int, ...]:
    return (release(version) + (0,) * places)[:places]
