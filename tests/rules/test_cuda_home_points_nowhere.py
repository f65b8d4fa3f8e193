from typing import Any

import msgspec

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.report import Severity
from envcheck.rules.cuda_home_points_nowhere import RULE

GONE = {"CUDA_HOME": "/usr/local/cuda-11.8"}
COMPILED = {"kind": "compiler-not-found", "text": "OSError: CUDA_HOME", "details": {"compiler": "nvcc"}}


def judge(*symptoms: dict[str, Any], looked: str = "complete", live: bool = True, **facts: Any) -> list[Any]:
    return list(
        RULE.check(Case(msgspec.convert({**facts, "symptoms": symptoms, "live": live, "observed": {"toolkits": looked}}, Snapshot)))
    )


def test_a_folder_without_a_toolkit_is_worth_a_word():
    (found,) = judge(variables=GONE)
    assert isinstance(found, Found)
    assert found.severity is Severity.INFO
    assert found.remedies[0].steps[0].do.startswith("unset CUDA_HOME")


def test_it_is_a_warning_where_something_is_compiled():
    (found,) = judge(COMPILED, variables=GONE, toolkits=[{"name": "cuda", "path": "/usr/local/cuda-12.4", "found_by": ["system"]}])
    assert found.severity is Severity.WARNING
    assert "set CUDA_HOME to /usr/local/cuda-12.4" in found.remedies[0].steps[0].do


def test_a_toolkit_in_the_folder_passes():
    toolkits = [{"name": "cuda", "path": "/usr/local/cuda-11.8", "found_by": ["CUDA_HOME"]}]
    assert isinstance(judge(variables=GONE, toolkits=toolkits)[0], Passed)


def test_without_a_whole_look_it_is_not_judged():
    assert isinstance(judge(variables=GONE, looked="partial")[0], NotEvaluated)
    assert isinstance(judge(variables=GONE, looked="none")[0], NotEvaluated)


def test_each_variable_counts_for_itself():
    outcomes = judge(variables={**GONE, "CUDA_PATH": "/x"}, toolkits=[{"name": "cuda", "found_by": ["CUDA_PATH"]}])
    assert [type(outcome) for outcome in outcomes] == [Found, Passed]


def test_there_is_no_question_without_the_variable_or_the_machine():
    assert isinstance(judge()[0], NotApplicable)
    assert isinstance(judge(variables={"CUDA_HOME": ""})[0], NotApplicable)
    assert isinstance(judge(variables=GONE, live=False)[0], NotApplicable)


def test_why_it_is_not_judged_says_what_would_help():
    (partial,), (none,) = judge(variables=GONE, looked="partial"), judge(variables=GONE, looked="none")
    assert "not every folder" in partial.reason
    assert none.needs == ("envcheck doctor without --quick",)


def test_another_librarys_folder_is_not_proposed():
    (found,) = judge(COMPILED, variables=GONE, toolkits=[{"name": "cudnn", "path": "/opt/cudnn"}, {"name": "cuda"}])
    assert (found.severity, found.remedies[0].steps[0].do.startswith("unset CUDA_HOME")) == (Severity.INFO, True)


def test_a_build_that_looked_there_in_vain_tells_of_a_text_too():
    missed = {
        "kind": "compiler-not-found",
        "text": "No such file",
        "details": {"compiler": "nvcc", "path": "/usr/local/cuda-11.8/bin/nvcc"},
    }
    (found,) = judge(missed, variables=GONE, live=False, looked="none")
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR
    assert found.symptoms


def test_a_build_that_looked_elsewhere_tells_nothing_of_the_folder():
    missed = {
        "kind": "compiler-not-found",
        "text": "No such file",
        "details": {"compiler": "nvcc", "path": "/usr/local/cuda-11.80/bin/nvcc"},
    }
    assert isinstance(judge(missed, variables=GONE, live=False, looked="none")[0], NotApplicable)


def test_the_environment_module_that_may_have_set_it_is_named():
    variables = {"CUDA_HOME": "/apps/cuda/11.7", "LOADEDMODULES": "gcc/9.3.0:cuda/11.7"}
    (found,) = judge(variables=variables)
    assert isinstance(found, Found)
    assert "cuda/11.7" in [proof.value for proof in found.evidence]
    assert found.remedies[0].steps[0].run == ("module", "unload", "cuda/11.7")
