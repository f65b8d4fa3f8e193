"""mkl-too-new: the MKL that conda's torch is linked to was replaced by one without the profiling functions that it asks for."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Package, Snapshot, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.knowledge.versions import is_below, release
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.prescribing.torch_index import reinstall_torch
from envcheck.report import Area, Certainty, Remedy, Severity

MANUAL = Manual(
    checks="Whether torch misses the functions of Intel's profiler (iJIT_NotifyEvent) that MKL brought along until 2024.0.",
    why="conda's builds of torch up to 2.3 are linked to the environment's MKL and take these functions from it. MKL 2024.1 has them no "
    "longer, and conda's solver takes the newest MKL there is: the import ends. The wheels of torch have MKL within them.",
    example="ImportError: …/torch/lib/libtorch_cpu.so: undefined symbol: iJIT_NotifyEvent",
    fix="Go back to mkl 2024.0 in that environment; or replace conda's torch by the wheel.",
    ignore_when="Never: torch cannot be imported.",
    sources=("https://github.com/pytorch/pytorch/issues/123097",),
)

_FIRST_WITHOUT = "2024.1"
_FUNCTIONS = "iJIT_"
_LAST_ASKING = "2.4"  # the first torch of conda's that does without


def check(case: Case) -> Iterator[Outcome]:
    """What the loader missed decides; else the versions of conda's two packages."""
    said = tuple(symptom for symptom in case.said(SymptomKind.UNDEFINED_SYMBOL) if symptom.details.get("symbol", "").startswith(_FUNCTIONS))
    mkl, torch = case.facts.package("mkl"), _condas_torch(case.facts)
    if said:
        yield _found(case, said, mkl, Certainty.CERTAIN)
    elif mkl is None or torch is None:
        yield NotApplicable("no torch of conda's beside an MKL")
    elif not release(known(mkl.version, "")) or not release(known(torch.version, "")):
        yield NotEvaluated("mkl", "the versions of mkl and torch are not both known", ("the output of conda list",))
    elif is_below(known(mkl.version, ""), _FIRST_WITHOUT) or not is_below(known(torch.version, ""), _LAST_ASKING):
        yield Passed(f"mkl {mkl.version}", f"fits torch {torch.version}")
    elif any(entry.name == "torch" and entry.status == "imported" for entry in case.facts.imports):
        yield Passed(f"mkl {mkl.version}", "torch was imported")
    else:
        yield _found(case, (), mkl, Certainty.LIKELY)


def _condas_torch(facts: Snapshot) -> Package | None:
    """The package pytorch of the channel pytorch, which is the one linked so; conda-forge's depends on an MKL that it fits."""
    found = next((package for name in ("pytorch", "torch") if (package := facts.package(name)) is not None), None)
    return found if found is not None and found.manager == "conda" and known(found.channel, "") == "pytorch" else None


def _found(case: Case, said: tuple[Symptom, ...], mkl: Package | None, certainty: Certainty) -> Found:
    version = known(mkl.version, "") if mkl is not None else ""
    here = f"mkl {version}" if version else "the MKL that it met"
    return Found(
        f"mkl {version}".strip(),
        f"torch asks its MKL for {said[0].details['symbol'] if said else 'iJIT_NotifyEvent'}, which MKL has no longer from "
        f"{_FIRST_WITHOUT} on: {here} is too new for it.",
        severity=Severity.ERROR if said else Severity.WARNING,
        certainty=certainty,
        evidence=(*map(spoken, said), *((case.proof("packages[mkl].version", version),) if version else ())),
        would_confirm=() if said else ('python -c "import torch" says: undefined symbol: iJIT_NotifyEvent',),
        remedies=_remedies(case.facts),
        symptoms=said,
        about=("torch",),
    )


def _remedies(facts: Snapshot) -> tuple[Remedy, ...]:
    conda = manager_for(facts, "mkl") == "conda" or known(facts.python.environment, "") != "venv"
    back = install(facts, f"mkl<{_FIRST_WITHOUT}", summary="go back to the last MKL that has it", manager="conda" if conda else "pip")
    return (
        back,
        by_hand(
            "leave Intel's own MKL out",
            "where the shell has sourced oneAPI's setvars.sh, start a new one without it: its libraries come before the environment's",
        ),
        reinstall_torch(facts, "replace conda's torch by the wheel, which has MKL within it"),
    )


RULE = Rule(
    name="mkl-too-new",
    title="The MKL is too new for conda's torch",
    area=Area.FRAMEWORKS,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset(
        {"compiled-extension-torch-abi-mismatch", "framework-import-fails", "import-failed", "torch-family-version-mismatch"}
    ),
)
