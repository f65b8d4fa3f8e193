"""`envcheck doctor` and `facts` on this machine, as a person and as CI calls them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]


def call(*arguments: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "envcheck", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, input=stdin, capture_output=True, timeout=180, check=False)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def python(bare_venv: Path) -> str:
    return str(bare_venv / "bin" / "python")


def schema(name: str, cwd: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(call("schema", name, cwd=cwd).stdout)
    return loaded


def test_the_report_validates_against_its_schema(python: str, tmp_path: Path) -> None:
    done = call("doctor", "--python", python, "--format", "json", cwd=tmp_path)
    report = json.loads(done.stdout)
    jsonschema.validate(report, schema("report", tmp_path))
    assert (done.returncode, report["status"]) == (0, "healthy")
    assert report["target"]["chosen_because"] == "named with --python"


def test_facts_validate_against_their_schema_and_are_replayed_byte_for_byte(python: str, tmp_path: Path) -> None:
    saved = call("facts", "--python", python, cwd=tmp_path).stdout
    jsonschema.validate(json.loads(saved), schema("snapshot", tmp_path))
    (tmp_path / "facts.json").write_text(saved)
    first = call("doctor", "--facts", "facts.json", "--format", "json", cwd=tmp_path)
    again = call("diagnose", "-", "--format", "json", cwd=tmp_path, stdin=saved.encode())
    assert first.stdout == again.stdout
    assert json.loads(first.stdout)["facts"] == json.loads(saved)


def test_a_saved_report_is_replayed_to_itself(python: str, tmp_path: Path) -> None:
    call("doctor", "--python", python, "--quick", "--output", "report.json", cwd=tmp_path)
    saved = (tmp_path / "report.json").read_text()
    assert call("doctor", "--facts", "report.json", "--format", "json", cwd=tmp_path).stdout == saved


def test_the_same_facts_give_the_same_terminal_report(python: str, tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text(call("facts", "--python", python, cwd=tmp_path).stdout)
    outputs = {call("doctor", "--facts", "facts.json", cwd=tmp_path).stdout for _ in range(2)}
    assert len(outputs) == 1
    assert "healthy" in outputs.pop()


def test_several_outputs_come_from_one_run(python: str, tmp_path: Path) -> None:
    done = call("doctor", "--quick", "--python", python, "--output", "a.json", "--output", "terminal=b.out", cwd=tmp_path)
    assert json.loads((tmp_path / "a.json").read_text())["schema"] == "envcheck/report/1"
    assert "healthy" in (tmp_path / "b.out").read_text()
    assert "healthy" in done.stdout


def test_an_output_that_cannot_be_written_is_a_mistake_told_before_the_work(python: str, tmp_path: Path) -> None:
    done = call("doctor", "--quick", "--python", python, "--output", "none/a.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "none" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--select", "memry"], 'Did you mean "memory"'),
        (["--ignore", "package-tron"], 'Did you mean "package-torn"'),
        (["--profile", "pytroch"], 'Did you mean "pytorch"'),
        (["--format", "jsn"], 'Did you mean "json"'),
        (["--facts", "none.json"], "none.json"),
        (["--python", "", "--quick"], "--python"),
        (["--timeout", "-3"], "--timeout"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_the_users_own_mistakes_are_one_sentence_and_exit_code_2(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = call("doctor", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_must_that_is_not_met_fails_and_fail_on_never_does_not(python: str, tmp_path: Path) -> None:
    profile = (
        'name = "big"\ntitle = "Big"\n[[requirement]]\nfact = "memory.total_bytes"\noperator = ">="\nbound = "900 TB"\nlevel = "must"\n'
    )
    (tmp_path / "big.toml").write_text(profile)
    failed = call("doctor", "--quick", "--python", python, "--profile", "big.toml", "--format", "json", cwd=tmp_path)
    report = json.loads(failed.stdout)
    assert failed.returncode == 1
    assert [(finding["rule"], finding["severity"]) for finding in report["findings"] if finding["requirement"]] == [
        ("memory-too-small", "error")
    ]
    assert report["findings"][0]["requirement"] == {"profile": "big", "level": "must", "line": 4}
    never = call("doctor", "--quick", "--python", python, "--profile", "big.toml", "--fail-on", "never", cwd=tmp_path)
    assert never.returncode == 0


def test_a_must_that_could_not_be_evaluated_is_exit_code_3(tmp_path: Path) -> None:
    profile = 'name = "big"\ntitle = "Big"\n[[requirement]]\nfact = "memory.total_bytes"\noperator = ">="\nbound = "1 GB"\nlevel = "must"\n'
    (tmp_path / "big.toml").write_text(profile)
    done = call("diagnose", "-", "--profile", "big.toml", "--format", "json", cwd=tmp_path, stdin=b"nothing of use")
    assert done.returncode == 3
    assert [gap["rule"] for gap in json.loads(done.stdout)["not_evaluated"] if gap["required"]] == ["memory-too-small"]


def test_an_ignored_rule_is_listed_with_its_reason_and_does_not_fail(python: str, tmp_path: Path) -> None:
    profile = (
        'name = "big"\ntitle = "Big"\n[[requirement]]\nfact = "memory.total_bytes"\noperator = ">="\nbound = "900 TB"\nlevel = "must"\n'
    )
    (tmp_path / "big.toml").write_text(profile)
    (tmp_path / "envcheck.toml").write_text('profiles = ["./big.toml"]\n[ignore]\nmemory-too-small = "a small node on purpose"\n')
    done = call("doctor", "--quick", "--python", python, "--format", "json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert [(each["rule"], each["reason"]) for each in report["ignored"]] == [("memory-too-small", "a small node on purpose")]
    assert report["profiles"] == ["big"]


def test_select_judges_only_what_was_selected(python: str, tmp_path: Path) -> None:
    report = json.loads(call("doctor", "--quick", "--python", python, "--select", "memory", "--format", "json", cwd=tmp_path).stdout)
    assert {entry["area"] for entry in (*report["passed"], *report["findings"], *report["not_evaluated"])} <= {"memory"}


def test_what_is_shared_names_neither_user_nor_home_nor_secrets(python: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home" / "hildegard"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USER", "hildegard")
    monkeypatch.setenv("PIP_INDEX_URL", "https://hildegard:hunter2@packages.example.com/simple")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sesame-open")
    monkeypatch.setenv("LD_LIBRARY_PATH", f"{home}/lib")
    done = call("doctor", "--quick", "--python", python, "--format", "json", "--output", "out.txt", cwd=tmp_path)
    for text in (done.stdout, (tmp_path / "out.txt").read_text()):
        assert "hildegard" not in text
        assert "hunter2" not in text
        assert "sesame-open" not in text


def test_a_healthy_machine_with_torch_and_scikit_learn_is_told_so(torch_python: str, tmp_path: Path) -> None:
    report = json.loads(call("doctor", "--python", torch_python, "--format", "json", cwd=tmp_path).stdout)
    assert report["status"] == "healthy"
    assert not [finding for finding in report["findings"] if finding["severity"] != "info"]
    imports = {entry["name"]: entry["status"] for entry in report["facts"]["imports"]}
    assert {"torch", "sklearn"} <= set(imports)
    assert set(imports.values()) == {"imported"}
    assert report["facts"]["builds"]["torch"]["cuda"] is None


def test_quick_imports_nothing_and_reads_the_build(torch_python: str, tmp_path: Path) -> None:
    facts = json.loads(call("doctor", "--quick", "--python", torch_python, "--format", "json", cwd=tmp_path).stdout)["facts"]
    assert facts["imports"] == []
    assert facts["builds"]["torch"]["version"].startswith("2.13.0")


def test_facts_are_there_for_a_person_to_read_too(python: str, tmp_path: Path) -> None:
    done = call("facts", "--quick", "--python", python, "--format", "terminal", cwd=tmp_path)
    assert done.returncode == 0
    assert "memory" in done.stdout.splitlines()


def test_what_the_project_itself_requires_is_judged(python: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.envcheck.profile]\nname = "app"\ntitle = "App"\n'
        '[[tool.envcheck.profile.requirement]]\nfact = "memory.total_bytes"\noperator = ">="\nbound = "900 TB"\nlevel = "must"\n'
    )
    done = call("doctor", "--quick", "--python", python, "--format", "json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert (done.returncode, report["profiles"]) == (1, ["app"])
    assert report["findings"][0]["requirement"] == {"profile": "app", "level": "must", "line": 5}


def test_a_configuration_file_cannot_have_code_of_its_choice_run(bare_venv: Path, tmp_path: Path) -> None:
    site = next(bare_venv.glob("lib/python*/site-packages"))
    for name in ("chosen", "numpy"):
        (site / f"{name}.py").write_text(f"open({str(tmp_path / name)!r} + '.ran', 'w')")
    (tmp_path / "odd.toml").write_text('name = "odd"\ntitle = "Odd"\nframeworks = ["chosen", "numpy"]\n')
    (tmp_path / "envcheck.toml").write_text('profiles = ["./odd.toml"]\n')
    python = str(bare_venv / "bin" / "python")
    call("doctor", "--python", python, cwd=tmp_path)
    assert (tmp_path / "numpy.ran").exists()
    assert not (tmp_path / "chosen.ran").exists()
    call("doctor", "--python", python, "--profile", "./odd.toml", cwd=tmp_path)
    assert (tmp_path / "chosen.ran").exists()


@pytest.mark.parametrize("seconds", ["nan", "-nan", "inf", "1e400", "0", "-1", "soon"])
def test_a_timeout_that_never_comes_is_wrong_use(seconds: str, tmp_path: Path) -> None:
    done = call("doctor", "--timeout", seconds, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--timeout" in done.stderr
