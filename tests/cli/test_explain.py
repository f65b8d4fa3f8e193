import json
import os
import subprocess
import sys

import pytest

from envcheck.cli import run
from envcheck.judging.rule import Layer, Manual, NotApplicable, Rule
from envcheck.report import Area

MANUAL = Manual(
    checks="Whether the driver is new enough.",
    why="An old driver\ncannot run it.\n\nNothing else matters.",
    example="driver 470",
    fix="Update it:\n\n    sudo apt-get install nvidia-driver-570\n",
    ignore_when="",
    sources=("https://example.org/a/very/long/address/that/must/not/be/broken/because/somebody/wants/to/follow/it", "a manual page"),
)


def rule(name: str, area: Area) -> Rule:
    return Rule(
        name, f"The {name} title", area, Layer.DRIVER, MANUAL, lambda _case: [NotApplicable("")], frozenset({"b-follows", "a-follows"})
    )


@pytest.fixture(autouse=True)
def two_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = (rule("driver-too-old", Area.GPU), rule("disk-too-full", Area.DISK), rule("another-disk", Area.DISK))
    monkeypatch.setattr("envcheck.rules.all_rules", lambda: rules)
    monkeypatch.setattr("envcheck.rules.find_rule", lambda name: next((rule for rule in rules if rule.name == name), None))


def test_the_manual_of_a_rule_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "driver-too-old"]) == 0
    shown = capfd.readouterr()
    lines = shown.out.splitlines()
    assert lines[:2] == ["driver-too-old  gpu", "The driver-too-old title"]
    assert "  An old driver cannot run it." in lines
    assert "    sudo apt-get install nvidia-driver-570" in lines
    assert f"  {MANUAL.sources[0]}" in lines
    assert lines.index("  a-follows") < lines.index("  b-follows")
    assert "When to ignore it" not in lines  # it has nothing to say there
    assert shown.err == ""


def test_a_mistyped_rule_gets_a_suggestion_and_is_wrong_use(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "driver-to-old"]) == 2
    shown = capfd.readouterr()
    assert shown.out == ""
    assert 'no rule "driver-to-old"' in shown.err
    assert 'Did you mean "driver-too-old"?' in shown.err


def test_a_rule_that_is_like_no_other_is_wrong_use_too(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "xyz"]) == 2
    assert "envcheck rules" in capfd.readouterr().err


def test_case_and_blanks_do_not_matter(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", " Driver-Too-Old "]) == 0
    assert capfd.readouterr().out.startswith("driver-too-old")


def test_the_manual_as_json(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "driver-too-old", "--format", "json"]) == 0
    manual = json.loads(capfd.readouterr().out)
    assert manual["schema"] == "envcheck/rule/1"
    assert (manual["name"], manual["area"], manual["layer"]) == ("driver-too-old", "gpu", "driver")
    assert manual["sources"] == list(MANUAL.sources)


def test_rules_are_listed_by_area_and_name(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["rules"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[:3] == ["disk", "  another-disk    The another-disk title", "  disk-too-full   The disk-too-full title"]
    assert lines[3:6] == ["", "gpu", "  driver-too-old  The driver-too-old title"]


def test_rules_as_json(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "--format", "json"]) == 0
    listed = json.loads(capfd.readouterr().out)
    assert [entry["name"] for entry in listed["rules"]] == ["driver-too-old", "disk-too-full", "another-disk"]
    assert listed["rules"][0]["explains"] == ["a-follows", "b-follows"]


def test_an_unknown_format_is_wrong_use(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "--format", "xml"]) == 2
    assert capfd.readouterr().out == ""


def test_json_is_utf_8_whatever_the_locale_says() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "envcheck", "explain", "module-shadowed", "--format", "json"]
    done = subprocess.run(command, capture_output=True, env=environment, check=True)
    assert json.loads(done.stdout)["example"].endswith("…")
    assert "…" in done.stdout.decode()
