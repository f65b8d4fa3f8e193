"""ld-library-path-shadows-wheel-libs: LD_LIBRARY_PATH makes other CUDA libraries win over those that a framework's wheels bring."""

import re
from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Snapshot, Toolkit, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.environment_modules import LoadedModule, loaded_modules, unload
from envcheck.judging.library_copies import (
    LD_LIBRARY_PATH,
    Winner,
    is_in_wheel,
    loaded_in_vain_by_path,
    name_of,
    speaks_of_cuda,
    winners,
)
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.judging.torch_build import torch_build, torch_cuda
from envcheck.knowledge.cuda_libraries import find_library
from envcheck.knowledge.versions import is_below, major, release
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Proof, Remedy, Severity, Step

MANUAL = Manual(
    checks="Whether a CUDA library that a framework loads is the one of its own wheels, or an older one that LD_LIBRARY_PATH puts first.",
    why="The wheels of torch, JAX and TensorFlow bring CUDA's libraries and look for them beside themselves, but the loader looks in the "
    "folders of LD_LIBRARY_PATH before. A toolkit's or conda's older library of the same name is then taken, which lacks what the others "
    "need.",
    example="LD_LIBRARY_PATH=/usr/local/cuda-12.1/lib64; libcusparse.so.12: undefined symbol: __nvJitLinkComplete_12_4, version "
    "libnvJitLink.so.12",
    fix="Start the program without LD_LIBRARY_PATH, or put the folders of the wheels' libraries first in it.",
    ignore_when="The library that wins is as new as the framework's own, and everything works.",
    sources=(
        "https://man7.org/linux/man-pages/man8/ld.so.8.html",
        "https://github.com/pytorch/pytorch/issues/134929",
        "https://docs.jax.dev/en/latest/installation.html",
    ),
)

# What CUDA's libraries and torch's ask of each other; the driver's own functions (cuInit, nvml…) are another matter.
_SYMBOL = regex(r"_{0,2}nvJitLink|cublas|cusparse|cusolver|cufft|curand|cudnn|nccl[A-Z]")
_LIBRARY_OF = {"nvjitlink": "libnvJitLink.so.12", "nccl": "libnccl.so.2"}
# __nvJitLinkComplete_12_4 came with CUDA 12.4.
_SINCE = regex(r"_(\d{2})_(\d{1,2})$")
# The folders of NVIDIA's wheels that are not called like the library; from CUDA 13 on most share one.
_FOLDERS = {"cublaslt": "cublas", "cudart": "cuda_runtime", "nvrtc": "cuda_nvrtc"}
_FIRST_IN_ONE_FOLDER = 13
_ASKING = regex(r"libtorch|libc10|libcu|libnv|libnccl|xla|jax|tensorflow")


def check(case: Case) -> Iterator[Outcome]:
    """What the loader missed in a library that it did find; on a machine also what it would take first."""
    facts = case.facts
    if known(facts.system.os, "") in ("Windows", "Darwin"):
        yield NotApplicable("this system has no LD_LIBRARY_PATH")
        return
    outcomes = [outcome for symptom in _said(case) if (outcome := _judge(case, symptom)) is not None]
    if not any(isinstance(outcome, Found) for outcome in outcomes):
        outcomes += _computed(case)
    yield from outcomes or [NotApplicable("no library of CUDA is known to stand in the place of another")]


def _said(case: Case) -> Iterator[Symptom]:
    for symptom in case.said(SymptomKind.UNDEFINED_SYMBOL, SymptomKind.LOADED_OLDER_THAN_BUILT):
        if symptom.kind is SymptomKind.LOADED_OLDER_THAN_BUILT or _is_between_libraries(symptom):
            yield symptom
    yield from (symptom for symptom in case.said(SymptomKind.LIBRARY_NOT_FOUND) if loaded_in_vain_by_path(case.facts, symptom) is not None)


def _is_between_libraries(symptom: Symptom) -> bool:
    """A symbol of CUDA's libraries that was asked for by another of them, or by a framework."""
    details = symptom.details
    symbol, asking, has = details.get("symbol", ""), details.get("needed_by", ""), details.get("library", "")
    if has and has != "cudnn" and find_library(has) is not None:
        return True
    return _SYMBOL.match(symbol) is not None and (not asking or _ASKING.search(asking) is not None)


def _library(symptom: Symptom) -> str:
    """The library that lacks something."""
    named = symptom.details.get("library", "")
    if symptom.kind is SymptomKind.LOADED_OLDER_THAN_BUILT or named == "cudnn":
        return "libcudnn.so"
    if named:
        return named
    word = _SYMBOL.match(symptom.details.get("symbol", ""))
    stem = (
        word[0].strip("_").lower().removesuffix("c") if word and word[0].startswith("nccl") else word[0].strip("_").lower() if word else ""
    )
    return _LIBRARY_OF.get("nccl" if stem.startswith("ncc") else stem, f"lib{stem}.so")


