"""onnxruntime-cpu-shadows-gpu: both builds beside each other."""

from envcheck.facts.snapshot import Accelerator, Completeness, Observed, Package, PackageState, Snapshot
from envcheck.facts.symptoms import Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty, Severity
from envcheck.rules.onnxruntime_cpu_shadows_gpu import RULE

ALL, SOME = Observed(packages=Completeness.COMPLETE), Observed(packages=Completeness.PARTIAL)
NVIDIA = Accelerator(index=0, vendor="nvidia")
FALLBACK = Symptom(
    kind=SymptomKind.PROVIDER_FALLBACK,
    text="Specified provider 'CUDAExecutionProvider' is not in available provider names.",
    details={"provider": "CUDAExecutionProvider"},
)


def package(name: str, manager: str = "pip") -> Package:
    return Package(name=name, version="1.16.1", state=PackageState.OK, manager=manager)


BOTH = (package("onnxruntime"), package("onnxruntime-gpu"))


def judge(
    *packages: Package, observed: Observed = ALL, cards: tuple[Accelerator, ...] = (), symptoms: tuple[Symptom, ...] = ()
) -> list[Outcome]:
    return list(RULE.check(Case(Snapshot(packages=packages, observed=observed, accelerators=cards, symptoms=symptoms))))


def test_both_builds_with_a_refused_provider_are_an_error_that_explains_it() -> None:
    (found,) = judge(*BOTH, symptoms=(FALLBACK,), observed=SOME)
    assert isinstance(found, Found)
    assert found.severity is Severity.ERROR
    assert found.symptoms == (FALLBACK,)
    assert "provider-fallback" in RULE.explains
    assert found.message.endswith("the CPU build hides onnxruntime-gpu. Programs already fall back to the CPU.")


def test_the_remedy_removes_both_and_installs_the_gpu_build_in_its_version() -> None:
    (found,) = judge(*BOTH)
    assert isinstance(found, Found)
    removal, installation = (step.run for step in found.remedies[0].steps)
    assert removal[-3:] == ("--yes", "onnxruntime", "onnxruntime-gpu")
    assert installation[-1] == "onnxruntime-gpu==1.16.1"


def test_it_is_an_error_with_the_card_it_is_for_and_a_warning_without() -> None:
    (with_card,), (without,) = judge(*BOTH, cards=(NVIDIA,)), judge(*BOTH)
    assert isinstance(with_card, Found)
    assert isinstance(without, Found)
    assert (with_card.severity, without.severity) == (Severity.ERROR, Severity.WARNING)


def test_an_integrated_card_of_another_maker_does_not_make_it_an_error() -> None:
    (found,) = judge(*BOTH, cards=(Accelerator(index=0, vendor="intel"),))
    assert isinstance(found, Found)
    assert found.severity is Severity.WARNING


def test_one_build_alone_passes() -> None:
    assert [type(outcome) for outcome in judge(package("onnxruntime-gpu"), cards=(NVIDIA,))] == [Passed]


def test_the_names_that_conda_gives_to_one_build_pass() -> None:
    assert [type(outcome) for outcome in judge(package("onnxruntime", "conda"), package("onnxruntime-gpu", "conda"))] == [Passed]


def test_without_onnxruntime_the_question_does_not_arise() -> None:
    assert [type(outcome) for outcome in judge()] == [NotApplicable]
    assert [type(outcome) for outcome in judge(observed=Observed())] == [NotApplicable]


def test_a_partial_list_that_shows_one_build_leaves_it_open() -> None:
    assert [type(outcome) for outcome in judge(package("onnxruntime-gpu"), observed=SOME)] == [NotEvaluated]
    assert [type(outcome) for outcome in judge(observed=Observed(), symptoms=(FALLBACK,))] == [NotEvaluated]


def test_what_a_removal_leaves_is_recognised() -> None:
    found = next(iter(RULE.check(Case(read_text("AttributeError: module 'onnxruntime' has no attribute 'InferenceSession'")))))
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY
    assert found.remedies[0].steps[-1].run[-1] == "onnxruntime"
