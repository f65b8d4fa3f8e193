"""gpu-missing: the presence and the maker of GPUs against what profiles ask for."""

from envcheck.facts.snapshot import Accelerator, Completeness, Observed, Python, Snapshot, System
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.profiles.model import Level, Operator, Requirement
from envcheck.rules.gpu_missing import RULE

ALL = Observed(accelerators=Completeness.COMPLETE)
ANY = Requirement(fact="accelerators", operator=Operator.INSTALLED, level=Level.MUST, profile="gpu")
CUDA = Requirement(fact="accelerators.backend", operator=Operator.INCLUDES, level=Level.MUST, bound="cuda", profile="cuda")
SIZE = Requirement(fact="accelerators.memory_bytes", operator=Operator.AT_LEAST, level=Level.MUST, bound="6 GB", profile="lab")
NVIDIA = Accelerator(index=0, vendor="nvidia", backend="cuda", name="NVIDIA A100")
AMD = Accelerator(index=1, vendor="amd", backend="rocm", name="AMD Radeon")


def judge(snapshot: Snapshot, *requirements: Requirement) -> list[Outcome]:
    return list(RULE.check(Case(snapshot, requirements)))


def test_no_gpu_is_one_finding_however_many_ask_for_one() -> None:
    (found,) = judge(Snapshot(observed=ALL), ANY, CUDA, SIZE)
    assert isinstance(found, Found)
    assert found.message == "GPU: none found; the profile cuda needs an NVIDIA GPU."


def test_who_asks_for_gpu_memory_asks_for_a_gpu() -> None:
    (found,) = judge(Snapshot(observed=ALL), SIZE)
    assert isinstance(found, Found)
    assert found.message == "GPU: none found; the profile lab needs one with 6 GB."


def test_another_makers_gpu_is_named() -> None:
    any_gpu, cuda = judge(Snapshot(accelerators=(AMD,), observed=ALL), ANY, CUDA)
    assert isinstance(any_gpu, Passed)
    assert isinstance(cuda, Found)
    assert cuda.message == "GPU: AMD Radeon; the profile cuda needs an NVIDIA GPU."


def test_hidden_cards_are_not_called_absent() -> None:
    (found,) = judge(Snapshot(accelerators=(Accelerator(index=0, visible=False),), observed=ALL), ANY)
    assert isinstance(found, Found)
    assert found.message == "GPU: every GPU is hidden from programs; the profile gpu needs a GPU."


def test_the_remedy_is_that_of_the_surroundings() -> None:
    def steps(snapshot: Snapshot) -> str:
        (found,) = judge(snapshot, CUDA)
        assert isinstance(found, Found)
        return found.remedies[0].summary + " ".join(step.do for step in found.remedies[0].steps)

    assert "--gpus all" in steps(Snapshot(observed=ALL, system=System(container="docker")))
    assert "--gres=gpu:1" in steps(Snapshot(observed=ALL, system=System(scheduler="slurm")))
    assert "runtime with a GPU" in steps(Snapshot(observed=ALL, python=Python(service="colab")))


def test_a_gpu_of_the_right_maker_passes() -> None:
    assert all(isinstance(outcome, Passed) for outcome in judge(Snapshot(accelerators=(NVIDIA, AMD), observed=ALL), ANY, CUDA))


def test_where_nobody_looked_it_is_not_evaluated_once() -> None:
    (gap,) = judge(Snapshot(), ANY, CUDA, SIZE)
    assert isinstance(gap, NotEvaluated)


def test_without_a_profile_a_machine_without_gpu_is_healthy() -> None:
    assert isinstance(judge(Snapshot(observed=ALL))[0], NotApplicable)


def test_a_card_that_no_program_can_use_is_named_with_the_reason() -> None:
    lost = Accelerator(index=0, vendor="nvidia", backend="cuda", name="NVIDIA A10", state="lost")
    (found,) = judge(Snapshot(accelerators=(lost,), observed=ALL), ANY, CUDA, SIZE)
    assert isinstance(found, Found)
    assert found.message.startswith("GPU: no program can use NVIDIA A10: it no longer answers; ")


def test_a_maker_that_has_not_the_wanted_backend_needs_no_backend_of_his_own() -> None:
    chip = Accelerator(index=0, vendor="ASPEED Technology, Inc.", name="AST2600")
    (found,) = judge(Snapshot(accelerators=(chip,), observed=ALL), CUDA)
    assert isinstance(found, Found)
    unsaid = Accelerator(index=0, vendor="nvidia", name="NVIDIA Something")
    assert isinstance(judge(Snapshot(accelerators=(unsaid,), observed=ALL), CUDA)[0], NotEvaluated)
