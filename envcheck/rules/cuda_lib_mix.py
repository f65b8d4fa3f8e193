"""cuda-lib-mix: libraries of two CUDA major versions are mixed in one process or one environment."""

from collections.abc import Iterator

import msgspec

from envcheck.facts.snapshot import Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.cuda_wheels import told_by_name
from envcheck.judging.library_copies import foreign_folders
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.judging.tensorflow_build import TensorflowBuild, tensorflow_build
from envcheck.judging.torch_build import torch_build, torch_cuda
from envcheck.judging.wording import listed
from envcheck.knowledge.cuda_libraries import find_library, wheels_with_same_files
from envcheck.knowledge.versions import major
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand, manager_for, uninstall
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

MANUAL = Manual(
    checks="Whether CUDA libraries that load each other are of one major version, and whether wheels for two of them overwrite each other.",
    why="Some libraries have the same file name in two CUDA major versions: libcusolver.so.11 is in CUDA 11 and in 12. Where the loader "
    "finds the other one's, it wants further libraries of its own version that are not there, or that do not fit.",
    example="Could not load dynamic library 'libcusolver.so.11'; dlerror: libnvJitLink.so.12: cannot open shared object file, while all "
    "other libraries are of CUDA 11.",
    fix="Keep the libraries of one CUDA major version on the loader's path and in the environment: the one of the framework's build.",
    ignore_when="Wheels for two versions are installed for two frameworks that both work.",
    sources=(
        "https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/index.html",
        "https://github.com/NVIDIA/tensorflow/issues/110",
    ),
)

_LAST_NAMED_BY_TENSORFLOW = 11
_OF_JIT_LINK = regex(r"__nvJitLink\w{1,60}_(?P<major>\d{2})_\d{1,2}$")
_NEIGHBOURS = ((11, 12), (12, 13))


class _Rest(msgspec.Struct, frozen=True):
    """The CUDA major version of everything else, and where that stands."""

    cuda: int
    proof: Proof
    sure: bool


def check(case: Case) -> Iterator[Outcome]:
    """What a library of CUDA missed of another one; then wheels that overwrite each other."""
    asked = [symptom for symptom in case.said(SymptomKind.LIBRARY_NOT_FOUND, SymptomKind.UNDEFINED_SYMBOL) if _is_between(symptom)]
    outcomes = [_judge(case, symptom) for symptom in asked]
    outcomes += [found for symptom in case.said(SymptomKind.LIBRARY_NOT_FOUND) if (found := _by_name(case, symptom)) is not None]
    outcomes += list(_wheels(case))
    yield from outcomes or [NotApplicable("no library of CUDA is known to have met another major version")]


def _is_between(symptom: Symptom) -> bool:
    """One library of CUDA asks another one, whose major version its file's number tells."""
    wanted = find_library(_wanted_file(symptom))
    asking = find_library(symptom.details.get("needed_by", ""))
    return wanted is not None and asking is not None and len(wanted[1]) == 1 and symptom.details.get("reason") != "linker"


def _wanted_file(symptom: Symptom) -> str:
    """The file that was missed, or that a missing symbol is of, where its name tells: `__nvJitLinkAddData_12_0`."""
    of_jit = _OF_JIT_LINK.match(symptom.details.get("symbol", ""))
    return symptom.details.get("library", "") or (f"libnvJitLink.so.{of_jit['major']}" if of_jit else "")


def _judge(case: Case, symptom: Symptom) -> Outcome:
    library, asking = _wanted_file(symptom), symptom.details["needed_by"]
    wanted = (find_library(library) or (None, (0,)))[1][0]
    rest = next(_rest(case, symptom), None)
    subject = asking.rpartition("/")[2]
    if rest is None:
        return NotEvaluated(
            subject, "the CUDA version of the framework is not known", ("give the framework's version and its build's CUDA",)
        )
    if rest.cuda == wanted:
        return Passed(subject, f"of CUDA {wanted}, as the rest")
    evidence = (spoken(symptom), rest.proof)
    return Found(
        subject,
        f"{subject} is of CUDA {wanted} (it wants {library.rpartition('/')[2]}), while the rest is of CUDA {rest.cuda}.",
        certainty=Certainty.CERTAIN if rest.sure else Certainty.LIKELY,
        evidence=evidence,
        would_confirm=() if rest.sure else (f"ldd {subject} shows which folder each library is taken from",),
        remedies=(_one_version(case.facts, rest.cuda, subject),),
        symptoms=(symptom,),
        about=_speakers(symptom),
    )


