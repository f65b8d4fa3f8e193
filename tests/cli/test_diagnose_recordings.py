"""Every recorded output of a real machine, judged as `envcheck diagnose FILE` judges it: the broken ones have their cause, the healthy
ones none, the JSON is valid, and what is saved is judged the same again.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.engine import diagnose
from envcheck.readers.read import read_saved
from envcheck.rendering.interface import render
from envcheck.rendering.json_report import render_snapshot
from envcheck.rendering.schemas import schema_of
from envcheck.report import Report, Role, Severity
from envcheck.rules import all_rules

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"
FOLDERS = sorted(source.parent for source in RECORDINGS.rglob("SOURCE.toml"))
BROKEN = {
    "container-unknown-error": "container-lost-gpu-devices",
    "device-handle-then-table": "gpu-lost",
    "device-handle-unknown-error": "gpu-lost",
    "driver-not-loaded": "nvidia-kernel-module-not-loaded",
    "libnvidia-ml-missing": "no-nvidia-driver",
    "no-devices": "gpu-lost",
    "version-mismatch": "nvml-driver-library-mismatch",
    "version-mismatch-old": "nvml-driver-library-mismatch",
    "wsl-access-blocked": "wsl2-driver-libraries-missing",
}
pytestmark = pytest.mark.skipif(not FOLDERS, reason="the recordings of real machines are not beside this checkout")


@cache
def validator(document: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema_of(document)))


def texts(folder: Path) -> list[bytes]:
    """Each of a few files, and all in one."""
    files = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "SOURCE.toml"]
    return [*(files if len(files) < 6 else ()), b"\n".join(files)]


def judged(snapshot: Snapshot) -> Report:
    return diagnose(snapshot, all_rules())


def problems(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings if finding.severity is not Severity.INFO and finding.role is Role.PRIMARY]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_recording_is_judged_right_and_its_json_is_valid(folder: Path) -> None:
    for data in texts(folder):
        snapshot = read_saved(data, folder.name)
        report = judged(snapshot)
        assert problems(report) == ([BROKEN[folder.name]] if folder.name in BROKEN else [])
        assert not [gap for gap in report.not_evaluated if "crashed" in gap.reason]
        saved = render_snapshot(snapshot)
        check("snapshot", json.loads(saved))
        check("report", json.loads(render(report, "json")))
        again = judged(read_saved(saved.encode(), "saved"))
        assert [finding.id for finding in again.findings] == [finding.id for finding in report.findings]


def check(document: str, content: dict[str, Any]) -> None:
    assert [error.message for error in validator(document).iter_errors(content)] == []
