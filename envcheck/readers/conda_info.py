"""What conda, mamba and micromamba know of the machine: their `info`, and what their solvers say of the driver and of Python."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

_LONGEST = 300
# __cuda=12.2=0, of which the version is what the driver supports; __glibc=2.35=0, __osx=14.4=0, __win=0=0, __archspec=1=x86_64_v4
_VIRTUAL = regex(
    r"^\s*(?:virtual packages? : )?(?P<name>__(?:cuda|glibc|osx|win|linux|archspec))"
    r"=(?P<version>[\w.]{1,40})(?:=(?P<build>\w{1,40}))?\s*$",
    words=("__",),
)
_FIELD = regex(
    r"^\s*(?P<key>platform|python version|active environment|active env location"
    r"|conda version|mamba version|micromamba version|user-agent) : (?P<value>\S.{0,200}?)\s*$",
    words=(" : ",),
)
_PLATFORM = regex(r"(?P<system>linux|osx|win)-(?P<machine>64|32|aarch64|arm64|ppc64le)$")
_SYSTEMS = {"linux": "Linux", "osx": "Darwin", "win": "Windows"}
# The machine that conda was made for; under emulation it is another than the machine's.
_MACHINES = {("linux", "64"): "x86_64", ("linux", "aarch64"): "aarch64", ("linux", "ppc64le"): "ppc64le", ("win", "64"): "AMD64"}
# conda/23.5.2 requests/2.29.0 CPython/3.11.4 Linux/5.15.0-78-generic ubuntu/22.04.2 glibc/2.35
_KERNEL = regex(r"\bLinux/(?P<kernel>\d\S{1,60})")
_DISTRIBUTION = regex(r"\bLinux/\S{1,60} (?P<id>[a-z][a-z_-]{1,20})/(?P<version>\d[\d.]{0,12})")
_PYTHON = regex(r"(?P<version>\d\.\d{1,2}\.\d{1,2})\.final\.\d$")
# Your python: python=3.8.5    Your installed version is: 2.27, below specifications that name __glibc or __cuda
_OWN_PYTHON = regex(r"^\s*Your python: python=(?P<version>\d\.\d{1,2}(?:\.\d{1,2})?)\s*$", words=("your python",))
_INSTALLED = regex(r"^\s*Your installed (?:version|CUDA driver) is: (?P<version>\d{1,2}\.\d{1,3})\s*$", words=("your installed ",))
_REACH = 40


class CondaInfoReader:
    """Reads the virtual packages, the platform and the user agent of `conda info`."""

    name = "conda info"

    def recognises(self, text: Text) -> bool:
        """By a virtual package in the form that only these print, or by the solver's closing words."""
        return any(True for _ in _claims(text, set()))

    def read(self, text: Text) -> Evidence:
        """A whole list of virtual packages without `__cuda` says that conda sees no driver, and why is not known: nothing is said."""
        return Evidence(claims=list(_claims(text, text.taken)))


def _claims(text: Text, taken: set[int]) -> Iterator[Claim]:
    within, environment = -_REACH, ""
    for index in text.with_words("__", "platform", "active env", " version : ", "user-agent", "your python: ", "your installed "):
        line = text.lines[index]
        if len(line) > _LONGEST:
            continue
        virtual, field = _VIRTUAL.match(line), _FIELD.match(line)
        if virtual:
            within = index
            taken.add(index)
            yield from _virtual(virtual, index, text)
        elif field and (index - within < _REACH or field["key"] != "platform"):
            within = index
            taken.add(index)
            environment = field["value"] if field["key"] == "active environment" else environment
            yield from _field(field, environment, index, text)
        elif own := _OWN_PYTHON.match(line):
            taken.add(index)
            yield text.claim("python.version", own["version"], index)
        elif installed := _INSTALLED.match(line):
            yield from _installed(installed["version"], index, text)


def _virtual(found: re.Match[str], index: int, text: Text) -> Iterator[Claim]:
    name, version = found["name"], found["version"]
    system = {"__glibc": "Linux", "__linux": "Linux", "__osx": "Darwin", "__win": "Windows"}.get(name)
    if system:
        yield text.claim("system.os", system, index)
    if name == "__cuda" and re.fullmatch(r"\d{1,2}\.\d{1,2}", version):
        yield text.claim("nvidia.cuda_version", version, index)
    elif name == "__glibc" and re.fullmatch(r"2\.\d{1,3}", version):
        yield text.claim("system.libc", f"glibc {version}", index)
    elif name == "__osx" and re.fullmatch(r"\d{2}(?:\.\d{1,2}){0,2}", version) and version != "10.16":
        yield text.claim("system.distribution_version", version, index, Trust.MENTIONED)


def _field(found: re.Match[str], environment: str, index: int, text: Text) -> Iterator[Claim]:
    """One line; the Python is conda's own, which is that of the active environment only where this is the base."""
    key, value = found["key"], found["value"]
    if key == "python version" and environment in ("", "None", "base") and (python := _PYTHON.match(value)):
        yield text.claim("python.version", python["version"], index, Trust.MENTIONED)
    platform = _PLATFORM.match(value) if key == "platform" else None
    if platform:
        yield text.claim("system.os", _SYSTEMS[platform["system"]], index)
        machine = _MACHINES.get((platform["system"], platform["machine"]))
        if machine:
            yield text.claim("system.machine", machine, index, Trust.MENTIONED)
        if platform["system"] == "osx":
            made_for = "arm64" if platform["machine"] == "arm64" else "x86_64"
            yield text.claim("python.platform", f"macosx-{made_for}", index, Trust.MENTIONED)
    elif key == "user-agent":
        kernel, distribution = _KERNEL.search(value), _DISTRIBUTION.search(value)
        if kernel:
            yield text.claim("system.os", "Linux", index)
            yield text.claim("system.kernel", kernel["kernel"], index, Trust.MENTIONED)
        if distribution:
            yield text.claim("system.distribution_id", distribution["id"], index, Trust.MENTIONED)
            yield text.claim("system.distribution_version", ".".join(distribution["version"].split(".")[:2]), index, Trust.MENTIONED)


def _installed(version: str, index: int, text: Text) -> Iterator[Claim]:
    """What is installed is the thing that the specifications above it are about."""
    for above in range(index - 1, max(-1, index - _REACH), -1):
        line = text.lines[above][:_LONGEST]
        if "__cuda" in line or "CUDA driver" in line:
            yield text.claim("nvidia.cuda_version", version, index)
            return
        if "__glibc" in line:
            yield text.claim("system.libc", f"glibc {version}", index)
            return