def _judge(case: Case, symptom: Symptom) -> Outcome | None:
    """None: a library that is too old or was not loaded for no reason that is shown, or one of another CUDA than the framework's."""
    facts = case.facts
    library = _library(symptom)
    compared = symptom.kind is SymptomKind.LOADED_OLDER_THAN_BUILT
    if symptom.kind is SymptomKind.LIBRARY_NOT_FOUND:
        return _found(case, (symptom,), library, loaded_in_vain_by_path(facts, symptom))
    won = next(winners(facts, library, symptom.details.get("needed_by", "")), None)
    if symptom.details.get("by") == LD_LIBRARY_PATH:
        won = Winner(won.place if won is not None else "", won.fact if won is not None else "", sure=True)
    if compared and won is not None and not won.sure and not speaks_of_cuda(won.place):
        won = None
    if won is not None:
        return _found(case, (symptom,), library, won)
    if compared or _is_of_other_cuda(facts, library):
        return None
    if _wheel_is_older(facts, symptom, library):
        return NotApplicable(f"the wheel of {library} itself is older than what was asked of it")
    if facts.live or facts.observed.variables is Completeness.COMPLETE:
        return NotEvaluated(
            library, "which copy of it was loaded is not known", ("run the program with LD_DEBUG=libs set, and give what it prints",)
        )
    return _found(case, (symptom,), library, None)


def _is_of_other_cuda(facts: Snapshot, library: str) -> bool:
    """Whether torch is built for another CUDA major version, or all that was loaded is of another: two of them are mixed then."""
    cuda, _ = torch_cuda(torch_build(facts))
    found = find_library(library)
    if found is None or not found[1]:
        return False
    copies = (find_library(known(toolkit.path, "")) for toolkit in facts.toolkits if toolkit.loaded is True)
    loaded = {copy[1][0] for copy in copies if copy is not None and len(copy[1]) == 1}
    if cuda is None and loaded and loaded.isdisjoint(found[1]):
        return True
    return cuda is not None and major(cuda) not in found[1]


def _wheel_is_older(facts: Snapshot, symptom: Symptom, library: str) -> bool:
    """Whether the installed wheel is from before the CUDA release that the symbol came with."""
    since = _SINCE.search(symptom.details.get("symbol", ""))
    if since is None:
        return False
    versions = [known(package.version, "") for package in facts.packages if package.name in _wheels_of(library)]
    return bool(versions) and all(version and is_below(version, f"{since[1]}.{since[2]}") for version in versions)


def _found(case: Case, said: tuple[Symptom, ...], library: str, won: Winner | None) -> Found:
    facts = case.facts
    asking = re.split(r"[/\\]", said[0].details.get("needed_by", ""))[-1]
    symbol = said[0].details.get("symbol", "")
    sure = won is not None and won.sure
    evidence = [*map(spoken, said)]
    if won is not None and won.fact:
        evidence.append(case.proof(won.fact, won.place))
    if LD_LIBRARY_PATH in facts.variables and (won is None or not won.fact.startswith("variables")):
        evidence.append(case.proof(f"variables[{LD_LIBRARY_PATH}]", facts.variables[LD_LIBRARY_PATH]))
    modules = _modules(facts, library)
    evidence += [loaded.proof for loaded in modules]
    name = re.split(r"[/\\]", library)[-1].removesuffix(".so")
    lacks = f", which lacks {symbol}" + (f" for {asking}" if asking else "") if symbol else ""
    elsewhere = "from a folder on LD_LIBRARY_PATH" if sure else "from LD_LIBRARY_PATH or a folder of the system"
    if said[0].kind is SymptomKind.LIBRARY_NOT_FOUND:
        lacks = ", so that it could not be loaded"
    where = f"from {won.place}" if won is not None and won.place else elsewhere
    verb = "is loaded" if sure else "seems to be loaded"
    return Found(
        name,
        f"An older {name} {verb} {where} in place of the one in the framework's own wheels{lacks}.",
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if sure else _confirmed_by(facts, name, library, won),
        remedies=_remedies(facts, library),
        symptoms=said,
        about=_speakers(said[0]),
    )


def _confirmed_by(facts: Snapshot, name: str, library: str, won: Winner | None) -> tuple[str, ...]:
    """Where no other copy is shown, the wheel itself may be the old one, which its version tells."""
    traced = f"LD_DEBUG=libs shows that {name} is loaded from another folder than site-packages/nvidia"
    wheels = [wheel for wheel in _wheels_of(library) if facts.package(wheel) is None]
    if won is not None or not wheels:
        return (traced,)
    return (
        traced,
        f"pip show {wheels[0]} prints the version that the framework asks for: else that wheel is the old one, to be installed again",
    )


def _speakers(symptom: Symptom) -> tuple[str, ...]:
    """The framework that missed something; NVIDIA's wheels are nobody's and everybody's."""
    speaker = speaker_of(symptom)
    return () if speaker in ("", "nvidia") else (speaker,)


def _computed(case: Case) -> list[Outcome]:
    """Libraries that LD_LIBRARY_PATH puts before a wheel's: a matter only where they are older, and a hint where all works nevertheless."""
    facts = case.facts
    shadowing = [toolkit for toolkit in facts.toolkits if _shadows_wheel(toolkit)]
    traced = next((toolkit for toolkit in facts.toolkits if _came_between(facts, toolkit)), None)
    return [_compared(case, toolkit) for toolkit in shadowing] + ([_traced(case, traced)] if traced is not None else [])


