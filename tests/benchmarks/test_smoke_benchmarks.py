"""The measurements of smoke tests run what they say, and print a line for each."""

import re
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))

from benchmarks import smoke_figures, smoke_speed


def test_a_line_stands_for_each_test_and_its_variants(
    computing_python: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["smoke_figures.py", "--python", computing_python, "--runs", "1", "numpy", "mlflow"])
    smoke_figures.main()
    numpy, mlflow = capsys.readouterr().out.splitlines()
    found = re.match(r"numpy: import_s (\d+\.\d+), test_s \d+\.\d+, peak_bytes ([\d_]+) ", numpy)
    assert found is not None, numpy
    assert float(found[1]) > 0
    assert 10**7 < int(found[2]) < 10**9
    assert mlflow == "mlflow: did not pass here"


def test_the_ratio_to_bare_scripts_is_printed(
    computing_python: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["smoke_speed.py", "--python", computing_python, "--runs", "1", "numpy", "scipy"])
    smoke_speed.main()
    assert re.match(r"smoke numpy scipy: \d+\.\d+ s, bare scripts \d+\.\d+ s, ratio \d+\.\d+ \(", capsys.readouterr().out)
