from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty
from envcheck.rules.macos_too_old import RULE

SCIPY = "/Users/u/venv/lib/python3.11/site-packages/scipy/linalg/_fblas.cpython-311-darwin.so"
ACCELERATE = "/System/Library/Frameworks/Accelerate.framework/Versions/A/Accelerate"


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def missed(**details: str) -> dict[str, Any]:
    details = {"symbol": "_cblas_caxpy$NEWLAPACK", "needed_by": SCIPY, "library": ACCELERATE, **details}
    return {"kind": "undefined-symbol", "text": "Symbol not found: _cblas_caxpy$NEWLAPACK", "details": details}


NEWER = {"macos": "13.3", "newer": "which is newer than running OS"}


def mac(version: str) -> dict[str, str]:
    return {"os": "Darwin", "distribution": "macOS", "distribution_version": version}


def test_a_library_for_a_newer_macos_is_found_with_both_releases():
    (found,) = judge(missed(**NEWER), system=mac("12.7.1"))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert found.message == "scipy is built for macOS 13.3, and this is 12.7.1."
    assert found.about == ("scipy",)
    assert found.remedies[1].summary == "install a build of scipy for this macOS"


@pytest.mark.parametrize(
    ("details", "version", "certainty"),
    [
        (NEWER, None, Certainty.CERTAIN),
        (NEWER, "14.1", Certainty.LIKELY),  # somebody has told of another Mac, or updated it since
        ({"macos": "12.0"}, "10.15.7", Certainty.CERTAIN),
        ({"macos": "12.0"}, None, Certainty.LIKELY),
    ],
)
def test_who_says_it_and_what_runs_decide_how_sure_it_is(details: dict[str, str], version: str | None, certainty: Certainty):
    (found,) = judge(missed(**details), system=mac(version) if version else {})
    assert isinstance(found, Found)
    assert found.certainty is certainty


def test_of_several_libraries_the_newest_release_is_needed():
    assert "macOS 13.5," in judge(missed(**NEWER), missed(**{**NEWER, "macos": "13.5"}))[0].message


def test_a_missing_function_of_macos_alone_decides_nothing():
    assert isinstance(judge(missed(), system=mac("12.7"))[0], NotEvaluated)
    assert isinstance(judge(missed(macos="12.0"), system=mac("12.7"))[0], NotEvaluated)


def test_imports_that_worked_pass():
    imports = [{"name": "scipy", "status": "imported"}]
    assert isinstance(judge(system=mac("12.7"), imports=imports)[0], Passed)


@pytest.mark.parametrize("system", [{"os": "Linux"}, {}, mac("12.7")])
def test_where_nothing_was_missed_there_is_no_question(system: dict[str, str]):
    assert isinstance(judge(system=system)[0], NotApplicable)


@pytest.mark.parametrize(
    ("origin", "details"),
    [
        (f"<AB12CD34-0000-1111-2222-333344445555> {SCIPY} (built for macOS 13.3 which is newer than running OS)", NEWER),
        (f"'{SCIPY}' (built for macOS 13.3 which is newer than running OS)", NEWER),
        (f"{SCIPY} (which was built for Mac OS X 13.3)", {"macos": "13.3"}),
        (SCIPY, {}),
    ],
)
def test_the_words_of_every_loader_are_read(origin: str, details: dict[str, str]):
    text = f"ImportError: dlopen({SCIPY}, 0x0002): Symbol not found: _cblas_caxpy$NEWLAPACK\n"
    text += f"  Referenced from: {origin}\n  Expected in: {ACCELERATE}\n"
    (symptom,) = read_text(text).symptoms
    assert symptom.details == {"symbol": "_cblas_caxpy$NEWLAPACK", "needed_by": SCIPY, "library": ACCELERATE, **details}


def test_wheels_that_an_installer_passed_over_need_a_newer_one():
    details = {"requirement": "mlx", "what": "platform", "have": "macosx_12_0_arm64", "tags": "macosx_13_0_arm64, macosx_14_0_arm64"}
    (found,) = judge({"kind": "no-matching-distribution", "text": "no wheels", "details": details})
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert found.message == "The wheels of mlx need macOS 13.0, and this is 12.0, so that none was found for it."
