"""libomp-missing: on macOS the OpenMP runtime, which the system does not have and some wheels do not bring, is not there."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.imports_tried import none_tried
from envcheck.judging.macs import apple_chip, has_intel_chip, x86_python
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.knowledge.frameworks import distributions_of, installed_for
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Remedy, Step

MANUAL = Manual(
    checks="Whether a package on macOS could not be loaded because libomp.dylib, LLVM's OpenMP runtime, was not found.",
    why="Apple's compiler brings no OpenMP runtime. The wheels of XGBoost and LightGBM look for Homebrew's, those of PyTorch and "
    "scikit-learn have a copy in them, and conda has it as a package. Homebrew's lies in another place on each of the two kinds of Macs, "
    "and a library for one kind of processor cannot be loaded by a Python for the other.",
    example="XGBoostError: XGBoost Library (libxgboost.dylib) could not be loaded. … Library not loaded: @rpath/libomp.dylib",
    fix="brew install libomp; in a conda environment install llvm-openmp. Where the package has a copy of its own, install it again.",
    ignore_when="Never: the package cannot be imported.",
    sources=(
        "https://xgboost.readthedocs.io/en/stable/install.html",
        "https://lightgbm.readthedocs.io/en/latest/Installation-Guide.html#macos",
        "https://formulae.brew.sh/formula/libomp",
    ),
)

_RUNTIMES = ("libomp.dylib", "libiomp5.dylib", "libgomp.1.dylib")
_UNNAMED = "OpenMP runtime"  # XGBoost's own guess
# Their wheels bring the runtime themselves: what is missing was lost with other files.
_BRING_IT = ("torch", "sklearn", "functorch", "torchvision", "torchaudio")
_HOMEBREW = {"arm64": "/opt/homebrew", "x86_64": "/usr/local"}


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each package that missed it; a name that ends in .dylib is a Mac's, whoever says so."""
    said = [symptom for symptom in case.said(SymptomKind.LIBRARY_NOT_FOUND) if _is_openmp(symptom)]
    surest = [symptom for symptom in said if symptom.details["library"] != _UNNAMED]
    mac = known(case.facts.system.os, "") == "Darwin"
    groups: dict[str, list[Symptom]] = {}
    for symptom in surest or said:
        groups.setdefault(_package(symptom), []).append(symptom)
    for package, symptoms in groups.items():
        yield _found(case, package, tuple(symptoms), tuple(symptom for symptom in said if symptom not in surest))
    if groups:
        return
    if not mac:
        yield NotApplicable("this is not known to be macOS")
    elif any(entry.status == "imported" for entry in case.facts.imports):
        yield Passed(_UNNAMED, "no import missed it")
    else:
        yield none_tried(case.facts) if case.facts.live else NotApplicable("no program missed it")


def _is_openmp(symptom: Symptom) -> bool:
    library = symptom.details.get("library", "")
    if library == _UNNAMED:
        return symptom.details.get("needed_by", "").endswith(".dylib")
    return library.rpartition("/")[2] in _RUNTIMES


def _package(symptom: Symptom) -> str:
    """The import package whose library asked for it."""
    speaker = speaker_of(symptom)
    if speaker:
        return speaker
    asking = symptom.details.get("needed_by", "").rpartition("/")[2]
    stem = asking.removeprefix("lib_").removeprefix("lib").partition(".")[0]
    return {"torch_cpu": "torch", "torch": "torch", "lightgbm": "lightgbm", "xgboost": "xgboost"}.get(stem, "")


def _found(case: Case, package: str, said: tuple[Symptom, ...], guessed: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    named = said[0].details["library"]
    sure = named != _UNNAMED
    who = package or "A program"
    other = any("incompatible architecture" in symptom.details.get("reason", "") for symptom in said)
    library = named.rpartition("/")[2] if sure else "libomp.dylib"
    if other:
        message = f"The {library} that {who} finds is for the other kind of Mac processor."
    elif sure:
        message = f"{who} needs {library}, the OpenMP runtime, and it was not found."
    else:
        message = f"{who} could not load its library; most likely the OpenMP runtime, {library}, is not installed."
    return Found(
        package or library,
        message,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=tuple(map(spoken, (*said, *(entry for entry in guessed if entry not in said)))),
        would_confirm=() if sure else ("the error's next lines say Library not loaded: @rpath/libomp.dylib",),
        remedies=_remedies(facts, package, said, other=other),
        symptoms=(*said, *(entry for entry in guessed if entry not in said)),
        about=(package, *distributions_of(package)) if package else (),
    )


def _remedies(facts: Snapshot, package: str, said: tuple[Symptom, ...], *, other: bool) -> tuple[Remedy, ...]:
    installed = installed_for(facts, package) if package else None
    if _is_in_conda(facts, installed, said):
        return (install(facts, "llvm-openmp", summary="install the OpenMP runtime into the conda environment", manager="conda"),)
    brew = _homebrew(facts, said, other=other)
    if package in _BRING_IT:
        again = _again(facts, package, installed)
        return (again, brew)
    return (brew,)


def _is_in_conda(facts: Snapshot, installed: Package | None, said: tuple[Symptom, ...]) -> bool:
    """Whether the library that asks for it is one of conda's: a wheel that pip put there looks for Homebrew's all the same."""
    if installed is not None and isinstance(installed.manager, str):
        return installed.manager == "conda"
    asking = " ".join(symptom.details.get("needed_by", "") for symptom in said)
    in_conda = any(word in asking for word in ("conda", "mambaforge", "miniforge", "micromamba"))
    return "site-packages" not in asking and (in_conda or known(facts.python.environment, "") == "conda")


def _again(facts: Snapshot, package: str, installed: Package | None) -> Remedy:
    from envcheck.prescribing.same_build import install_again

    summary = f"install {distributions_of(package)[0]} again: its wheel brings the runtime itself"
    if installed is not None:
        return install_again(facts, installed, summary)
    name = distributions_of(package)[0]
    return install(facts, name, summary=summary, manager=manager_for(facts, name), reinstall=True, dependencies=False)


def _homebrew(facts: Snapshot, said: tuple[Symptom, ...], *, other: bool) -> Remedy:
    """Homebrew of the processor that the Python is made for, which need not be the Mac's own."""
    looked = " ".join(symptom.details.get("reason", "") + symptom.details["library"] for symptom in said)
    arm_chip = apple_chip(facts) is not None
    emulated = arm_chip and x86_python(facts) is not None
    needs = "x86_64" if emulated or has_intel_chip(facts) else "arm64" if arm_chip else ""
    if other and "need 'x86_64" in looked:
        needs, emulated = "x86_64", True
    elif not needs:
        needs = "arm64" if "/opt/homebrew/" in looked else "x86_64" if "/usr/local/opt/" in looked else ""
    summary = "install the OpenMP runtime with Homebrew"
    where = f"it then lies in {_HOMEBREW[needs]}/opt/libomp/lib, where the wheel looks for it" if needs else ""
    if emulated:
        return by_hand(
            "use an arm64 Python, for which Homebrew's runtime is made",
            "make the environment again with a Python for arm64; or, to stay with the one for Intel, with Homebrew for Intel:",
            Step(run=("arch", "-x86_64", "/usr/local/bin/brew", "install", "libomp")),
        )
    return by_hand(summary, Step(run=("brew", "install", "libomp")), *((where,) if where else ()))


RULE = Rule(
    name="libomp-missing",
    title="The OpenMP runtime is missing on macOS",
    area=Area.SYSTEM,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "import-failed", "library-not-found", "wheel-for-another-platform"}),
)
