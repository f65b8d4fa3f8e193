"""xgboost-no-cuda: XGBoost was built without CUDA although a GPU is wanted."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.jax_installation import has_nvidia
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import titled
from envcheck.knowledge.frameworks import FRAMEWORKS, installed_among
from envcheck.prescribing.install import by_hand, install, replace
from envcheck.report import Area, Certainty, Proof, Remedy, Severity

MANUAL = Manual(
    checks="Whether the installed XGBoost was built with CUDA, where a program asks for it or a GPU is there.",
    why="The wheels of xgboost for Linux and Windows on x86-64 contain CUDA; xgboost-cpu does not, nor does any wheel for macOS, nor the "
    "one that pip takes on a Linux with glibc older than 2.28. conda has one build for the CPU and one for CUDA, which exclude each other "
    "by a package of its own (_py-xgboost-mutex), and takes the one for the CPU where it sees no GPU.",
    example="_py-xgboost-mutex 2.0 cpu_0 beside py-xgboost; XGBoost version not compiled with GPU support.",
    fix="Install the wheel xgboost from PyPI, or conda's variant: py-xgboost=*=cuda*.",
    ignore_when="XGBoost is meant to compute on the CPU.",
    sources=("https://xgboost.readthedocs.io/en/stable/install.html", "https://github.com/dmlc/xgboost/pull/11483"),
)

_CPU_PACKAGES = ("xgboost-cpu", "py-xgboost-cpu")
_MUTEX = "py-xgboost-mutex"
_BUILD = ('python -c "import xgboost; print(xgboost.build_info())" and its USE_CUDA',)


def check(case: Case) -> Iterator[Outcome]:
    """XGBoost's own words, then what tells its build."""
    facts = case.facts
    said = tuple(symptom for symptom in case.said(SymptomKind.NOT_COMPILED_WITH) if symptom.details.get("package") == "xgboost")
    package = next((entry for entry in map(facts.package, (*FRAMEWORKS["xgboost"], *_CPU_PACKAGES)) if entry is not None), None)
    build = facts.builds.get("xgboost")
    without = _without_cuda(case)
    if not said and package is None and build is None and without is None:
        yield NotApplicable("nothing shows XGBoost")
    elif said:
        yield _spoken_of(case, package, without, said)
    elif build is not None and isinstance(build.cuda, str):
        yield Passed(_subject(package), f"built for CUDA {build.cuda}")
    elif known(facts.system.os, "") == "Darwin":
        yield NotApplicable("on macOS XGBoost has no CUDA")
    elif without is not None:
        yield _computed(case, package, without)
    else:
        yield NotEvaluated(_subject(package), "whether it was built with CUDA is not known", _BUILD)


def _subject(package: Package | None) -> str:
    return titled(package.name, package.version) if package is not None else "xgboost"


def _without_cuda(case: Case) -> Proof | None:
    """The fact that tells a build for the CPU: its own word, conda's mutex, or the distribution's name."""
    facts = case.facts
    build, mutex = facts.builds.get("xgboost"), facts.package(_MUTEX)
    if build is not None and isinstance(build.cuda, str):
        return None
    if build is not None and build.cuda is None:
        return case.proof("builds[xgboost].cuda", "built without CUDA")
    if mutex is not None and known(mutex.build, "").startswith("cpu"):
        return case.proof(f"packages[{_MUTEX}].build", known(mutex.build, ""))
    if mutex is not None and known(mutex.build, ""):
        return None
    only_cpu = next((entry for entry in map(facts.package, _CPU_PACKAGES) if entry is not None), None)
    return case.proof(f"packages[{only_cpu.name}].version", known(only_cpu.version, "installed")) if only_cpu is not None else None


def _spoken_of(case: Case, package: Package | None, without: Proof | None, said: tuple[Symptom, ...]) -> Found:
    """Newer releases warn of both: of no CUDA, and of no GPU where a build with CUDA sees none."""
    facts = case.facts
    build = facts.builds.get("xgboost")
    no_gpu = any(symptom.subject == "xgboost" for symptom in case.said(SymptomKind.PROVIDER_FALLBACK))
    doubtful = without is None and (no_gpu or (build is not None and isinstance(build.cuda, str)))
    return Found(
        _subject(package),
        f"{_subject(package)} {'seems to have been' if doubtful else 'was'} built without CUDA, but the program asks for a GPU.",
        severity=Severity.ERROR,
        certainty=Certainty.LIKELY if doubtful else Certainty.CERTAIN,
        evidence=(*map(spoken, said), *((without,) if without is not None else ())),
        would_confirm=_BUILD if doubtful else (),
        remedies=(_remedy(facts, package),),
        symptoms=said,
        about=("xgboost",),
    )


def _computed(case: Case, package: Package | None, without: Proof) -> Outcome:
    facts = case.facts
    if not _wants_gpu(facts):
        return Passed(_subject(package), "a build for the CPU, and nothing asks it for a GPU")
    return Found(
        _subject(package),
        f"{_subject(package)} is a build without CUDA; it computes on the CPU only.",
        # Most programs never ask it for a GPU: only who does misses one.
        severity=Severity.INFO if facts.live else Severity.WARNING,
        certainty=Certainty.LIKELY,
        evidence=(without,),
        would_confirm=("the program asks for device=cuda or tree_method=gpu_hist",),
        remedies=(_remedy(facts, package),),
        about=("xgboost",),
    )


def _wants_gpu(facts: Snapshot) -> bool:
    toolkit = any(entry.name == "cuda" for entry in facts.toolkits)
    mutex = facts.package(_MUTEX)
    # Nobody speaks of the mutex but who looks for the reason why conda took the build for the CPU.
    return has_nvidia(facts) or (not facts.live and (toolkit or (mutex is not None and len(facts.packages) < _FEW)))


_FEW = 6


def _remedy(facts: Snapshot, package: Package | None) -> Remedy:
    summary = "install XGBoost with CUDA"
    if known(facts.system.os, "") == "Darwin":
        return by_hand("compute on the CPU", "set device to cpu: XGBoost has no CUDA on macOS")
    if package is not None and package.manager == "conda":
        return install(facts, "py-xgboost=*=cuda*", summary=summary, manager="conda")
    installed = [entry.name for entry in installed_among(facts, FRAMEWORKS["xgboost"])] or ["xgboost"]
    return replace(facts, installed, "xgboost", summary=summary)


RULE = Rule(
    name="xgboost-no-cuda",
    title="XGBoost was built without CUDA",
    area=Area.FRAMEWORKS,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset({"not-compiled-with", "provider-fallback"}),
)
