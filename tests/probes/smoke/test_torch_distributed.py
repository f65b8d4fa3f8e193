import pytest

from tests.probes.smoke.running import assert_catches, assert_passes, assert_passes_on_each_gpu, result, run_smoke

# The error is planted in all processes: the variable that brings it is inherited.
WRONG_SUM = """
all_reduce = module.all_reduce
def wrong(numbers):
    all_reduce(numbers)
    if module.get_rank() == 1:
        numbers[777777] *= 1.0001
module.all_reduce = wrong
"""
CRASH = """
def crash(numbers):
    import os
    if module.get_rank() == 1:
        os._exit(3)
    import time
    time.sleep(300)
module.all_reduce = crash
"""
RAISE = 'def fail(*_, **__):\n    raise RuntimeError("Connection refused")\nmodule.init_process_group = fail'


def test_processes_add_up_what_each_has(computing_python: str) -> None:
    answer = run_smoke(computing_python, "torch_distributed")
    assert_passes(answer, ["all_reduce of process 0", "all_reduce of process 1"])
    assert result(answer)["notes"] == {"processes": "2", "backend": "gloo"}


def test_an_error_in_one_element_of_one_process_is_caught(computing_python: str) -> None:
    answer = run_smoke(computing_python, "torch_distributed", planted=WRONG_SUM, module="torch.distributed")
    assert_catches(answer, "all_reduce of process 1")
    assert answer.said[-1].details["got"].startswith("3.0002999")


def test_a_process_that_crashes_is_told_and_the_others_do_not_wait_for_it(computing_python: str) -> None:
    answer = run_smoke(computing_python, "torch_distributed", planted=CRASH, module="torch.distributed")
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", "several")
    assert answer.said[-1].text.startswith("ProcessFailed: process 1 ended with status 3, adding up")
    assert result(answer)["compute_seconds"] < 90


def test_what_a_process_says_is_the_finding(computing_python: str) -> None:
    answer = run_smoke(computing_python, "torch_distributed", planted=RAISE, module="torch.distributed")
    assert "RuntimeError: Connection refused" in answer.said[-1].text
    assert "joining the others" in answer.said[-1].text


def test_a_build_for_the_cpu_has_no_gpus_and_has_not_failed(computing_python: str) -> None:
    assert result(run_smoke(computing_python, "torch_distributed", "device=cuda"), "cuda")["status"] == "skipped"


@pytest.mark.gpu
def test_all_gpus_add_up(computing_python: str) -> None:
    assert_passes_on_each_gpu(run_smoke(computing_python, "torch_distributed", "device=cuda"), "torch_distributed")
