"""A plan as JSON: the structure that `envcheck schema plan` describes."""

from typing import Any

import msgspec

from envcheck.planning.plan import Plan
from envcheck.rendering.json_report import indented
from envcheck.rendering.plain_text import without_surrogates
from envcheck.rendering.strings import map_strings


def render_plan_json(plan: Plan) -> str:
    """The document; every command with its variables and whether it needs more rights, also where that is nothing."""
    data: dict[str, Any] = msgspec.to_builtins(map_strings(plan, without_surrogates))
    for step in (*data["steps"], *(step for remedy in data["before"] for step in remedy["steps"])):
        if "run" in step:
            step.setdefault("env", {})
            step.setdefault("root", False)
    return indented(msgspec.json.encode(data))
