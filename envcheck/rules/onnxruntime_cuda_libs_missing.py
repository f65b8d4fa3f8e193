"""onnxruntime-cuda-libs-missing: onnxruntime-gpu cannot load the CUDA and cuDNN libraries that it was built for."""

import re
from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.speakers import is_only_framework, is_spoken_by, speaker_of
from envcheck.judging.torch_build import torch_build
from envcheck.judging.wording import titled
from envcheck.knowledge.cuda_libraries import find_library
from envcheck.knowledge.onnx_runtime import Releases, find_needs, newest_for
from envcheck.knowledge.versions import major
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Remedy, Severity

MANUAL = Manual(
    checks="Whether ONNX Runtime could load its CUDA provider with the libraries that this needs.",
    why="The wheel of onnxruntime-gpu brings no CUDA and no cuDNN. Each release needs one major version of both: CUDA 13 with cuDNN 9 from "
    "1.27 on, CUDA 12 with cuDNN 9 from 1.19 on, CUDA 11 with cuDNN 8 before. Where another or none is found, sessions run on the CPU.",
    example="LoadLibrary failed with error 126 for onnxruntime_providers_cuda.dll, with onnxruntime-gpu 1.19 beside cuDNN 8.",
    fix="Install the CUDA and cuDNN of that release, choose the release for those that are there, or take the package for the CPU.",
    ignore_when="The sessions are meant to run on the CPU; the package onnxruntime then says nothing of the kind.",
    sources=("https://onnxruntime.ai/docs/execution-providers/CUDA-ExecutionProvider.html",),
)

_GPU = "onnxruntime-gpu"
_CUDA_PROVIDER = "CUDAExecutionProvider"
_DEFAULT_CUDA = 12  # the major version that most installed torch wheels and drivers of the last years are for


def check(case: Case) -> Iterator[Outcome]:
    """Its loader's words decide; TensorRT alone is an extra that the CUDA provider does without."""
    missed = tuple(
        symptom for symptom in case.said(SymptomKind.LIBRARY_NOT_FOUND, SymptomKind.DLL_LOAD_FAILED) if _is_its(symptom, case.facts)
    )
    refused = tuple(symptom for symptom in case.said(SymptomKind.PROVIDER_FALLBACK) if _refused(symptom, _CUDA_PROVIDER))
    tensorrt = tuple(symptom for symptom in missed if _is_tensorrt(symptom))
    cuda = tuple(symptom for symptom in missed if not _is_tensorrt(symptom))
    package = case.facts.package(_GPU)
    if cuda or refused:
        yield _found(case, (*cuda, *refused))
    elif tensorrt:
        yield _without_tensorrt(case, tensorrt)
    elif package is None:
        yield NotApplicable("nothing shows that onnxruntime-gpu failed to load a library")
    elif any(smoke.framework == "onnxruntime" and smoke.device == "cuda" and smoke.status == "passed" for smoke in case.facts.smoke):
        yield Passed(titled(_GPU, package.version), "it computes on the GPU")
    else:
        yield NotEvaluated(
            titled(_GPU, package.version),
            "whether its CUDA provider loads shows only when a session is made",
            ("give what onnxruntime.InferenceSession prints with providers=['CUDAExecutionProvider']",),
        )


def _is_its(symptom: Symptom, facts: Snapshot) -> bool:
    """By its own words or files; a library of CUDA that nobody names himself to have missed is that of the only framework there."""
    named = f"{symptom.details.get('needed_by', '')} {symptom.details.get('library', '')}"
    if is_spoken_by(symptom, "onnxruntime") or "onnxruntime_providers_" in named:
        return True
    is_cudas = find_library(symptom.details.get("library", "")) is not None
    return is_cudas and is_only_framework(facts, _GPU) and not speaker_of(symptom)


def _is_tensorrt(symptom: Symptom) -> bool:
    named = f"{symptom.details.get('needed_by', '')} {symptom.details.get('library', '')}"
    return "providers_tensorrt" in named or "nvinfer" in named or "nvonnxparser" in named


def _refused(symptom: Symptom, provider: str) -> bool:
    """It failed to start; a provider that is not in the build at all is another matter, and says which there are."""
    words = symptom.text.lower()
    return symptom.details.get("provider") == provider and ("failed to create" in words or symptom.details.get("reason") == "CUDA_PATH")


