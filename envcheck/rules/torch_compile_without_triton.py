"""torch-compile-without-triton: torch was asked to compile for a GPU, and there is no Triton to compile with."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Completeness, Snapshot, known
from envcheck.facts.symptoms import SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.pairs import need_of, need_of_release
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.torch_build import torch_build
from envcheck.knowledge.frameworks import exclusive_group, installed_among
from envcheck.knowledge.versions import release, series
from envcheck.prescribing.install import by_hand, install, manager_for
from envcheck.report import Area, Certainty, Remedy

MANUAL = Manual(
    checks="Whether torch.compile, or a package with kernels of its own, found no Triton.",
    why="torch.compile writes kernels for GPUs with Triton. torch's wheels for Linux bring it; those for Windows do not, as the project "
    "makes none for Windows, and --no-deps or another index leave it out on Linux too.",
    example="torch._inductor.exc.TritonMissing: Cannot find a working triton installation.",
    fix="Linux: install the Triton that torch names. Windows: triton-windows in the same series, or run without torch.compile.",
    ignore_when="The program catches the error and computes without compiling.",
    sources=(
        "https://github.com/pytorch/pytorch/pull/130403",
        "https://github.com/woct0rdho/triton-windows",
        "https://docs.pytorch.org/docs/stable/generated/torch.compile.html",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """Only what a program missed counts: a torch without Triton is whole for all who do not compile."""
    said = tuple(symptom for symptom in case.said(SymptomKind.MODULE_NOT_FOUND) if symptom.details.get("module") == "triton")
    facts = case.facts
    group = exclusive_group("triton")
    installed = next(installed_among(facts, group.distributions), None) if group is not None else None
    by_torch = any(symptom.subject == "torch" for symptom in said)
    if not said:
        yield Passed(installed.name, "no program missed it") if installed is not None else NotApplicable("no program missed Triton")
    elif torch_build(facts) is None and not by_torch:
        yield NotEvaluated("triton", "it is not known whether torch is there", ("the output of pip list",))
    else:
        there = installed.name if installed is not None else ""
        sure = not there and (facts.observed.packages is Completeness.COMPLETE or by_torch)
        yield Found(
            "triton",
            f"torch has no working Triton to compile kernels with{f', although {there} is installed' if there else ''}.",
            certainty=Certainty.CERTAIN if sure else Certainty.LIKELY,
            evidence=tuple(map(spoken, said)),
            would_confirm=() if sure else ('python -c "import triton" fails in the environment of the program',),
            remedies=tuple(_remedies(facts)),
            symptoms=said,
            about=("triton", "torch"),
        )


def _remedies(facts: Snapshot) -> Iterator[Remedy]:
    build = torch_build(facts)
    need = need_of(facts.package("torch"), "triton") or (need_of_release("torch", build.version, "triton") if build is not None else None)
    pinned = need.named if need is not None else ""
    if known(facts.system.os, "") == "Windows":
        wanted = f"triton-windows=={series(pinned)}.*" if release(pinned) else "triton-windows"
        yield install(facts, wanted, summary="install Triton for Windows, in the series of this torch", manager=manager_for(facts, "torch"))
    elif known(facts.system.os, "") == "Darwin":
        yield by_hand("run without compiling", "there is no Triton for macOS: leave torch.compile out, or use its backend aot_eager")
        return
    else:
        wanted = f"triton=={pinned}" if pinned else "triton"
        yield install(facts, wanted, summary="install the Triton that torch names", manager=manager_for(facts, "torch"))
    yield by_hand("run without compiling", "leave torch.compile out, or set TORCHDYNAMO_DISABLE=1 in the program's environment")


RULE = Rule(
    name="torch-compile-without-triton",
    title="torch finds no Triton to compile with",
    area=Area.FRAMEWORKS,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-absent", "framework-in-another-environment", "environment-passed-over", "module-not-found"}),
)
