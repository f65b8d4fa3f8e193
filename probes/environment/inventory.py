"""Which distributions an import finds, in which state: of several copies the first on the search path counts, the others are named."""

import os

from envcheck_probes.environment import conda_records, leftovers, overwrites
from envcheck_probes.environment.distributions import read_archive, read_folder
from envcheck_probes.reading import shown

_SYSTEM_INSTALLERS = ("apt", "brew", "debian", "dnf", "rpm", "zypper")
_SYSTEM_PLACES = ("/usr/lib/", "/usr/lib64/")


class Inventory:
    """Everything that was found: facts by normalised name, and the copy of each distribution that counts."""

    def __init__(self):
        self.packages, self.chosen, self.overwritten = {}, {}, []
        self.unread = []


def take_inventory(inventory, search_path, prefix):
    """Looks through every folder of a search path, and through conda's records where the prefix has them."""
    seen = set()
    for path in search_path:
        _look_into(path, seen, inventory)
    if os.path.isdir(os.path.join(prefix, "conda-meta")):
        try:
            records = conda_records.read_records(prefix)
        except OSError as error:
            inventory.unread.append((os.path.join(prefix, "conda-meta"), error))
        else:
            conda_records.apply_records(records, inventory.packages, inventory.chosen)


def _look_into(path, seen, inventory):
    """Reads one entry of the search path; what does not exist is no loss, for Python passes over it as well."""
    if not isinstance(path, str):
        return
    try:
        status = os.stat(path or os.curdir)
        identity = (status.st_dev, status.st_ino)  # lib64 is often lib by another name
        if identity in seen:
            return
        seen.add(identity)
        if os.path.isdir(path or os.curdir):
            _add_folder(read_folder(path or os.curdir), inventory)
        else:
            archived = read_archive(path)
            if archived is not None:
                _add(archived, "ok", "", inventory)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return
    except OSError as error:
        inventory.unread.append((path, error))


def _add_folder(folder, inventory):
    copies = {}
    for distribution in folder.distributions:
        copies.setdefault(distribution.name, []).append(distribution)
    settled = {name: _settle(of_one_name) for name, of_one_name in copies.items()}
    counting = [first for first, _, _ in settled.values() if first.name not in inventory.chosen]
    records = overwrites.parse_records(counting)
    facts, lost = overwrites.find_overwritten(folder.path, records)
    inventory.overwritten += facts
    gone = overwrites.find_gone(folder.path, folder.names, records)
    for name, (first, others, torn) in settled.items():
        state, detail = _state(first.fault, torn or gone.get(name, ""), lost.get(name, ""))
        _add(first, state, detail, inventory)
        if others:
            inventory.packages[name].setdefault("others", []).extend(_copy(other) for other in others)
    if folder.leftovers:
        leftovers.add_leftovers(folder, records, inventory.packages)


def _settle(copies):
    """Of the records of one name in one folder: the one that counts, the others, and in words what is wrong with there being several.

    An egg-info of the same version beside a dist-info is what Debian ships, and harmless.
    """
    copies.sort(key=lambda copy: (bool(copy.fault), not copy.is_record))
    first = copies[0]
    others = [copy for copy in copies[1:] if (copy.is_record and first.is_record) or copy.version != first.version]
    if not others:
        return first, [], ""
    return first, others, "several records of it in one folder: " + ", ".join(shown(copy.entry) for copy in [first, *others][:5])


def _state(broken, torn, overwritten):
    for state, detail in (("broken", broken), ("torn", torn), ("overwritten", overwritten)):
        if detail:
            return state, detail
    return "ok", ""


def _add(distribution, state, detail, inventory):
    name = distribution.name
    if name in inventory.chosen:
        inventory.packages[name].setdefault("others", []).append(_copy(distribution))
        return
    inventory.chosen[name] = distribution
    package = {"state": state, "location": shown(distribution.folder)}
    if distribution.version:
        package["version"] = distribution.version
    package["installer"] = distribution.installer or None
    manager = _manager(distribution)
    if manager:
        package["manager"] = manager
    if detail:
        package["detail"] = detail
    if distribution.requires is not None:
        package["requires"] = list(distribution.requires)
    if distribution.requires_python:
        package["requires_python"] = distribution.requires_python
    inventory.packages[name] = package


def _manager(distribution):
    """Who would have to be asked to change it: the words of INSTALLER, or the place where the system's own packages lie."""
    word = distribution.installer.lower()
    if word == "conda":
        return "conda"
    if word.startswith("uv"):
        return "uv"
    if word in _SYSTEM_INSTALLERS or (not word and distribution.folder.startswith(_SYSTEM_PLACES)):
        return "system"
    return "pip" if word else ""


def _copy(distribution):
    return "{} at {}".format(distribution.version or "unknown version", shown(distribution.folder))
