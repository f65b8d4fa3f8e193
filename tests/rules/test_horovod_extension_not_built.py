from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.rules.horovod_extension_not_built import RULE
from tests.rules.rule_words import judged, said, words

HOROVOD = {"name": "horovod", "version": "0.28.1", "state": "ok"}


def judge(*symptoms: dict[str, Any], **facts: Any) -> list[Any]:
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms}, Snapshot))))


def lacks(feature: str) -> dict[str, Any]:
    return said("not-compiled-with", "horovod", feature=feature, package="horovod")


@pytest.mark.parametrize(
    ("feature", "variable"),
    [
        ("torch", "HOROVOD_WITH_PYTORCH"),
        ("tensorflow", "HOROVOD_WITH_TENSORFLOW"),
        ("mxnet", "HOROVOD_WITH_MXNET"),
        ("mpi", "HOROVOD_WITH_MPI"),
        ("gloo", "HOROVOD_WITH_GLOO"),
        ("mpi or gloo", "HOROVOD_WITH_GLOO"),
    ],
)
def test_it_is_built_again_with_the_variable_of_what_is_missing(feature: str, variable: str):
    (found,) = judge(lacks(feature), packages=[HOROVOD])
    build = next(step for step in found.remedies[0].steps if step.env)
    assert build.env == {variable: "1"}
    assert {"--no-cache-dir", "horovod==0.28.1"} <= set(build.run)


def test_all_that_is_missing_is_one_finding():
    (found,) = judge(lacks("torch"), lacks("mpi or gloo"))
    assert isinstance(found, Found)
    assert len(found.symptoms) == 2


def test_a_framework_that_is_not_there_is_installed_first():
    (found,) = judge(lacks("torch"), packages=[HOROVOD], observed={"packages": "complete"})
    assert "PyTorch itself is not installed" in found.message
    assert words(found).index("install torch") < words(found).index("horovod==0.28.1")


def test_other_packages_builds_are_other_matters():
    (outcome,) = judge(said("not-compiled-with", "torch", feature="cuda", package="torch"))
    assert isinstance(outcome, NotApplicable)


def test_one_that_can_be_imported_passes():
    (outcome,) = judge(packages=[HOROVOD], imports=[{"name": "horovod", "status": "imported"}])
    assert isinstance(outcome, Passed)


def test_what_it_was_built_with_is_not_known_of_a_list_of_packages():
    (outcome,) = judge(packages=[HOROVOD])
    assert isinstance(outcome, NotEvaluated)


TABLE = """\
Horovod v0.28.1:

Available Frameworks:
    [{}] TensorFlow
    [{}] PyTorch
    [ ] MXNet

Available Controllers:
    [ ] MPI
    [{}] Gloo

Available Tensor Operations:
    [ ] NCCL
"""
TEXTS = {
    "TensorFlow": "ImportError: Extension horovod.tensorflow has not been built: /opt/conda/lib/python3.8/site-packages/horovod/tensorflow/"
    "mpi_lib.cpython-38-x86_64-linux-gnu.so not found\n",
    "MXNet, with a list of packages": "horovod==0.21.3\nImportError: Extension horovod.mxnet has not been built.\n",
    "a table without frameworks": TABLE.format(" ", " ", "X"),
    "a table without controllers": TABLE.format("X", " ", " "),
    "Gloo": "ValueError: Gloo support has not been built.  If this is not expected, reinstall Horovod with HOROVOD_WITH_GLOO=1 to debug.\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_real_words_lead_here_first(text: str):
    assert [finding.rule for finding in judged(read_text(text)).findings][:1] == ["horovod-extension-not-built"]


@pytest.mark.parametrize(
    "text", [TABLE.format("X", " ", "X"), "horovod==0.28.1\ntorch==2.1.0\n", "Horovod version: 0.22.1, PyTorch 1.8.1\n"]
)
def test_a_build_for_one_framework_is_enough(text: str):
    assert not any(isinstance(outcome, Found) for outcome in RULE.check(Case(read_text(text))))
