"""cuda-runtime-lib-missing: a library of CUDA or cuDNN that a framework needs is not installed or not found."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.library_copies import loaded_in_vain_by_path
from envcheck.judging.pins import pinned_by
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.speakers import is_of_another_framework, is_spoken_by, speaker_of
from envcheck.judging.torch_build import BuildKind, TorchBuild, torch_build, torch_cuda
from envcheck.knowledge.cuda_libraries import ON_THEIR_OWN, Library, find_library
from envcheck.knowledge.versions import major
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Remedy, Step

MANUAL = Manual(
    checks="Whether every CUDA and cuDNN library that a program opened was found.",
    why="A framework opens some of its libraries only when it first computes. One that is missing then, or lies where nobody looks, ends "
    "the run.",
    example="Could not load library libcudnn_cnn_infer.so.8. Error: libnvrtc.so: cannot open shared object file.",
    fix="Install that library for the framework's CUDA major version, and see that its folder is on the loader's path.",
    ignore_when="Never: the computation ended there.",
    sources=("https://docs.nvidia.com/deeplearning/cudnn/installation/latest/", "PyPI metadata of torch==2.10.0"),
)

_NUMBER = regex(r"(?:\.so\.|64_)(\d{1,2})")
_NOT_MINE = ("libcuda.so", "nvcuda.dll")  # the driver's own library is another matter
_MAJORS_OF_WHEELS = (12, 13)  # from CUDA 12 on every library has a wheel


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each library that was missed and does not belong to another CUDA version than torch."""
    build = torch_build(case.facts)
    asked = False
    for symptom in case.said(SymptomKind.LIBRARY_NOT_FOUND, SymptomKind.DLL_LOAD_FAILED):
        found = _missing(symptom)
        if found is None or is_spoken_by(symptom, *ON_THEIR_OWN) or loaded_in_vain_by_path(case.facts, symptom) is not None:
            continue
        if _is_of_other_cuda(symptom, build, found[1][1]) and not is_of_another_framework(symptom, case.facts):
            if build is not None and torch_cuda(build)[0] is None and build.kind is not BuildKind.CPU:
                asked = True
                reason = f"whether {found[0]} is of torch's CUDA version is not known"
                yield NotEvaluated(found[0], reason, ('python -c "import torch; print(torch.version.cuda)"',))
            continue
        asked = True
        yield _found(case, build, symptom, *found)
    if not asked:
        yield _nothing_missed(case.facts)


def _nothing_missed(facts: Snapshot) -> Outcome:
    imported = [entry.name for entry in facts.imports if entry.status == "imported"]
    if any(isinstance(build.cuda, str) and name in imported for name, build in facts.builds.items()):
        return Passed("CUDA libraries", "every import of a build for CUDA found its own")
    return NotApplicable("no program missed a library of CUDA or cuDNN")


def _missing(symptom: Symptom) -> tuple[str, tuple[Library, tuple[int, ...]]] | None:
    """The file that is really missing: the one of the reason, where the library that was asked for only depends on it."""
    reason = symptom.details.get("reason", "")
    if reason == "linker":
        return None
    if any(name in reason or symptom.details.get("library", "").startswith(name) for name in _NOT_MINE):
        return None
    inner = next((word.rstrip(":,;") for word in reason.split() if find_library(word.rstrip(":,;"))), "")
    file = inner or symptom.details.get("library", "")
    library = find_library(file)
    return (file, library) if library is not None else None


def _is_of_other_cuda(symptom: Symptom, build: TorchBuild | None, majors: tuple[int, ...]) -> bool:
    """Whether an extension asks for another CUDA than torch's, which has a rule of its own."""
    cuda, _ = torch_cuda(build)
    return bool(majors) and speaker_of(symptom).lower() != "torch" and (cuda is None or major(cuda) not in majors)


