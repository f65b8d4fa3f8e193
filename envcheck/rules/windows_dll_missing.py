"""windows-dll-missing: on Windows a runtime library that a framework needs is not there, or too old."""

import re
from collections.abc import Iterator

from envcheck.facts.snapshot import known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.imports_tried import none_tried
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.knowledge.cuda_libraries import find_library
from envcheck.knowledge.frameworks import distributions_of, installed_for
from envcheck.knowledge.torch import WHEEL_INDEX
from envcheck.knowledge.versions import is_below, local_tag, series
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Remedy, Step

MANUAL = Manual(
    checks="Whether a framework's library could not be loaded on Windows because a library that it needs is not there, or an old one is.",
    why="PyTorch, TensorFlow and ONNX Runtime are built with Microsoft's compiler and need its runtime libraries, which Windows does not "
    "bring in that version. Windows names the library that it was asked for, and not the one that is missing.",
    example='OSError: [WinError 126] The specified module could not be found. Error loading "C:\\venv\\lib\\site-packages\\torch\\lib\\'
    'fbgemm.dll" or one of its dependencies.',
    fix="Install the newest Microsoft Visual C++ Redistributable for x64. For fbgemm.dll of torch 2.4.0, which also needs "
    "libomp140.x86_64.dll, install torch 2.4.1 or newer.",
    ignore_when="Never: the framework cannot be imported.",
    sources=(
        "https://learn.microsoft.com/en-us/cpp/windows/latest-supported-vc-redist",
        "https://github.com/pytorch/pytorch/issues/131662",
        "https://www.tensorflow.org/install/pip#windows-native",
    ),
)

_NOT_FOUND, _DOES_NOT_START = 126, 1114
_FRAMEWORKS = ("torch", "torchvision", "torchaudio", "tensorflow", "onnxruntime", "jaxlib", "jax", "xgboost", "lightgbm")
# The modules that are a framework's own, where Python names the module and no path.
_MODULES = {
    "_pywrap": "tensorflow",
    "pywrap": "tensorflow",
    "onnxruntime_pybind11_state": "onnxruntime",
    "xla_extension": "jaxlib",
    "_jax": "jaxlib",
    "_xla": "jaxlib",
}
_RUNTIME = regex(r"(?:vcruntime|msvcp|msvcr|concrt|vcomp|libomp)\d*", re.IGNORECASE)
# ONNX Runtime loads its providers itself, and what they miss are CUDA's libraries.
_PROVIDERS = "onnxruntime_providers"
_REDISTRIBUTABLE = "https://aka.ms/vs/17/release/vc_redist.x64.exe"
_OPENMP = "libomp140.x86_64.dll"
# From this release on torch's wheel asks Windows for no OpenMP library any more.
_WITHOUT_OPENMP = "2.4.1"


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each framework; a CUDA library, a procedure that is missing in one, and a wrong architecture are other matters."""
    if known(case.facts.system.os, "Windows") != "Windows":
        yield NotApplicable("this is not Windows")
        return
    groups: dict[str, list[Symptom]] = {}
    for symptom in case.said(SymptomKind.DLL_LOAD_FAILED):
        framework = _framework(symptom) or _only_one(case, symptom)
        if framework and _is_mine(symptom):
            groups.setdefault(framework, []).append(symptom)
    for framework, symptoms in groups.items():
        yield _found(case, framework, symptoms)
    if groups:
        return
    tried = [entry.name for entry in case.facts.imports if entry.status == "imported"]
    if tried:
        yield Passed("runtime libraries", "no import missed one")
    elif case.facts.live:
        yield none_tried(case.facts)
    else:
        yield NotApplicable("no program on Windows missed a library")


def _framework(symptom: Symptom) -> str:
    """Whose library it is: the folder it lies in, the module's name, or who spoke."""
    path = re.search(r"site-packages[/\\](\w+)", symptom.details.get("library", ""))
    module = symptom.details.get("module", "").rpartition(".")[2]
    by_module = next((name for start, name in _MODULES.items() if module.startswith(start)), "")
    inside = re.search(r"[/\\](torch)[/\\]lib[/\\]", symptom.details.get("library", ""))
    speaker = path[1] if path else inside[1] if inside else by_module or speaker_of(symptom)
    if not speaker and _RUNTIME.match(_file(symptom)):
        return "the program"
    return speaker if speaker in (*_FRAMEWORKS, "") else ""