def _came_between(facts: Snapshot, toolkit: Toolkit) -> bool:
    """Whether a library of an environment was given another folder's by LD_LIBRARY_PATH, as the loader's trace tells."""
    path, needed_by = known(toolkit.path, ""), known(toolkit.needed_by, "")
    if facts.live or toolkit.loaded is not True or LD_LIBRARY_PATH not in known(toolkit.found_by, ()) or is_in_wheel(path):
        return False
    return is_in_wheel(needed_by) if needed_by else any(facts.package(name) is not None for name in _wheels_of(path))


def _wheels_of(library: str) -> tuple[str, ...]:
    found = find_library(library)
    return (found[0].wheel_cu12, found[0].wheel_cu13) if found is not None else ()


def _traced(case: Case, toolkit: Toolkit) -> Outcome:
    """Nobody traces the loader of a program that works."""
    path, asking = known(toolkit.path, ""), known(toolkit.needed_by, "a library")
    file = path.rpartition("/")[2]
    return Found(
        file,
        f"LD_LIBRARY_PATH gives {path} to {asking.rpartition('/')[2]} of the framework's wheels, which bring their own {file}.",
        certainty=Certainty.LIKELY,
        evidence=(case.proof(f"toolkits[{toolkit.name}@{path}].loaded", path),),
        would_confirm=("the program works with LD_LIBRARY_PATH unset",),
        remedies=_remedies(case.facts, file),
    )


def _shadows_wheel(toolkit: Toolkit) -> bool:
    by_path = LD_LIBRARY_PATH in known(toolkit.found_by, ())
    return toolkit.loaded is True and by_path and is_in_wheel(known(toolkit.shadows, "")) and not is_in_wheel(known(toolkit.path, ""))


def _compared(case: Case, toolkit: Toolkit) -> Outcome:
    facts, path, own = case.facts, known(toolkit.path, ""), known(toolkit.shadows, "")
    other = next((copy for copy in facts.toolkits if copy.path == own), None)
    have, ought = known(toolkit.version, ""), known(other.version, "") if other is not None else ""
    if not release(have) or not release(ought):
        return NotEvaluated(path, "the versions of the two libraries are not known", ("look at the names of the files that both link to",))
    if not is_below(have, ought):
        return Passed(path, f"{toolkit.name} {have} comes before the wheel's {ought}")
    return Found(
        path,
        f"LD_LIBRARY_PATH puts {toolkit.name} {have} before the {ought} of the framework's own wheels.",
        severity=Severity.INFO if _all_imported(facts) else Severity.WARNING,
        evidence=(
            Proof(fact=f"toolkits[{toolkit.name}].path", value=path, source=facts.source_of("toolkits")),
            Proof(fact=f"toolkits[{toolkit.name}].shadows", value=own, source=facts.source_of("toolkits")),
        ),
        remedies=_remedies(facts, path.rpartition("/")[2]),
    )


def _all_imported(facts: Snapshot) -> bool:
    """Whether the frameworks that were tried came up with it."""
    tried = [entry.status for entry in facts.imports if entry.name in ("torch", "jax", "tensorflow")]
    return not tried or all(status in ("imported", "absent") for status in tried)


def _modules(facts: Snapshot, library: str) -> list[LoadedModule]:
    """The environment modules that put a library of this kind on the path."""
    own = next((kind for kind in ("cudnn", "nccl") if kind in library), "cuda")
    return loaded_modules(facts, own, "cuda")


def _remedies(facts: Snapshot, library: str) -> tuple[Remedy, ...]:
    found = find_library(library)
    name = name_of(library)
    part = "cu13" if found is not None and found[1] == (_FIRST_IN_ONE_FOLDER,) else _FOLDERS.get(name, name or "*")
    folder = f"site-packages/nvidia/{part}/lib"
    kept = [entry for entry in facts.variables.get(LD_LIBRARY_PATH, "").split(":") if entry and is_in_wheel(entry)]
    unset = Step(run=("export", f"{LD_LIBRARY_PATH}={':'.join(kept)}")) if kept else Step(run=("unset", LD_LIBRARY_PATH))
    return (
        *unload(_modules(facts, library)),
        by_hand(
            "start the program without LD_LIBRARY_PATH",
            unset,
            "and take the line that sets it out of the shell's start-up files, the notebook (restart its kernel), the module or the image",
        ),
        by_hand("let the wheel's library win", f"put {folder} of the environment first in LD_LIBRARY_PATH"),
    )


RULE = Rule(
    name="ld-library-path-shadows-wheel-libs",
    title="LD_LIBRARY_PATH puts other CUDA libraries first",
    area=Area.FRAMEWORKS,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {
            "cuda-lib-mix",
            "cudnn-version-mismatch",
            "framework-import-fails",
            "import-failed",
            "jax-cpu-only-jaxlib",
        }
    ),
)
