"""python-32-bit: a 32-bit Python, for which the frameworks have no wheels."""

from collections.abc import Iterator

from envcheck.facts.snapshot import known
from envcheck.facts.symptoms import SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.gaps import BITS
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Outcome, Passed, Rule
from envcheck.prescribing.install import by_hand
from envcheck.report import Area, Severity

MANUAL = Manual(
    checks="Whether the interpreter is a 64-bit program.",
    why="PyTorch, TensorFlow, JAX and most numerical libraries publish wheels for 64-bit Pythons only. A 32-bit Python also cannot address "
    "more than 4 GB of memory, however much the machine has.",
    example="The installer called python-3.12-embed-win32 on a 64-bit Windows; pip finds no version of torch at all.",
    fix="Install a 64-bit Python and make a new environment with it.",
    ignore_when="The environment is not meant for frameworks, or the machine is a small board with wheels of its own.",
    sources=("https://www.python.org/downloads/windows/", "https://pytorch.org/get-started/locally/"),
)

_MACHINES_OF_64_BITS = frozenset({"x86_64", "amd64", "aarch64", "arm64", "ppc64le", "s390x", "riscv64"})


def check(case: Case) -> Iterator[Outcome]:
    """Where pip has already said that it finds no wheel, another rule names this Python as the reason."""
    bits = case.facts.python.bits
    if not isinstance(bits, int):
        yield BITS
    elif bits != 32:
        yield Passed("Python", f"{bits} bits")
    elif any(case.said(SymptomKind.NO_MATCHING_DISTRIBUTION)):
        yield NotApplicable("the missing wheel is named by no-wheel-for-python")
    else:
        yield _finding(case)


def _finding(case: Case) -> Found:
    machine = known(case.facts.system.machine, "")
    python = known(case.facts.python.executable, "Python")
    larger = machine.lower() in _MACHINES_OF_64_BITS
    where = f", on a 64-bit machine ({machine})" if larger else ""
    remedy = (
        by_hand("install a 64-bit Python and make a new environment with it") if larger else by_hand("use a machine with a 64-bit system")
    )
    return Found(
        subject=python,
        message=f"{python} is a 32-bit program{where}; the frameworks have wheels for 64-bit Pythons only.",
        severity=Severity.WARNING,
        evidence=(case.proof("python.bits", 32),),
        remedies=(remedy,),
    )


RULE = Rule(
    name="python-32-bit",
    title="The Python is a 32-bit program",
    area=Area.PYTHON,
    layer=Layer.PYTHON,
    manual=MANUAL,
    check=check,
    explains=frozenset({"framework-absent"}),
)