def _only_one(case: Case, symptom: Symptom) -> str:
    """Of words that name nobody: the framework that the report is about, where it is about one."""
    named = symptom.details.get("module") or symptom.details.get("library") or speaker_of(symptom)
    there = [name for name in _FRAMEWORKS if installed_for(case.facts, name) is not None]
    return there[0] if not named and len(there) == 1 else ""


def _file(symptom: Symptom) -> str:
    return re.split(r"[/\\]", symptom.details.get("library", ""))[-1].lower()


def _is_mine(symptom: Symptom) -> bool:
    file = _file(symptom)
    if file.startswith(_PROVIDERS) or find_library(file) is not None or file in ("nvcuda.dll", "nvml.dll"):
        return False
    if symptom.code is None:
        # "DLL load failed": the words behind it are in the user's language, so that only likely is possible.
        return bool(file) or "procedure" not in symptom.text
    return symptom.code in (_NOT_FOUND, _DOES_NOT_START)


def _found(case: Case, framework: str, symptoms: list[Symptom]) -> Found:
    named = next((_file(symptom) for symptom in symptoms if _RUNTIME.match(_file(symptom))), "")
    asked = next((_file(symptom) for symptom in symptoms if _file(symptom)), "")
    package = installed_for(case.facts, framework) if framework in _FRAMEWORKS else None
    starts = any(symptom.code == _DOES_NOT_START for symptom in symptoms)
    return Found(
        framework,
        _message(framework, named, asked, starts=starts),
        certainty=Certainty.CERTAIN if named else Certainty.LIKELY,
        evidence=tuple(map(spoken, symptoms)),
        would_confirm=() if named else _would_confirm(asked),
        remedies=_remedies(case, framework, known(package.version, "") if package is not None else "", asked),
        symptoms=tuple(symptoms),
        about=(framework, *distributions_of(framework)) if framework in _FRAMEWORKS else (),
    )


def _message(framework: str, named: str, asked: str, *, starts: bool) -> str:
    if named:
        return f"{framework} needs {named} of Microsoft's Visual C++ runtime, which is not installed."
    what = f"{asked} of {framework}" if asked else f"{framework}'s compiled module"
    if starts:
        return f"{what} does not start: the Visual C++ runtime that Windows finds for it is probably too old."
    if asked == "fbgemm.dll":
        return f"{what} was found, but not {_OPENMP} or another library that it needs."
    return f"A library that {what} needs is not on this Windows, most often one of Microsoft's Visual C++ runtime."


def _would_confirm(asked: str) -> tuple[str, ...]:
    runtime = r"C:\Windows\System32 has no vcruntime140_1.dll and msvcp140.dll, or old ones"
    if asked == "fbgemm.dll":
        return (f"where {_OPENMP} finds no such file", runtime)
    return (runtime, "the program Dependencies shows the library that is missing")


def _remedies(case: Case, framework: str, version: str, asked: str) -> tuple[Remedy, ...]:
    runtime = by_hand(
        "install the newest Microsoft Visual C++ Redistributable for x64",
        Step(run=("winget", "install", "--exact", "--id", "Microsoft.VCRedist.2015+.x64")),
        f"or download and run {_REDISTRIBUTABLE}; then open a new terminal",
    )
    if framework != "torch" or asked != "fbgemm.dll":
        return (runtime,)
    tools = by_hand(
        f"get {_OPENMP} from Microsoft",
        "with the Visual Studio Installer add the component MSVC v143 - VS 2022 C++ x64/x86 build tools",
        "take no copy of the file from a download page for single DLLs",
    )
    old = not version or is_below(version, _WITHOUT_OPENMP)
    if not old:
        return (runtime, tools)
    # 2.4.1 belongs to the very companions of 2.4.0; of another release everything that was pinned beside it would have to move.
    wanted = f"torch=={_WITHOUT_OPENMP}" if series(version or "2.4") == series(_WITHOUT_OPENMP) else f"torch>={_WITHOUT_OPENMP}"
    newer = install(
        case.facts,
        wanted,
        summary=f"install torch {_WITHOUT_OPENMP} or newer, whose build brings what fbgemm.dll needs; keep its index and companions",
        manager=manager_for(case.facts, "torch"),
        index=f"{WHEEL_INDEX}{local_tag(version)}" if local_tag(version) else None,
    )
    return (newer, tools, runtime)


RULE = Rule(
    name="windows-dll-missing",
    title="A runtime library is missing on Windows",
    area=Area.FRAMEWORKS,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "framework-import-crashes", "import-failed", "dll-load-failed"}),
)