def _found(case: Case, said: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    library = next((name for symptom in said if (name := _library(symptom))), "")
    cuda, cudnn, sure = _needs(facts, said, library)
    version = _version(facts)
    needs = f" It needs CUDA {cuda}" + (f" and cuDNN {cudnn}." if cudnn else ".") if cuda else ""
    missing = f"does not find {library}" if library else "cannot load a library of CUDA or cuDNN"
    build = torch_build(facts)
    evidence = [*map(spoken, said)]
    if version:
        evidence.append(case.proof(f"packages[{_GPU}].version", version))
    if build is not None and build.cuda is not None:
        evidence.append(case.proof(build.fact, build.version or build.cuda))
    certain = bool(library)
    return Found(
        titled(_GPU, version),
        f"{titled(_GPU, version)} {missing}.{needs}",
        certainty=Certainty.CERTAIN if certain else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if certain else _would_confirm(facts, cuda, cudnn),
        remedies=_remedies(facts, version, cuda, cudnn, sure=sure),
        symptoms=said,
        about=("onnxruntime", _GPU),
    )


def _library(symptom: Symptom) -> str:
    """The file that is missing; the provider's own file lies in the wheel."""
    base = re.split(r"[/\\]", symptom.details.get("library", ""))[-1]
    return "" if "onnxruntime_providers" in base else base


def _version(facts: Snapshot) -> str:
    package = facts.package(_GPU)
    return known(package.version, "") if package is not None else ""


def _needs(facts: Snapshot, said: tuple[Symptom, ...], library: str) -> tuple[int | None, int | None, bool]:
    """The CUDA and cuDNN majors that it needs, and whether that is sure: its own words, then the file's number, then the table."""
    for symptom in said:
        if "cuda" in symptom.details and "cudnn" in symptom.details:
            return int(symptom.details["cuda"]), int(symptom.details["cudnn"]), True
    row = find_needs(_version(facts)) if _version(facts) else None
    found = find_library(library) if library else None
    if found is not None and len(found[1]) == 1:
        of_release = row if row is not None and row.cuda == found[1][0] else newest_for(found[1][0])
        return found[1][0], of_release.cudnn if of_release is not None else None, True
    number = re.search(r"(?:libcudnn\w*\.so\.|cudnn\w*64_)(\d+)", library)
    if row is None and number is not None:
        return None, int(number[1]), False
    return (row.cuda, row.cudnn, row.confidence.value == "high") if row is not None else (None, None, False)


def _would_confirm(facts: Snapshot, cuda: int | None, cudnn: int | None) -> tuple[str, ...]:
    if known(facts.system.os, "") == "Windows":
        files = f"cublasLt64_{cuda or _DEFAULT_CUDA}.dll or cudnn64_{cudnn or 9}.dll"
        return (f"where {files.replace(' or ', ' ')} finds one of the two in no folder of PATH", "python -m pip show onnxruntime-gpu")
    return ("ldd of onnxruntime/capi/libonnxruntime_providers_cuda.so shows a library as not found", "python -m pip show onnxruntime-gpu")


def _remedies(facts: Snapshot, version: str, cuda: int | None, cudnn: int | None, *, sure: bool) -> tuple[Remedy, ...]:
    row = find_needs(version) if version else (newest_for(cuda, cudnn) if cuda else None)
    remedies = [_libraries(facts, version, row, cuda, cudnn)]
    build = torch_build(facts)
    at_hand = major(build.cuda) if build is not None and build.cuda is not None else None
    other = newest_for(at_hand) if at_hand is not None and cuda is not None and at_hand != cuda and sure else None
    if other is not None:
        wanted = f"{_GPU}>={other.first},<={other.last}"
        remedies.append(
            install(facts, wanted, summary=f"install a release for the CUDA {at_hand} that torch brings", manager=manager_for(facts, _GPU))
        )
    remedies.append(by_hand("compute on the CPU", "remove onnxruntime-gpu and install onnxruntime, where no GPU is needed"))
    return tuple(remedies)


def _libraries(facts: Snapshot, version: str, row: Releases | None, cuda: int | None, cudnn: int | None) -> Remedy:
    """NVIDIA's wheels where the release has extras for them, else the toolkit by hand."""
    if row is not None and row.extras and manager_for(facts, _GPU) != "conda":
        pinned = f"=={version}" if version else f">={row.first},<={row.last}"
        return install(
            facts,
            f"{_GPU}[cuda,cudnn]{pinned}",
            summary="install its CUDA and cuDNN libraries as wheels, and call onnxruntime.preload_dlls() before the first session",
            manager=manager_for(facts, _GPU),
        )
    which = f"CUDA {cuda}" if cuda else "the CUDA of its release"
    with_cudnn = f"cuDNN {cudnn}" if cudnn else "the cuDNN of its release"
    where = "PATH" if known(facts.system.os, "") == "Windows" else "LD_LIBRARY_PATH"
    return by_hand(
        "install the CUDA and cuDNN that it needs",
        f"install {which} and {with_cudnn}, as onnxruntime.ai/docs/execution-providers/CUDA-ExecutionProvider.html lists them",
        f"put the folders of both on {where}",
        "or import torch first, where it is a build for the same CUDA and cuDNN major versions: its libraries are then used",
    )


def _without_tensorrt(case: Case, said: tuple[Symptom, ...]) -> Found:
    return Found(
        titled(_GPU, _version(case.facts)),
        "ONNX Runtime does not find TensorRT; its CUDA provider does without.",
        severity=Severity.WARNING,
        evidence=tuple(map(spoken, said)),
        remedies=(
            by_hand(
                "leave TensorRT out",
                "ask for CUDAExecutionProvider and CPUExecutionProvider alone, or install the TensorRT of that release",
            ),
        ),
        symptoms=said,
        about=("onnxruntime", _GPU),
    )


RULE = Rule(
    name="onnxruntime-cuda-libs-missing",
    title="ONNX Runtime cannot load its CUDA libraries",
    area=Area.FRAMEWORKS,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset({"cuda-runtime-lib-missing", "extension-wants-other-cuda-runtime", "provider-fallback"}),
)
