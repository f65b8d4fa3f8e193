from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty
from envcheck.rules.glibc_too_old import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def missing(version: str = "GLIBC_2.28", **details: str) -> dict[str, Any]:
    return {
        "kind": "symbol-version-missing",
        "text": f"version `{version}' not found",
        "details": {"version": version, "library": "/lib64/libc.so.6", **details},
    }


def test_a_missing_version_of_glibc_is_found_with_what_the_system_has():
    (found,) = judge(missing(), system={"libc": "glibc 2.17", "distribution": "CentOS Linux 7"})
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert "glibc 2.28" in found.message
    assert "2.17" in found.message
    assert "CentOS Linux 7" in found.remedies[0].steps[0].do


def test_of_several_versions_the_newest_is_needed():
    assert "glibc 2.34" in judge(missing("GLIBC_2.9"), missing("GLIBC_2.34"), missing("GLIBC_2.28"))[0].message


@pytest.mark.parametrize(
    ("libc", "certainty"), [("glibc 2.27", "certain"), ("glibc 2.28", "likely"), ("glibc 2.36", "likely"), (None, "certain")]
)
def test_a_system_that_has_the_version_loaded_another(libc: str | None, certainty: str):
    (found,) = judge(missing(), system={"libc": libc})
    assert found.certainty is Certainty(certainty)


@pytest.mark.parametrize("version", ["GLIBCXX_3.4.29", "CXXABI_1.3.9", "OPENSSL_3.0.0"])
def test_versions_of_other_libraries_are_passed_over(version: str):
    assert isinstance(judge(missing(version))[0], NotApplicable)


def test_without_the_version_it_cannot_be_judged():
    assert isinstance(judge({"kind": "symbol-version-missing", "text": "…", "details": {"library": "/lib64/libc.so.6"}})[0], NotEvaluated)


def test_without_a_symptom_there_is_no_question():
    assert isinstance(judge(system={"libc": "glibc 2.17"})[0], NotApplicable)


@pytest.mark.parametrize(("status", "outcome"), [("imported", Passed), ("failed", NotApplicable)])
def test_an_import_that_ended_well_needed_nothing_else(status: str, outcome: type):
    (told,) = judge(imports=[{"name": "torch", "status": status}])
    assert isinstance(told, outcome)


def refused(**details: str) -> dict[str, Any]:
    return {"kind": "no-matching-distribution", "text": "no wheels", "details": {"requirement": "torch==2.7.0", **details}}


def test_wheels_that_an_installer_passed_over_need_a_newer_one():
    (found,) = judge(refused(what="platform", have="manylinux_2_17_x86_64", tags="manylinux_2_28_x86_64"))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert found.message == "The wheels of torch 2.7.0 need glibc 2.28, and this system has 2.17, so that none was found for it."
    listed = judge(refused(versions="2.5.1, 2.6.0"), system={"os": "Linux", "libc": "glibc 2.17"}, python={"version": "3.11.4"})[0]
    assert listed.remedies[1].summary == "install torch==2.6.0, which has a wheel for this glibc"
    unsure = judge(refused(versions="2.5.1, 2.6.0"), system={"os": "Linux", "libc": "glibc 2.17"})[0]
    assert unsure.certainty is Certainty.LIKELY
    assert unsure.would_confirm


def test_a_system_that_is_new_enough_is_no_reason():
    assert isinstance(judge(refused(versions="2.5.1, 2.6.0"), system={"os": "Linux", "libc": "glibc 2.35"})[0], NotApplicable)


UNSATISFIABLE = (
    "UnsatisfiableError: The following specifications were found to be incompatible with your system:\n\n"
    "  - feature:/linux-64::__glibc=={have}=0\n"
    "  - pytorch -> libgcc-ng[version='>=9.4.0'] -> __glibc[version='>=2.17,<3.0.a0|>=2.28,<3.0.a0']\n"
    "  - tensorflow==2.16.1 -> __glibc[version='>=2.28,<3.0.a0']\n\n"
    "Your installed version is: {have}\n"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (UNSATISFIABLE.format(have="2.17"), "tensorflow needs glibc 2.28, but this system has 2.17."),
        (
            "  - nothing provides __glibc >=2.28,<3.0.a0 needed by pytorch-2.6.0-cuda126_generic_py312_h4c5ce1c_200\n",
            "pytorch needs glibc 2.28, but this system's is older.",
        ),
        (
            "└─ pytorch 2.6**  is not installable because it requires\n   └─ __glibc >=2.28,<3.0.a0 , which is missing on the system.\n",
            "A package needs glibc 2.28, but this system's is older.",
        ),
    ],
)
def test_what_condas_solver_says_of_it(text: str, message: str):
    (found,) = RULE.check(Case(read_text(text)))
    assert isinstance(found, Found)
    assert found.message == message


@pytest.mark.parametrize(
    "text",
    [
        UNSATISFIABLE.format(have="2.31"),
        "  - pytorch -> __glibc[version='>=2.28']\n",
        "OS: Windows 11\n  - nothing provides __glibc >=2.28 needed by pytorch-2.6.0-cuda126_generic_py312_h4c5ce1c_200\n",
    ],
)
def test_a_glibc_that_would_do_is_in_that_list_too(text: str):
    assert not [each for each in RULE.check(Case(read_text(text))) if isinstance(each, Found)]
