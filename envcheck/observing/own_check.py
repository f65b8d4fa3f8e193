"""Checks of a profile's own: a command in a child, and its result as a fact beside those of the smoke tests."""

import json
import sys
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.facts.values import in_seconds
from envcheck.observing.answer import Answer, Ending
from envcheck.observing.endings import status_of
from envcheck.observing.process import Task

SOURCE = "own check"
PYTHON = "{python}"
# The child that runs the command ends it in its time; this is for a child that does not.
_SLACK_S = 10.0
# Nobody knows what a command needs: as much as most programs that import a framework.
_EXPECTED_BYTES = 500 * 10**6


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One command that is to be run, in a folder; `refused` says why it is not.

    `key` names its result among the facts. It passes if it ends with `exit_code` and each text of `output` occurs in its standard output.
    """

    name: str
    profile: str
    key: str
    command: tuple[str, ...]
    folder: str
    exit_code: int = 0
    output: tuple[str, ...] = ()
    timeout_s: float = 20.0
    refused: str = ""

    @property
    def task_name(self) -> str:
        """Unique, and what progress is told under."""
        return f"check {self.name} of {self.profile}"


def check_task(executable: str, request: CheckRequest, variables: Mapping[str, str | None]) -> Task:
    """The child that runs the command; it is envcheck's own Python, whichever the command is of."""
    wish = {
        "fact": _fact(request),
        "command": _command(executable, request),
        "folder": request.folder,
        "exit_code": request.exit_code,
        "output": request.output,
        "timeout_s": request.timeout_s,
    }
    return Task(
        name=request.task_name,
        probe="own_check",
        python=sys.executable,
        arguments=(json.dumps(wish),),
        deadline_s=request.timeout_s + _SLACK_S,
        expected_bytes=_EXPECTED_BYTES,
        heavy=True,
        variables=variables,
        own=True,
    )


def check_evidence(executable: str, request: CheckRequest, answer: Answer, changed_variables: tuple[str, ...]) -> Evidence:
    """The one result of a child; what else stands in its answer was not written by us."""
    fact = _fact(request)
    told = next((claim for claim in answer.evidence.claims if claim.fact == fact and isinstance(claim.value, dict)), None)
    claim = told or Claim(fact, _ended_early(answer), SOURCE, Trust.MEASURED)
    of_parent = {"command": _command(executable, request), "asked_for": True, "changed_variables": list(changed_variables)}
    return Evidence(claims=[replace(claim, value={**claim.value, **of_parent})])


def refused_check(executable: str, request: CheckRequest) -> Claim:
    """The result of one that is not run."""
    entry = {"status": "skipped", "reason": request.refused, "command": _command(executable, request), "asked_for": True}
    return Claim(_fact(request), entry, "envcheck's own choice", Trust.MEASURED)


def _fact(request: CheckRequest) -> str:
    return f"smoke[{request.key}]"


def _command(executable: str, request: CheckRequest) -> list[str]:
    return [executable if argument == PYTHON else argument for argument in request.command]


def _ended_early(answer: Answer) -> dict[str, object]:
    """What is known of a command whose child was ended, or could not be started."""
    if answer.ending is Ending.NOT_STARTED:
        return {"status": "skipped", "reason": f"it could not be started: {answer.detail}"}
    reasons = {
        Ending.OUT_OF_MEMORY: f"it was stopped when it held {answer.resident_bytes / 10**9:.1f} GB, before the machine had no memory left",
        Ending.TIMED_OUT: f"it did not come back within {in_seconds(answer.seconds)} s",
        Ending.UNKILLABLE: "it could not be killed: it sleeps inside the kernel or a driver",
        Ending.SIGNALLED: f"the process that ran it was ended by {answer.signal}",
    }
    reason = reasons.get(answer.ending, "the process that ran it ended without an answer")
    return {"status": status_of(answer.ending), "reason": reason, "seconds": round(answer.seconds, 3)}
