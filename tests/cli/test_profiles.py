"""`envcheck profiles`: list, show, validate."""

import json
from pathlib import Path

import pytest

from envcheck.cli import run
from envcheck.profiles.load import shipped_names


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["profiles", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("arguments", [(), ("list",)])
def test_every_shipped_profile_is_listed_with_its_title(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    code, out, err = output(capsys, *arguments)
    assert (code, err) == (0, "")
    listed = [line.split()[0] for line in out.splitlines() if line.startswith("  ") and not line.startswith("   ")]
    assert set(shipped_names()) <= set(listed)
    assert "PyTorch on an NVIDIA GPU" in out
    machines = out.partition("Frameworks and programs")[0]
    assert {name for name in shipped_names() if f"  {name} " in machines} == {
        *("cuda", "deep-learning", "gpu", "intel-gpu", "metal", "rocm", "system-minimum", "system-recommended", "tpu")
    }


def test_the_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = output(capsys, "list", "--format", "json")
    data = json.loads(out)
    assert code == 0
    assert data["schema"] == "envcheck/profiles/1"
    assert [entry["name"] for entry in data["profiles"]] == list(shipped_names())


def test_a_profile_is_shown_with_its_bases_its_document_and_what_holds_today(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = output(capsys, "show", "cuda")
    words = " ".join(out.split())
    assert code == 0
    assert "memory.total_bytes >= 8 GB (from system-minimum) Document: RAM minimum: 8 GB" in words
    assert "(002_37a246b622a23922.txt:67, 002_37a246b622a23922.txt:326)" in words
    assert "nvidia.cuda_version >= 12.0 Document: CUDA Toolkit: 11.8 or 12.x" in words
    assert "No requirement any more toolkits[cuda].version >= 11.8" in words
    assert words.count("toolkits[cuda].version >= 11.8") == words.count("accelerators.memory_bytes >= 6 GB") == 1


def test_a_shown_profile_as_json_has_what_is_asked_and_whether(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = output(capsys, "show", "pytorch-cuda", "--format", "json")
    data = json.loads(out)
    asked = {(entry["fact"], entry["asked"]): entry["required"] for entry in data["requirement"]}
    assert asked["nvidia.cuda_version", "12.0"] is True
    assert asked["toolkits[cuda].version", "11.8"] is False
    assert data["frameworks"] == ["torch"]


def test_ones_own_profile_is_valid(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = write(tmp_path / "lab.toml", 'name = "lab"\ntitle = "Lab"\nextends = ["system-minimum"]\n')
    code, out, err = output(capsys, "validate", path)
    assert (code, out, err) == (0, "lab is valid: 0 requirements, 5 with its bases.\n", "")


def test_a_mistake_is_told_with_file_and_line_and_exit_code_2(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = write(tmp_path / "lab.toml", 'name = "lab"\ntitel = "Lab"\n')
    code, out, err = output(capsys, "validate", path)
    assert (code, out) == (2, "")
    assert err == f'{path}:2: There is no key "titel" here.\nDid you mean "title"?\n'


def test_a_mistake_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = write(tmp_path / "lab.toml", 'name = "lab"\ntitle = "Lab"\nextends = ["gpuu"]\n')
    code, out, _ = output(capsys, "validate", path, "--format", "json")
    data = json.loads(out)
    assert code == 2
    assert data["valid"] is False
    assert data["error"] == {"title": 'There is no profile "gpuu".', "hint": 'Did you mean "gpu"?', "file": path, "line": 3}


def test_an_unknown_profile_is_the_users_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = output(capsys, "show", "pytorhc")
    assert (code, out) == (2, "")
    assert err == 'There is no profile "pytorhc".\nDid you mean "pytorch"?\n'
