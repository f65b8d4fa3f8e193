"""What pip sets aside before it deletes it, and what stays so when it is stopped: torch/ becomes ~orch/, torch-2.1.0.dist-info/ too."""

import os

from envcheck_probes.environment.distributions import read_dist_info
from envcheck_probes.reading import shown

from envcheck.parsers.python.metadata import is_name

_SIGNS = "~-"
_SUFFIXES = (".dist-info", ".egg-info", ".libs", ".py")


def add_leftovers(folder, records, packages):
    """Tells each leftover of the package that it was, or as a package of its own, without a version, where nothing else is left."""
    for entry in sorted(folder.leftovers, key=lambda entry: not entry.endswith(".dist-info")):
        hidden, tail = _letters(entry)
        if not tail:
            continue
        name = _whose(hidden, tail, folder.path, records, packages) or _name_inside(folder.path, entry) or entry.partition("-")[0] or entry
        package = packages.setdefault(name, {"state": "torn", "location": shown(folder.path)})
        said = package.get("detail", "")
        words = "left over from an interrupted removal: " + shown(entry)
        package["detail"] = words if not said else said if said.startswith("left over") else said + "; " + words
        if package["state"] == "ok":
            package["state"] = "torn"


def _letters(entry):
    """How many letters of a name are hidden, and the rest of it in small letters; no rest where it cannot be a name's.

    ~orch, ~orch-2.1.0.dist-info, ~~mpy.libs
    """
    rest = entry.lstrip(_SIGNS)
    tail = rest.partition("-")[0]
    for suffix in _SUFFIXES:
        if tail.endswith(suffix):
            tail = tail[: -len(suffix)]
    return len(entry) - len(rest), tail.lower().replace("-", "_") if is_name(tail) else ""


def _whose(hidden, tail, folder, records, packages):
    """The distribution of this folder whose name, or whose import package, ends like that and is as long; or nothing."""
    place = shown(folder)
    for name, package in packages.items():
        if package["location"] == place:
            tops = records[name].tops if name in records else ()
            for candidate in [name.replace("-", "_"), *(os.fsdecode(top).lower() for top in tops)]:
                if len(candidate) == hidden + len(tail) and candidate.endswith(tail):
                    return name
    return ""


def _name_inside(folder, entry):
    """The name that a metadata folder still says although its own name is spoilt."""
    if not entry.endswith(".dist-info"):
        return ""
    inside = read_dist_info(folder, entry)
    return "" if inside.fault else inside.name
