from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Certainty, Severity
from envcheck.rules.gpu_arch_not_in_wheel import RULE


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


LIST_2_5 = ["sm_50", "sm_60", "sm_70", "sm_75", "sm_80", "sm_86", "sm_90"]


def card(name: str, capability: str = "", index: int = 0) -> dict[str, Any]:
    return {"index": index, "vendor": "nvidia", "name": name, **({"compute_capability": capability} if capability else {})}


def build(version: str, cuda: str | None, arch_list: list[str] | None = None) -> dict[str, Any]:
    return {"torch": {"version": version, "cuda": cuda, **({"arch_list": arch_list} if arch_list else {})}}


def said(capability: str, **details: str) -> dict[str, Any]:
    return {"kind": "arch-not-supported", "text": "is not compatible", "subject": "torch", "details": {"capability": capability, **details}}


@pytest.mark.parametrize(
    ("name", "capability", "arch_list", "is_found"),
    [
        ("RTX 4090", "8.9", LIST_2_5, False),  # code for 8.6 runs on 8.9
        ("L40S", "8.9", ["sm_80"], False),
        ("RTX 3090", "8.6", ["sm_75", "sm_80"], False),
        ("GTX 1080", "6.1", LIST_2_5, False),
        ("T4", "7.5", ["sm_70"], False),
        ("B300", "10.3", ["sm_90", "sm_100"], False),
        ("GB10", "12.1", ["sm_120"], False),
        ("GTX 1080", "6.1", ["sm_75", "sm_80"], True),
        ("A100", "8.0", ["sm_86"], True),  # never a lower minor number
        ("RTX 5090", "12.0", LIST_2_5, True),
        ("RTX 5090", "12.0", ["sm_90", "compute_90"], False),  # PTX is compiled on the way
        ("H200", "9.0", ["sm_90a"], False),
        ("B200", "10.0", ["sm_90a"], True),
        ("RTX 5090", "12.0", ["sm_90", "compute_90a"], True),
        ("B300", "10.3", ["sm_100a"], True),
        ("B300", "10.3", ["sm_100f"], False),
        ("V100", "7.0", ["sm_75", "sm_80"], True),
    ],
)
def test_the_builds_own_arch_list_decides_by_what_runs_where(name: str, capability: str, arch_list: list[str], is_found: bool):
    (outcome,) = judge(accelerators=[card(name, capability)], builds=build("2.9.0", "12.8", arch_list))
    assert isinstance(outcome, Found if is_found else Passed)
    if is_found:
        assert outcome.certainty is Certainty.CERTAIN


@pytest.mark.parametrize(
    ("text", "shown"),
    [("sm_120", "12.0"), ("12.0", "12.0"), ("8.6", "8.6"), ("sm_86", "8.6")],
)
def test_torchs_own_words_decide_without_facts(text: str, shown: str):
    (found,) = judge(said(text, device="NVIDIA GeForce RTX 5090", arch_list="sm_37 sm_50"))
    assert isinstance(found, Found)
    assert f"NVIDIA GeForce RTX 5090 (compute capability {shown})" in found.message
    assert "sm_37 and sm_50" in found.message
    assert found.certainty is Certainty.CERTAIN


@pytest.mark.parametrize("capability", ["gfx1031", "gfx803", "avx", ""])
def test_what_is_no_compute_capability_is_another_rules(capability: str):
    assert isinstance(judge(said(capability))[0], NotApplicable)


@pytest.mark.parametrize(("capability", "expected"), [("3.0", NotApplicable), ("3.5", NotApplicable), ("3.7", Found)])
def test_a_card_that_no_build_ever_supported_is_another_rules(capability: str, expected: type):
    assert isinstance(judge(said(capability))[0], expected)


@pytest.mark.parametrize(
    ("version", "cuda", "name", "expected"),
    [
        ("2.5.1+cu121", "12.1", "NVIDIA GeForce RTX 5090", Found),
        ("2.7.0+cu128", "12.8", "NVIDIA GeForce RTX 5090", Passed),
        ("2.7.0+cu126", "12.6", "NVIDIA GeForce RTX 5070 Ti", Found),
        ("2.11.0+cu128", "12.8", "Tesla V100-SXM2-32GB", Found),
        ("2.10.0+cu128", "12.8", "Tesla V100-SXM2-32GB", Passed),
        ("2.11.0+cu130", "13.0", "NVIDIA GeForce GTX 1080 Ti", Found),
        ("2.0.1+cu117", "11.7", "NVIDIA GeForce GTX 1050 Ti", Passed),
        ("2.4.0+cu121", "12.1", "NVIDIA L40S", Passed),
    ],
)
def test_a_wheel_is_looked_up_by_its_tag_and_the_card_by_its_name(version: str, cuda: str, name: str, expected: type):
    system = {"os": "Linux", "machine": "x86_64"}
    (outcome,) = judge(accelerators=[card(name)], builds=build(version, cuda), system=system)
    assert isinstance(outcome, expected)


