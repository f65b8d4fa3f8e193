from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.numpy2_abi import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def said(**details: str) -> dict[str, Any]:
    return {"kind": "abi-mismatch", "text": "…", "details": {"between": "numpy", "what": "api", **details}}


def installed(manager: str = "pip", **versions: str) -> list[dict[str, Any]]:
    return [{"name": name.replace("_", "-"), "version": version, "state": "ok", "manager": manager} for name, version in versions.items()]


@pytest.mark.parametrize(
    "symptom",
    [
        said(need="1.x", have="2.0.0"),
        said(need="1.x", have="2.1.3"),
        said(need="1.x"),
        said(need="0x1000009", have="0x2000000"),
    ],
)
def test_what_was_said_of_numpy_2_decides(symptom: dict[str, Any]):
    (found,) = judge(symptom)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert found.remedies[0].steps[0].run[-1] == "numpy<2"


@pytest.mark.parametrize(
    "symptom",
    [
        {"kind": "abi-mismatch", "text": "size changed", "details": {"between": "numpy", "what": "size", "need": "96", "have": "88"}},
        said(need="0xf", have="0xd"),
        {"kind": "abi-mismatch", "text": "…", "details": {"between": "torch", "have": "2"}},
    ],
)
def test_other_mismatches_are_another_rules(symptom: dict[str, Any]):
    assert isinstance(judge(symptom)[0], NotApplicable)


def test_torchs_missing_bridge_counts_beside_numpy_2_only():
    bridge = {"kind": "import-failed", "text": "Numpy is not available", "subject": "torch", "details": {"module": "numpy", "message": "…"}}
    assert isinstance(judge(bridge, packages=installed(numpy="2.0.0"))[0], Found)
    assert isinstance(judge(bridge, packages=installed(numpy="1.26.4"))[0], Passed)
    assert isinstance(judge(bridge)[0], NotApplicable)


@pytest.mark.parametrize(
    ("numpy", "torch", "expected"),
    [("2.0.0", "2.2.2", Found), ("2.0.0", "2.3.0", Passed), ("1.26.4", "2.2.2", Passed), ("2.4.6", "2.13.0+cpu", Passed)],
)
def test_torch_before_2_3_does_not_run_with_numpy_2(numpy: str, torch: str, expected: type):
    assert isinstance(judge(packages=installed(numpy=numpy, torch=torch))[0], expected)


def test_rows_that_are_less_sure_make_a_warning():
    (found,) = judge(packages=installed(numpy="2.0.0", pandas="2.1.4"))
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.LIKELY)
    assert found.would_confirm


def test_an_import_that_worked_is_worth_more_than_the_table():
    imports = [{"name": "pandas", "status": "imported"}, {"name": "torch", "status": "imported"}]
    assert isinstance(judge(packages=installed(numpy="2.0.0", pandas="2.1.4"), imports=imports)[0], Passed)
    assert isinstance(judge(packages=installed(numpy="2.0.0", torch="2.2.2"), imports=imports)[0], Found)


def test_conda_rebuilds_old_releases():
    assert isinstance(judge(packages=installed("conda", numpy="2.0.0", pandas="2.1.4"))[0], Passed)


def test_a_numpy_of_unknown_version_cannot_be_judged():
    assert isinstance(judge(packages=[{"name": "numpy", "state": "broken"}])[0], NotEvaluated)


def test_without_numpy_there_is_no_question():
    assert isinstance(judge(packages=installed(torch="2.2.2"))[0], NotApplicable)


@pytest.mark.parametrize(("python", "wanted"), [("3.11.4", "numpy<2"), ("3.13.1", "")])
def test_numpy_1_is_advised_where_this_python_can_have_it(python: str, wanted: str) -> None:
    words = "A module that was compiled using NumPy 1.x cannot be run in\nNumPy 2.1.3 as it may crash.\n"
    (found,) = RULE.check(Case(read_text(f"Python {python} (main, Jan  1 2025, 00:00:00) [GCC 13.2.0] on linux\n{words}")))
    assert isinstance(found, Found)
    run = found.remedies[0].steps[0].run
    assert (run[-1] if run else "") == wanted


def needing(name: str, version: str, *requires: str) -> dict[str, Any]:
    return {"name": name, "version": version, "state": "ok", "manager": "pip", "requires": requires}


LINUX = {"python": {"executable": "/e/bin/python", "version": "3.11.7"}, "system": {"os": "Linux", "machine": "x86_64"}}
PANDAS = needing("pandas", "3.1.1", "numpy>=2.0.2")
SCIPY = needing("scipy", "1.11.4", "numpy<1.28.0,>=1.21.6")


def commands(found: Found) -> list[str]:
    return [" ".join(step.run[4:]) or step.do for remedy in found.remedies for step in remedy.steps if "ensurepip" not in step.run]


def test_numpy_1_is_no_remedy_where_something_installed_asks_for_numpy_2() -> None:
    packages = [*installed(numpy="2.1.3", pip="25"), PANDAS, SCIPY]
    for (found,) in (judge(packages=packages, **LINUX), judge(said(have="2.1.3", module="scipy.sparse"), packages=packages, **LINUX)):
        assert commands(found) == ["--upgrade scipy"]
        assert ("packages[pandas].requires", "numpy>=2.0.2") in {(proof.fact, proof.value) for proof in found.evidence}
    (found,) = judge(packages=[*installed(numpy="2.1.3", torch="2.2.2", pip="25"), PANDAS], **LINUX)
    assert commands(found) == ["NumPy 1 is no way back: pandas 3.1.1 needs numpy>=2.0.2"]


def test_what_only_imports_the_module_of_numpy_1_is_not_accused() -> None:
    packages = [*installed(numpy="2.1.3", pip="25"), SCIPY, needing("scikit-learn", "1.9.1", "numpy>=1.24.1")]
    (found,) = judge({**said(have="2.1.3"), "subject": "sklearn"}, packages=packages, **LINUX)
    assert found.message == "scipy was compiled for NumPy 1 and cannot run with NumPy 2.1.3."
    assert commands(found) == ["numpy>=1.24.1,<1.28.0", "--upgrade scipy"]
    (found,) = judge({**said(have="2.1.3"), "subject": "sklearn"}, packages=packages[:2] + packages[3:], **LINUX)
    assert found.message.startswith("A module was compiled for NumPy 1")
