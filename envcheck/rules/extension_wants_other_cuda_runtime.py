"""extension-wants-other-cuda-runtime: a compiled extension was built for another CUDA major version than the installed torch."""

from collections.abc import Iterator

from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.cuda_wheels import told_by_name
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.speakers import is_of_another_framework, is_spoken_by, speaker_of
from envcheck.judging.torch_build import BuildKind, TorchBuild, torch_build, torch_cuda
from envcheck.knowledge.cuda_libraries import ON_THEIR_OWN, Library, find_library
from envcheck.knowledge.table import Confidence
from envcheck.knowledge.versions import major
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Remedy

MANUAL = Manual(
    checks="Whether a CUDA library that an extension could not find is of another CUDA major version than the installed torch.",
    why="An extension's wheel brings no CUDA of its own: it uses the libraries that torch has loaded, and those are of torch's CUDA "
    "version.",
    example="ImportError: libcudart.so.12: cannot open shared object file, from vllm beside torch 2.0.1 for CUDA 11.8.",
    fix="Install the extension's build for torch's CUDA version, or the torch that the extension was built for.",
    ignore_when="Never: the extension cannot be imported.",
    sources=("https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/index.html", "https://pytorch.org/get-started/previous-versions/"),
)

_TORCH = ("torch",)


def check(case: Case) -> Iterator[Outcome]:
    """One outcome for each library of CUDA that was missed and whose version is known."""
    build = torch_build(case.facts)
    asked = False
    for symptom in case.said(SymptomKind.LIBRARY_NOT_FOUND, SymptomKind.DLL_LOAD_FAILED):
        found = find_library(symptom.details.get("library", ""))
        if found is None or not found[1] or symptom.details.get("reason") == "linker" or is_spoken_by(symptom, *ON_THEIR_OWN):
            continue
        asked = True
        yield _judge(case, build, symptom, *found)
    if not asked:
        yield NotApplicable("no program missed a CUDA library of a certain version")


def _judge(case: Case, build: TorchBuild | None, symptom: Symptom, library: Library, majors: tuple[int, ...]) -> Outcome:
    file = symptom.details["library"]
    if speaker_of(symptom).lower() in _TORCH:
        return NotApplicable("it is torch itself that missed the library")
    named = told_by_name(case.facts, speaker_of(symptom))
    if named is not None and named[0] not in majors:
        return NotApplicable(f"{named[1].name} is built for CUDA {named[0]}: it is another library's wish")
    cuda, sure = torch_cuda(build)
    if cuda is not None and major(cuda) in majors:
        return Passed(file, f"of the same CUDA major version as torch ({cuda})")
    if is_of_another_framework(symptom, case.facts):
        return NotApplicable("the framework here is not torch")
    if build is None:
        brings, sure = "nothing that was loaded brings it; a torch for another CUDA does not, either", False
    elif build.kind is BuildKind.CPU:
        brings = f"{build.subject} has no CUDA"
    elif cuda is None:
        brings, sure = f"{build.subject} does not bring it", False
    else:
        brings = f"{build.subject} is built for CUDA {cuda}"
    certain = sure and library.confidence is Confidence.HIGH
    who = speaker_of(symptom) or "A compiled extension"
    wanted = " or ".join(map(str, majors))
    return Found(
        who if who != "A compiled extension" else "compiled extension",
        f"{who} is built for CUDA {wanted} (it needs {file}), but {brings}.",
        certainty=Certainty.CERTAIN if certain else Certainty.LIKELY,
        evidence=(spoken(symptom), *((case.proof(build.fact, build.cuda or build.version),) if build is not None else ())),
        would_confirm=() if certain else ('python -c "import torch; print(torch.version.cuda)" prints another major version',),
        remedies=(_remedy(who, majors[-1], cuda),),
        symptoms=(symptom,),
        about=tuple(filter(None, ("torch", speaker_of(symptom)))),
    )


def _remedy(who: str, wanted: int, cuda: str | None) -> Remedy:
    named = who if who != "A compiled extension" else "the extension"
    mine = (
        f"install the build of {named} for CUDA {major(cuda)}, which is torch's" if cuda else f"install a build of {named} for torch's CUDA"
    )
    return by_hand(
        f"bring {named} and torch to one CUDA version",
        mine,
        f"or install a torch built for CUDA {wanted}, with the torchvision and torchaudio that belong to it",
    )


RULE = Rule(
    name="extension-wants-other-cuda-runtime",
    title="An extension is built for another CUDA version than torch",
    area=Area.FRAMEWORKS,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset({"cuda-runtime-lib-missing", "framework-import-fails", "import-failed"}),
)
