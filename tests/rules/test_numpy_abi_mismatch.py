from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Severity
from envcheck.rules.numpy_abi_mismatch import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def said(need: str, have: str, what: str = "size", **details: str) -> dict[str, Any]:
    return {"kind": "abi-mismatch", "text": "…", "details": {"between": "numpy", "what": what, "need": need, "have": have, **details}}


@pytest.mark.parametrize(("need", "have"), [("88", "80"), ("96", "88"), ("216", "192"), ("80", "88"), ("0xf", "0xd")])
def test_two_sizes_of_one_structure_are_found(need: str, have: str):
    (found,) = judge(said(need, have, "api" if need.startswith("0x") else "size"))
    assert isinstance(found, Found)
    assert f"expects {need}, numpy has {have}" in found.message


def test_a_module_that_expects_more_wants_a_newer_numpy_first():
    newer = judge(said("88", "80", module="skimage._shared"))[0]
    assert [remedy.steps[0].run[-1] for remedy in newer.remedies] == ["numpy>=1.20", "scikit-image"]
    older = judge(said("80", "88", module="skimage._shared"))[0]
    assert [remedy.steps[0].run[-1] for remedy in older.remedies] == ["scikit-image"]


def test_two_packages_are_two_findings_and_numpy_itself_is_none_of_them():
    found = judge(said("88", "80", module="pandas._libs"), said("96", "80", module="pandas"), said("88", "80", module="numpy.random"))
    assert [outcome.subject for outcome in found] == ["pandas", "numpy"]


@pytest.mark.parametrize(
    "symptom",
    [
        said("1.x", "2.0.0", "api"),
        said("0x1000009", "0x2000000", "api"),
        said("96", "80", object="thinc.structs.Span"),
        {"kind": "abi-mismatch", "text": "…", "details": {"between": "torch", "have": "1", "need": "2"}},
    ],
)
def test_numpy_2_and_other_modules_are_not_its_business(symptom: dict[str, Any]):
    assert isinstance(judge(symptom)[0], NotApplicable)


def test_without_numbers_it_cannot_be_judged():
    assert isinstance(judge({"kind": "abi-mismatch", "text": "…", "details": {"between": "numpy", "what": "size"}})[0], NotEvaluated)


def test_without_a_symptom_there_is_no_question():
    assert isinstance(judge(packages=[{"name": "numpy", "version": "1.19.5", "state": "ok"}])[0], NotApplicable)


@pytest.mark.parametrize(
    ("need", "have", "details", "wanted"),
    [
        ("96", "88", {"object": "numpy.dtype"}, "numpy<2"),  # made for NumPy 1, met NumPy 2
        ("88", "96", {"object": "numpy.dtype"}, "numpy>=2"),
        ("96", "88", {"object": "numpy.ndarray"}, "numpy>=1.22"),
        ("88", "80", {"object": "numpy.ndarray"}, "numpy>=1.20"),
        ("232", "216", {"object": "numpy.ufunc"}, "numpy>=1.22"),
        ("0x10", "0xf", {"what": "api"}, "numpy>=1.23"),
    ],
)
def test_the_numpy_that_is_asked_for_has_what_the_module_expects(need: str, have: str, details: dict[str, str], wanted: str):
    (found,) = judge(
        {"kind": "abi-mismatch", "text": "…", "details": {"between": "numpy", "what": "size", "need": need, "have": have, **details}}
    )
    assert found.remedies[0].steps[0].run[-1] == wanted


CHANGED = "size changed, may indicate binary incompatibility."


@pytest.mark.parametrize(
    ("text", "severity", "remedy"),
    [
        # The module is older than numpy, which only grew: in both orders of the two numbers.
        (
            f"RuntimeWarning: numpy.ndarray {CHANGED} Expected 80 from C header, got 88 from PyObject",
            Severity.WARNING,
            "upgrade the package",
        ),
        (
            f"RuntimeWarning: numpy.dtype {CHANGED} Expected 96, got 88",
            Severity.WARNING,
            "upgrade the package",
        ),
        ("ValueError: numpy.ufunc has the wrong size, try recompiling. Expected 192, got 216", Severity.ERROR, "install a newer numpy"),
        ("RuntimeError: module compiled against API version a but this version of numpy is 9", Severity.ERROR, "install a newer numpy"),
    ],
)
def test_who_is_older_decides_what_to_do(text: str, severity: Severity, remedy: str) -> None:
    (found,) = RULE.check(Case(read_text(text)))
    assert isinstance(found, Found)
    assert (found.severity, found.remedies[0].summary[: len(remedy)]) == (severity, remedy)


@pytest.mark.parametrize(("status", "outcome"), [("imported", Passed), ("failed", NotApplicable)])
def test_an_import_that_ended_well_needed_nothing_else(status: str, outcome: type):
    (told,) = judge(imports=[{"name": "torch", "status": status}])
    assert isinstance(told, outcome)


def commands(found: Found) -> list[str]:
    return [" ".join(step.run[4:]) or step.do for remedy in found.remedies for step in remedy.steps if "ensurepip" not in step.run]


def test_remedies_keep_to_what_other_packages_ask_of_numpy() -> None:
    def packages(**asked: str) -> dict[str, Any]:
        named = [
            {"name": name, "version": "1.0", "state": "ok", "manager": "pip", "requires": [f"numpy{asks}"]} for name, asks in asked.items()
        ]
        bare = [{"name": "pip", "version": "25", "state": "ok"}]
        return {"packages": [*named, *bare], "python": {"version": "3.11.7"}, "system": {"os": "Linux", "machine": "x86_64"}}

    dtype = {"object": "numpy.dtype", "module": "skimage"}
    (newer,) = judge(said("96", "88", **dtype), **packages(pandas=">=2.0.2"))
    assert commands(newer) == ["--upgrade scikit-image"]
    (unnamed,) = judge(said("96", "88", object="numpy.dtype"), **packages(pandas=">=2.0.2"))
    assert commands(unnamed) == ["NumPy 1 is no way back: pandas 1.0 needs numpy>=2.0.2"]
    (back,) = judge(said("96", "88", **dtype), **packages(pandas=">=1.22"))
    assert commands(back)[0] == "numpy>=1.22,<2"
    (together,) = judge(said("88", "96", **dtype), **packages(scipy="<1.28"))
    assert commands(together)[0] == "--upgrade scipy numpy>=2"
