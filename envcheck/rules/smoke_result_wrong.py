"""smoke-result-wrong: a framework computes wrong numbers."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Smoke, known
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, Outcome, Rule
from envcheck.judging.smoke_results import (
    concerned,
    heard,
    key_of,
    manual_of,
    name_of,
    once_more,
    others,
    package_of,
    subject_of,
    tested,
)
from envcheck.judging.wording import full_stop, one_line
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.same_build import install_again
from envcheck.report import Area, Severity

MANUAL = Manual(
    checks="Whether each tested framework computes what is known to be true, on each device: exact integers and closed forms, with "
    "tolerances that one element does not meet if it is wrong by 1e-9 of it in double precision, or by 1e-4 in single where the arithmetic "
    "allows that. The reference is never made by the framework itself.",
    why="A library that computes wrong numbers says nothing: trainings do not converge, and results are published. It comes from "
    "libraries of two versions in one process, from a faulty BLAS on a processor that it does not know, or from faulty hardware.",
    example="torch on cuda:1: matmul float32: element 17 is 252.0, not 250.0 (off by 8.0e-03 of it).",
    fix="Run the test again: what comes and goes is hardware (memory, overclocking, heat, power). What stays goes away with a clean "
    "installation, or with the framework's other build.",
    ignore_when="Never: a result that is wrong once is wrong where nobody looks, too.",
    sources=(
        "https://docs.pytorch.org/docs/stable/notes/numerical_accuracy.html",
        "https://docs.nvidia.com/datacenter/dcgm/latest/user-guide/dcgm-diagnostics.html",
    ),
)


def check(case: Case) -> Iterator[Outcome]:
    """One finding per device on which a comparison failed."""
    wrong = [(smoke, said) for smoke in tested(case.facts, "failed") if (said := heard(case.facts, smoke, (SymptomKind.WRONG_RESULT,)))]
    for smoke, said in wrong:
        yield _finding(case, smoke, said)
    yield from others(case.facts, "it computes the right numbers", found=bool(wrong))


def _finding(case: Case, smoke: Smoke, said: tuple[Symptom, ...]) -> Found:
    package, means = package_of(case.facts, smoke), manual_of(smoke)
    return Found(
        subject=subject_of(case.facts, smoke),
        message=full_stop(f"{name_of(smoke)} computes wrong numbers on {smoke.device}: {one_line(said[0].text)}"),
        severity=Severity.ERROR,
        evidence=(case.proof(f"smoke[{key_of(smoke)}].layer", known(smoke.layer, "")), *map(spoken, said)),
        remedies=(
            by_hand("test again, to see whether it comes and goes", *([means] if means else []), once_more(case.facts, smoke)),
            *((install_again(case.facts, package, f"install {package.name} again"),) if package else ()),
        ),
        symptoms=said,
        about=concerned(smoke),
    )


RULE = Rule(
    name="smoke-result-wrong",
    title="A framework computes wrong numbers",
    area=Area.SMOKE,
    layer=Layer.COMPUTE,
    manual=MANUAL,
    check=check,
)