def _found(case: Case, build: TorchBuild | None, symptom: Symptom, file: str, library: tuple[Library, tuple[int, ...]]) -> Found:
    asked = symptom.details.get("library", "")
    for_what = f", which {asked} needs," if asked and asked != file else ""
    place = _place(case.facts, file)
    sure = case.facts.live or place is not None
    speaker = speaker_of(symptom)
    wheels = _wheels(library[0])
    absent = _absent(case.facts, build, library[0]) if not place else ""
    why = f", although it lies in {place[0]}" if place else f": {absent}, which brings it, is not installed" if absent else ""
    return Found(
        file.replace("\\", "/").rpartition("/")[2],
        f"The library {file}{for_what} was not found{why}.",
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=(
            spoken(symptom),
            *((case.proof(build.fact, build.cuda or build.version),) if build is not None else ()),
            *((case.proof(place[1], place[0]),) if place else ()),
            *((case.proof(f"packages[{absent}]", "not installed"),) if absent else ()),
        ),
        would_confirm=() if sure else (_search(file, library[0]),),
        remedies=(_let_it_be_found(file, place[0]) if place else _remedy(case.facts, build, file, library[0]),),
        symptoms=(symptom,),
        # The wheels that bring it: that one of them is missing is the same trouble, as pip tells it.
        about=tuple(filter(None, (speaker, "torch" if build is not None and speaker in ("", "torch") else "", *wheels))),
    )


def _wheels(library: Library) -> tuple[str, ...]:
    return tuple(wheel for cuda in _MAJORS_OF_WHEELS if (wheel := library.wheel(cuda)) is not None)


def _absent(facts: Snapshot, build: TorchBuild | None, library: Library) -> str:
    """The wheel that torch itself asks for and that is known not to be installed."""
    cuda, _ = torch_cuda(build)
    wheel = library.wheel(major(cuda)) if cuda is not None else None
    listed = facts.observed.packages is Completeness.COMPLETE and wheel is not None and facts.package(wheel) is None
    return wheel if listed and wheel is not None and pinned_by(facts.package("torch"), wheel) else ""


def _place(facts: Snapshot, file: str) -> tuple[str, str] | None:
    """The folder in which the very file was seen, and the fact that says so."""
    base = file.rpartition("/")[2]
    for toolkit in facts.toolkits:
        folder, _, name = known(toolkit.path, "").rpartition("/")
        if folder and name == base:
            return folder, f"toolkits[{toolkit.name}@{folder}/{name}]"
    return None


def _let_it_be_found(file: str, folder: str) -> Remedy:
    return by_hand(
        f"make {file} findable",
        Step(run=("export", f"LD_LIBRARY_PATH={folder}:$LD_LIBRARY_PATH")),
        "in the shell that starts the program; put it into the service, the notebook's kernel or the image where one of them does",
    )


def _search(file: str, library: Library) -> str:
    if file.endswith(".dll"):
        return f"a search for {file.rpartition(chr(92))[2]} finds no such file, or one in a folder that is not on PATH"
    return f"find / -name '{library.name}*' shows no such file, or one in a folder that the loader does not search"


def _remedy(facts: Snapshot, build: TorchBuild | None, file: str, library: Library) -> Remedy:
    cuda, _ = torch_cuda(build)
    wheel = library.wheel(major(cuda)) if cuda is not None else None
    versioned = ".so." in file
    if wheel is None or not versioned or known(facts.system.os, "Linux") != "Linux" or manager_for(facts, "torch") == "conda":
        where = "PATH" if file.endswith(".dll") else "LD_LIBRARY_PATH"
        what = f"for CUDA {major(cuda)}" if cuda is not None else "for the framework's CUDA major version"
        number = _NUMBER.search(file)
        if library.name == "libcudnn" and number:
            what = f"{number[1]} {what}"
        link = (
            ()
            if versioned or file.endswith(".dll")
            else (f"or link the versioned file ({library.name}.so.…) as {library.name}.so in its own folder",)
        )
        return by_hand(f"make {file} findable", f"install {library.name} {what} and put its folder on {where}", *link)
    return install(
        facts, _pinned(facts, wheel), summary=f"install the library that torch needs for CUDA {major(cuda or '')}", reinstall=True
    )


def _pinned(facts: Snapshot, wheel: str) -> str:
    """The distribution in the version that torch's own metadata asks for (`nvidia-cudnn-cu12==9.1.0.70`)."""
    pin = pinned_by(facts.package("torch"), wheel)
    return f"{wheel}=={pin}" if pin else wheel


RULE = Rule(
    name="cuda-runtime-lib-missing",
    title="A CUDA or cuDNN library is missing",
    area=Area.FRAMEWORKS,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset({"cuda-error", "framework-import-fails", "import-failed", "requirement-of-package-unmet"}),
)
