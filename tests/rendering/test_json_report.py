import json
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from envcheck.facts.snapshot import Memory, Package, PackageState, Python, Snapshot
from envcheck.rendering.interface import RenderOptions
from envcheck.rendering.json_report import RENDERER, render_snapshot
from envcheck.rendering.schemas import profile_schema, report_schema, schema_of, snapshot_schema
from envcheck.report import Report


def render(report: Report) -> str:
    return RENDERER.render(report, RenderOptions())


def errors(schema: dict[str, Any], document: object) -> list[str]:
    Draft202012Validator.check_schema(schema)
    return [error.message for error in Draft202012Validator(schema).iter_errors(document)]


def test_the_report_follows_its_published_schema(made_up: Report) -> None:
    assert errors(report_schema(), json.loads(render(made_up))) == []


def test_a_snapshot_follows_its_published_schema(made_up: Report) -> None:
    assert errors(snapshot_schema(), json.loads(render_snapshot(made_up.facts))) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("status",), "fine"),
        (("schema",), "envcheck/report/2"),
        (("findings", 0, "severity"), "bad"),
        (("facts", "memory", "total_bytes"), "8 GB"),
    ],
)
def test_the_schema_refuses_what_is_no_report(reports: dict[str, Report], path: tuple[Any, ...], value: str) -> None:
    document = json.loads(render(reports["driver_too_old"]))
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert errors(report_schema(), document)


@pytest.mark.parametrize("name", ["schema", "status", "findings", "facts", "not_evaluated"])
def test_the_schema_misses_what_every_report_has(reports: dict[str, Report], name: str) -> None:
    document = json.loads(render(reports["healthy"]))
    del document[name]
    assert errors(report_schema(), document)


def test_null_is_known_to_be_absent_and_absent_is_unknown() -> None:
    unknown, without, limited = (Snapshot(memory=memory) for memory in (Memory(), Memory(limit_bytes=None), Memory(limit_bytes=5)))
    documents = [json.loads(render_snapshot(snapshot)) for snapshot in (unknown, without, limited)]
    assert [document["memory"] for document in documents] == [{}, {"limit_bytes": None}, {"limit_bytes": 5}]
    assert [errors(snapshot_schema(), document) for document in documents] == [[], [], []]
    documents[0]["memory"]["total_bytes"] = None
    assert errors(snapshot_schema(), documents[0])  # a machine without memory is not known of


def test_a_report_reads_back_as_it_was(made_up: Report) -> None:
    assert msgspec.json.decode(render(made_up), type=Report) == made_up


def test_the_same_report_gives_the_same_bytes_whatever_came_first(reports: dict[str, Report]) -> None:
    facts = reports["healthy"].facts
    turned = msgspec.structs.replace(facts, sources=dict(reversed(facts.sources.items())))
    assert list(turned.sources) != list(facts.sources)
    assert render(msgspec.structs.replace(reports["healthy"], facts=turned)) == render(reports["healthy"])


def test_the_form_is_readable(reports: dict[str, Report]) -> None:
    text = render(reports["healthy"])
    assert text.startswith('{\n  "schema": "envcheck/report/1",\n  "envcheck": "0.1.0",\n')
    assert text.endswith("}\n")


def test_an_undecodable_file_name_does_not_stop_it(reports: dict[str, Report]) -> None:
    package = Package(name="x", state=PackageState.BROKEN, location="/srv/caf\udce9")
    facts = Snapshot(packages=(package,), python=Python(executable="\ud800"), sources={"\udcff": "a"})
    document = json.loads(render(msgspec.structs.replace(reports["healthy"], facts=facts)))
    assert document["facts"]["packages"][0]["location"] == "/srv/caf\\udce9"
    assert document["facts"]["packages"][0]["state"] == "broken"
    assert document["facts"]["sources"] == {"\\udcff": "a"}


def test_a_profile_follows_its_published_schema() -> None:
    profile = {
        "name": "x",
        "title": "X",
        "requirement": [{"fact": "memory.total_bytes", "operator": ">=", "level": "must", "bound": "8 GB"}],
    }
    assert errors(profile_schema(), profile) == []
    assert errors(profile_schema(), {**profile, "unknown_key": 1})


@pytest.mark.parametrize("name", ["report", "snapshot", "profile"])
def test_each_schema_is_printed_with_its_dialect_and_name(name: str) -> None:
    document = json.loads(schema_of(name))
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["$id"] == f"urn:envcheck:{name}:1"
    assert document["title"]
