"""compiled-extension-torch-abi-mismatch: a compiled extension was built for another torch than the installed one."""

import re
from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Rule
from envcheck.judging.speakers import NO_PROCEDURE, is_symbol_of_torch, speaker_of
from envcheck.judging.torch_build import torch_build
from envcheck.knowledge.frameworks import distributions_of
from envcheck.knowledge.versions import is_below, release
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Remedy, Severity, Step

MANUAL = Manual(
    checks=(
        "Whether a compiled extension of another project (flash-attn, mmcv, torch-scatter …) finds torch's symbols and libraries in the "
        "installed torch, and what xFormers says of the torch that it was built for."
    ),
    why="torch's C++ interface changes with every release, and with the C++ ABI of the build. An extension's wheel fits the torch it was "
    "built for.",
    example="flash_attn_2_cuda.so: undefined symbol: _ZN3c105ErrorC2ENS_14SourceLocationESs, with flash-attn 2.7.4.post1 and torch 2.7.0.",
    fix="Install the extension's wheel for this torch, Python and C++ ABI, or build it against the installed torch.",
    ignore_when="Never: the extension cannot be imported.",
    sources=("https://github.com/Dao-AILab/flash-attention", "https://docs.pytorch.org/tutorials/advanced/cpp_extension.html"),
)

# std::string as it was before GCC 5 ends in Ss or has it as an argument.
_OLD_STRING = regex(r"Ss(?:[A-Z0-9_]|$)|RKSs")
# Modules whose distribution is called otherwise.
_MODULES = {"flash_attn_2_cuda": "flash-attn", "flash_attn_cuda": "flash-attn", "fused_layer_norm_cuda": "apex"}
_OF_THE_FAMILY = ("torchvision", "torchaudio", "torchtext")
# Libraries that torch had in some releases only.
_OF_SOME_TORCH = regex(r"libtorch_cuda_(?:cu|cpp)\.so$")
# Modules, and packages, whose compiled code calls torch's.
_USES_TORCH = regex(r"^(?:flash_attn|selective_scan|causal_conv1d|exllama|detectron2|mmcv)|_cuda$")
_PROJECTS = frozenset(
    {
        *(
            "mmcv",
            "mmdet3d",
            "detectron2",
            "pytorch3d",
            "torch_scatter",
            "torch_sparse",
            "torch_cluster",
            "torch_spline_conv",
            "flash_attn",
        ),
        *("vllm", "deepspeed", "apex", "fairseq", "dgl", "mamba_ssm", "nvdiffrast", "tinycudann", "spconv", "sageattention"),
    }
)
_OF_TORCH = regex(r"libtorch(?:_cpu|_cuda|_python|_global_deps)?\.(?:so|dylib)|libc10(?:_cuda)?\.(?:so|dylib)|torch[/\\](?:lib|_C)")


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each extension that missed a symbol or a library of torch, and for xFormers, which compares the builds itself."""
    yield from _of_xformers(case)
    symbols = [symptom for symptom in case.said(SymptomKind.UNDEFINED_SYMBOL) if not _is_of_torch_itself(symptom)]
    mine = [symptom for symptom in symbols if is_symbol_of_torch(symptom.details.get("symbol", ""))]
    mine += [symptom for symptom in case.said(SymptomKind.LIBRARY_NOT_FOUND) if _wants_library_of_other_torch(case.facts, symptom)]
    mine += [symptom for symptom in case.said(SymptomKind.DLL_LOAD_FAILED) if _lacks_procedure(symptom)]
    if not mine:
        unnamed = [symptom for symptom in symbols if not symptom.details.get("symbol")]
        yield (
            NotEvaluated("compiled extension", "which symbol was missing is not known", ("give the whole line of the error",))
            if unnamed
            else NotApplicable("no extension missed a symbol of torch")
        )
    by_extension: dict[str, list[Symptom]] = {}
    for symptom in mine:
        by_extension.setdefault(_extension(symptom), []).append(symptom)
    for extension, symptoms in by_extension.items():
        yield _found(case, extension, tuple(symptoms))


def _of_xformers(case: Case) -> Iterator[Found]:
    """It goes on without its operators, so that this is no more than a warning."""
    from envcheck.prescribing.xformers import fitting_xformers

    said = tuple(symptom for symptom in case.said(SymptomKind.VERSION_CONFLICT) if symptom.subject == "xformers")
    if not said:
        return
    details = next((symptom.details for symptom in said if "need" in symptom.details), {})
    build = torch_build(case.facts)
    built, have = details.get("need", "").lstrip("="), details.get("have", build.version if build is not None else "")
    sure = bool(built) and built != have
    message = "xFormers cannot load its operators, which were compiled for another torch or another Python"
    if sure:
        message = f"xFormers was compiled for torch {built}, and torch {have} is what it meets"
    yield Found(
        "xformers",
        f"{message}.",
        severity=Severity.WARNING,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=tuple(map(spoken, said)),
        would_confirm=() if sure else ("XFORMERS_MORE_DETAILS=1 python -m xformers.info shows why an operator does not load",),
        remedies=fitting_xformers(case.facts, have),
        symptoms=said,
        about=("xformers", "torch"),
    )


def _wants_library_of_other_torch(facts: Snapshot, symptom: Symptom) -> bool:
    """`libtorch_cuda_cu.so` was a part of torch 1.9 to 1.13 alone; others are also missed where torch is not imported first."""
    if _OF_SOME_TORCH.search(symptom.details.get("library", "")) is None:
        return False
    build = torch_build(facts)
    has = build is not None and release(build.version) and not is_below(build.version, "1.9") and is_below(build.version, "2.0")
    return not has


def _lacks_procedure(symptom: Symptom) -> bool:
    """Windows' way to say that a symbol is missing: it names neither, so that the module must be one that is known to use torch."""
    module = symptom.details.get("module", "").rpartition(".")[2]
    mine = symptom.code == NO_PROCEDURE and speaker_of(symptom) not in ("torch", *_OF_THE_FAMILY)
    return mine and (_USES_TORCH.search(module) is not None or speaker_of(symptom) in _PROJECTS)