def _by_name(case: Case, symptom: Symptom) -> Outcome | None:
    """A package whose name tells its CUDA missed a library of another: what it loads in between is the other's."""
    library, speaker = symptom.details.get("library", ""), speaker_of(symptom)
    wanted, named = find_library(library), told_by_name(case.facts, speaker)
    if wanted is None or len(wanted[1]) != 1 or named is None or named[0] == wanted[1][0] or symptom.details.get("reason") == "linker":
        return None
    cuda, package = named
    return Found(
        speaker,
        f"{package.name} is built for CUDA {cuda}, but it finds libraries of CUDA {wanted[1][0]}, which want {library.rpartition('/')[2]}.",
        certainty=Certainty.LIKELY,
        evidence=(spoken(symptom), case.proof(f"packages[{package.name}].version", known(package.version, "") or package.name)),
        would_confirm=(f"LD_DEBUG=libs shows a library of CUDA {wanted[1][0]} before {library.rpartition('/')[2]} is missed",),
        remedies=(
            _one_version(case.facts, cuda, "library"),
            by_hand(
                f"install the build of {speaker} for the CUDA that is there",
                f"replace {package.name} by its namesake for CUDA {wanted[1][0]}",
            ),
        ),
        symptoms=(symptom,),
        about=_speakers(symptom),
    )


def _speakers(symptom: Symptom) -> tuple[str, ...]:
    """The framework that missed something; NVIDIA's wheels are nobody's and everybody's."""
    speaker = speaker_of(symptom)
    return () if speaker in ("", "nvidia") else (speaker,)


def _rest(case: Case, symptom: Symptom) -> Iterator[_Rest]:
    """The framework's own build, libraries that did load, others that were missed, then folders: whatever tells one version."""
    facts = case.facts
    speaker = speaker_of(symptom)
    yield from _of_framework(case, speaker)
    for toolkit in facts.toolkits:
        path = known(toolkit.path, "")
        found = find_library(path)
        if toolkit.loaded is True and found is not None and len(found[1]) == 1:
            yield _Rest(found[1][0], case.proof(f"toolkits[{toolkit.name}@{path}].loaded", path), sure=True)
    for other in case.said(SymptomKind.LIBRARY_NOT_FOUND):
        found = find_library(other.details.get("library", ""))
        if other is not symptom and speaker_of(other) == speaker and found is not None and len(found[1]) == 1 and not _is_between(other):
            yield _Rest(found[1][0], spoken(other), sure=True)
    for folder in foreign_folders(facts):
        version = folder.partition("cuda-")[2]
        if major(version) > 0:
            yield _Rest(major(version), case.proof("variables[LD_LIBRARY_PATH]", folder), sure=False)
    if speaker == "tensorflow" and tensorflow_build(facts) is None:
        # Only those for CUDA 11 and older print the names of what they miss.
        yield _Rest(_LAST_NAMED_BY_TENSORFLOW, spoken(symptom), sure=False)


def _of_framework(case: Case, speaker: str) -> Iterator[_Rest]:
    """What the build of the one that spoke says of itself, or its table."""
    facts = case.facts
    build = facts.builds.get(speaker)
    if build is not None and isinstance(build.cuda, str):
        yield _Rest(major(build.cuda), case.proof(f"builds[{speaker}].cuda", build.cuda), sure=True)
    tensorflow = tensorflow_build(facts)
    if speaker == "tensorflow" and tensorflow is not None and tensorflow.cuda and not tensorflow.fact.endswith(".cuda"):
        yield _Rest(major(tensorflow.cuda), _of_release(case, tensorflow), sure=tensorflow.sure)
    torch = torch_build(facts)
    cuda, sure = torch_cuda(torch)
    if torch is not None and cuda is not None and speaker in ("", "torch", *_beside_torch(facts)):
        yield _Rest(major(cuda), case.proof(torch.fact, cuda), sure=sure)


