"""What the documents' own command would have given on the machine, by the tables."""

from collections.abc import Iterator

from envcheck.choosing.build import Build, Reason
from envcheck.choosing.machine import Machine
from envcheck.knowledge import tensorflow
from envcheck.knowledge.drivers import find_minimum
from envcheck.knowledge.torch import WHEEL_INDEX, releases, wheels_of
from envcheck.knowledge.versions import is_below, is_same
from envcheck.parsers.expression import regex
from envcheck.planning.options import kind_of
from envcheck.profiles.load import load_profile
from envcheck.profiles.model import Requirement

_INDEX = regex(rf"--index-url {WHEEL_INDEX}(?P<tag>cu\d{{2,4}})")
# The profiles whose lines have the chapter on installation in them.
_PROFILES = {"torch": "pytorch-cuda", "tensorflow": "tensorflow-cuda"}


def of_documents(builds: tuple[Build, ...], machine: Machine) -> Iterator[Reason]:
    """A reason for each framework whose command the documents tell."""
    for build in builds:
        if build.distribution in _PROFILES:
            for requirement in load_profile(_PROFILES[build.distribution]).requirements:
                document = requirement.document
                if document is not None and document.says.startswith("pip install "):
                    words = _torch(document.says, build, machine) if build.distribution == "torch" else _tensorflow(build, machine)
                    if words:
                        yield Reason(document.says, f"the documents' own command {words}", _place(requirement))


def _place(requirement: Requirement) -> str:
    document = requirement.document
    return f"document {document.file}, line {document.line}" if document is not None else ""


def _torch(command: str, build: Build, machine: Machine) -> str:
    """The newest release with that tag; others that the index has are not even looked at by pip."""
    found = _INDEX.search(command)
    if found is None:
        return ""
    tag, place = found["tag"], machine.place
    wheels = [(row, wheel) for row in releases() for wheel in wheels_of(row.version, "cuda") if wheel.tag == tag]
    here = [(row, wheel) for row, wheel in wheels if place.platform in wheel.platforms and (not place.python or place.python in row.python)]
    if not here:
        python = f" with Python {place.python}" if place.python and any(place.platform in wheel.platforms for _, wheel in wheels) else ""
        return f"finds no build here{python}: {tag} ended with torch {wheels[0][0].version}" if wheels else ""
    row, wheel = here[0]
    if is_same(row.version, build.version) and tag == build.variant:
        return "takes this very build"
    least = find_minimum(wheel.cuda)
    floor = least.version(windows=machine.windows_driver) if least is not None else ""
    too_old = machine.driver is not None and floor and is_below(machine.driver, floor)
    after = f", which needs driver {floor}" if too_old else ""
    return f"ends in torch {row.version} for CUDA {wheel.cuda}{after}: the index has no newer one, and this plan takes {build.version}"


def _tensorflow(build: Build, machine: Machine) -> str:
    """Pip looks at Python and platform, and not at driver or card."""
    place = machine.place
    fitting = (row for row in tensorflow.releases() if place.platform in row.platforms and (not place.python or place.python in row.python))
    row = next(fitting, None)
    if row is None:
        return f"finds no release here with Python {place.python}" if place.python else ""
    if place.platform != "linux_x86_64":
        return f"takes tensorflow {row.version} without CUDA: what the extra brings is for Linux on x86-64 alone"
    if kind_of(build) != "cuda":
        return f"takes tensorflow {row.version} with CUDA's libraries, which nothing here would use"
    if is_same(row.version, build.version):
        return "takes this very build"
    return f"takes tensorflow {row.version} without looking at driver and card, and this plan takes {build.version}"
