"""pip-of-another-python: where a plain pip installs."""

import pytest

from envcheck.facts.environment import NAMED
from envcheck.facts.snapshot import Completeness, Import, NearbyEnvironment, Observed, Package, PackageState, PipCommand, Python, Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Role, Severity
from envcheck.rules import all_rules
from envcheck.rules.pip_of_another_python import RULE


def judge(pip: PipCommand | None, *symptoms: Symptom) -> list[Outcome]:
    python = Python(executable="/env/bin/python", pip=pip)
    return list(RULE.check(Case(Snapshot(python=python, symptoms=symptoms))))


ELSEWHERE = PipCommand(executable="/usr/bin/pip", python="/usr/bin/python3", same_environment=False)


def test_a_pip_that_installs_elsewhere_is_a_hint_with_the_right_command() -> None:
    (found,) = judge(ELSEWHERE)
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert found.message == "/usr/bin/pip, the pip that PATH finds, installs into /usr/bin/python3, not into /env/bin/python."
    assert found.remedies[0].steps[0].run[:3] == ("/env/bin/python", "-m", "pip")


def test_it_is_a_warning_where_a_module_is_missing() -> None:
    missing = Symptom(kind=SymptomKind.MODULE_NOT_FOUND, text="No module named 'torch'", details={"module": "torch"})
    (found,) = judge(ELSEWHERE, missing)
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING
    assert found.would_confirm == ("whether the missing package is installed in /usr/bin/python3",)


def test_the_environments_own_pip_passes() -> None:
    assert [type(each) for each in judge(PipCommand(executable="/env/bin/pip", python="/env/bin/python", same_environment=True))] == [
        Passed
    ]


def test_without_pip_on_path_the_question_does_not_arise() -> None:
    assert [type(outcome) for outcome in judge(None)] == [NotApplicable]


def test_a_pip_whose_python_could_not_be_told_leaves_it_open() -> None:
    assert [type(outcome) for outcome in judge(PipCommand(executable="/usr/bin/pip", python=None))] == [NotEvaluated]


def test_it_is_not_evaluated_where_path_was_not_looked_at() -> None:
    assert [type(outcome) for outcome in RULE.check(Case(Snapshot()))] == [NotEvaluated]


def judge_text(text: str) -> list[Outcome]:
    return list(RULE.check(Case(read_text(text))))


LOG = "$ pip install torch\nRequirement already satisfied: torch in /usr/local/lib/python3.8/dist-packages (2.1.0)\n"
ERROR = 'Traceback (most recent call last):\n  File "/home/a/train.py", line 3, in <module>\n    import torch\n'
ERROR += "ModuleNotFoundError: No module named 'torch'\n"
PIP = "$ pip --version\npip 22.0.2 from /usr/lib/python3/dist-packages/pip (python 3.10)\n"


def test_what_pip_has_and_python_lacks_below_it_is_in_another_python() -> None:
    (found,) = judge_text(LOG + "$ python train.py\n" + ERROR)
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.ERROR, Certainty.LIKELY)
    assert "/usr/local/lib/python3.8/dist-packages" in found.message
    assert found.remedies[0].steps[0].run[-2:] == ("install", "torch")


def test_it_is_certain_where_the_program_ran_in_another_version() -> None:
    (found,) = judge_text(LOG + ERROR.replace("/home/a/train.py", "/usr/lib/python3.12/runpy.py"))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN


def test_what_was_installed_after_the_error_is_no_sign() -> None:
    assert not any(isinstance(each, Found) for each in judge_text(ERROR + LOG))


def test_a_build_in_an_environment_of_its_own_is_no_sign() -> None:
    building = ERROR.replace("/home/a/train.py", "/tmp/pip-build-env-x/overlay/lib/python3.8/site-packages/setuptools/build_meta.py")
    assert not any(isinstance(each, Found) for each in judge_text(LOG + building))


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (PIP + "$ python --version\nPython 3.12.2\n", Found),
        (PIP + "$ which python\n/home/a/v/bin/python\n", Found),
        ("$ which pip\n/usr/bin/pip\n$ which python\n/home/a/v/bin/python\n", Found),
        ("$ which pip\n/home/a/v/bin/pip\n$ which python\n/home/a/v/bin/python\n", Passed),
        (PIP + "$ python --version\nPython 3.10.12\n", NotEvaluated),
        (PIP + "$ which python\n/usr/local/bin/python\n", NotEvaluated),
        (PIP, NotEvaluated),
    ],
)
def test_a_text_that_shows_pip_and_python(text: str, outcome: type[Outcome]) -> None:
    assert [type(each) for each in judge_text(text)] == [outcome]


MISSING = Symptom(kind=SymptomKind.MODULE_NOT_FOUND, text="No module named 'numpy'", details={"module": "numpy"}, subject="numpy")
OF_PIP = NearbyEnvironment(path="/opt/python", frameworks={"numpy": "2.4.6"})
SERVED = PipCommand(executable="/opt/python/bin/pip", python="/opt/python/bin/python3.11", same_environment=False)


def on_the_machine(*nearby: NearbyEnvironment, because: str = "python of PATH", packages: tuple[Package, ...] = ()) -> Snapshot:
    """numpy cannot be imported, and the pip of PATH serves /opt/python."""
    python = Python(executable="/env/bin/python", pip=SERVED, nearby=nearby, chosen_because=because)
    absent = (Import(name="numpy", status="failed" if packages else "absent"),)
    observed = Observed(packages=Completeness.COMPLETE)
    return Snapshot(live=True, python=python, packages=packages, imports=absent, symptoms=(MISSING,), observed=observed)


def test_on_the_machine_it_is_the_likely_cause_where_its_python_has_what_is_missing() -> None:
    (found,) = RULE.check(Case(on_the_machine(OF_PIP)))
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.LIKELY)
    assert "/opt/python/bin/python3.11, which has numpy, not into /env/bin/python" in found.message
    assert found.would_confirm == ("that numpy was installed with /opt/python/bin/pip",)
    assert found.remedies[0].steps[0].run == ("/env/bin/python", "-m", "pip", "install", "numpy")
    assert found.about == ("numpy",)


@pytest.mark.parametrize(
    "nearby", [(), (NearbyEnvironment(path="/other", frameworks={"numpy": "2.4.6"}),), (NearbyEnvironment(path="/opt/python"),)]
)
def test_on_the_machine_it_is_a_hint_where_its_python_is_not_known_to_have_it(nearby: tuple[NearbyEnvironment, ...]) -> None:
    (found,) = RULE.check(Case(on_the_machine(*nearby)))
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert found.remedies[0].steps[0].run[-1] == "--version"


def test_a_missing_part_of_what_is_installed_here_was_put_nowhere_else() -> None:
    numpy = Package(name="numpy", version="2.4.6", state=PackageState.OK)
    (found,) = RULE.check(Case(on_the_machine(OF_PIP, packages=(numpy,))))
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO


def test_what_is_missing_in_an_environment_that_was_named_is_simply_not_installed() -> None:
    facts = on_the_machine(OF_PIP, because=NAMED)
    assert [type(each) for each in RULE.check(Case(facts))] == [NotApplicable]
    first, *others = diagnose(facts, all_rules()).findings
    assert (first.rule, first.role) == ("framework-absent", Role.PRIMARY)
    assert first.remedies[0].steps[-1].run[-2:] == ("install", "numpy")
    assert {each.severity for each in others} <= {Severity.INFO}
