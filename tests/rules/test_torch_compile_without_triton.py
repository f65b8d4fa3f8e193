# ruff: noqa: E501 - what programs print stands as they print it
from typing import Any

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty
from envcheck.rules.torch_compile_without_triton import RULE
from tests.rules.rule_words import said, words

BY_TORCH = said("module-not-found", "torch", module="triton")


def judge(*symptoms: dict[str, Any], system: str = "", **versions: str) -> list[Any]:
    packages = [{"name": name.replace("_", "-"), "version": version, "state": "ok"} for name, version in versions.items()]
    facts = {"packages": packages, "symptoms": symptoms, "system": {"os": system} if system else {}}
    return list(RULE.check(Case(msgspec.convert(facts, Snapshot))))


def test_the_triton_that_torch_names_is_installed():
    (found,) = judge(BY_TORCH, torch="2.6.0")
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert "triton==3.2.0" in words(found)


def test_windows_has_a_package_of_its_own():
    (found,) = judge(BY_TORCH, system="Windows", torch="2.6.0+cu124")
    assert "triton-windows==3.2.*" in words(found)


def test_on_a_mac_nothing_can_be_installed():
    (found,) = judge(BY_TORCH, system="Darwin", torch="2.6.0")
    assert all(not step.run for remedy in found.remedies for step in remedy.steps)


def test_another_environments_triton_makes_it_likely():
    (found,) = judge(BY_TORCH, torch="2.6.0", triton="3.2.0")
    assert found.certainty is Certainty.LIKELY


def test_torchs_own_words():
    line = "torch._inductor.exc.TritonMissing: Cannot find a working triton installation. Either the package is not installed or it is too old."
    (found,) = list(RULE.check(Case(read_text(line + "\n"))))
    assert isinstance(found, Found)


def test_a_triton_that_nobody_missed_passes():
    assert [type(outcome) for outcome in judge(torch="2.6.0", triton="3.2.0")] == [Passed]


def test_another_programs_word_without_torch_leaves_it_open():
    assert [type(outcome) for outcome in judge(said("module-not-found", "app", module="triton"))] == [NotEvaluated]


def test_a_torch_without_triton_is_whole():
    assert [type(outcome) for outcome in judge(torch="2.6.0+cpu")] == [NotApplicable]
