from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, Passed
from envcheck.messages import parse_message
from envcheck.rules.cuda_toolkit_missing import RULE

HOME = "OSError: CUDA_HOME environment variable is not set. Please set it to your CUDA install root."


def judge(*texts: str, **facts: Any) -> list[Any]:
    said = [msgspec.to_builtins(symptom) for text in texts for symptom in parse_message(text)]
    return list(RULE.check(Case(msgspec.convert({**facts, "symptoms": said}, Snapshot))))


def commands(found: Found) -> str:
    return "\n".join(" ".join(step.run) or step.do for step in found.remedies[0].steps)


def test_a_build_without_a_compiler_is_found():
    (found,) = judge(HOME, live=True, observed={"toolkits": "complete"})
    assert isinstance(found, Found)
    assert found.message == "Torch wanted the CUDA compiler, and no CUDA toolkit is installed."


def test_a_machine_where_nothing_is_compiled_needs_no_toolkit():
    wheel = {"torch": {"version": "2.8.0+cu128", "cuda": "12.8"}}
    (outcome,) = judge(live=True, observed={"toolkits": "complete"}, builds=wheel)
    assert isinstance(outcome, NotApplicable)
    assert isinstance(judge("bash: nvcc: command not found", builds=wheel)[0], NotApplicable)


def test_a_toolkit_that_is_there_passes():
    (outcome,) = judge(toolkits=[{"name": "cuda", "version": "12.8.1"}])
    assert isinstance(outcome, Passed)
    assert outcome.message == "CUDA 12.8.1"


def test_a_library_alone_is_no_compiler():
    assert isinstance(judge(toolkits=[{"name": "cudart", "version": "12.8.90"}])[0], NotApplicable)


def test_a_toolkit_that_nobody_names_is_to_be_named():
    (found,) = judge(HOME, toolkits=[{"name": "cuda", "version": "12.8.1", "path": "/opt/cuda-12.8"}])
    assert "/opt/cuda-12.8" in found.message
    assert "export CUDA_HOME=/opt/cuda-12.8" in commands(found)


def test_from_a_text_it_is_not_said_that_none_is_installed():
    assert judge(HOME)[0].message == "Torch wanted the CUDA compiler and did not find one."


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"system": {"distribution_id": "ubuntu"}}, "sudo apt-get install --yes cuda-toolkit-12-8"),
        ({"system": {"distribution_id": "rocky"}}, "sudo dnf install --assumeyes cuda-toolkit-12-8"),
        ({"system": {"distribution_id": "opensuse-leap"}}, "sudo zypper install cuda-toolkit-12-8"),
        ({"system": {"distribution_id": "arch"}}, "sudo pacman --sync --needed cuda"),
        ({"system": {"distribution_id": "ubuntu", "container": "docker"}}, "devel"),
        ({"system": {"os": "Windows"}}, "https://developer.nvidia.com/cuda-toolkit-archive"),
        (
            {"python": {"environment": "conda", "prefix": "/opt/conda/envs/x"}},
            "conda install --yes --prefix /opt/conda/envs/x --channel nvidia cuda-toolkit=12.8",
        ),
    ],
)
def test_the_remedy_is_for_this_system(facts: dict[str, Any], words: str):
    (found,) = judge(HOME, builds={"torch": {"version": "2.8.0+cu128", "cuda": "12.8"}}, **facts)
    assert words in commands(found)