def _is_of_torch_itself(symptom: Symptom) -> bool:
    """Torch's own libraries and those of its companions have rules of their own."""
    needed_by = symptom.details.get("needed_by", "")
    family = any(name in needed_by for name in _OF_THE_FAMILY) or speaker_of(symptom) in _OF_THE_FAMILY
    return family or _OF_TORCH.search(needed_by) is not None


def _extension(symptom: Symptom) -> str:
    """The package that the file lies in, else the file's name without its tags.

    `site-packages/torch_sparse/_convert_cpu.so` → torch_sparse; `flash_attn_2_cuda.cpython-310-x86_64-linux-gnu.so` → flash_attn_2_cuda.
    """
    needed_by = symptom.details.get("needed_by", "")
    file = re.split(r"[/\\]", needed_by)[-1].partition(".")[0] or symptom.details.get("module", "").rpartition(".")[2]
    speaker = speaker_of(symptom)
    if speaker in _PROJECTS:
        return speaker
    if "-packages" in needed_by and speaker != "torch":
        return speaker
    return file if file and file != "_C" else speaker if speaker != "torch" else ""


def _found(case: Case, extension: str, symptoms: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    build = torch_build(facts)
    symbol = symptoms[0].details.get("symbol", "")
    beside = build.subject if build is not None else "the installed torch"
    old = ", with the C++ ABI from before GCC 5" if symbol.startswith("_Z") and _OLD_STRING.search(symbol) else ""
    evidence = [spoken(symptom) for symptom in symptoms]
    if build is not None:
        evidence.append(case.proof(build.fact, build.version))
    named = extension or "a compiled extension"
    sure = any("symbol" in symptom.details or (build is not None and "library" in symptom.details) for symptom in symptoms)
    return Found(
        extension or "compiled extension",
        f"{named[0].upper() + named[1:] if not extension else named} was compiled for another torch than {beside}{old}.",
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if sure else ("the extension's wheel or its build names another torch than pip list does",),
        remedies=(_remedy(facts, extension, symbol),),
        symptoms=symptoms,
        about=tuple(dict.fromkeys(filter(None, ("torch", extension, *map(speaker_of, symptoms))))),
    )


def _remedy(facts: Snapshot, extension: str, symbol: str) -> Remedy:
    build = torch_build(facts)
    python = known(facts.python.version, "")
    fitting = ", ".join(filter(None, (build.subject if build is not None else "the installed torch", python and f"Python {python}")))
    name = _MODULES.get(extension) or (distributions_of(extension)[0] if extension else "the extension")
    return by_hand(
        f"install {name} for this torch",
        f"install the wheel of {name} that is made for {fitting} and for the C++ ABI that torch._C._GLIBCXX_USE_CXX11_ABI names"
        f"{_abi(symbol)}",
        *(("or build it against the installed torch:", _build(facts, name)) if extension else ("or build it against the installed torch",)),
    )


def _abi(symbol: str) -> str:
    """Which ABI the wheel that failed was built with, where a string among the symbol's arguments tells."""
    if "__cxx11" in symbol:
        return " (the one that failed is for True)"
    return " (the one that failed is for False)" if symbol.startswith("_Z") and _OLD_STRING.search(symbol) else ""


def _build(facts: Snapshot, name: str) -> Step:
    flags = ("--no-build-isolation", "--no-cache-dir", "--no-deps", "--force-reinstall")
    return Step(run=(known(facts.python.executable, "python"), "-m", "pip", "install", *flags, name))


RULE = Rule(
    name="compiled-extension-torch-abi-mismatch",
    title="An extension was compiled for another torch",
    area=Area.FRAMEWORKS,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "import-failed", "torch-family-version-mismatch", "xformers-torch-mismatch"}),
)
