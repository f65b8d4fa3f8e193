"""system-library-missing: a library that Python packages expect the operating system to have is not installed."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.imports_tried import none_tried
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.judging.wording import listed
from envcheck.knowledge.frameworks import distributions_of, installed_among
from envcheck.knowledge.system_libraries import find_system_library, python_library
from envcheck.prescribing.install import by_hand, install, replace
from envcheck.report import Area, Certainty, Remedy

MANUAL = Manual(
    checks="Whether a program on Linux missed a library of the operating system, such as libGL.so.1, libgomp.so.1 or libsndfile.so.1.",
    why="Wheels bring most of what they need, but leave graphics, sound, the compiler's and other libraries to the system. Slim images of "
    "containers and minimal servers have none of them. No reinstallation of a Python package brings one.",
    example="ImportError: libGL.so.1: cannot open shared object file: No such file or directory, from import cv2 in a slim image.",
    fix="Install the distribution's package that has the library; of OpenCV, install opencv-python-headless, which needs no graphics.",
    ignore_when="Never: the module cannot be loaded.",
    sources=(
        "https://pypi.org/project/opencv-python/ (which package for servers without graphics)",
        "https://peps.python.org/pep-0513/#the-manylinux1-policy (what wheels may expect of a system)",
        "https://packages.debian.org/",
    ),
)

# What OpenCV's windows need, and its build without windows does not.
_OF_WINDOWS = (
    "libGL.so",
    "libgthread-2.0.so",
    "libglib-2.0.so",
    "libSM.so",
    "libICE.so",
    "libXext.so",
    "libXrender.so",
    "libX11.so",
    "libxcb.so",
)
_WITH_WINDOWS = ("opencv-python", "opencv-contrib-python")
_NIX = (
    "programs that were not built by Nix find no libraries: enable programs.nix-ld with these libraries in programs.nix-ld.libraries",
    "or work in a nix-shell or flake whose LD_LIBRARY_PATH has them (stdenv.cc.cc.lib has libstdc++.so.6, zlib has libz.so.1)",
)


def check(case: Case) -> Iterator[Outcome]:
    """One finding for all that one program missed."""
    if known(case.facts.system.os, "Linux") != "Linux":
        yield NotApplicable("this is not Linux")
        return
    groups: dict[str, list[Symptom]] = {}
    for symptom in case.said(SymptomKind.LIBRARY_NOT_FOUND):
        if _is_of_system(symptom):
            groups.setdefault(_speaker(symptom), []).append(symptom)
    for speaker, symptoms in groups.items():
        yield _found(case, speaker, tuple(symptoms))
    if groups:
        return
    if any(entry.status == "imported" for entry in case.facts.imports):
        yield Passed("system libraries", "no import missed one")
    else:
        yield none_tried(case.facts) if case.facts.live else NotApplicable("no program missed a library of the system")


def _is_of_system(symptom: Symptom) -> bool:
    """A file that lies among packages is one of theirs, whatever its name."""
    library, reason = symptom.details.get("library", ""), symptom.details.get("reason", "")
    if reason in ("linker", "static TLS") or "Permission denied" in reason or "site-packages" in library:
        return False
    return find_system_library(library) is not None or python_library(library) is not None


def _speaker(symptom: Symptom) -> str:
    """OpenCV's libraries name no package where a traceback is cut: only it asks for graphics and GLib's threads."""
    speaker = speaker_of(symptom)
    file = symptom.details["library"].rpartition("/")[2]
    return "cv2" if not speaker and file in ("libGL.so.1", "libgthread-2.0.so.0") else speaker


def _names(said: tuple[Symptom, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(symptom.details["library"].rpartition("/")[2] for symptom in said))


def _found(case: Case, speaker: str, said: tuple[Symptom, ...]) -> Found:
    names = _names(said)
    only_listed = all(symptom.details.get("reason") == "ldd" for symptom in said)
    who = speaker or "A program"
    verb = "was" if len(names) == 1 else "were"
    message = f"{who} needs {listed(names)} of the operating system, which {verb} not found."
    return Found(
        names[0],
        message,
        # What ldd does not find may still be loaded before, by a package that brings it.
        certainty=Certainty.LIKELY if only_listed else Certainty.CERTAIN,
        evidence=tuple(map(spoken, said)),
        would_confirm=("importing the package fails with: cannot open shared object file",) if only_listed else (),
        remedies=_remedies(case.facts, speaker, names),
        symptoms=said,
        about=(speaker, *distributions_of(speaker)) if speaker else (),
    )


def _remedies(facts: Snapshot, speaker: str, names: tuple[str, ...]) -> tuple[Remedy, ...]:
    system = _by_system(facts, names)
    conda = _by_conda(facts, speaker, names)
    if conda is not None:
        return (conda, system)
    headless = _headless(facts, speaker, names)
    return (headless, system) if headless is not None else (system,)


def _by_system(facts: Snapshot, names: tuple[str, ...]) -> Remedy:
    from envcheck.prescribing.system import add_to_system, family

    summary = f"install the system's package with {listed(names)}"
    if family(facts) == "nixos":
        return by_hand(f"let programs find {listed(names)}", *_NIX)
    packages: dict[str, list[str]] = {}
    for name in names:
        row, python = find_system_library(name), python_library(name)
        found = row.packages() if row is not None else {"apt-get": (python or "",)}
        for manager, words in found.items():
            packages[manager] = list(dict.fromkeys([*packages.get(manager, []), *words]))
    complete = {manager: words for manager, words in packages.items() if all(_has(name, manager) for name in names)}
    return by_hand(summary, *add_to_system(facts, complete or packages))


def _has(name: str, manager: str) -> bool:
    row = find_system_library(name)
    return manager in row.packages() if row is not None else manager == "apt-get"


def _by_conda(facts: Snapshot, speaker: str, names: tuple[str, ...]) -> Remedy | None:
    """For what conda installed, and where nobody may be root."""
    package = next(installed_among(facts, distributions_of(speaker)), None) if speaker else None
    manager = known(package.manager, "") if package is not None else ""
    if not (manager == "conda" or (not manager and known(facts.python.environment, "") == "conda")):
        return None
    found = [row.conda for name in names if (row := find_system_library(name)) is not None and row.conda]
    if len(found) < len(names):
        return None
    summary = f"install {listed(names)} into the conda environment"
    return install(facts, *dict.fromkeys(found), summary=summary, manager="conda")


def _headless(facts: Snapshot, speaker: str, names: tuple[str, ...]) -> Remedy | None:
    """OpenCV without windows, which a server has no use for."""
    if speaker != "cv2" or not all(name.startswith(_OF_WINDOWS) for name in names):
        return None
    installed = [package.name for package in installed_among(facts, _WITH_WINDOWS)]
    other = "opencv-contrib-python-headless" if installed == ["opencv-contrib-python"] else "opencv-python-headless"
    summary = f"without windows to show: replace OpenCV by {other}"
    return replace(facts, installed or ("opencv-python",), other, summary=summary)


RULE = Rule(
    name="system-library-missing",
    title="A library of the operating system is missing",
    area=Area.SYSTEM,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "import-failed"}),
)
