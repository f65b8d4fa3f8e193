"""The score of a folder of cases, on a folder made here."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from envcheck.facts.symptoms import SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, Layer, Manual, NotApplicable, Rule
from envcheck.report import Area, Severity

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "diagnose_cases.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("diagnose_cases", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def rule(name: str, kind: SymptomKind, severity: Severity = Severity.ERROR) -> Rule:
    def check(case: Case) -> list[Found | NotApplicable]:
        said = tuple(case.said(kind))
        return [Found(name, name, severity=severity, symptoms=said)] if said else [NotApplicable("nothing was said")]

    return Rule(name, name, Area.GPU, Layer.DRIVER, Manual("", "", "", "", "", ()), check)


RULES = (
    rule("nvml-broken", SymptomKind.NVML_ERROR),
    rule("crashed", SymptomKind.SIGNAL, Severity.WARNING),
    rule("absent", SymptomKind.MODULE_NOT_FOUND),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    cases = {
        "1-right": ("nvml-broken", "Failed to initialize NVML: Unknown Error"),
        "2-wrong-first": ("crashed", "Failed to initialize NVML: Unknown Error\n\nKilled\n"),
        "3-nothing": ("nvml-broken", "all is well"),
        "4-no-rule": ("never-heard-of", "ModuleNotFoundError: No module named 'torch'"),
        "5-healthy": ("healthy", "PyTorch version: 2.4.0+cu121\nIs CUDA available: True"),
        "6-warned": ("healthy", "Killed"),
        "7-false-alarm": ("healthy", "No devices were found"),
    }
    for name, (category, text) in cases.items():
        case = tmp_path / name
        case.mkdir()
        (case / "case.toml").write_text(f'category = "{category}"\n', "utf-8")
        (case / "report.txt").write_text(text, "utf-8")
    return tmp_path


def test_the_first_finding_decides_and_a_healthy_machine_may_be_warned(script: ModuleType, folder: Path) -> None:
    outcomes = script.judge_all(folder, RULES)
    assert [outcome.right for outcome in outcomes] == [True, False, False, False, True, True, False]
    assert [outcome.among for outcome in outcomes[:4]] == [True, True, False, False]


def test_the_score_counts_cases_without_a_rule_too(script: ModuleType, folder: Path) -> None:
    numbers = script.score(script.judge_all(folder, RULES))
    numbers.pop("seconds")
    assert numbers == {
        "cases": 7,
        "right": 3,
        "ill": 4,
        "ill_right": 1,
        "ill_named": 2,
        "ill_without_rule": 1,
        "ill_said_nothing": 1,
        "healthy": 3,
        "false_alarms": 1,
    }


def test_the_table_lists_categories_without_a_rule_apart(script: ModuleType, folder: Path) -> None:
    lines = script.table(script.judge_all(folder, RULES))
    apart = lines.index("no rule yet:")
    assert [line.split()[0] for line in lines[1:apart]] == ["crashed", "healthy", "nvml-broken"]
    assert [line.split() for line in lines[apart + 1 :]] == [["never-heard-of", "1", "0", "0", "absent"]]


def test_a_misses_line_names_what_was_said_instead(script: ModuleType, folder: Path) -> None:
    lines = script.misses(script.judge_all(folder, RULES))
    assert lines[0] == "2-wrong-first: is crashed, said nvml-broken, crashed"
    assert len(lines) == 4


def test_a_report_that_crashes_the_diagnosis_is_a_miss(script: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("oh")

    monkeypatch.setattr(script, "diagnose", broken)
    outcomes = script.judge_all(folder, RULES)
    assert not any(outcome.right for outcome in outcomes)
    assert script.score(outcomes)["false_alarms"] == 3


def test_it_runs_over_the_rules_that_there_are_and_writes_json(
    script: ModuleType, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main([str(folder), "--misses", "--json", str(tmp_path / "out.json")]) == 0
    (written,) = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert written["score"]["cases"] == len(written["cases"]) == 7
    assert f"right: {written['score']['right']} of 7" in capsys.readouterr().out


def test_a_folder_without_cases_is_a_mistake(script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert script.main([str(tmp_path)]) == 2
    assert "no folder" in capsys.readouterr().err


def test_texts_in_folders_named_after_their_category_are_cases_too(script: ModuleType, tmp_path: Path) -> None:
    for category, text in (("nvml-broken", "Failed to initialize NVML: Unknown Error"), ("healthy", "No devices were found")):
        (tmp_path / category).mkdir()
        (tmp_path / category / "one.txt").write_text(text, "utf-8")
    outcomes = script.judge_all(tmp_path, RULES)
    assert [(outcome.case, outcome.right) for outcome in outcomes] == [("healthy/one", False), ("nvml-broken/one", True)]


def test_each_folder_has_a_score_of_its_own(script: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert script.main([str(folder), str(folder)]) == 0
    assert capsys.readouterr().out.count("of 7:") == 2
