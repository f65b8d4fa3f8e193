"""The JSON Schemas of the documents that other tools read and write: report, snapshot, profile, plan."""

from typing import Any

import msgspec

from envcheck import report
from envcheck.facts import snapshot
from envcheck.profiles.model import Level, Profile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(document: str) -> str:
    """The schema of "report", "snapshot", "profile" or "plan", as JSON text with its last newline."""
    return msgspec.json.format(msgspec.json.encode(_SCHEMAS[document]()), indent=2).decode() + "\n"


def report_schema() -> dict[str, Any]:
    """What `--format json` prints. A fact that is not known is absent, one that is known not to be there is null."""
    return _schema(report.Report, "report", "The verdict of envcheck about one machine and one Python environment.")


def snapshot_schema() -> dict[str, Any]:
    """What `envcheck facts` prints and `envcheck diagnose` reads."""
    return _schema(snapshot.Snapshot, "snapshot", "All that is known about one machine and one Python environment.")


def profile_schema() -> dict[str, Any]:
    """What a profile's TOML file holds, as JSON."""
    schema = _schema(Profile, "profile", "What a document or a team requires of a machine and an environment.")
    profile, requirement, check = (schema["$defs"][name]["properties"] for name in ("Profile", "Requirement", "Check"))
    profile["requirement"] = profile.pop("requirements")  # [[requirement]] in the file
    profile["check"] = profile.pop("checks")
    for filled_in in ("path", "profile", "line"):  # by the loader
        profile.pop(filled_in, None)
        requirement.pop(filled_in, None)
        check.pop(filled_in, None)
    check["level"] = {"enum": [Level.MUST.value, Level.SHOULD.value]}
    check["exit-code"] |= {"minimum": 0, "maximum": 255}
    check["command"]["minItems"] = 1
    return schema


def plan_schema() -> dict[str, Any]:
    """What `envcheck plan --format json` prints."""
    from envcheck.planning import plan

    schema = _schema(plan.Plan, "plan", "What to install on a machine, by which commands, and why.")
    properties = schema["$defs"]["Plan"]["properties"]
    properties["schema"] = {"const": plan.SCHEMA}
    properties["manager"]["enum"] = list(plan.MANAGERS)
    schema["$defs"]["Verification"]["properties"]["state"]["enum"] = ["verified", "not_verified", "failed"]
    return schema


_SCHEMAS = {"report": report_schema, "snapshot": snapshot_schema, "profile": profile_schema, "plan": plan_schema}


def _schema(model: type[msgspec.Struct], name: str, title: str) -> dict[str, Any]:
    schema = msgspec.json.schema(model)
    # A document says which version of its schema it follows; both models that do are found wherever they are nested.
    for definition in schema["$defs"].values():
        marker = definition.get("properties", {}).get("schema")
        if marker is not None:
            version = snapshot.SCHEMA if "taken" in definition["properties"] else report.SCHEMA
            definition["properties"]["schema"] = {"const": version}
    return {"$schema": _DIALECT, "$id": f"urn:envcheck:{name}:1", "title": title, **schema}
