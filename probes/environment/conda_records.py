"""What conda recorded in `conda-meta`: whose packages the distributions are, and the packages that are no Python (CUDA, BLAS, OpenMP)."""

import os

from envcheck_probes.reading import read_if_there, shown

from envcheck.parsers.python.conda_record import depends_on_python, parse_channel, parse_record_name
from envcheck.parsers.python.metadata import normalise

# Where conda's name of a distribution is another one. What is not here is found by its list of files.
ALIASES = {
    "matplotlib-base": "matplotlib",
    "msgpack-python": "msgpack",
    "py-opencv": "opencv-python",
    "py-xgboost": "xgboost",
    "pytorch": "torch",
    "ray-core": "ray",
    "tensorflow-base": "tensorflow",
}
# By those the distribution is known to be conda's; others wrote over what conda had installed.
_OTHER_INSTALLERS = ("pip", "uv")
_START = 8 * 1024
_WHOLE = 64 * 1024 * 1024


class CondaRecord:
    """One installed conda package."""

    __slots__ = ("build", "name", "path", "start", "version")

    def __init__(self, path, name, version, build):
        self.path, self.name, self.version, self.build = path, name, version, build
        self.start = read_if_there(path, _START)

    def channel(self):
        """The channel's name, from the beginning of the record or else from the whole of it."""
        return parse_channel(self.start) or parse_channel(read_if_there(self.path, _WHOLE))


def read_records(prefix):
    """Every package that conda installed into a prefix. Raises OSError where there is no conda-meta, or it cannot be read."""
    folder = os.path.join(prefix, "conda-meta")
    records = []
    for entry in sorted(os.listdir(folder)):
        parts = parse_record_name(entry)
        if parts is not None:
            records.append(CondaRecord(os.path.join(folder, entry), *parts))
    return records


def apply_records(records, packages, chosen):
    """Adds conda's word to the packages that were found, and the packages that only conda knows."""
    rest = []
    for record in records:
        name = normalise(record.name)
        owned = name if name in chosen else ALIASES.get(name, "")
        if owned in chosen:
            _mark(packages[owned], chosen[owned], record)
        else:
            rest.append(record)
    unowned = [name for name in chosen if chosen[name].installer not in _OTHER_INSTALLERS and "build" not in packages[name]]
    for record in rest:
        owned = _find_owned(record, unowned, chosen) if unowned and depends_on_python(record.start) else None
        if owned is not None:
            unowned.remove(owned)
            _mark(packages[owned], chosen[owned], record)
        else:
            _add(record, packages)


def _add(record, packages):
    """A package that is no distribution of Python's."""
    name = normalise(record.name)
    if name in packages:
        packages[name].setdefault("others", []).append(record.version + " in conda's records")
        return
    prefix = os.path.dirname(os.path.dirname(record.path))
    packages[name] = dict(_ownership(record), version=record.version, location=shown(prefix), installer="conda", state="ok")


def _mark(package, distribution, record):
    if distribution.installer in _OTHER_INSTALLERS:
        if record.version != distribution.version:
            package.setdefault("others", []).append(record.version + " in conda's records")
    else:
        package.update(_ownership(record))


def _ownership(record):
    said = {"manager": "conda", "build": record.build}
    channel = record.channel()
    if channel:
        said["channel"] = channel
    return said


def _find_owned(record, unowned, chosen):
    """Which of the distributions without an owner this package brought, by the metadata folder in its list of files."""
    text = read_if_there(record.path, _WHOLE)
    return next((name for name in unowned if ("/" + chosen[name].entry + "/").encode("utf-8", "surrogateescape") in text), None)
