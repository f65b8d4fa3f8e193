from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.conda_pip_mix import RULE

SOLVER = {"name": "conda-libmamba-solver", "version": "24.1.0", "state": "ok", "manager": "conda"}


def judge(*packages: dict[str, Any]) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({"live": True, "packages": packages}, Snapshot))))


def by_pip(name: str, version: str, record: str) -> dict[str, Any]:
    others = [f"{record} in conda's records"] if record else []
    return {"name": name, "version": version, "state": "ok", "manager": "pip", "others": others}


@pytest.mark.parametrize(
    ("name", "pip", "conda", "severity"),
    [
        ("numpy", "2.0.1", "1.26.4", Severity.WARNING),
        ("numpy", "1.26.4", "1.25.2", Severity.INFO),
        ("torch", "2.6.0", "2.3.0", Severity.WARNING),
        ("torch", "2.3.1", "2.3.0", Severity.INFO),
        ("tqdm", "4.67.0", "4.66.1", Severity.INFO),
    ],
)
def test_what_pip_put_over_condas_is_as_bad_as_others_feel_it(name: str, pip: str, conda: str, severity: Severity):
    (found,) = judge(SOLVER, by_pip(name, pip, conda))
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (severity, Certainty.CERTAIN)


def test_both_sorts_are_told_apart():
    assert [outcome.severity for outcome in judge(SOLVER, by_pip("numpy", "2.0.1", "1.26.4"), by_pip("tqdm", "4.67.0", "4.66.1"))] == [
        Severity.WARNING,
        Severity.INFO,
    ]


@pytest.mark.parametrize("packages", [[SOLVER], [SOLVER, by_pip("numpy", "2.0.1", "")], [SOLVER, by_pip("numpy", "2.0.1", "2.0.1")]])
def test_one_version_or_one_manager_passes(packages: list[dict[str, Any]]):
    assert [type(outcome) for outcome in judge(*packages)] == [Passed]


def test_without_conda_it_is_no_question():
    assert [type(outcome) for outcome in judge(by_pip("numpy", "2.0.1", ""))] == [NotApplicable]


def test_where_a_list_may_be_cut_it_is_not_said_that_all_is_well():
    list_of_one = (
        "# packages in environment at /opt/conda:\n#\n# Name   Version   Build  Channel\nnumpy   1.26.4   py311h64a7726_0   conda-forge\n"
    )
    assert [type(outcome) for outcome in RULE.check(Case(read_text(list_of_one)))] == [NotEvaluated]


def test_two_rows_of_a_list_are_likely():
    rows = (
        "# packages in environment at /opt/conda/envs/a:\n#\n# Name                    Version                   Build  Channel\n"
        "numpy                     1.26.4          py311h64a7726_0    conda-forge\n"
        "numpy                     2.1.0                    pypi_0    pypi\n"
    )
    (found,) = list(RULE.check(Case(read_text(rows))))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY
    assert "numpy (1.26.4 by conda, 2.1.0 by pip)" in found.message
