"""retired-package: what has ended and what goes on under another name."""

import pytest

from envcheck.facts.snapshot import Completeness, Observed, Package, PackageState, Python, Smoke, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.retired_package import RULE


def judge(*names: str, observed: Completeness = Completeness.COMPLETE) -> list[Outcome]:
    packages = tuple(Package(name=name, version="1.0", state=PackageState.OK) for name in names)
    snapshot = Snapshot(packages=packages, observed=Observed(packages=observed), python=Python(executable="/env/bin/python"))
    return list(RULE.check(Case(snapshot)))


@pytest.mark.parametrize("name", ["mxnet", "theano", "torchserve", "tensorflow-addons"])
def test_what_its_owners_have_ended_is_a_warning_with_advice(name: str) -> None:
    (found,) = judge(name)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.CERTAIN)
    assert found.remedies[0].summary


@pytest.mark.parametrize(
    ("name", "successor"),
    [
        ("pandas-profiling", "ydata-profiling"),
        ("tflite-runtime", "ai-edge-litert"),
        ("pynvml", "nvidia-ml-py"),
        ("sklearn", "scikit-learn"),
        ("aesara", "pytensor"),
    ],
)
def test_what_goes_on_under_another_name_is_a_hint_that_names_it(name: str, successor: str) -> None:
    (found,) = judge(name, "pip")
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert found.remedies[0].steps[-1].run == ("/env/bin/python", "-m", "pip", "install", successor)


@pytest.mark.parametrize("name", ["horovod", "oneflow"])
def test_what_nobody_has_declared_ended_is_only_a_likely_hint(name: str) -> None:
    (found,) = judge(name)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.INFO, Certainty.LIKELY)
    assert found.would_confirm


def test_names_that_only_resemble_a_retired_one_pass() -> None:
    assert [type(each) for each in judge("scikit-learn", "nvidia-ml-py", "pytensor", "mxnet-stubs")] == [Passed]


def test_an_empty_environment_passes() -> None:
    assert [type(each) for each in judge()] == [Passed]


def test_a_partial_list_without_one_raises_no_question() -> None:
    assert [type(each) for each in judge("torch", observed=Completeness.PARTIAL)] == [NotApplicable]


def test_it_is_not_evaluated_where_no_packages_are_known() -> None:
    assert [type(each) for each in judge(observed=Completeness.NONE)] == [NotEvaluated]


@pytest.mark.parametrize(
    ("text", "successor"),
    [
        ('The "tensorflow-gpu" package has been removed!\n\nPlease install "tensorflow" instead.\n', "tensorflow"),
        ("The 'sklearn' PyPI package is deprecated, use 'scikit-learn'\nrather than 'sklearn' for pip commands.\n", "scikit-learn"),
    ],
)
def test_a_package_that_ends_its_own_installation_says_what_to_install(text: str, successor: str) -> None:
    (found,) = (outcome for outcome in RULE.check(Case(read_text(text))) if isinstance(outcome, Found))
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert found.remedies[0].steps[-1].run[-1] == successor


def test_one_that_names_no_successor_is_still_told() -> None:
    (found,) = (
        outcome for outcome in RULE.check(Case(read_text('The "some-pkg" package has been removed!\n'))) if isinstance(outcome, Found)
    )
    assert "https://pypi.org/project/some-pkg/" in str(found.remedies)


def asked_for(name: str, **result: str) -> list[Outcome]:
    smoke = Smoke(framework=name, device="cpu", asked_for=True, **{"status": "skipped", **result})
    return list(RULE.check(Case(Snapshot(smoke=(smoke,), observed=Observed(packages=Completeness.COMPLETE)))))


@pytest.mark.parametrize(("name", "words"), [("mxnet", "PyTorch"), ("theano", "pytensor"), ("pandas-profiling", "ydata-profiling")])
def test_what_is_asked_for_and_has_ended_names_what_has_taken_its_place(name: str, words: str) -> None:
    (found,) = asked_for(name)
    assert isinstance(found, Found)
    assert (found.severity, found.subject) == (Severity.WARNING, name)
    assert words in found.remedies[0].summary


def test_a_smoke_test_of_the_name_of_a_placeholder_is_no_question_for_it() -> None:
    assert [type(each) for each in asked_for("sklearn", status="passed")] == [Passed]
    assert [type(each) for each in asked_for("sklearn")] == [Passed]
