"""cuda-wheels-left-over: NVIDIA's wheels are installed for a CUDA that no framework here is built for."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Package, known
from envcheck.judging.case import Case
from envcheck.judging.cuda_wheels import cuda_of_wheel, cudas_in_use, has_framework_of_unknown_cuda
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, NotEvaluated, Outcome, Passed, Rule
from envcheck.judging.wording import counted, listed
from envcheck.prescribing.install import by_hand, manager_for, uninstall
from envcheck.report import Area, Certainty, Severity

MANUAL = Manual(
    checks="Whether NVIDIA's wheels (nvidia-cublas-cu11, nvidia-cublas-cu12, and those without a suffix for CUDA 13) of two CUDA versions "
    "are installed, and one of them is of no framework's CUDA.",
    why="pip leaves the wheels of the old build where torch is replaced by one for another CUDA. They take gigabytes, and a library whose "
    "file name is the same in both may be found first.",
    example="torch 2.6.0+cu124, and nvidia-cublas-cu11 and ten more of torch 2.0 beside it.",
    fix="Remove the wheels of the CUDA that nothing uses.",
    ignore_when="Another program of this environment loads them itself. Two CUDA versions for two frameworks (torch for CUDA 13, "
    "TensorFlow for CUDA 12) are normal, and are no finding.",
    sources=("https://docs.nvidia.com/cuda/cuda-installation-guide-linux/#pip-wheels", "PyPI metadata of torch==2.0.1 and torch==2.6.0"),
)

_NEEDS = ("the output of pip list",)


def check(case: Case) -> Iterator[Outcome]:
    """At most one finding, and never more than a hint."""
    facts = case.facts
    wheels: dict[int, list[Package]] = {}
    for package in facts.packages:
        cuda = cuda_of_wheel(package)
        if cuda is not None:
            wheels.setdefault(cuda, []).append(package)
    if len(wheels) < 2:
        yield NotApplicable("there are not wheels of NVIDIA's for two CUDA versions")
        return
    used = cudas_in_use(facts)
    spare = [package for cuda, packages in sorted(wheels.items()) if cuda not in used for package in packages]
    if not spare:
        yield Passed("NVIDIA's wheels", f"for {listed([f'CUDA {cuda} ({used[cuda]})' for cuda in sorted(wheels)])}")
    elif not used or has_framework_of_unknown_cuda(facts):
        yield NotEvaluated("NVIDIA's wheels", "the CUDA of every installed framework is not known", _NEEDS)
    else:
        yield _found(case, spare, used)


def _found(case: Case, spare: list[Package], used: dict[int, str]) -> Found:
    names = [package.name for package in spare]
    users = listed([f"{framework} for CUDA {cuda}" for cuda, framework in sorted(used.items())])
    return Found(
        listed(names),
        f"{counted(len(names), 'wheel')} of NVIDIA's ({listed(names, 3)}) {'is' if len(names) == 1 else 'are'} for a CUDA that nothing "
        f"here is "
        f"built for: there is {users}.",
        severity=Severity.INFO,
        certainty=Certainty.LIKELY,
        evidence=tuple(case.proof(f"packages[{package.name}].version", known(package.version, "installed")) for package in spare[:5]),
        would_confirm=(f"pip show {names[0]} names nothing behind Required-by",),
        remedies=(
            by_hand(
                "remove them, where pip show names nothing behind Required-by",
                uninstall(case.facts, *names[:20], manager=manager_for(case.facts, names[0])),
                "then install again what a framework names of the other CUDA: files that both had are gone with them",
            ),
        ),
        about=("nvidia",),
    )


RULE = Rule(
    name="cuda-wheels-left-over",
    title="NVIDIA's wheels for a CUDA that nothing uses",
    area=Area.PACKAGES,
    layer=Layer.COMPANIONS,
    manual=MANUAL,
    check=check,
)
