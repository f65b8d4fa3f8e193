"""What files let expect: which imports would bring the process down, and how sure a finding is that has nothing else."""

import pytest

from envcheck.facts.snapshot import Cpu, Import, Package, PackageState, Snapshot, System
from envcheck.facts.symptoms import PREDICTED, Symptom, SymptomKind
from envcheck.judging.engine import diagnose
from envcheck.judging.predictions import predicted_crash
from envcheck.report import Certainty, Severity
from envcheck.rules import all_rules

OLD, NEW = ("sse2", "sse4_2"), ("sse2", "sse4_2", "avx", "avx2")


def package(name: str, version: str = "2.19.0", manager: str = "pip") -> Package:
    return Package(name=name, version=version, state=PackageState.OK, manager=manager)


def machine(
    *symptoms: Symptom, features: tuple[str, ...] | None = OLD, packages: tuple[Package, ...] = (), name: str = "x86_64"
) -> Snapshot:
    cpu = Cpu(features=features) if features is not None else Cpu()
    return Snapshot(live=True, system=System(os="Linux", machine=name), cpu=cpu, packages=packages, symptoms=symptoms)


def predicted(kind: SymptomKind, subject: str = "torch", **details: str) -> Symptom:
    return Symptom(kind=kind, text=f"{subject}/x.so is so", subject=subject, details={**details, PREDICTED: "files"}, source="read in x.so")


@pytest.mark.parametrize(("name", "installed"), [("tensorflow", "tensorflow-cpu"), ("jax", "jaxlib"), ("tf_keras", "tensorflow")])
def test_a_framework_with_avx_on_a_processor_without_it(name: str, installed: str) -> None:
    reason = predicted_crash(machine(packages=(package(installed),)), name)
    assert reason == f"{installed} is compiled with AVX, which the processor lacks"


@pytest.mark.parametrize(
    "facts",
    [
        machine(features=NEW, packages=(package("tensorflow"),)),
        machine(features=None, packages=(package("tensorflow"),)),
        machine(features=(), packages=(package("tensorflow"),)),
        machine(packages=(package("tensorflow", manager="conda"),)),
        machine(packages=(package("tensorflow", "1.5.0"),)),
        machine(packages=(package("torch"),)),
        machine(packages=(package("tensorflow"),), name="aarch64"),
    ],
)
def test_what_may_well_work_is_tried(facts: Snapshot) -> None:
    assert predicted_crash(facts, "tensorflow") is None


def test_a_file_for_another_processor_is_the_reason() -> None:
    facts = machine(predicted(SymptomKind.ARCH_NOT_SUPPORTED), features=NEW)
    assert predicted_crash(facts, "torch") == "torch/x.so is so"
    assert predicted_crash(facts, "torchvision") == "torch/x.so is so"
    assert predicted_crash(facts, "tensorflow") is None


@pytest.mark.parametrize("kind", [SymptomKind.LIBRARY_NOT_FOUND, SymptomKind.WRONG_ARCHITECTURE, SymptomKind.FILE_DAMAGED])
def test_of_anything_else_the_loader_itself_is_asked(kind: SymptomKind) -> None:
    facts = machine(predicted(kind, library="libgomp.so.1"), features=NEW)
    assert predicted_crash(facts, "torch") is None


def test_what_a_program_said_before_is_no_prediction() -> None:
    said = Symptom(kind=SymptomKind.WRONG_ARCHITECTURE, text="wrong ELF class: ELFCLASS32", subject="torch")
    assert predicted_crash(machine(said, features=NEW), "torch") is None


LIBRARY = predicted(
    SymptomKind.LIBRARY_NOT_FOUND, "xgboost", library="libgomp.so.1", needed_by="/e/lib/python3.11/site-packages/xgboost/lib/libxgboost.so"
)


@pytest.mark.parametrize(
    ("symptom", "rule"),
    [
        (LIBRARY, "system-library-missing"),
        (predicted(SymptomKind.LIBRARY_NOT_FOUND, library="libcudnn.so.9"), "cuda-runtime-lib-missing"),
        (predicted(SymptomKind.SYMBOL_VERSION_MISSING, library="/lib/libc.so.6", version="GLIBC_2.99"), "glibc-too-old"),
        (predicted(SymptomKind.SYMBOL_VERSION_MISSING, library="/x/libstdc++.so.6", version="GLIBCXX_3.4.99"), "libstdcxx-too-old"),
        (predicted(SymptomKind.WRONG_ARCHITECTURE, library="/x/_C.so", have="aarch64", need="x86_64"), "wheel-for-another-platform"),
        (predicted(SymptomKind.FILE_DAMAGED, library="/x/libtorch.so"), "compiled-file-damaged"),
        (predicted(SymptomKind.ARCH_NOT_SUPPORTED, capability="avx2"), "cpu-no-avx"),
    ],
)
def test_the_rule_of_the_loaders_own_words_names_the_cause_and_is_not_sure(symptom: Symptom, rule: str) -> None:
    facts = machine(symptom, features=("sse2",))
    found = next(finding for finding in diagnose(facts, all_rules()).findings if finding.rule == rule)
    assert (found.certainty, found.severity) == (Certainty.LIKELY, Severity.ERROR)
    assert f'python -c "import {symptom.subject}" fails' in found.would_confirm


def test_an_import_that_fails_of_it_makes_it_certain() -> None:
    said = Symptom(kind=SymptomKind.LIBRARY_NOT_FOUND, text="libgomp.so.1: cannot open", subject="xgboost", details=LIBRARY.details | {})
    details = {name: value for name, value in LIBRARY.details.items() if name != PREDICTED}
    said = Symptom(kind=said.kind, text=said.text, subject="xgboost", details=details)
    facts = Snapshot(
        live=True, system=System(os="Linux", machine="x86_64"), symptoms=(said,), imports=(Import(name="xgboost", status="failed"),)
    )
    found = next(finding for finding in diagnose(facts, all_rules()).findings if finding.rule == "system-library-missing")
    assert found.certainty is Certainty.CERTAIN
