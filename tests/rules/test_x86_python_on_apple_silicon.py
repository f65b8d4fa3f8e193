from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Role, Severity
from envcheck.rules import all_rules
from envcheck.rules.x86_python_on_apple_silicon import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> Any:
    (outcome,) = RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot)))
    return outcome


AVX = {"kind": "arch-not-supported", "text": "built using AVX", "subject": "jaxlib", "details": {"capability": "avx"}}
DIED = {"kind": "signal", "text": "illegal hardware instruction", "details": {"signal": "SIGILL"}}
MAC = {"os": "Darwin", "distribution_version": "14.5"}
M2 = {"model": "Apple M2 Pro"}


@pytest.mark.parametrize(
    "facts",
    [
        {"cpu": M2, "python": {"platform": "macosx-10.9-x86_64"}},
        {"cpu": {"model": "Apple processor", "vendor": "Apple"}, "python": {"tags": ["cp312-cp312-macosx_14_0_x86_64"]}},
        {"cpu": M2, "system": {**MAC, "machine": "x86_64"}, "python": {"version": "3.12.8"}},
        {"cpu": {"model": "VirtualApple @ 2.50GHz"}, "python": {"platform": "macosx-11.1-x86_64"}},
    ],
)
def test_an_intel_python_on_an_apple_chip_is_found(facts: dict[str, Any]) -> None:
    found = judge(**{"system": MAC, **facts})
    assert isinstance(found, Found)
    assert (found.certainty, found.severity) == (Certainty.CERTAIN, Severity.ERROR)
    assert "uv" in found.remedies[0].steps[2].run


def test_what_the_python_says_of_itself_comes_before_what_envcheck_runs_under() -> None:
    outcome = judge(system={**MAC, "rosetta": True, "machine": "x86_64"}, cpu=M2, python={"platform": "macosx-11.0-arm64"})
    assert isinstance(outcome, Passed)


def test_another_program_under_rosetta_is_not_yet_the_python() -> None:
    facts = {"apple": {"chip": "Apple M4"}, "system": {**MAC, "rosetta": True}}
    assert isinstance(judge(**facts), NotEvaluated)
    assert judge(**facts, python={"version": "3.11.2"}).certainty is Certainty.LIKELY
    assert judge(**facts, live=True).certainty is Certainty.CERTAIN


def test_a_machine_where_nothing_fails_is_only_warned() -> None:
    facts = {"live": True, "system": MAC, "cpu": M2, "python": {"platform": "macosx-10.9-x86_64"}}
    assert judge(**facts).severity is Severity.WARNING
    assert judge(AVX, **facts).severity is Severity.ERROR


def test_conda_makes_the_environment_again_with_conda() -> None:
    found = judge(system=MAC, cpu=M2, python={"platform": "macosx-10.9-x86_64", "environment": "conda", "version": "3.11.7"})
    (create, _) = (step for step in found.remedies[0].steps if step.run)
    assert create.run == ("conda", "create", "--yes", "--name", "arm64", "--platform", "osx-arm64", "python=3.11")


@pytest.mark.parametrize(
    ("symptom", "facts", "certainty"),
    [
        (AVX, {"cpu": M2}, Certainty.CERTAIN),
        (DIED, {"cpu": M2}, Certainty.LIKELY),
        (AVX, {}, Certainty.LIKELY),
    ],
)
def test_words_about_avx_tell_it_too(symptom: dict[str, Any], facts: dict[str, Any], certainty: Certainty) -> None:
    found = judge(symptom, system=MAC, **facts)
    assert isinstance(found, Found)
    assert found.certainty is certainty
    assert bool(found.would_confirm) is (certainty is Certainty.LIKELY)


def test_an_image_for_intel_in_a_container_on_a_mac() -> None:
    system = {"os": "Linux", "rosetta": True, "container": "docker"}
    assert "linux/arm64" in " ".join(step.do for step in judge(AVX, system=system).remedies[0].steps)
    assert isinstance(judge(system=system), NotApplicable)


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"system": {"os": "Linux", "machine": "x86_64"}}, NotApplicable),
        ({"system": MAC, "cpu": {"model": "Intel(R) Core(TM) i7-9750H"}, "python": {"platform": "macosx-10.9-x86_64"}}, NotApplicable),
        ({"system": {**MAC, "machine": "arm64"}, "cpu": M2}, Passed),
        ({"system": MAC, "cpu": M2}, NotEvaluated),
        ({"system": {**MAC, "machine": "x86_64"}}, NotEvaluated),
        ({"system": MAC}, NotEvaluated),
        ({"system": {"os": "Darwin", "distribution_version": "10.14.6"}}, NotEvaluated),
    ],
)
def test_elsewhere_it_is_not_found(facts: dict[str, Any], kind: type) -> None:
    assert isinstance(judge(**facts), kind)


def test_an_old_mac_without_avx_is_another_matter() -> None:
    assert isinstance(judge(AVX, system={"os": "Darwin", "distribution_version": "10.13.6"}), NotEvaluated)


UNAME = "Darwin mac 22.2.0 Darwin Kernel Version 22.2.0: Fri Nov 11 02:03:51 PST 2022; root:xnu-8792.61.2~4/RELEASE_ARM64_T6000 x86_64\n"


def test_it_is_the_cause_of_what_follows_from_it() -> None:
    words = (
        "RuntimeError: This version of jaxlib was built using AVX instructions, which your CPU and/or operating system do not support.\n"
    )
    report = diagnose(read_text(UNAME + words), all_rules())
    assert [(finding.rule, finding.role) for finding in report.findings] == [
        ("x86-python-on-apple-silicon", Role.PRIMARY),
        ("cpu-no-avx", Role.CONSEQUENCE),
    ]


KERNEL = (
    "Darwin m.local 23.5.0 Darwin Kernel Version 23.5.0: Wed May  1 20:14:38 PDT 2024; root:xnu-10063.121.3~5/RELEASE_{made} {machine}\n"
)
UNAME = (
    "Out[1]: uname_result(system='Darwin', node='m', release='21.6.0', version='Darwin Kernel Version 21.6.0: Wed Aug 10 14:28:23 PDT "
    "2022; root:xnu-8020.141.5~2/RELEASE_ARM64_T6000', machine='x86_64')\n"
)
ASKED = '% python3 -c "import platform; print(platform.machine())"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (KERNEL.format(made="ARM64_T6020", machine="x86_64") + ASKED + "x86_64\n", Found),
        (KERNEL.format(made="ARM64_T6020", machine="arm64") + ">>> platform.machine()\n'x86_64'\n", Found),
        ("% sysctl -n machdep.cpu.brand_string\nApple M3\n" + ASKED + "x86_64\n", Found),
        (
            UNAME,
            Found,
        ),
        (KERNEL.format(made="ARM64_T6020", machine="x86_64") + ASKED + "arm64\n", NotEvaluated),
        (KERNEL.format(made="X86_64", machine="x86_64") + ASKED + "x86_64\n", NotEvaluated),
        ("% sysctl -n machdep.cpu.brand_string\nIntel(R) Core(TM) i7-8750H CPU @ 2.20GHz\n" + ASKED + "x86_64\n", NotApplicable),
    ],
)
def test_what_the_python_itself_answers_of_its_machine(text: str, expected: type) -> None:
    (outcome,) = RULE.check(Case(read_text(text)))
    assert isinstance(outcome, expected), outcome
