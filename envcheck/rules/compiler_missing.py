"""compiler-missing: something has to be compiled, and the system has no compiler, or not all that it needs."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.knowledge.versions import series
from envcheck.prescribing.install import by_hand, install, interpreter
from envcheck.prescribing.system import add_to_system
from envcheck.report import Area, Remedy, Step

MANUAL = Manual(
    checks="Whether a build, or a program that compiles while it runs (Triton, torch.compile), missed a C or Rust compiler or Python's "
    "headers.",
    why="pip compiles a package where it has no wheel for this Python and system. More often than a compiler, the right wheel is what is "
    "missing: a Python that is newer than the package, or an old release that is pinned. Triton compiles its launchers at run time.",
    example='error: Microsoft Visual C++ 14.0 or greater is required. Get it with "Microsoft C++ Build Tools".',
    fix="See whether another Python or release has a wheel; where it really must be compiled, install the compiler of the system.",
    ignore_when="Never: the build ended there.",
    sources=(
        "https://wiki.python.org/moin/WindowsCompilers",
        "https://visualstudio.microsoft.com/visual-cpp-build-tools/",
        "https://packaging.python.org/en/latest/discussions/package-formats/",
    ),
)

_MINE = {
    "msvc": "Microsoft's C++ compiler",
    "cc": "a C compiler",
    "python-headers": "Python's own headers (Python.h)",
    "rust": "the Rust compiler",
    "xcode": "Apple's command line tools",
}
_AT_RUN_TIME = ("triton", "torch.compile")
_COMPILERS = {
    "apt-get": ("build-essential",),
    "dnf": ("gcc", "gcc-c++", "make"),
    "zypper": ("gcc", "gcc-c++", "make"),
    "pacman": ("base-devel",),
    "apk": ("build-base",),
}
_HEADERS = {
    "apt-get": ("python3-dev",),
    "dnf": ("python3-devel",),
    "zypper": ("python3-devel",),
    "apk": ("python3-dev",),
}
_BUILD_TOOLS = Step(
    run=(
        *("winget", "install", "--exact", "--id", "Microsoft.VisualStudio.2022.BuildTools", "--override"),
        "--passive --wait --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended",
    )
)


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each compiler; nvcc is another rule's."""
    groups: dict[str, list[Symptom]] = {}
    for symptom in case.said(SymptomKind.COMPILER_NOT_FOUND):
        if symptom.details.get("compiler") in _MINE:
            groups.setdefault(symptom.details["compiler"], []).append(symptom)
    for compiler, symptoms in groups.items():
        yield _found(case, compiler, tuple(symptoms))
    if groups:
        return
    if any(tool.name in ("gcc", "cc", "clang", "cl") for tool in case.facts.tools):
        yield Passed("compiler", "there is one")
    else:
        yield NotApplicable("nothing was compiled that missed a compiler")


def _found(case: Case, compiler: str, said: tuple[Symptom, ...]) -> Found:
    running = any(symptom.details.get("reason") in _AT_RUN_TIME for symptom in said)
    what = "a program that compiles while it runs" if running else "a package that pip had to compile, for want of a wheel,"
    return Found(
        _MINE[compiler],
        f"{_MINE[compiler][0].upper()}{_MINE[compiler][1:]} was not found by {what.rstrip(',')}.",
        evidence=tuple(map(spoken, said)),
        remedies=(_compiler(case.facts, compiler),) if running else (_wheel(case.facts), _compiler(case.facts, compiler)),
        symptoms=said,
    )


def _wheel(facts: Snapshot) -> Remedy:
    """To have nothing compiled is what helps most people."""
    python = known(facts.python.version, "")
    which = f"Python {series(python)}" if python else "this Python"
    return by_hand(
        f"see first whether the package has a wheel for {which}, so that nothing is compiled",
        f"{interpreter(facts)} -m pip install --only-binary :all: PACKAGE, with its name and no version, says whether there is any",
        "where there is none: a Python one or two releases older often has one, and so has a newer release of the package",
    )


def _compiler(facts: Snapshot, compiler: str) -> Remedy:
    if compiler == "msvc":
        return by_hand("install Microsoft's C++ build tools", _BUILD_TOOLS, "open a new terminal (x64 Native Tools for torch.compile)")
    if compiler == "xcode":
        return by_hand("install Apple's command line tools", Step(run=("xcode-select", "--install")))
    if compiler == "rust":
        return by_hand("install Rust", "get rustup from https://rustup.rs, and open a new terminal")
    if known(facts.python.environment, "") == "conda" and compiler == "cc":
        return install(facts, "c-compiler", "cxx-compiler", summary="install the compilers of conda-forge", manager="conda")
    if compiler == "python-headers":
        return by_hand(
            "install the headers of this Python",
            *add_to_system(facts, _HEADERS),
            "of a Python that is not the system's main one they have its number: python3.12-dev",
        )
    return by_hand("install the system's C compiler", *add_to_system(facts, _COMPILERS))


RULE = Rule(
    name="compiler-missing",
    title="No compiler for what has to be compiled",
    area=Area.SYSTEM,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset({"compiler-not-found"}),
)
