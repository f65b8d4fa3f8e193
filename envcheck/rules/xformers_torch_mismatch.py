"""xformers-torch-mismatch: xFormers was built for another torch than the installed one."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Package
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.pairs import Need, conflicts_said, need_of
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.torch_build import TorchBuild, torch_build
from envcheck.judging.wording import titled
from envcheck.knowledge.versions import is_same, is_unfinished, local_tag
from envcheck.prescribing.xformers import fitting_xformers
from envcheck.report import Area, Certainty, Severity

MANUAL = Manual(
    checks="Whether xFormers was built for the release, and the CUDA, of the installed torch.",
    why="Each release of xFormers up to 0.0.34 has compiled operators for one release of torch. With another one it cannot load them: it "
    "prints a warning, and every call of memory_efficient_attention fails or runs without it. pip replaces torch for it, or leaves it as "
    "it is when torch is replaced.",
    example="xformers 0.0.22, built for torch 2.0.1, beside torch 2.6.0+cu126; pip: xformers 0.0.22 requires torch==2.0.1.",
    fix="Install the xFormers of this torch from the index that torch is from, or take xFormers away: torch 2 has an attention of its own.",
    ignore_when="The program does without xFormers, and no warning of it disturbs.",
    sources=("https://github.com/facebookresearch/xformers#installing-xformers", "PyPI metadata of xformers==0.0.23 and others"),
)

_NEEDS = ("the output of pip list, or of python -m xformers.info",)


def check(case: Case) -> Iterator[Outcome]:
    """What pip says, and itself of operators that are missing; else the versions compared; what it says of the builds is another rule's."""
    facts = case.facts
    package, torch = facts.package("xformers"), torch_build(facts)
    said = (*(word for word in conflicts_said(facts, "xformers", "torch") if word.subject != "xformers"), *_lacking_operators(case))
    if said:
        yield _spoken_of(case, package, torch, said)
    elif package is None:
        yield NotApplicable("xFormers is not known to be installed")
    else:
        yield _compared(case, package, torch)


def _lacking_operators(case: Case) -> tuple[Symptom, ...]:
    return tuple(symptom for symptom in case.said(SymptomKind.NOT_COMPILED_WITH) if symptom.details.get("package") == "xformers")


def _compared(case: Case, package: Package, torch: TorchBuild | None) -> Outcome:
    subject = titled("xformers", package.version)
    need = need_of(package, "torch")
    if torch is None or not torch.version or need is None:
        reason = (
            "which torch it was built for is in no table" if torch is not None and torch.version else "the version of torch is not known"
        )
        return NotEvaluated(subject, reason, _NEEDS)
    if is_unfinished(torch.version):
        return NotEvaluated(subject, f"torch {torch.version} is no release", _NEEDS)
    if need.accepts(torch.version):
        return Passed(subject, f"built for torch {torch.version.partition('+')[0]}")
    return Found(
        subject,
        f"{subject} was built for torch {need.specifier.lstrip('=')}, and torch {torch.version} is installed: its operators do not load.",
        severity=Severity.WARNING,
        certainty=Certainty.CERTAIN if need.sure else Certainty.LIKELY,
        evidence=(case.proof("packages[torch].version", torch.version), need.proof),
        would_confirm=() if need.sure else ("python -m xformers.info shows for which torch it was built",),
        remedies=fitting_xformers(case.facts, torch.version),
        about=("xformers", "torch"),
    )


def _spoken_of(case: Case, package: Package | None, torch: TorchBuild | None, said: tuple[Symptom, ...]) -> Found:
    details = next((symptom.details for symptom in said if "need" in symptom.details), {})
    built, have = details.get("need", "").lstrip("="), details.get("have", torch.version if torch is not None else "")
    subject = titled("xformers", package.version if package is not None else None)
    need = need_of(package, "torch")
    sure = bool(built) and not _is_same_build(built, have)
    message = f"{subject} cannot load its operators: it was built for another torch"
    if sure:
        message = f"{subject} was built for torch {built}, and torch {have} is what it meets"
    elif built:
        message = f"{subject} cannot load its operators, although torch {have} is the release that it was built for"
    return Found(
        subject,
        f"{message}.",
        severity=Severity.WARNING,
        certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
        evidence=(*map(spoken, said), *((need.proof,) if isinstance(need, Need) else ())),
        would_confirm=() if sure else ("XFORMERS_MORE_DETAILS=1 python -m xformers.info shows why an operator does not load",),
        remedies=fitting_xformers(case.facts, have),
        symptoms=said,
        about=("xformers", "torch"),
    )


def _is_same_build(built: str, have: str) -> bool:
    """The release and, where both tell it, the CUDA: `2.1.2+cu121` and `2.1.2+cpu` are two builds."""
    tags = {tag for tag in (local_tag(built), local_tag(have)) if tag}
    return is_same(built, have) and len(tags) < len((built, have))


RULE = Rule(
    name="xformers-torch-mismatch",
    title="xFormers was built for another torch",
    area=Area.FRAMEWORKS,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "requirement-of-package-unmet"}),
)
