"""`envcheck plan`: for this machine, for another one, and wrong words."""

import json
from pathlib import Path
from typing import Any

import pytest

from envcheck.cli import run
from envcheck.planning.plan import MANAGERS

REPORT = """
| NVIDIA-SMI 550.54.15              Driver Version: 550.54.15      CUDA Version: 12.4     |
|   0  NVIDIA GeForce RTX 3090        Off |   00000000:01:00.0  On |                  N/A |
Python 3.12.3
"""


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["plan", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def planned(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, _ = output(capsys, *arguments, "--format", "json")
    assert code == 0
    data: dict[str, Any] = json.loads(out)
    return data


@pytest.fixture
def report(tmp_path: Path) -> str:
    file = tmp_path / "report.txt"
    file.write_text(REPORT, encoding="utf-8")
    return str(file)


def test_for_this_machine(call: Any, tmp_path: Path) -> None:
    done = call("plan", "scikit-learn", "--format", "json", cwd=tmp_path)
    data = json.loads(done.out)
    assert (done.code, data["schema"], data["impossible"]) == (0, "envcheck/plan/1", None)
    assert [package["name"] for package in data["packages"]] == ["scikit-learn", "numpy", "scipy"]
    assert data["steps"][-1]["run"][1:4] == ["-m", "pip", "install"]


def test_for_the_machine_of_a_pasted_report(capsys: pytest.CaptureFixture[str], report: str) -> None:
    (torch, _) = planned(capsys, "pytorch", "--facts", report)["packages"]
    assert (torch["version"], torch["variant"], torch["index"]) == ("2.14.1", "cu126", "https://download.pytorch.org/whl/cu126")


def test_a_report_may_come_through_standard_input(call: Any, tmp_path: Path) -> None:
    done = call("plan", "torch", "--facts", "-", cwd=tmp_path, text=REPORT.encode())
    assert done.code == 0
    assert "  torch        2.14.1 cu126 https://download.pytorch.org/whl/cu126\n" in done.out


def test_for_the_machine_of_a_snapshot(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    snapshot = {"schema": "envcheck/snapshot/1", "system": {"os": "Windows", "machine": "AMD64"}, "python": {"version": "3.13.1"}}
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(snapshot), encoding="utf-8")
    code, out, _ = output(capsys, "torch", "--cpu", "--facts", str(file))
    assert code == 0
    assert "To run, in PowerShell\n  python -m pip install torch==2.15.0 torchvision==0.29.2" in out


def test_options_are_wishes(capsys: pytest.CaptureFixture[str], report: str) -> None:
    assert planned(capsys, "torch", "--like", "2.8", "--facts", report)["packages"][0]["version"] == "2.8.0"
    assert planned(capsys, "torch", "--cpu", "--facts", report)["packages"][0]["variant"] == "cpu"
    assert planned(capsys, "torch", "--cuda", "12.6", "--facts", report)["packages"][0]["variant"] == "cu126"
    assert planned(capsys, "torch", "--python", "3.13", "--facts", report)["python"] == "3.13"
    assert planned(capsys, "torch", "--manager", "uv", "--facts", report)["steps"][0]["run"][0] == "uv"


def test_what_is_impossible_exits_1_with_the_nearest(capsys: pytest.CaptureFixture[str], report: str) -> None:
    code, out, err = output(capsys, "torch", "--cuda", "13.0", "--facts", report)
    assert (code, err) == (1, "")
    assert "needs driver 580, and this one is 550.54.15" in " ".join(out.split())
    assert "driver 580 or newer" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("pytoch",), 'Did you mean "pytorch"?'),
        (("docker",), "names no packages"),
        (("torch", "--cpu", "--cuda", "12.6"), "Give one of them."),
        (("scikit-learn", "--cuda", "12.6"), "nothing that is named has builds for CUDA"),
        (("torch", "jax", "--like", "2.8"), "Plan one NAME with it."),
        (("torch", "--like", "newest"), "is no version such as 2.8"),
        (("torch", "--like", "2.8; x"), "is no version such as 2.8"),
        (("torch", "--cuda", "12.6 $(x)"), "is no version such as 12.6"),
        (("torch", "--python", "3"), "is no version such as 3.12"),
        (("torch", "--manager", "poetry"), "poetry"),
        (("torch", "--facts", "nowhere.txt"), "cannot be read"),
        (("torch", "--verify"), "No such option"),
        ((), "Missing argument"),
    ],
)
def test_wrong_words_exit_2(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str) -> None:
    code, out, err = output(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_every_manager_can_be_asked_for(capsys: pytest.CaptureFixture[str], report: str) -> None:
    for manager in MANAGERS:
        assert planned(capsys, "torch", "--manager", manager, "--facts", report)["manager"] == manager


def test_its_schema_is_published(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "plan"]) == 0
    assert json.loads(capsys.readouterr().out)["$id"] == "urn:envcheck:plan:1"
