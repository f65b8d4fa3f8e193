"""compiled-extension-torch-abi-mismatch: a compiled extension was built for another torch than the installed one."""

import re
from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Rule
from envcheck.judging.speakers import is_symbol_of_torch, speaker_of
from envcheck.judging.torch_build import torch_build
from envcheck.knowledge.frameworks import distributions_of
from envcheck.parsers.expression import regex
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Certainty, Remedy, Step

MANUAL = Manual(
    checks=(
        "Whether a compiled extension of another project (flash-attn, mmcv, torch-scatter …) finds torch's symbols in the installed torch."
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
_OF_TORCH = regex(r"libtorch(?:_cpu|_cuda|_python|_global_deps)?\.(?:so|dylib)|libc10(?:_cuda)?\.(?:so|dylib)|torch[/\\](?:lib|_C)")


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each extension that missed a symbol of torch."""
    symbols = [symptom for symptom in case.said(SymptomKind.UNDEFINED_SYMBOL) if not _is_of_torch_itself(symptom)]
    mine = [symptom for symptom in symbols if is_symbol_of_torch(symptom.details.get("symbol", ""))]
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
    file = re.split(r"[/\\]", needed_by)[-1].partition(".")[0]
    speaker = speaker_of(symptom)
    if "-packages" in needed_by and speaker != "torch":
        return speaker
    return file if file and file != "_C" else speaker if speaker != "torch" else ""


def _found(case: Case, extension: str, symptoms: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    build = torch_build(facts)
    symbol = symptoms[0].details["symbol"]
    beside = build.subject if build is not None else "the installed torch"
    old = ", with the C++ ABI from before GCC 5" if symbol.startswith("_Z") and _OLD_STRING.search(symbol) else ""
    evidence = [spoken(symptom) for symptom in symptoms]
    if build is not None:
        evidence.append(case.proof(build.fact, build.version))
    named = extension or "a compiled extension"
    return Found(
        extension or "compiled extension",
        f"{named[0].upper() + named[1:] if not extension else named} was compiled for another torch than {beside}{old}.",
        certainty=Certainty.CERTAIN,
        evidence=tuple(evidence),
        remedies=(_remedy(facts, extension),),
        symptoms=symptoms,
        about=tuple(dict.fromkeys(filter(None, ("torch", extension, *map(speaker_of, symptoms))))),
    )


def _remedy(facts: Snapshot, extension: str) -> Remedy:
    build = torch_build(facts)
    python = known(facts.python.version, "")
    fitting = ", ".join(filter(None, (build.subject if build is not None else "the installed torch", python and f"Python {python}")))
    name = _MODULES.get(extension) or (distributions_of(extension)[0] if extension else "the extension")
    return by_hand(
        f"install {name} for this torch",
        (f"install the wheel of {name} that is made for {fitting} and for the C++ ABI that torch._C._GLIBCXX_USE_CXX11_ABI names"),
        *(("or build it against the installed torch:", _build(facts, name)) if extension else ("or build it against the installed torch",)),
    )


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
    explains=frozenset({"framework-import-fails", "import-failed", "torch-family-version-mismatch"}),
)