def test_an_older_build_is_judged_by_what_its_cuda_can_compile():
    (found,) = judge(accelerators=[card("NVIDIA GeForce RTX 3090")], builds=build("1.6.0", "10.2"))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY  # it could have PTX
    assert "get_arch_list" in found.would_confirm[0]
    (gap,) = judge(accelerators=[card("NVIDIA GeForce RTX 3090")], builds=build("1.10.2", "11.3"))
    assert isinstance(gap, NotEvaluated)


def test_a_card_whose_row_is_not_sure_makes_it_likely():
    (found,) = judge(accelerators=[card("NVIDIA GeForce GT 1030")], builds=build("2.11.0+cu130", "13.0"), system={"os": "Linux"})
    assert found.certainty is Certainty.LIKELY


def test_a_second_card_that_works_makes_it_a_warning():
    cards = [card("NVIDIA GeForce RTX 3090", "8.6"), card("NVIDIA GeForce GTX 1080", "6.1", 1)]
    (found,) = judge(accelerators=cards, builds=build("2.11.0+cu130", "13.0", ["sm_75", "sm_80", "sm_86"]))
    assert found.severity is Severity.WARNING
    assert "GTX 1080" in found.message
    assert judge(accelerators=cards[1:], builds=build("2.11.0", "13.0", ["sm_75"]))[0].severity is Severity.ERROR


def test_the_remedy_has_the_newest_build_that_has_code_and_that_the_driver_runs():
    facts = {"python": {"version": "3.11.4"}, "system": {"os": "Linux", "machine": "x86_64"}}
    new = judge(
        accelerators=[card("NVIDIA GeForce RTX 5090", "12.0")],
        builds=build("2.5.1+cu121", "12.1"),
        nvidia={"cuda_version": "12.8"},
        **facts,
    )
    assert "https://download.pytorch.org/whl/cu128" in new[0].remedies[0].steps[-1].run
    old = judge(accelerators=[card("Tesla P100", "6.0")], builds=build("2.11.0+cu130", "13.0"), nvidia={"cuda_version": "13.0"}, **facts)
    assert old[0].remedies[0].steps[-1].run[-2:] == ("https://download.pytorch.org/whl/cu126", "torch==2.11.0")


NO_IMAGE = {"kind": "cuda-error", "text": "no kernel image is available for execution on the device", "code": 209}


def test_the_runtimes_error_is_torchs_only_where_torch_has_no_code():
    mine = judge(NO_IMAGE, accelerators=[card("NVIDIA GeForce RTX 5090", "12.0")], builds=build("2.5.1", "12.4", LIST_2_5))[0]
    assert mine.about == ("torch",)
    assert mine.certainty is Certainty.LIKELY
    others = judge(NO_IMAGE, accelerators=[card("NVIDIA GeForce RTX 3090", "8.6")], builds=build("2.5.1", "12.4", LIST_2_5))[0]
    assert others.subject == "compiled extension"
    assert isinstance(judge(NO_IMAGE, accelerators=[card("GTX 660", "3.0")], builds=build("1.7", "11.0"))[0], NotApplicable)


def test_an_unknown_card_or_build_cannot_be_judged():
    gap = judge(accelerators=[card("NVIDIA Something New")], builds=build("2.5.1", "12.4", LIST_2_5))[0]
    assert isinstance(gap, NotEvaluated)
    assert "compute_cap" in gap.needs[0]


@pytest.mark.parametrize(
    "facts",
    [
        {"builds": build("2.8.0+cpu", None), "accelerators": [card("A100", "8.0")]},
        {"builds": build("2.8.0", "12.8", LIST_2_5)},
        {"accelerators": [card("A100", "8.0")]},
        {"builds": {"torch": {"version": "2.8", "rocm": "6.4", "arch_list": ["gfx942"]}}, "accelerators": [card("A100", "8.0")]},
    ],
)
def test_without_a_cuda_build_and_a_card_there_is_no_question(facts: dict[str, Any]):
    assert isinstance(judge(**facts)[0], NotApplicable)


