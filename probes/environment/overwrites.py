"""What became of the files that distributions brought: written over by another one, or gone.

Compares the RECORDs of one folder with each other and with the names in the folder; only where they disagree is a file read.
"""

import os

from envcheck_probes.reading import read_start, shown

from envcheck.parsers.python.record import find_conflicts, import_packages, parse_line, parse_record

_LARGEST_HASHED = 64 * 1024 * 1024


def parse_records(distributions):
    """The RECORD of each distribution of a folder that has one, by the distribution's name."""
    return {distribution.name: parse_record(distribution.record) for distribution in distributions if distribution.record}


def find_overwritten(folder, records):
    """The overwrites of one folder as facts, and of each distribution that lost files what became of them, in words."""
    facts, lost = [], {}
    for conflict in find_conflicts(records):
        example = min(conflict.paths, key=lambda path: (_size(conflict.paths[path]), path))
        shown_example = _text(example)
        facts.append({"distributions": list(conflict.distributions), "files": len(conflict.paths), "example": shown_example})
        for name, words in _losers(folder, example, conflict.paths[example]).items():
            lost.setdefault(name, words)
    return facts, lost


def find_gone(folder, names, records):
    """Of each distribution whose import package is not there any more: which one.

    What another distribution had written over goes away when that one is removed, and pip does not see it.
    """
    there = {name.lower() for name in names}
    gone = {}
    for name, record in records.items():
        for top in import_packages(record):
            package = _text(top)
            if package.lower() not in there:
                gone[name] = "its RECORD lists {}/, which is not there".format(package)
            elif not os.path.exists(folder + os.sep + os.fsdecode(top) + os.sep + "__init__.py"):
                gone[name] = "its RECORD lists {}/__init__.py, which is not there".format(package)
    return gone


def _size(lines):
    sizes = [parse_line(line)[2] for line in lines.values()]
    return min(size for size in [*sizes, 2**62] if size is not None)


def _losers(folder, path, lines):
    """Which claimants have lost a file, by what lies on the disk."""
    text = _text(path)
    digests = {name: parse_line(line)[1] for name, line in lines.items()}
    try:
        data, size = read_start(os.path.join(folder, os.fsdecode(path)), _LARGEST_HASHED)
    except OSError:
        return {name: "{} is not there; {} has it, too".format(text, _others(name, digests)) for name in digests}
    present = _digest(data) if len(data) == size else b""
    owners = [name for name, digest in digests.items() if digest == present]
    if not owners:
        return {name: "{} is another one than it brought; {} has it, too".format(text, _others(name, digests)) for name in digests}
    words = "{} is that of {}".format(text, " and ".join(owners))
    return {name: words for name in digests if name not in owners}


def _others(name, names):
    return " and ".join(sorted(other for other in names if other != name))


def _digest(data):
    """As RECORD writes it."""
    import base64
    import hashlib

    return b"sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")


def _text(path):
    return shown(os.fsdecode(path))
