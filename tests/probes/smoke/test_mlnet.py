import sys
from pathlib import Path

import pytest

from tests.probes.smoke.running import result, run_smoke


@pytest.fixture
def dotnet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of that name, the only one on PATH; what it does is written by the tests."""
    monkeypatch.delenv("DOTNET_ROOT", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin" / "dotnet"


def does(dotnet: Path, script: str) -> None:
    dotnet.write_text(f"#!/bin/sh\n{script}\n")
    dotnet.chmod(0o755)


def test_without_dotnet_it_says_so() -> None:
    answer = run_smoke(sys.executable, "mlnet", variables={"PATH": "/nowhere", "DOTNET_ROOT": None})
    found = result(answer)
    assert (found["status"], found["layer"]) == ("absent", "found")
    assert found["reason"] == "there is no program dotnet in DOTNET_ROOT or on PATH"


def test_an_sdk_is_told_with_its_version(dotnet: Path) -> None:
    does(dotnet, "echo '8.0.404 [/usr/share/dotnet/sdk]'; echo '9.0.100 [/usr/share/dotnet/sdk]'")
    found = result(run_smoke(sys.executable, "mlnet"))
    assert (found["status"], found["notes"]["sdk"], found["notes"]["dotnet"]) == ("passed", "9.0.100", str(dotnet))


@pytest.mark.parametrize(
    ("script", "layer", "words"),
    [
        ("exit 0", "compared", "no SDK"),
        ("echo 'libicu was not found' >&2; exit 134", "computed", "status 134: libicu was not found"),
    ],
)
def test_one_that_cannot_build_is_a_failure_with_its_words(dotnet: Path, script: str, layer: str, words: str) -> None:
    does(dotnet, script)
    answer = run_smoke(sys.executable, "mlnet")
    assert (result(answer)["status"], result(answer)["layer"]) == ("failed", layer)
    assert words in answer.said[0].text
