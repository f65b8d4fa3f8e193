"""compiled-file-damaged: a library that ends before its own header says."""

from envcheck.facts.snapshot import Import, Observed, Package, PackageState, Snapshot
from envcheck.facts.symptoms import PREDICTED, Symptom, SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Outcome, Passed
from envcheck.messages import parse_message
from envcheck.report import Certainty, Role
from envcheck.rules import all_rules
from envcheck.rules.compiled_file_damaged import RULE

TORCH = (Package(name="torch", version="2.7.1+cu126", state=PackageState.OK),)
FILE = "/opt/env/lib/python3.11/site-packages/torch/lib/libtorch_cpu.so"


def damaged(file: str = FILE, **more: str) -> Symptom:
    details = {"library": file, **more}
    return Symptom(kind=SymptomKind.FILE_DAMAGED, text=f"{file}: file too short", subject="torch", details=details, source="test")


def judge(*symptoms: Symptom, imports: tuple[Import, ...] = (), live: bool = False) -> list[Outcome]:
    return list(RULE.check(Case(Snapshot(symptoms=symptoms, imports=imports, live=live, packages=TORCH))))


def test_the_package_whose_file_it_is_is_installed_again_in_the_same_build() -> None:
    (found,) = judge(damaged())
    assert isinstance(found, Found)
    assert (found.subject, found.certainty) == ("torch", Certainty.CERTAIN)
    assert found.message == f"{FILE} is damaged: it ends before what its own header names, or is no library at all."
    assert "torch==2.7.1" in found.remedies[0].steps[-1].run
    assert "https://download.pytorch.org/whl/cu126" in found.remedies[0].steps[-1].run


def test_several_files_of_one_package_are_one_finding() -> None:
    (found,) = judge(damaged(), damaged(FILE.replace("_cpu", "_python")), damaged(FILE.replace("torch_cpu", "c10")))
    assert isinstance(found, Found)
    assert found.message.endswith("at all, and so are 2 others.")


def test_a_file_that_is_gone_is_said_to_be_missing() -> None:
    (found,) = judge(damaged("/e/lib/python3.11/site-packages/torch.libs/libgomp-a34b3233.so.1", reason="absent"))
    assert isinstance(found, Found)
    assert found.subject == "torch"
    assert "is missing, though it is in the list of the files that its package was installed with" in found.message


def lost(path: str, subject: str = "torch", count: int = 1) -> Symptom:
    details = {"library": f"/e/site/{path}", "path": path, "reason": "absent", "distribution": "torch 2.7.1+cu126", "lost": str(count)}
    return Symptom(kind=SymptomKind.FILE_DAMAGED, text=f"{path} is not there", subject=subject, details=details)


def test_what_a_package_has_lost_is_told_by_its_own_list() -> None:
    (found,) = judge(lost("torch/nn/init.py"), lost("torch/nn/init.py", "torchvision"))
    assert isinstance(found, Found)
    assert (found.subject, found.message) == ("torch", "torch 2.7.1+cu126 has lost files: torch/nn/init.py.")
    assert {"--force-reinstall", "--no-deps", "torch==2.7.1"} <= set(found.remedies[0].steps[-1].run)
    assert {"torch", "torchvision"} <= set(found.about)


def test_of_many_lost_files_a_few_are_named() -> None:
    (found,) = judge(*(lost(f"torch/{name}.py", count=31) for name in "abcd"))
    assert isinstance(found, Found)
    assert found.message == "torch 2.7.1+cu126 has lost files: torch/a.py, torch/b.py, torch/c.py, torch/d.py and 27 more."


def test_imports_that_missed_a_lost_file_follow_from_it() -> None:
    failed = tuple(Import(name=name, status="failed") for name in ("torch", "torchvision"))
    facts = Snapshot(
        symptoms=(lost("torch/nn/init.py"), lost("torch/nn/init.py", "torchvision")), imports=failed, live=True, packages=TORCH
    )
    roles = {(each.rule, each.subject): each.role for each in diagnose(facts, all_rules()).findings}
    assert roles["compiled-file-damaged", "torch"] is Role.PRIMARY
    assert [role for (rule, _), role in roles.items() if rule == "framework-import-fails"] == [Role.CONSEQUENCE, Role.CONSEQUENCE]


def test_a_file_of_nobody_known_is_looked_for_by_hand() -> None:
    (found,) = judge(Symptom(kind=SymptomKind.FILE_DAMAGED, text="libx.so: file too short", details={"library": "/opt/libx.so"}))
    assert isinstance(found, Found)
    assert (found.subject, found.remedies[0].manager) == ("libx.so", "manual")


def test_imports_that_met_none_pass() -> None:
    assert [type(each) for each in judge(imports=(Import(name="torch", status="imported"),), live=True)] == [Passed]


def test_a_look_without_imports_does_not_tell() -> None:
    assert [type(each) for each in judge(live=True)] == [NotEvaluated]


def test_of_a_text_that_says_nothing_it_is_no_question() -> None:
    assert [type(each) for each in judge()] == [NotApplicable]


def test_what_was_only_read_from_the_file_is_likely() -> None:
    facts = Snapshot(symptoms=(damaged(**{PREDICTED: "files"}),), live=True, packages=TORCH, observed=Observed())
    found = next(each for each in diagnose(facts, (RULE,)).findings)
    assert (found.certainty, found.would_confirm) == (Certainty.LIKELY, ('python -c "import torch" fails',))


def test_it_is_the_cause_of_the_import_that_dies_of_it() -> None:
    crashed = Symptom(kind=SymptomKind.SIGNAL, text="ended by SIGBUS", subject="torch", details={"signal": "SIGBUS"})
    facts = Snapshot(
        symptoms=(crashed, damaged(**{PREDICTED: "files"})), imports=(Import(name="torch", status="crashed"),), live=True, packages=TORCH
    )
    findings = diagnose(facts, all_rules()).findings
    assert findings[0].rule == "compiled-file-damaged"
    assert {each.rule: each.role for each in findings}["framework-import-crashes"] is Role.CONSEQUENCE


def test_the_words_of_the_loader_are_heard() -> None:
    for words in ("file too short", "ELF load command past end of file", "cannot read file data: Input/output error"):
        (symptom,) = parse_message(f"ImportError: {FILE}: {words}", subject="torch")
        assert (symptom.kind, symptom.details["library"]) == (SymptomKind.FILE_DAMAGED, FILE)
