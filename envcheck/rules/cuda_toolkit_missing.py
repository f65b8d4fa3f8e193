"""cuda-toolkit-missing: something is compiled for CUDA, and there is no CUDA compiler, or nobody says where it is."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Snapshot, Toolkit, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.torch_build import torch_build
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Proof, Remedy, Step

MANUAL = Manual(
    checks="Whether a build that asked for the CUDA compiler, nvcc, found one.",
    why="The wheels of frameworks bring the CUDA libraries that they run with, but no compiler. Packages that are built from source for "
    "CUDA (flash-attn, deepspeed's operators, detectron2) need a toolkit, of the CUDA version that the framework was built with.",
    example="OSError: CUDA_HOME environment variable is not set. Please set it to your CUDA install root.",
    fix="Install a wheel of the package that is built already, or the CUDA toolkit of the framework's version, and let CUDA_HOME name it.",
    ignore_when="Nothing needs to be compiled here: a missing toolkit alone is no fault.",
    sources=(
        "https://docs.nvidia.com/cuda/cuda-installation-guide-linux/",
        "https://docs.nvidia.com/cuda/cuda-installation-guide-microsoft-windows/",
        "https://docs.pytorch.org/docs/stable/cpp_extension.html",
    ),
)

_SUBJECT = "CUDA compiler"


def check(case: Case) -> Iterator[Outcome]:
    """Asks only where something was compiled: a toolkit that nobody needs is not missed."""
    said = tuple(symptom for symptom in case.said(SymptomKind.COMPILER_NOT_FOUND) if symptom.details.get("compiler") == "nvcc")
    toolkits = [toolkit for toolkit in case.facts.toolkits if toolkit.name == "cuda"]
    if said:
        yield _found(case, said, toolkits)
    elif toolkits:
        yield Passed(_SUBJECT, ", ".join(dict.fromkeys(f"CUDA {known(toolkit.version, 'toolkit')}" for toolkit in toolkits)))
    else:
        yield NotApplicable("no build asked for a CUDA compiler")


def _found(case: Case, said: tuple[Symptom, ...], toolkits: list[Toolkit]) -> Found:
    facts = case.facts
    placed = [toolkit for toolkit in toolkits if isinstance(toolkit.path, str)]
    who = said[0].subject if said[0].subject not in ("", "cmake") else "a build"
    evidence: list[Proof] = [spoken(symptom) for symptom in said]
    evidence += [case.proof("toolkits[cuda]", known(toolkit.path, known(toolkit.version, "cuda"))) for toolkit in toolkits[:3]]
    if placed:
        message = f"{who} wanted the CUDA compiler and did not find it, although there is a toolkit in {placed[0].path}."
    elif toolkits:
        message = f"{who} wanted the CUDA compiler and did not find it, although a toolkit answers elsewhere."
    elif facts.live and facts.observed.toolkits is Completeness.COMPLETE:
        message = f"{who} wanted the CUDA compiler, and no CUDA toolkit is installed."
    else:
        message = f"{who} wanted the CUDA compiler and did not find one."
    return Found(
        _SUBJECT,
        message[0].upper() + message[1:],
        evidence=tuple(evidence),
        remedies=(_name_it(facts, placed[0]) if placed else _install(facts),),
        symptoms=said,
    )


def _name_it(facts: Snapshot, toolkit: Toolkit) -> Remedy:
    path = known(toolkit.path, "")
    how = f'setx CUDA_PATH "{path}"' if facts.system.os == "Windows" else f"export CUDA_HOME={path}"
    return by_hand("tell the build where the toolkit is", f"set the variable in the shell that builds: {how}", "start the build again")


def _install(facts: Snapshot) -> Remedy:
    """The toolkit only: the packages named `cuda` would bring a driver too."""
    build = torch_build(facts)
    cuda = build.cuda if build is not None and isinstance(build.cuda, str) else None
    release = ".".join(cuda.split(".")[:2]) if cuda else None
    wanted = f"CUDA {release}, which the framework was built with" if release else "the CUDA version that the framework was built with"
    steps = (
        "see first whether the package has a wheel for this framework and Python: then nothing needs to be compiled",
        *_toolkit_steps(facts, release, wanted),
        "set CUDA_HOME to the toolkit's folder in the shell that builds, then build again",
    )
    return by_hand("install a CUDA toolkit for the build", *steps)


def _toolkit_steps(facts: Snapshot, release: str | None, wanted: str) -> tuple[str | Step, ...]:
    from envcheck.prescribing.system import install_packages, package_manager

    if facts.python.environment == "conda":
        package = f"cuda-toolkit={release}" if release else "cuda-toolkit"
        prefix = ("--prefix", facts.python.prefix) if isinstance(facts.python.prefix, str) else ()
        return (Step(run=("conda", "install", "--yes", *prefix, "--channel", "nvidia", package)),)
    if isinstance(facts.system.container, str):
        return (f"build in an image that has the toolkit: those whose names contain devel, with {wanted}",)
    package = f"cuda-toolkit-{release.replace('.', '-')}" if release else "cuda-toolkit"
    install = install_packages(facts, {"apt-get": (package,), "dnf": (package,), "zypper": (package,), "pacman": ("cuda",)})
    if install is None:
        return (f"install NVIDIA's CUDA toolkit with {wanted}: https://developer.nvidia.com/cuda-toolkit-archive",)
    if package_manager(facts) == "pacman":
        return (install,)
    return (f"add NVIDIA's CUDA repository for this system, and take {wanted}:", install)


RULE = Rule(
    name="cuda-toolkit-missing",
    title="A build finds no CUDA compiler",
    area=Area.SYSTEM,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset({"compiler-not-found", "cuda-home-points-nowhere"}),
)
