"""kernel-of-another-python: what Jupyter starts."""

import pytest

from envcheck.facts.snapshot import Kernel, Package, PackageState, Python, Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.kernel_of_another_python import RULE

HERE = Kernel(name="here", executable="/project/.venv/bin/python", exists=True, same_environment=True)
OTHER = Kernel(name="python3", executable="/usr/bin/python3", exists=True, same_environment=False)
GONE = Kernel(name="old", executable="/gone/bin/python", exists=False, same_environment=False)


def judge(*kernels: Kernel, python: str = "/project/.venv/bin/python", packages: tuple[Package, ...] = ()) -> list[Outcome]:
    return list(RULE.check(Case(Snapshot(python=Python(executable=python, kernels=kernels), packages=packages))))


def test_kernels_of_other_pythons_only_are_one_hint_with_the_command_that_adds_one() -> None:
    (found,) = judge(OTHER)
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert found.message == "The Jupyter kernel python3 starts /usr/bin/python3, none starts /project/.venv/bin/python."
    assert [step.run[1:] for step in found.remedies[0].steps] == [
        ("-m", "pip", "install", "ipykernel"),
        ("-m", "ipykernel", "install", "--user", "--name", "project"),
    ]


def test_ipykernel_is_not_installed_twice() -> None:
    (found,) = judge(OTHER, packages=(Package(name="ipykernel", state=PackageState.OK),))
    assert isinstance(found, Found)
    assert len(found.remedies[0].steps) == 1


def test_other_environments_kernels_are_normal_where_one_is_of_this_python() -> None:
    assert [type(outcome) for outcome in judge(OTHER, HERE)] == [Passed]


def test_a_kernel_whose_interpreter_is_gone_is_a_warning_beside_a_good_one() -> None:
    found, passed = judge(GONE, HERE)
    assert isinstance(found, Found)
    assert isinstance(passed, Passed)
    assert found.severity is Severity.WARNING
    assert found.remedies[0].steps[0].run == ("jupyter", "kernelspec", "remove", "old")


def test_without_kernels_the_question_does_not_arise() -> None:
    assert [type(outcome) for outcome in judge()] == [NotApplicable]


def test_a_kernel_of_which_nothing_is_known_is_not_held_against_it() -> None:
    assert [type(outcome) for outcome in judge(Kernel(name="python3", executable="python"))] == [NotApplicable]


def test_it_is_not_evaluated_where_kernels_were_not_looked_for() -> None:
    assert [type(outcome) for outcome in RULE.check(Case(Snapshot()))] == [NotEvaluated]


@pytest.mark.parametrize(
    ("python", "name"),
    [("/home/me/My Project/venv/bin/python", "my-project"), ("C:\\work\\env\\Scripts\\python.exe", "work"), ("/usr/bin/python3", "usr")],
)
def test_the_new_kernel_is_named_after_the_environments_folder(python: str, name: str) -> None:
    (found,) = judge(OTHER, python=python)
    assert isinstance(found, Found)
    assert found.remedies[0].steps[-1].run[-1] == name


NOTEBOOK = "In [2]: import sys; sys.executable\nOut[2]: '/usr/bin/python3'\nIn [3]: !which python\n"


def test_a_notebook_that_runs_elsewhere_than_the_shell() -> None:
    missing = "ModuleNotFoundError: No module named 'torch'\n"
    (found,) = RULE.check(Case(read_text(missing + NOTEBOOK + "/home/a/v/bin/python\n")))
    assert isinstance(found, Found)
    assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.LIKELY)
    assert found.message.endswith("and the shell finds /home/a/v/bin/python, where pip installs.")
    (hint,) = RULE.check(Case(read_text(NOTEBOOK + "/home/a/v/bin/python\n")))
    assert isinstance(hint, Found)
    assert hint.severity is Severity.INFO


def test_a_notebook_that_runs_in_the_shells_python_passes() -> None:
    text = NOTEBOOK.replace("/usr/bin/python3", "/home/a/v/bin/python3") + "/home/a/v/bin/python\n"
    assert [type(each) for each in RULE.check(Case(read_text(text)))] == [Passed]


def test_kernels_of_a_text_need_a_python_to_compare_with() -> None:
    facts = Snapshot(python=Python(kernels=(Kernel(name="a", executable="/usr/bin/python3"),)))
    (open_question,) = RULE.check(Case(facts))
    assert isinstance(open_question, NotEvaluated)
    assert open_question.needs == ("the output of which python",)
