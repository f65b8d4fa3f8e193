"""smoke-test-fails: a framework that was imported raises when it is to compute."""

from collections.abc import Iterator

from envcheck.facts.snapshot import Smoke, known
from envcheck.facts.symptoms import SymptomKind
from envcheck.judging.case import Case, spoken
from envcheck.judging.rule import Found, Layer, Manual, Outcome, Rule
from envcheck.judging.smoke_results import (
    concerned,
    heard,
    key_of,
    manual_of,
    name_of,
    not_made,
    once_more,
    others,
    package_of,
    place_of,
    subject_of,
    tested,
)
from envcheck.judging.wording import full_stop, one_line
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.same_build import install_again
from envcheck.report import Area, Severity

MANUAL = Manual(
    checks="Whether each tested framework gets through the layers of its smoke test: devices listed, a tensor made, computed, gradient, "
    "the copy to the device and back, and where they were asked for its compiler and several devices.",
    why="An import that succeeds proves little, and a device that is listed proves little more: the first real computation shows whether "
    "the driver, the libraries and the build fit each other.",
    example="The smoke test of torch fails on cuda:0 when it computes: no kernel image is available for execution on the device.",
    fix="Look at the cause that the report names before this finding. Where it names none, what a failure of this layer means stands "
    "beside the finding.",
    ignore_when="The framework is not used on this device.",
    sources=("https://docs.pytorch.org/docs/stable/notes/cuda.html", "https://www.tensorflow.org/install/pip"),
)

# What is done at a layer, after "fails when it".
_DOING = {
    "devices": "lists its devices",
    "tensor": "makes a tensor",
    "computed": "computes",
    "compared": "hands over its results",
    "gradient": "computes a gradient",
    "copied": "copies to the device and back",
    "compiled": "compiles",
    "several": "uses several devices or processes",
}


def check(case: Case) -> Iterator[Outcome]:
    """One finding per device; wrong results are another rule's."""
    raised = [smoke for smoke in tested(case.facts, "failed") if not heard(case.facts, smoke, (SymptomKind.WRONG_RESULT,))]
    for smoke in raised:
        yield _finding(case, smoke)
    yield from not_made(case.facts)
    yield from others(case.facts, "it computes", found=bool(raised))


def _finding(case: Case, smoke: Smoke) -> Found:
    said, layer = heard(case.facts, smoke), known(smoke.layer, "")
    package, means = package_of(case.facts, smoke), manual_of(smoke)
    words = one_line("\n".join(symptom.text for symptom in said))
    doing = f" when it {_DOING[layer]}" if layer in _DOING else ""
    return Found(
        subject=subject_of(case.facts, smoke),
        message=full_stop(f"The smoke test of {name_of(smoke)} fails{place_of(smoke)}{doing}{': ' + words if words else ''}"),
        severity=Severity.ERROR,
        evidence=(case.proof(f"smoke[{key_of(smoke)}].layer", layer), *map(spoken, said)),
        remedies=(
            by_hand("look at what this layer tells, and test again", *([means] if means else []), once_more(case.facts, smoke)),
            *((install_again(case.facts, package, f"install {package.name} again"),) if package else ()),
        ),
        symptoms=said,
        about=concerned(smoke),
    )


RULE = Rule(
    name="smoke-test-fails",
    title="A framework cannot compute",
    area=Area.SMOKE,
    layer=Layer.COMPUTE,
    manual=MANUAL,
    check=check,
    alike="framework-import-fails",
)
