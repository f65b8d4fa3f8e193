"""restart-needed."""

from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Role, Severity
from envcheck.rules.restart_needed import RULE
from tests.rules.rule_words import judged, words

COLAB = """\
Successfully installed {name}-{version}
WARNING: The following packages were previously imported in this runtime:
  [{name}]
You must restart the runtime in order to use newly installed versions.
"""
NOTE = "Note: you may need to restart the kernel to use updated packages.\n"
SIZES = "ValueError: numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C header, got 88 from PyObject\n"


def judge(text: str) -> list[Any]:
    return list(RULE.check(Case(read_text(text))))


def test_colab_names_what_it_has_loaded_in_another_version() -> None:
    (found,) = judge(COLAB.format(name="numpy", version="1.26.4"))
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING
    assert "Restart session" in words(found)


def test_an_error_of_these_packages_after_it_follows_from_it() -> None:
    report = judged(read_text(COLAB.format(name="numpy", version="1.26.4") + SIZES))
    first, *rest = report.findings
    assert (first.rule, first.severity) == ("restart-needed", Severity.ERROR)
    assert {finding.role for finding in rest} == {Role.CONSEQUENCE}


def test_an_error_that_was_there_before_is_what_it_was_meant_to_mend() -> None:
    (found,) = judge(SIZES + COLAB.format(name="numpy", version="1.26.4"))
    assert found.severity is Severity.INFO


def test_packages_that_nothing_hangs_on_are_a_hint() -> None:
    (found,) = judge(COLAB.format(name="psutil", version="6.0.0"))
    assert found.severity is Severity.INFO


def test_a_version_printed_after_another_was_installed_is_still_loaded() -> None:
    text = f"Successfully installed torch-2.6.0\n{NOTE}>>> torch.__version__\n'2.3.1+cu121'\n"
    (found,) = judge(text)
    assert found.message.startswith("torch 2.3.1+cu121 is still loaded, although 2.6.0 is installed")
    assert "torch" in found.about


def test_a_version_printed_before_the_installation_was_the_old_one() -> None:
    text = f">>> torch.__version__\n'2.3.1+cu121'\nSuccessfully installed torch-2.6.0\n{NOTE}"
    assert [type(outcome) for outcome in judge(text)] == [NotApplicable]


def test_without_a_notebook_it_may_be_another_python() -> None:
    (outcome,) = judge("Successfully installed torch-2.6.0\n>>> torch.__version__\n'2.3.1+cu121'\n")
    assert isinstance(outcome, NotEvaluated)


@pytest.mark.parametrize("text", ["Note: you may need to restart the kernel to use updated packages.\n", "torch 2.6.0+cu124\n"])
def test_the_note_of_every_installation_says_nothing(text: str) -> None:
    assert [type(outcome) for outcome in judge(text)] == [NotApplicable]


def test_a_saved_snapshot_without_lines_is_no_stale_program() -> None:
    facts = {
        "packages": [{"name": "torch", "version": "2.6.0", "state": "ok"}],
        "contradictions": [{"fact": "packages[torch].version", "value": "2.3.1", "source": "pip"}],
    }
    assert [type(outcome) for outcome in RULE.check(Case(msgspec.convert(facts, Snapshot)))] == [NotApplicable]


def test_the_installed_version_printed_below_the_note_is_the_loaded_one() -> None:
    (outcome,) = judge(f"Successfully installed torch-2.6.0\n{NOTE}>>> torch.__version__\n'2.6.0+cu124'\n")
    assert isinstance(outcome, Passed)
    (outcome,) = judge(f">>> torch.__version__\n'2.6.0+cu124'\nSuccessfully installed torch-2.6.0\n{NOTE}")
    assert isinstance(outcome, NotApplicable)


IPYTHON = """\
In [1]: import transformers; transformers.__version__
Out[1]: '4.30.2'
In [2]: !pip install -q transformers==4.38.1
Successfully installed tokenizers-0.15.2 transformers-4.38.1
"""


def test_an_installation_in_the_running_program_whose_version_stays() -> None:
    (found,) = judge(IPYTHON + "In [3]: transformers.__version__\nOut[3]: '4.30.2'\n")
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.LIKELY)
    assert found.message.startswith("transformers 4.30.2 is still loaded, although 4.38.1 is installed")
    assert found.would_confirm


def test_an_error_after_an_installation_in_the_running_program() -> None:
    text = "In [1]: import numpy\nIn [2]: !pip install numpy==1.26.4\nSuccessfully installed numpy-1.26.4\nIn [3]: import pandas\n" + SIZES
    first, *rest = judged(read_text(text)).findings
    assert (first.rule, first.certainty) == ("restart-needed", Certainty.LIKELY)
    assert [finding.role for finding in rest if finding.rule == "numpy-abi-mismatch"] == [Role.CONSEQUENCE]


@pytest.mark.parametrize(
    "after",
    ["", "In [3]: 1 + 1\nOut[3]: 2\n", "In [1]: import transformers; transformers.__version__\nOut[1]: '4.38.1'\n"],
)
def test_a_program_that_was_started_again_or_shows_nothing_is_left_alone(after: str) -> None:
    assert not [each for each in judge(IPYTHON + after) if isinstance(each, Found)]
