"""cuda-home-points-nowhere: CUDA_HOME names a folder in which there is no CUDA toolkit."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.environment_modules import loaded_modules, unload
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Severity

MANUAL = Manual(
    checks="Whether CUDA_HOME and CUDA_PATH, where they are set, name a CUDA toolkit that is there.",
    why="Builds take the compiler from the folder that these variables name and look nowhere else. Frameworks that only run do not read "
    "them on Linux, so that a stale one is of no consequence until something is compiled.",
    example="CUDA_HOME=/usr/local/cuda-11.8, which was removed when CUDA 12.4 was installed.",
    fix="Let the variable name the toolkit that is installed, or unset it.",
    ignore_when="Nothing is compiled here.",
    sources=(
        "https://docs.pytorch.org/docs/stable/cpp_extension.html",
        "https://docs.nvidia.com/cuda/cuda-installation-guide-linux/",
    ),
)

_VARIABLES = ("CUDA_HOME", "CUDA_PATH")


def check(case: Case) -> Iterator[Outcome]:
    """One outcome for each variable that is set. Of a text only a build that looked there can tell what does not lie in a folder."""
    facts = case.facts
    named = [(name, facts.variables[name]) for name in _VARIABLES if facts.variables.get(name)]
    looked_in = [] if facts.live else [symptom for symptom in _nvcc_missed(case) if symptom.details.get("path")]
    if not named or not (facts.live or looked_in):
        yield NotApplicable("CUDA_HOME is not set" if not named else "what lies in a folder is known on the machine only")
        return
    for name, folder in named:
        missed = tuple(symptom for symptom in looked_in if _lies_in(symptom.details["path"], folder))
        if missed:
            yield _missed(case, name, folder, missed)
        elif not facts.live:
            yield NotApplicable("no build looked there")
        elif any(name in known(toolkit.found_by, ()) for toolkit in facts.toolkits):
            yield Passed(name, folder)
        elif facts.observed.toolkits is not Completeness.COMPLETE:
            looked = facts.observed.toolkits is Completeness.PARTIAL
            reason = "not every folder of toolkits could be read" if looked else "toolkits were not looked for"
            yield NotEvaluated(name, reason, ("a run as a user who may read them" if looked else "envcheck doctor without --quick",))
        else:
            yield _found(case, name, folder)


def _nvcc_missed(case: Case) -> Iterator[Symptom]:
    return (symptom for symptom in case.said(SymptomKind.COMPILER_NOT_FOUND) if symptom.details.get("compiler") == "nvcc")


def _lies_in(path: str, folder: str) -> bool:
    return path.replace("\\", "/").startswith(folder.replace("\\", "/").rstrip("/") + "/")


def _missed(case: Case, name: str, folder: str, missed: tuple[Symptom, ...]) -> Found:
    """A build went where the variable sent it, which an environment module may have set."""
    modules = loaded_modules(case.facts, "cuda")
    return Found(
        name,
        f"{name} names {folder}, and a build that looked there found no CUDA compiler.",
        evidence=(case.proof(f"variables[{name}]", folder), *map(spoken, missed), *(loaded.proof for loaded in modules)),
        remedies=(
            *unload(modules),
            by_hand(
                "let the variable name a toolkit that is there",
                "see which CUDA toolkits there are: ls -d /usr/local/cuda*, and nvcc --version for the one on PATH",
                f"set {name} to the one that has the CUDA version of the framework's build, in the shell that builds, and build again",
            ),
        ),
        symptoms=missed,
    )


def _found(case: Case, name: str, folder: str) -> Found:
    compiled = tuple(_nvcc_missed(case))
    others = [toolkit.path for toolkit in case.facts.toolkits if toolkit.name == "cuda" and isinstance(toolkit.path, str)]
    modules = loaded_modules(case.facts, "cuda")
    instead = f"set {name} to {others[0]}, or unset it" if others else f"unset {name}"
    return Found(
        name,
        f"{name} names {folder}, where there is no CUDA toolkit.",
        # Without any toolkit the variable is not what a build fails for.
        severity=Severity.WARNING if compiled and others else Severity.INFO,
        evidence=(
            case.proof(f"variables[{name}]", folder),
            *(spoken(symptom) for symptom in compiled),
            *(loaded.proof for loaded in modules),
        ),
        remedies=(
            *unload(modules),
            by_hand("let the variable name a toolkit that is there", f"{instead}, where the shell's start-up files set it"),
        ),
        symptoms=compiled,
    )


RULE = Rule(
    name="cuda-home-points-nowhere",
    title="CUDA_HOME names no CUDA toolkit",
    area=Area.SYSTEM,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset({"compiler-not-found", "cuda-toolkit-missing"}),
)
