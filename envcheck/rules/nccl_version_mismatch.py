"""nccl-version-mismatch: the NCCL that is loaded is older than the one a framework was built with, or ranks have different ones."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.cuda_wheels import Built, built_with, of_unknown_variant
from envcheck.judging.library_copies import foreign_folders
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.speakers import speaker_of
from envcheck.judging.torch_build import torch_build
from envcheck.judging.wording import listed, titled
from envcheck.knowledge.specifiers import pinned_version
from envcheck.knowledge.versions import is_below, release
from envcheck.prescribing.install import by_hand, install, manager_for, uninstall
from envcheck.report import Area, Certainty, Remedy, Severity

MANUAL = Manual(
    checks="Whether the installed NCCL (nvidia-nccl-cu12 and its like) is at least the release that torch was built with, whether torch "
    "found all of NCCL's functions, and whether all processes of a job have one NCCL.",
    why="torch loads the first libnccl.so.2 that the loader finds. One that is older lacks functions of the newer, so that import torch "
    "ends; processes with two releases do not talk to each other. An older one comes by another package's pin, by a wheel for another "
    "CUDA in the same folder, by LD_LIBRARY_PATH, or by LD_PRELOAD.",
    example="ImportError: …/torch/lib/libtorch_cuda.so: undefined symbol: ncclCommRegister, with nvidia-nccl-cu11 2.14.3 beside -cu12 "
    "2.19.3.",
    fix="Install the release that torch's metadata names, and take away what brings the older one.",
    ignore_when="A newer NCCL than the one torch names: it serves as well.",
    sources=(
        "https://github.com/pytorch/pytorch/issues/119072",
        "https://docs.nvidia.com/deeplearning/nccl/release-notes/",
        "https://github.com/NVIDIA/nccl/blob/master/src/init.cc",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """What was said; else the installed wheel compared with what the framework names."""
    ranks = tuple(symptom for symptom in case.said(SymptomKind.VERSION_CONFLICT) if symptom.details.get("package") == "nccl")
    missed = tuple(symptom for symptom in case.said(SymptomKind.UNDEFINED_SYMBOL) if symptom.details.get("symbol", "").startswith("nccl"))
    if ranks:
        yield _between_ranks(ranks)
    if missed and _has_an_older_one(case.facts):
        yield _missed(case, missed)
    elif missed:
        yield NotEvaluated("NCCL", "which NCCL was loaded is not known", ("the output of pip list, and of env",))
    if ranks or missed:
        return
    built = list(built_with(case.facts, "nccl"))
    for each in built:
        yield _compared(case, each)
    unknown = None if built else of_unknown_variant(case.facts, "nccl")
    if unknown is not None:
        yield NotEvaluated(
            titled(unknown.name, unknown.version), "which NCCL this build of torch asks for is in no table", ("pip show torch",)
        )
    elif not built:
        yield NotApplicable("no NCCL is known to be installed for a framework that names one")


def _between_ranks(said: tuple[Symptom, ...]) -> Found:
    details = said[0].details
    return Found(
        "NCCL",
        f"The processes of this job have two releases of NCCL: {details['have']} and {details['need']}.",
        evidence=tuple(map(spoken, said)),
        remedies=(
            by_hand(
                "give every process the same environment",
                "install one torch, and so one NCCL, on all machines of the job, best from one container image",
                'compare with: python -c "import torch; print(torch.__version__, torch.cuda.nccl.version())"',
            ),
        ),
        symptoms=said,
        about=("nccl",),
    )


def _has_an_older_one(facts: Snapshot) -> bool:
    """Whether the wheels themselves bring an older one: what LD_LIBRARY_PATH brings is a rule of its own."""
    older = any(is_below(built.have, pinned_version(built.need.specifier) or "0") for built in built_with(facts, "nccl"))
    return (older or len(_wheels(facts)) > 1) and not foreign_folders(facts)


def _wheels(facts: Snapshot) -> list[str]:
    return sorted(package.name for package in facts.packages if package.name.startswith("nvidia-nccl-cu"))


def _missed(case: Case, said: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    who = speaker_of(said[0]) or "A program"
    wheels = _wheels(facts)
    several = f": {listed(wheels)} lie in one folder" if len(wheels) > 1 else ""
    evidence = [spoken(symptom) for symptom in said]
    evidence += [case.proof(f"packages[{name}].version", known(p.version, "installed")) for name in wheels if (p := facts.package(name))]
    return Found(
        "NCCL",
        f"{who} loads an NCCL that is older than the one it was built with (it has no {said[0].details['symbol']}){several}.",
        evidence=tuple(evidence),
        remedies=(_remedy(facts, who, wheels),),
        symptoms=said,
        about=tuple(filter(None, ("nccl", speaker_of(said[0])))),
    )


def _remedy(facts: Snapshot, who: str, wheels: list[str]) -> Remedy:
    built = next((each for each in built_with(facts, "nccl")), None)
    pinned = pinned_version(built.need.specifier) if built is not None else ""
    torch = torch_build(facts)
    mine = built.wheel.name if built is not None else ""
    spare = [name for name in wheels if mine and name != mine]
    steps = [uninstall(facts, *spare, manager=manager_for(facts, spare[0]))] if spare else []
    again = install(facts, f"{mine}=={pinned}", summary="", manager=manager_for(facts, mine), reinstall=True).steps[-1] if pinned else None
    named = torch.subject if who == "torch" and torch is not None else who
    return by_hand(
        f"let {named} load its own NCCL",
        *steps,
        again if again is not None else f"install {named} again with its dependencies, so that the NCCL it names comes with it",
        "start the program without LD_LIBRARY_PATH and LD_PRELOAD, so that no other folder's libnccl.so.2 is found first",
    )


def _compared(case: Case, built: Built) -> Outcome:
    subject = titled(built.wheel.name, built.have)
    pinned = pinned_version(built.need.specifier)
    if not release(built.have) or not pinned:
        return NotEvaluated(subject, "its version, or the one that was built with, is not known", ("the output of pip list",))
    if not is_below(built.have, pinned):
        return Passed(subject, f"{built.framework} was built with {pinned}")
    return Found(
        subject,
        f"{built.framework} was built with NCCL {pinned}, and {built.have} is installed.",
        severity=Severity.WARNING,
        certainty=Certainty.CERTAIN if built.need.sure else Certainty.LIKELY,
        evidence=(case.proof(f"packages[{built.wheel.name}].version", built.have), built.need.proof),
        would_confirm=() if built.need.sure else ("pip check names the release that torch requires",),
        remedies=(
            install(
                case.facts,
                f"{built.wheel.name}=={pinned}",
                summary=f"install the NCCL that {built.framework} was built with",
                manager=manager_for(case.facts, built.wheel.name),
            ),
        ),
        about=("nccl", "torch"),
    )


RULE = Rule(
    name="nccl-version-mismatch",
    title="The NCCL that is loaded is not the one that was built with",
    area=Area.FRAMEWORKS,
    layer=Layer.LOADING,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {"cuda-lib-mix", "framework-import-fails", "import-failed", "ld-library-path-shadows-wheel-libs", "requirement-of-package-unmet"}
    ),
)
