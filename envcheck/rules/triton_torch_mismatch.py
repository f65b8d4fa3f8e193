"""triton-torch-mismatch: the installed Triton is of another release than the one that torch compiles with."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.pairs import Need, conflicts_said, need_of, need_of_release
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.torch_build import torch_build
from envcheck.judging.wording import titled
from envcheck.knowledge.versions import is_unfinished, release, series
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Remedy, Severity

MANUAL = Manual(
    checks="Whether the installed Triton (triton, triton-windows, pytorch-triton, pytorch-triton-rocm …) is of the series that the "
    "installed torch was released with.",
    why="torch.compile writes its kernels with Triton and uses parts of it that change from release to release. Each torch names one "
    "release of Triton; another package, or an upgrade, may bring a different one. torch itself is imported as before, and what compiles "
    "kernels stops.",
    example="torch 2.8.0 beside triton 3.5.0: ImportError: cannot import name 'triton_key' from 'triton.compiler.compiler'.",
    fix="Install the Triton that torch's own metadata names.",
    ignore_when="Nothing is compiled, or the program's own kernels need the newer Triton and work with it.",
    sources=(
        "https://github.com/pytorch/pytorch/blob/main/RELEASE.md",
        "https://github.com/pytorch/pytorch/pull/130403",
        "https://github.com/woct0rdho/triton-windows",
    ),
)

# The usual one first. Those of torch's nightlies carry versions of their own, and so say nothing.
_TRITONS = ("triton", "triton-windows", "pytorch-triton", "pytorch-triton-rocm", "triton-rocm", "pytorch-triton-xpu", "triton-xpu")
_NEEDS = ("the output of pip list",)


def check(case: Case) -> Iterator[Outcome]:
    """What torch or pip said, else the versions compared."""
    facts = case.facts
    triton = next((package for name in _TRITONS if (package := facts.package(name)) is not None), None)
    said = (
        *conflicts_said(facts, "torch", *_TRITONS),
        *filter(_misses_part, case.said(SymptomKind.IMPORT_FAILED, SymptomKind.UNSUPPORTED_CALL)),
    )
    if said:
        yield _found(case, triton, said)
    elif triton is None:
        yield NotApplicable("Triton is not known to be installed")
    else:
        yield _compared(case, triton)


def _misses_part(symptom: Symptom) -> bool:
    """`cannot import name 'triton_key' from 'triton.compiler.compiler'`, `module 'triton' has no attribute 'language'`."""
    details = symptom.details
    if symptom.kind is SymptomKind.UNSUPPORTED_CALL:
        return details.get("name", "").startswith("triton.")
    return details.get("module", "").partition(".")[0] == "triton" and "cannot import name" in details.get("message", "")


def _need(facts: Snapshot) -> Need | None:
    """Which release torch asks for, under whatever name its Triton goes."""
    package, build = facts.package("torch"), torch_build(facts)
    if package is None and build is not None:
        return need_of_release("torch", build.version, "triton")
    return need_of(package, *_TRITONS)


def _fits(need: Need, triton: str) -> bool:
    """Within a series they are compatible: 3.5.1 serves a torch that names 3.5.0."""
    return series(need.named) == series(triton) if need.named else need.accepts(triton)


def _compared(case: Case, triton: Package) -> Outcome:
    subject = titled(triton.name, triton.version)
    version, need = known(triton.version, ""), _need(case.facts)
    if need is None or not release(version):
        return NotEvaluated(subject, "which Triton the installed torch asks for is not known", _NEEDS)
    if is_unfinished(version) or _fits(need, version):
        return Passed(subject, f"torch asks for {need.specifier.lstrip('=~')}")
    return _found(case, triton, ())


def _found(case: Case, triton: Package | None, said: tuple[Symptom, ...]) -> Found:
    facts = case.facts
    need = _need(facts)
    version = known(triton.version, "") if triton is not None else ""
    subject = titled(triton.name, version) if triton is not None else "triton"
    contradicts = need is not None and bool(release(version)) and not _fits(need, version)
    build = torch_build(facts)
    torch = build.subject if build is not None else "the installed torch"
    wanted = f", which asks for {need.of} {need.specifier.lstrip('=~')}" if need is not None else ""
    evidence = [*map(spoken, said)]
    if version and triton is not None:
        evidence.append(case.proof(f"packages[{triton.name}].version", version))
    if need is not None:
        evidence.append(need.proof)
    certain = contradicts and need is not None and need.sure
    return Found(
        subject,
        f"{subject} does not belong to {torch}{wanted}.",
        severity=Severity.ERROR if said else Severity.WARNING,
        certainty=Certainty.CERTAIN if certain else Certainty.LIKELY,
        evidence=tuple(evidence),
        would_confirm=() if certain else ("pip list shows the versions of torch and triton",),
        remedies=(_remedy(facts, triton, need),),
        symptoms=said,
        about=("triton", "torch"),
    )


def _remedy(facts: Snapshot, triton: Package | None, need: Need | None) -> Remedy:
    pinned = need.named if need is not None else ""
    if not pinned:
        return by_hand(
            "install the Triton that this torch was released with",
            "python -m pip show torch and python -m pip check tell which one it asks for",
            "or install torch again, which brings it",
        )
    name = triton.name if triton is not None else "triton"
    summary = f"install the Triton that torch asks for ({pinned})"
    if name == "triton-windows":  # its own numbers go on behind those of Triton: 3.5.0.post21
        return install(facts, f"triton-windows=={series(pinned)}.*", summary=summary, manager=manager_for(facts, name))
    return install(facts, f"{name}=={pinned}", summary=summary, manager=manager_for(facts, name))


RULE = Rule(
    name="triton-torch-mismatch",
    title="Triton does not belong to torch",
    area=Area.FRAMEWORKS,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-import-fails", "requirement-of-package-unmet"}),
)
