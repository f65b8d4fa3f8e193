"""cuda-toolkit-mismatch: the CUDA toolkit that a build found does not fit what is built with it."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, Toolkit, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.environment_modules import exchange, loaded_modules
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.judging.torch_build import BuildKind, TorchBuild, torch_build
from envcheck.judging.wording import listed
from envcheck.knowledge.torch import WHEEL_INDEX
from envcheck.knowledge.versions import major, release, series
from envcheck.prescribing.install import by_hand, manager_for
from envcheck.report import Area, Proof, Remedy, Step

MANUAL = Manual(
    checks="Whether a build of a CUDA extension found a toolkit of another CUDA than torch was built with, or one that is too old for the "
    "card or for the compiler of the system.",
    why="An extension runs in one process with torch and has to use the same CUDA major version; torch refuses to build with another. The "
    "toolkit that is found is the one of CUDA_HOME, of nvcc on PATH, or of /usr/local/cuda, whatever a module or an image put there. The "
    "toolkit has no part in running torch: nothing else is wrong.",
    example="RuntimeError: The detected CUDA version (12.4) mismatches the version that was used to compile PyTorch (11.8).",
    fix="Let CUDA_HOME name a toolkit of torch's CUDA version, or install the torch that is built for the toolkit's, or a ready-made wheel "
    "of the extension. Where torch was replaced while building, build with --no-build-isolation.",
    ignore_when="A warning of a minor version mismatch within one CUDA major version: that works.",
    sources=(
        "https://docs.pytorch.org/docs/stable/cpp_extension.html",
        "https://docs.nvidia.com/cuda/cuda-installation-guide-linux/#host-compiler-support-policy",
        "https://pip.pypa.io/en/stable/reference/build-system/#disabling-build-isolation",
    ),
)

_WITH_INDEX = 11  # CUDA releases below have no index of their own any more


def check(case: Case) -> Iterator[Outcome]:
    """Only a build that was refused: a toolkit of another version is no fault while nothing is compiled."""
    said = tuple(symptom for symptom in case.said(SymptomKind.VERSION_CONFLICT) if symptom.details.get("what") == "toolkit")
    if said:
        first = next((symptom for symptom in said if symptom.details.get("by") == "torch"), said[0])
        yield _found(case, first, said)
    elif fitting := _fitting(case.facts):
        yield Passed("CUDA toolkit", fitting)
    else:
        yield NotApplicable("no build complained of its CUDA toolkit")


def _fitting(facts: Snapshot) -> str:
    """The toolkit that torch's extensions would be built with, in words, where it is of torch's major version."""
    build = torch_build(facts)
    cuda = build.cuda if build is not None and build.kind is BuildKind.CUDA else None
    versions = [known(toolkit.version, "") for toolkit in facts.toolkits if toolkit.name == "cuda"]
    told = [version for version in versions if release(version)]
    if cuda is None or not told or any(major(version) != major(cuda) for version in told):
        return ""
    return f"{listed(sorted(set(told)))}, and torch is built with {cuda}"


def _found(case: Case, first: Symptom, said: tuple[Symptom, ...]) -> Found:
    facts, build = case.facts, torch_build(case.facts)
    isolated = _saw_another_torch(first, build)
    message, remedies = _judge(facts, first, build, isolated=isolated)
    evidence: list[Proof] = [spoken(symptom) for symptom in said]
    evidence += [
        case.proof(f"variables[{name}]", facts.variables[name]) for name in ("CUDA_HOME", "CUDA_PATH") if facts.variables.get(name)
    ]
    if isolated and build is not None:
        evidence.append(case.proof(build.fact, build.cuda or build.version))
    modules = loaded_modules(facts, "cuda")
    evidence += [loaded.proof for loaded in modules]
    wanted = first.details.get("need", "") if first.details.get("by") == "torch" and not isolated else ""
    remedies = (*exchange(modules, wanted), *remedies)
    return Found("CUDA toolkit", message, evidence=tuple(evidence), remedies=remedies, symptoms=said)


def _saw_another_torch(first: Symptom, build: TorchBuild | None) -> bool:
    """Pip builds in an environment of its own and puts the newest torch into it, which need not be the one that is installed."""
    need = first.details.get("need", "")
    told = build is not None and build.kind is BuildKind.CUDA and build.cuda is not None
    return (
        first.details.get("by") == "torch"
        and told
        and build is not None
        and bool(release(need))
        and series(build.cuda or "") != series(need)
    )


def _judge(facts: Snapshot, first: Symptom, build: TorchBuild | None, *, isolated: bool) -> tuple[str, tuple[Remedy, ...]]:
    have, need, by = (first.details.get(key, "") for key in ("have", "need", "by"))
    if first.details.get("package") in ("gcc", "msvc"):
        newest = need.lstrip("<= ") or "an older one"
        compiler = "gcc" if first.details["package"] == "gcc" else "Visual Studio"
        return (
            f"The CUDA toolkit does not take this {compiler}: it knows {compiler} up to {newest}.",
            (_older_compiler(compiler, newest),),
        )
    if by == "nvcc":
        return (f"The CUDA toolkit is too old for the card: its nvcc does not know {need}.", (_newer_toolkit(facts),))
    if by != "torch":
        return (f"The CUDA toolkit is too old to build {by}, which needs CUDA {need.lstrip('>= ')} or newer.", (_newer_toolkit(facts),))
    have = have or next((version for toolkit in facts.toolkits if toolkit.name == "cuda" and (version := known(toolkit.version, ""))), "")
    same = "apex asks for the same version" if first.subject == "apex" else "their major versions have to be the same"
    found = f"the CUDA toolkit {have}" if have else "another CUDA toolkit"
    message = f"The build found {found}, and torch is built with CUDA {need}: {same}."
    if isolated and build is not None:
        message += f" That torch is not the installed one (CUDA {build.cuda}), but one that pip brought for the build alone."
        return (message, (_not_isolated(facts), _same_toolkit(facts, series(build.cuda or need))))
    return (message, (_same_toolkit(facts, need), _other_torch(have)))


def _same_toolkit(facts: Snapshot, need: str) -> Remedy:
    """One that is there already comes first; no driver and no torch has to change for it."""
    placed = next((toolkit for toolkit in facts.toolkits if _is_of(toolkit, need)), None)
    if placed is not None:
        path = known(placed.path, "")
        return by_hand(f"let the build use the toolkit in {path}", _set(facts, path), "build again in the same shell")
    if known(facts.python.environment, "") == "conda":
        prefix = ("--prefix", facts.python.prefix) if isinstance(facts.python.prefix, str) else ()
        step = Step(run=("conda", "install", "--yes", *prefix, "--channel", "nvidia", f"cuda-toolkit={need}"))
        return by_hand(f"install the CUDA toolkit {need} into the environment", step, _set(facts, "$CONDA_PREFIX"), "build again")
    return by_hand(
        f"install the CUDA toolkit {need} beside the other, without its driver",
        "from https://developer.nvidia.com/cuda-toolkit-archive (the runfile with --toolkit --silent); on a cluster: module avail cuda",
        _set(facts, f"/usr/local/cuda-{need}"),
        "build again in the same shell",
    )


def _is_of(toolkit: Toolkit, need: str) -> bool:
    version = known(toolkit.version, "")
    return toolkit.name == "cuda" and isinstance(toolkit.path, str) and bool(release(version)) and major(version) == major(need)


def _set(facts: Snapshot, path: str) -> Step:
    if facts.system.os == "Windows":
        return Step(do=f'set CUDA_HOME and CUDA_PATH to it: $env:CUDA_HOME = "{path}"')
    return Step(do=f"export CUDA_HOME={path} and PATH=$CUDA_HOME/bin:$PATH")


def _other_torch(have: str) -> Remedy:
    steps: list[str | Step] = ["first see whether the extension has a wheel for this torch, Python and CUDA: then nothing is built"]
    if release(have) and major(have) >= _WITH_INDEX:
        tag = f"cu{series(have).replace('.', '')}"
        steps.append(f"or take the torch for the toolkit: pip install torch --index-url {WHEEL_INDEX}{tag}, where that index has one")
    return by_hand("build nothing, or change torch", *steps)


def _not_isolated(facts: Snapshot) -> Remedy:
    flag = "--no-build-isolation"
    command = f"uv pip install {flag} PACKAGE" if manager_for(facts, "torch") == "uv" else f"python -m pip install {flag} PACKAGE"
    return by_hand(
        "build against the installed torch",
        "install what the build needs first (setuptools, wheel, ninja, packaging), then:",
        f"{command}, with the extension's name for PACKAGE",
    )


def _newer_toolkit(facts: Snapshot) -> Remedy:
    build = torch_build(facts)
    release_of = (
        f"{series(build.cuda)}, torch's own" if build is not None and build.cuda else "that knows it, of the major version of torch's"
    )
    return by_hand(
        f"build with a CUDA toolkit {release_of}",
        "install it beside the other, let CUDA_HOME name it, and see with nvcc --version that it is found",
    )


def _older_compiler(compiler: str, newest: str) -> Remedy:
    if compiler != "gcc":
        return by_hand("install a Visual Studio that the toolkit knows, or a newer toolkit of the same CUDA major version")
    return by_hand(
        f"let nvcc use gcc {newest}",
        f"install gcc-{newest} and g++-{newest} of the distribution, or gxx=={newest} of conda-forge",
        f"export CC=gcc-{newest} CXX=g++-{newest} NVCC_PREPEND_FLAGS='-ccbin g++-{newest}', and build again",
    )


RULE = Rule(
    name="cuda-toolkit-mismatch",
    title="The CUDA toolkit of a build does not fit",
    area=Area.SYSTEM,
    layer=Layer.BUILD,
    manual=MANUAL,
    check=check,
    explains=frozenset({"compiler-missing", "horovod-extension-not-built"}),
)