def _of_release(case: Case, build: TensorflowBuild) -> Proof:
    """What its table says; without a row the build itself was read."""
    if build.release is None:
        return case.proof(build.fact, build.cuda)
    return Proof(fact=f"TensorFlow {build.release.version} was built for", value=f"CUDA {build.cuda}", source=build.release.source)


def _beside_torch(facts: Snapshot) -> tuple[str, ...]:
    """The companions of torch, whose CUDA is torch's."""
    return tuple(name for name in ("torchvision", "torchaudio") if facts.package(name) is not None)


def _one_version(facts: Snapshot, cuda: int, subject: str) -> Remedy:
    conda = manager_for(facts, subject) == "conda"
    return by_hand(
        f"keep the libraries of CUDA {cuda} alone where the loader looks",
        f"take the folder that this {subject} lies in out of LD_LIBRARY_PATH, or remove the packages of the other CUDA"
        + (" from the conda environment" if conda else ""),
        f"and see that the folder of CUDA {cuda}'s libraries is there in its place",
    )


def _wheels(case: Case) -> Iterator[Outcome]:
    """Two wheels that bring the same file: a hint, since both frameworks may work with the one that is there."""
    facts = case.facts
    for older, newer in _NEIGHBOURS:
        pairs = [pair for names in wheels_with_same_files(older, newer) if (pair := _pair(facts, *names)) is not None]
        if pairs:
            yield _overwritten(case, pairs, older, newer)


def _pair(facts: Snapshot, older: str, newer: str) -> tuple[Package, Package] | None:
    """Both, where their files have the same number: libcudnn.so.8 and libcudnn.so.9 are no rivals."""
    first, second = facts.package(older), facts.package(newer)
    if first is None or second is None:
        return None
    return (first, second) if major(known(first.version, "")) == major(known(second.version, "")) else None


def _overwritten(case: Case, pairs: list[tuple[Package, Package]], older: int, newer: int) -> Found:
    facts = case.facts
    cuda, _ = torch_cuda(torch_build(facts))
    spare = older if cuda is not None and major(cuda) == newer else newer if cuda is not None and major(cuda) == older else None
    packages = [package for pair in pairs for package in pair]
    doomed = [package.name for package in packages if spare is not None and package.name.endswith(f"-cu{spare}")]
    words = (
        f"remove the wheels for CUDA {spare}" if spare is not None else "remove the wheels of the CUDA that no framework here is built for"
    )
    return Found(
        listed([package.name for package in packages]),
        f"Wheels for CUDA {older} and {newer} lie side by side and write the same files: {listed([pair[0].name for pair in pairs])} "
        f"and {'their namesakes' if len(pairs) > 1 else 'its namesake'} for CUDA {newer}.",
        severity=Severity.INFO,
        certainty=Certainty.LIKELY,
        evidence=tuple(case.proof(f"packages[{package.name}].version", known(package.version, "installed")) for package in packages[:6]),
        would_confirm=(f"pip show -f {pairs[0][0].name} {pairs[0][1].name} lists a file twice",),
        remedies=(
            by_hand(
                f"{words}, where nothing else needs them",
                *((uninstall(facts, *doomed, manager=manager_for(facts, doomed[0])),) if doomed else ()),
                "then install those of the other CUDA again, because their files may have gone with them",
            ),
        ),
    )


RULE = Rule(
    name="cuda-lib-mix",
    title="Libraries of two CUDA versions are mixed",
    area=Area.FRAMEWORKS,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            "cuda-runtime-lib-missing",
            "extension-wants-other-cuda-runtime",
            "framework-import-fails",
            "import-failed",
            "tf-missing-cuda-libs",
        }
    ),
)