@pytest.mark.parametrize(
    ("capability", "newest", "is_found"),
    [
        ("12.1", "12.0", False),
        ("8.9", "8.6", False),
        ("8.7", "8.6", True),
        ("12.0", "9.0", True),
        ("6.1", "12.0", True),
        ("10.3", "12.0", True),
    ],
)
def test_torch_also_warns_of_cards_that_its_code_runs_on(capability: str, newest: str, is_found: bool):
    outcomes = judge(said(capability, device="NVIDIA GB10", minimum="8.0", maximum=newest))
    assert any(isinstance(outcome, Found) for outcome in outcomes) is is_found


def test_the_arch_list_is_taken_from_whichever_warning_has_it():
    (found,) = judge(
        said("6.1", device="GTX 1080 Ti", minimum="7.5", maximum="12.0"), said("6.1", device="GTX 1080 Ti", arch_list="sm_75 sm_80")
    )
    assert "it has code for sm_75 and sm_80" in found.message


def test_cards_that_are_not_given_to_this_process_are_not_asked_for():
    hidden = {**card("NVIDIA A100", index=1), "state": "hidden"}
    outcomes = judge(accelerators=[card("NVIDIA L4", "8.9"), hidden], builds=build("2.5.1+cu124", "12.4", LIST_2_5))
    assert [type(outcome) for outcome in outcomes] == [Passed]
    assert isinstance(judge(accelerators=[hidden], builds=build("2.5.1+cu124", "12.4"))[0], NotApplicable)


def test_a_build_without_code_for_the_card_comes_before_a_driver_that_is_too_old_for_it():
    assert "driver-too-old" in RULE.explains


def test_what_the_driver_would_have_to_compile_is_no_code_of_its_own():
    (found,) = judge(said("8.6", device="GeForce RTX 3090", arch_list="sm_37 sm_50 sm_60 sm_61 sm_70 sm_75 compute_37"))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY
    assert "no machine code" in found.message
    assert "compute_37" in found.message


def test_a_list_decides_without_a_word_on_the_cuda_of_the_build():
    build = {"torch": {"version": "2.6.0", "arch_list": LIST_2_5}}
    (found,) = judge(builds=build, accelerators=[card("NVIDIA GeForce RTX 5090", "12.0")])
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert isinstance(judge(builds=build, accelerators=[{"index": 0, "compute_capability": "12.0"}])[0], Found)
    assert isinstance(judge(builds=build, accelerators=[{"index": 0, "compute_capability": "8.9"}])[0], Passed)


def test_a_build_whose_cuda_and_list_are_unknown_is_not_judged():
    (gap,) = judge(builds={"torch": {"version": "2.6.0", "cuda_available": True}}, accelerators=[card("NVIDIA GeForce RTX 5090", "12.0")])
    assert isinstance(gap, NotEvaluated)


@pytest.mark.parametrize(
    ("name", "capability", "targets", "severity"),
    [
        ("Orin", "8.7", ["sm_80", "sm_86", "sm_90"], Severity.WARNING),  # much of it runs, and none is promised to
        ("Xavier", "7.2", ["sm_60", "sm_70"], Severity.WARNING),
        ("Orin", "8.7", ["sm_70", "sm_75"], Severity.ERROR),
        ("NVIDIA GeForce RTX 4090", "8.9", ["sm_72", "sm_87"], Severity.ERROR),
        ("Orin", "8.7", ["sm_72", "sm_87"], None),
        ("NVIDIA Thor", "11.0", ["sm_90", "sm_110"], None),
    ],
)
def test_code_for_a_jetson_is_for_that_chip_only(name: str, capability: str, targets: list[str], severity: Severity | None):
    (outcome,) = judge(builds={"torch": {"version": "2.3.0", "arch_list": targets}}, accelerators=[card(name, capability)])
    assert (outcome.severity if isinstance(outcome, Found) else None) is severity
    if name in ("Orin", "Xavier") and isinstance(outcome, Found):
        assert outcome.certainty is (Certainty.LIKELY if severity is Severity.WARNING else Certainty.CERTAIN)
        assert outcome.remedies[0].summary == "install NVIDIA's build of torch for this Jetson"
