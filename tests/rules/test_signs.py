"""No rule is passed over that has something to say: the signs in the register are all that there are, and enough."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from envcheck.facts.snapshot import Accelerator, Build, Completeness, Observed, Package, PackageState, Snapshot
from envcheck.facts.symptoms import SymptomKind
from envcheck.judging.case import Case
from envcheck.judging.engine import diagnose
from envcheck.judging.rule import NotApplicable
from envcheck.judging.signs import signs
from envcheck.profiles.load import hints
from envcheck.readers.read import read_saved
from envcheck.rules import RULES, Listed, all_rules, rules_for

TESTS = Path(__file__).parents[1]
SHARED = Path(__file__).parents[3] / "shared"
LONGEST = 100_000
GROUPS = {"system", "cpu", "memory", "nvidia", "amd", "apple", "intel", "python"}
FREE = re.compile(
    r"(?:packages|builds|variables|toolkits|accelerators|packages\.manager|system\.os|python\.pip)\[[\w*-]+\]|(?:packages|builds)\+[a-z]+"
)
COLLECTIONS = {
    "live",
    "disks",
    "taken",
    "tools",
    "toolkits",
    "imports",
    "devices",
    "modules",
    "unknown",
    "contradictions",
    "packages",
    "packages.channel",
    "accelerators",
    "smoke",
}


def _written_in_tests() -> Iterator[bytes]:
    """What the tests of readers, messages and rules call output of programs."""
    for folder in ("readers", "messages", "rules"):
        for path in sorted((TESTS / folder).rglob("test_*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) > 40:
                    yield node.value.encode("utf-8", "surrogatepass")


def _files() -> Iterator[bytes]:
    folders = (TESTS / "texts", SHARED / "cases" / "dev", SHARED / "recordings")
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".toml"):
        yield path.read_bytes()[:LONGEST]


@pytest.fixture(scope="module")
def snapshots() -> list[Snapshot]:
    told = [read_saved(data, "text") for data in dict.fromkeys((*_written_in_tests(), *_files()))]
    live = [msgspec.structs.replace(snapshot, live=True, taken="2026-11-21T09:00:00Z") for snapshot in told[::3]]
    whole = Observed(**dict.fromkeys(Observed.__struct_fields__, Completeness.COMPLETE))
    return [*told, *live, *(msgspec.structs.replace(snapshot, observed=whole) for snapshot in (*told[1::3], *live[::2]))]


def test_a_rule_without_its_signs_has_nothing_to_say(snapshots: list[Snapshot]) -> None:
    assert len(snapshots) > 1000
    rules = [(listed, listed.load()) for listed in RULES if listed.signs]
    for snapshot in snapshots:
        case = Case(snapshot, hints() if snapshot.live else ())
        there = signs(case)
        for listed, rule in rules:
            if listed.signs.isdisjoint(there):
                said = [outcome for outcome in rule.check(case) if not isinstance(outcome, NotApplicable)]
                assert said == ([listed.gap] if listed.gap else []), f"{listed.name} has too few signs in rules/__init__.py: {said}"


def test_reports_are_the_same_with_all_rules(snapshots: list[Snapshot]) -> None:
    for snapshot in snapshots[::20]:
        requirements = hints() if snapshot.live else ()
        asked = rules_for(snapshot, requirements)
        assert len(asked) < len(RULES)
        assert diagnose(snapshot, asked, requirements) == diagnose(snapshot, all_rules(), requirements)


def _is_one(sign: str) -> bool:
    group, _, field = sign.partition(".")
    name, _, member = sign.removesuffix("]").partition("[")
    if group in GROUPS and field.isidentifier():
        return field in getattr(Snapshot(), group).__struct_fields__
    if group == "observed":
        return field.removesuffix("[complete]") in Observed.__struct_fields__
    if group in ("accelerators", "builds") and field.isidentifier():
        return field in (Accelerator if group == "accelerators" else Build).__struct_fields__
    if name == "said":
        return member in {kind.value for kind in SymptomKind}
    if name == "required":
        return member in {*GROUPS, "disks", "tools", "toolkits", "packages", "accelerators", "smoke"}
    return sign in COLLECTIONS | GROUPS or FREE.fullmatch(sign) is not None


@pytest.mark.parametrize("listed", RULES, ids=lambda listed: listed.module)
def test_every_sign_is_one_that_a_case_can_have(listed: Listed) -> None:
    assert [sign for sign in sorted(listed.signs) if not _is_one(sign)] == []


def test_a_case_is_told_by_its_signs() -> None:
    snapshot = msgspec.convert(
        {
            "live": True,
            "system": {"os": "Darwin", "job": None},
            "symptoms": [{"kind": "cuda-error", "text": "said"}],
            "packages": [
                {"name": "jax-cuda12-plugin", "state": "ok", "version": "0.4.30+rocm6", "manager": "conda", "channel": "defaults"}
            ],
            "builds": {"torch": {"version": "2.1.0+xpu", "cuda": None}},
            "accelerators": [{"index": 0, "vendor": "amd", "mig": "enabled"}],
            "variables": {"CUDA_HOME": "/usr"},
            "toolkits": [{"name": "cuda"}],
        },
        Snapshot,
    )
    there = signs(Case(snapshot))
    assert {"live", "system", "system.os", "system.os[Darwin]", "said[cuda-error]", "variables[CUDA_HOME]", "toolkits[cuda]"} <= there
    assert {
        "packages",
        "packages[jax*]",
        "packages[jax-cuda12-plugin]",
        "packages+rocm",
        "packages.manager[conda]",
        "packages.channel",
    } <= there
    assert {"builds[torch]", "builds.version", "builds+xpu", "accelerators", "accelerators[amd]", "accelerators.mig"} <= there
    assert not {"system.job", "builds.cuda", "nvidia", "tools", "taken"} & there
    assert "required[memory]" in signs(Case(Snapshot(), hints()))


def test_nothing_has_no_signs() -> None:
    assert signs(Case(Snapshot())) == frozenset()
    assert signs(Case(Snapshot(packages=(Package(name="torch", state=PackageState.OK),)))) >= {"packages[torch]", "packages[torch*]"}
