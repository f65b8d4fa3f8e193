from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.nccl_version_mismatch import RULE
from tests.rules.rule_words import said, words

SYMBOL = said(
    "undefined-symbol", "torch", symbol="ncclCommRegister", needed_by="/x/lib/python3.10/site-packages/torch/lib/libtorch_cuda.so"
)


def judge(
    *symptoms: dict[str, Any], requires: list[str] | None = None, variables: dict[str, str] | None = None, **versions: str
) -> list[Any]:
    packages: list[dict[str, Any]] = [
        {"name": name.replace("_", "-"), "version": version, "state": "ok"} for name, version in versions.items()
    ]
    for package in packages:
        if package["name"] == "torch" and requires is not None:
            package["requires"] = requires
    facts = {"packages": packages, "symptoms": symptoms, "variables": variables or {}}
    return list(RULE.check(Case(msgspec.convert(facts, Snapshot))))


def test_a_wheel_older_than_torchs_own_metadata_names_is_certain():
    line = 'nvidia-nccl-cu12 (==2.20.5) ; platform_system == "Linux" and platform_machine == "x86_64"'
    (found,) = judge(torch="2.4.0+cu124", nvidia_nccl_cu12="2.18.1", requires=[line])
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.CERTAIN)
    assert found.remedies[0].steps[-1].run[-1] == "nvidia-nccl-cu12==2.20.5"


def test_by_the_table_it_is_likely():
    (found,) = judge(torch="2.6.0", nvidia_nccl_cu12="2.20.5")
    assert found.certainty is Certainty.LIKELY


@pytest.mark.parametrize("nccl", ["2.21.5", "2.27.3"])
def test_the_same_and_a_newer_one_pass(nccl: str):
    assert [type(outcome) for outcome in judge(torch="2.6.0", nvidia_nccl_cu12=nccl)] == [Passed]


def test_a_symbol_that_two_wheels_in_one_folder_explain_is_an_error():
    (found,) = judge(SYMBOL, torch="2.2.2", nvidia_nccl_cu11="2.14.3", nvidia_nccl_cu12="2.19.3")
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR
    assert "uninstall --yes nvidia-nccl-cu11" in words(found)


def test_a_symbol_that_an_older_wheel_explains_is_an_error():
    (found,) = judge(SYMBOL, torch="2.2.2", nvidia_nccl_cu12="2.18.1")
    assert isinstance(found, Found)


def test_what_a_path_explains_is_left_to_the_rule_about_paths():
    outcomes = judge(
        SYMBOL,
        torch="2.2.2",
        nvidia_nccl_cu11="2.14.3",
        nvidia_nccl_cu12="2.19.3",
        variables={"LD_LIBRARY_PATH": "/usr/local/cuda-11.4/lib64"},
    )
    assert [type(outcome) for outcome in outcomes] == [NotEvaluated]


def test_a_symbol_alone_does_not_tell_which_nccl_was_loaded():
    assert [type(outcome) for outcome in judge(SYMBOL)] == [NotEvaluated]


def test_ranks_with_two_releases():
    line = "host:1:2 [0] NCCL WARN Mismatched NCCL version detected : rank 3 version 2708 rank 0 version 22703\n"
    (found,) = list(RULE.check(Case(read_text(line))))
    assert isinstance(found, Found)
    assert "2.7.8 and 2.27.3" in found.message


@pytest.mark.parametrize(
    "versions", [{}, {"torch": "2.6.0"}, {"nvidia_nccl_cu12": "2.21.5"}, {"torch": "2.6.0", "nvidia_nccl_cu11": "2.14.3"}]
)
def test_without_a_pair_it_is_no_question(versions: dict[str, str]):
    assert [type(outcome) for outcome in judge(**versions)] == [NotApplicable]


def test_a_variant_whose_pins_no_table_has_is_not_evaluated():
    assert [type(outcome) for outcome in judge(torch="2.7.0+cu118", nvidia_nccl_cu11="2.21.5")] == [NotEvaluated]
