from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.knowledge.cpus import find_cpu_without_avx
from envcheck.report import Certainty
from envcheck.rules.cpu_no_avx import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


DIED = {"kind": "signal", "text": "Illegal instruction (core dumped)", "details": {"signal": "SIGILL"}}
TOLD = {
    "kind": "arch-not-supported",
    "text": "compiled to use AVX",
    "subject": "tensorflow",
    "details": {"device": "cpu", "capability": "avx"},
}
OLD, NEW = {"features": ["sse4_2", "ssse3"]}, {"features": ["avx", "avx2"]}


def installed(name: str, version: str, manager: str = "pip") -> list[dict[str, Any]]:
    return [{"name": name, "version": version, "state": "ok", "manager": manager}]


@pytest.mark.parametrize(
    ("symptoms", "facts", "certainty"),
    [
        ([TOLD], {}, "certain"),
        ([DIED], {"cpu": OLD}, "certain"),
        ([], {"cpu": OLD, "packages": installed("tensorflow", "2.18.0")}, "certain"),
        ([], {"cpu": OLD, "packages": installed("jaxlib", "0.4.30")}, "certain"),
        ([DIED], {"cpu": {"model": "Intel(R) Celeron(R) N4505 @ 2.00GHz"}}, "likely"),
        ([DIED], {"packages": installed("tensorflow", "2.12.0")}, "likely"),
        ([{**DIED, "subject": "tensorflow"}], {}, "likely"),
    ],
)
def test_a_processor_without_avx_is_found(symptoms: list[dict[str, Any]], facts: dict[str, Any], certainty: str):
    (found,) = judge(*symptoms, **facts)
    assert isinstance(found, Found)
    assert found.certainty is Certainty(certainty)


@pytest.mark.parametrize(
    ("model", "lacks"),
    [
        ("Intel(R) Core(TM) i7 CPU         920  @ 2.67GHz", True),
        ("Intel(R) Core(TM) i5 CPU       M 520  @ 2.40GHz", True),
        ("Intel(R) Core(TM)2 Duo CPU     E8400  @ 3.00GHz", True),
        ("Intel(R) Xeon(R) CPU           X5650  @ 2.67GHz", True),
        ("Intel(R) Celeron(R) J4125 CPU @ 2.00GHz", True),
        ("Intel(R) Pentium(R) CPU G4560 @ 3.50GHz", True),
        ("Intel(R) Atom(TM) CPU D525   @ 1.80GHz", True),
        ("AMD Phenom(tm) II X6 1090T Processor", True),
        ("Common KVM processor", True),
        ("Intel(R) Core(TM) i7-2600 CPU @ 3.40GHz", False),
        ("Intel(R) Core(TM) i5-10210U CPU @ 1.60GHz", False),
        ("Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz", False),
        ("Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz", False),
        ("AMD Ryzen 9 5950X 16-Core Processor", False),
        ("AMD EPYC 7763 64-Core Processor", False),
        ("13th Gen Intel(R) Core(TM) i9-13900K", False),
    ],
)
def test_models_are_known_by_their_printed_names(model: str, lacks: bool):
    assert (find_cpu_without_avx(model) is not None) is lacks


def test_flags_with_avx_acquit_the_processor():
    assert isinstance(judge(DIED, cpu=NEW)[0], Passed)
    assert isinstance(judge(DIED, cpu={**NEW, "model": "Intel(R) Celeron(R) 6305"})[0], Passed)


@pytest.mark.parametrize(
    "facts",
    [
        {"cpu": OLD},
        {"cpu": OLD, "packages": installed("tensorflow", "1.5.0")},
        {"cpu": OLD, "packages": installed("tensorflow", "2.18.0", "conda")},
        {"cpu": OLD, "packages": installed("tensorflow", "2.18.0"), "imports": [{"name": "tensorflow", "status": "imported"}]},
        {"cpu": {"model": "Intel(R) Celeron(R) N4505"}, "packages": installed("tensorflow", "2.18.0")},
        {"system": {"machine": "arm64"}, "cpu": {"features": ["neon"]}, "packages": installed("tensorflow", "2.18.0")},
    ],
)
def test_what_does_not_need_avx_or_works_all_the_same_is_left_in_peace(facts: dict[str, Any]):
    assert isinstance(judge(**facts)[0], NotApplicable)


def test_an_unknown_processor_cannot_be_judged():
    (gap,) = judge(DIED)
    assert isinstance(gap, NotEvaluated)
    assert "/proc/cpuinfo" in gap.needs[0]


@pytest.mark.parametrize("signal", ["SIGSEGV", "SIGABRT", "SIGBUS"])
def test_other_signals_are_other_matters(signal: str):
    assert isinstance(judge({**DIED, "details": {"signal": signal}}, cpu=OLD)[0], NotApplicable)


def test_a_virtual_machine_may_only_hide_it():
    assert "virtual machine" in judge(DIED, cpu=OLD, system={"virtual_machine": "kvm"})[0].remedies[0].summary


@pytest.mark.parametrize("cpu", [{"model": "Common KVM processor", **OLD}, {"features": ["sse4_2", "hypervisor"]}])
def test_the_processor_itself_says_that_it_is_virtual(cpu: dict[str, Any]):
    (found,) = judge(DIED, cpu=cpu)
    assert "-cpu host" in found.remedies[0].steps[0].do


@pytest.mark.parametrize(
    ("system", "tool"), [("Darwin", "sysctl -n machdep.cpu.features"), ("Windows", "coreinfo"), ("Linux", "/proc/cpuinfo")]
)
def test_every_system_is_asked_with_a_program_that_it_has(system: str, tool: str):
    packages = [{"name": "tensorflow", "version": "2.4.1", "state": "ok"}]
    (found,) = judge(DIED, system={"os": system}, packages=packages)
    assert tool in found.would_confirm[0]
    (gap,) = judge(DIED, system={"os": system})
    assert tool in gap.needs[0]
