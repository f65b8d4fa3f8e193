"""build-isolation-hides-package: a package is built apart from the environment, and misses there what the environment has."""

from collections.abc import Iterator

from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.knowledge.frameworks import distributions_of
from envcheck.prescribing.install import by_hand, interpreter
from envcheck.report import Area, Proof, Remedy, Step

MANUAL = Manual(
    checks="Whether the build of a package ended because a module was missing in the environment that pip or uv makes for building alone.",
    why="A package without a wheel for this machine is built here. For that pip and uv make an environment of its own, with nothing but "
    "what the package declares. Packages that import torch or numpy in their setup.py without declaring it (flash-attn, xformers, apex, "
    "torch-scatter, older gym and many others) do not find it there, though it is installed.",
    example="pip install flash-attn: Getting requirements to build wheel ... error, ModuleNotFoundError: No module named 'torch', while "
    "torch is installed.",
    fix="Install what is missing first, then the package with --no-build-isolation; or a wheel of it that fits, which is not built at all.",
    ignore_when="Never: the package is not installed.",
    sources=(
        "https://pip.pypa.io/en/stable/reference/build-system/pyproject-toml/#build-isolation",
        "https://docs.astral.sh/uv/concepts/projects/config/#build-isolation",
        "https://github.com/Dao-AILab/flash-attention#installation-and-features",
    ),
)

# They went with a release of setuptools or of Python: no environment would have them.
_GONE = frozenset(("pkg_resources", "distutils", "imp", "ImpImporter"))
# What a build needs beside it once it uses the environment's own tools.
_TOOLS = ("setuptools", "wheel", "packaging", "ninja")


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each module that a build missed."""
    missing = list(case.said(SymptomKind.BUILD_MISSED_MODULE))
    if not missing:
        yield NotApplicable("no build missed a module")
    for symptom in missing:
        yield _judge(case, symptom)


def _judge(case: Case, symptom: Symptom) -> Outcome:
    module, by = symptom.details["module"], symptom.details.get("by", "")
    if module in _GONE:
        return Passed(by or module, f"{module} is missing everywhere, not only in the build's environment")
    if by and by.replace("-", "_") == module:
        return NotEvaluated(by, "the package asks for itself", ("the whole log of its build",))
    what = by or "The package"
    return Found(
        what if by else "build",
        f"{what} is built in an environment of its own, where {module} is missing; that it is installed does not count there.",
        evidence=(spoken(symptom), *_installed(case, module)),
        remedies=_remedies(case, module, by),
        symptoms=(symptom,),
        about=tuple(filter(None, (by.replace("-", "_"), by, module))),
    )


def _installed(case: Case, module: str) -> tuple[Proof, ...]:
    package = next((found for name in distributions_of(module) if (found := case.facts.package(name)) is not None), None)
    version = package.version if package is not None else None
    return (case.proof(f"packages[{package.name}].version", version),) if package is not None and isinstance(version, str) else ()


def _remedies(case: Case, module: str, by: str) -> tuple[Remedy, ...]:
    facts = case.facts
    name = distributions_of(module)[0]
    python = interpreter(facts)
    there = name in _TOOLS or facts.package(name) is not None
    needed = _TOOLS if there else (*_TOOLS, name)
    first = "have the tools of the build in the environment:" if there else f"have {name} in the environment, and the tools of the build:"
    return (
        by_hand(
            f"build {by or 'it'} in the environment itself",
            first,
            Step(run=(python, "-m", "pip", "install", *needed)),
            Step(run=(python, "-m", "pip", "install", "--no-build-isolation", by or "PACKAGE")),
        ),
        by_hand(
            "take a wheel instead",
            f"see whether {by or 'the project'} has one for this Python, {name} and CUDA among its releases: then nothing is built",
        ),
    )


RULE = Rule(
    name="build-isolation-hides-package",
    title="A build does not see what is installed",
    area=Area.PACKAGES,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-absent", "framework-import-fails", "module-not-found", "package-missing"}),
)
