"""Prompts of shells and labels of people that say where a line was printed: on the host or in a container.

root@0a1b2c3d4e5f:/workspace#        a container of Docker or Podman: the host name is its number
root@trainer-7d9f8b6c5d-x2x4z:/#     a pod
Apptainer>                           Singularity> before
host:   (in the container: …)        somebody's words
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from envcheck.parsers.expression import regex

HOST, CONTAINER = "host", "container"
# One of these stands in every label of a place.
_PLACES = ("host", "container", "pod", "docker", "singularity", "apptainer", "lxc")

_NUMBERED = regex(
    r"^\s*(?:\([\w .-]{1,40}\)\s?)?\[?(?P<user>[\w.-]{1,40})@(?P<name>[0-9a-f]{12})(?::| )(?P<folder>[^#$\n]{0,120}?)\]?[#$](?:\s|$)"
)
_POD = regex(
    r"^\s*(?:\([\w .-]{1,40}\)\s?)?(?P<user>root|jovyan)@[a-z0-9][a-z0-9-]{0,80}-[a-z0-9]{8,10}-[a-z0-9]{5}:[^#$\n]{0,120}[#$](?:\s|$)"
)
_APPTAINER = regex(r"^\s*(?:Apptainer|Singularity)(?: [\w./-]{1,80})?(?:>|:\S{0,80}>)(?:\s|$)")
_USER = regex(r"^\s*(?:\([\w .-]{1,40}\)\s?)?\[?(?P<user>[\w.-]{1,40})@(?P<name>[\w.-]{1,60})(?::| )[^#$%\n]{0,120}?\]?[#$%](?:\s|$)")
# detect_worker_1  | AssertionError:    webui-1  | Traceback (most recent call last):
_SERVICE = regex(r"^(?P<name>[A-Za-z][\w.-]{1,60}[_-]\d{1,3})\s{1,20}\| ")
_WINDOWS = regex(r"^\s*(?:PS )?[A-Z]:\\[^>\n]{0,200}>")
# A label such as "host:", "On the host", "(in the container: nvidia-smi not found)" or "## Inside the docker container".
_LABEL = regex(
    r"^[\s#*>(\[-]*(?:(?:on|in|inside|from|within|output (?:on|in|of|from))\s+)?(?:(?:the|my|a)\s+)?"
    r"(?:(?:existing|running|old|new|same)\s+)?"
    r"(?:(?:docker|podman|lxc|lxd|singularity|apptainer)\s+)?(?P<place>host|container|pod)(?:\s+(?:machine|side|system|os))?\s*(?:[\s*)\]]*:(?P<rest>.*)|[\s*)\].]*)$",
    re.IGNORECASE,
)
# The same behind what was run there: "nvidia-smi in docker: Failed to …", "Output of `nvidia-smi` inside the container:".
_RUN_LABEL = regex(
    r"^[\s#*>(\[-]*(?:(?:the\s+)?(?:output|result|error)\s+(?:of|from)\s+)?[`'\"]?[a-z][\w.-]{1,30}[`'\"]?(?:\s+(?:output|error|fails))?\s+"
    r"(?:on|in|inside|within)\s+(?:(?:the|my|a)\s+)?(?P<place>host|(?:docker|podman|lxc|singularity|apptainer)(?:\s+container)?|container|pod)"
    r"\s*:(?P<rest>.*)$",
    re.IGNORECASE,
)
# Creating app_trainer_run ... done    what docker-compose 1 prints before the output of the container that it ran
_RUN_BY_COMPOSE = regex(r"^(?:Creating|Starting) [\w.-]{1,100}_run(?:_[0-9a-f]{6,16})? \.\.\.(?: done)?$")
_UNDER = regex(r"\b(?:Linux) (?P<name>[0-9a-f]{12}) \d+\.\d+")


def engine_of_prompt(line: str) -> str | None:
    """The container that a prompt belongs to: docker (Podman looks the same), kubernetes, apptainer."""
    if "@" in line:
        if _NUMBERED.match(line):
            return "docker"
        if _POD.match(line):
            return "kubernetes"
    return "apptainer" if ">" in line and _APPTAINER.match(line) else None


def is_run_by_compose(line: str) -> bool:
    """Whether the line is the last that docker-compose itself prints before a container's output."""
    return "_run" in line and _RUN_BY_COMPOSE.match(line.strip()) is not None


def engine_of_uname(line: str) -> str | None:
    """`Linux d87518e6c38b 6.5.0-0.deb12.1-amd64 …`: the host name is a container's number."""
    return "docker" if _UNDER.match(line.strip()) else None


def compose_services(lines: Sequence[str]) -> frozenset[str]:
    """The containers whose log Compose prints, each line behind its name: `worker_1  | Traceback …`, twice at the least."""
    names = Counter(found["name"] for line in lines if " | " in line[:90] and (found := _SERVICE.match(line)))
    return frozenset(name for name, count in names.items() if count > 1)


def compose_service_of(line: str) -> str:
    """The name in front of a line of Compose's log."""
    found = _SERVICE.match(line) if " | " in line[:90] else None
    return found["name"] if found else ""


def is_host_prompt(line: str) -> bool:
    """A user's prompt on a machine with a name, or Windows's."""
    user = "@" in line and _USER.match(line) is not None
    windows = ">" in line and _WINDOWS.match(line) is not None
    return (user or windows) and engine_of_prompt(line) is None


def label_of_place(line: str) -> tuple[str, bool] | None:
    """The place that a label names, and whether the label stands alone and speaks of what follows."""
    if is_run_by_compose(line):
        return CONTAINER, True
    words = line.lower() if len(line) <= 300 else ""
    if not any(map(words.__contains__, _PLACES)):
        return None
    found = _LABEL.match(line) or _RUN_LABEL.match(line)
    if found is None:
        return None
    place = HOST if found["place"].lower() == HOST else CONTAINER
    return place, not (found["rest"] or "").strip(" *)]")
