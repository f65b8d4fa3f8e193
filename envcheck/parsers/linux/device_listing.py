"""What `ls -l` prints of device nodes, and `id` and `groups` of a user.

crw-rw-rw- 1 root root 195, 0 Nov 21 09:00 /dev/nvidia0
crw-rw----+ 1 root render 226, 128 Nov 21 09:00 renderD128
ls: cannot access '/dev/nvidia*': No such file or directory
uid=1000(ann) gid=1000(ann) groups=1000(ann),27(sudo),44(video),109(render)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from envcheck.parsers.expression import regex

_NODE = regex(
    r"^\s*(?P<mode>[cb][rwxsStT-]{9})[+.@]?\s+\d{1,5}\s+(?P<owner>[\w.+-]{1,40})\s+(?P<group>[\w.+-]{1,40})\s+\d{1,6},\s*\d{1,7}\s+"
    r"(?P<when>.{4,40}?)\s(?P<path>(?:/dev/)?[\w./-]{1,80})\s*$"
)
_GPU_NODE = regex(r"^/dev/(?:nvidia[\w-]*|nvidia-caps/[\w-]+|kfd|dxg|dri/(?:card|renderD)\d+|accel/accel\d+|nvhost-[\w-]+|nvmap|vfio/\d+)$")
_SHORT = regex(r"^(?:nvidia[\w-]*|kfd|dxg|(?:card|renderD)\d+|nvhost-[\w-]+|nvmap)$")
_FOLDER = regex(r"^\s*(?P<folder>/dev(?:/[\w.-]{1,40}){0,2}):\s*$")
_ABSENT = regex(r"(?P<path>/dev/(?:nvidia[\w*?\[\]-]*|kfd|dxg|dri(?:/[\w*]{0,30})?))['\"\u2019]?: No such file or directory")
_DENIED = regex(
    r"(?P<path>/dev/(?:nvidia[\w-]*|kfd|dxg|dri/(?:card|renderD)\d+))['\"\u2019]?: (?P<words>Permission denied|Operation not permitted)"
)
_ID = regex(r"^\s*uid=\d+(?:\((?P<user>[^()\n]{1,60})\))? gid=\d+(?:\([^()\n]{1,60}\))?(?: groups=(?P<groups>[^\n]{0,4000}))?")
_GROUP = regex(r"\d+\((?P<name>[^()\n]{1,60})\)")
_NAME = regex(r"[a-z_][\w.-]{0,31}\$?")
_MOST_GROUPS = 64
_GROUPS_OF = regex(r"^\s*(?P<user>[a-z_][\w.-]{0,31}) : (?P<groups>[\w. +-]{1,2000})$")


@dataclass(frozen=True)
class Node:
    """A device node of a listing."""

    path: str
    mode: str
    group: str
    owner: str


def parse_node(line: str, folder: str = "/dev") -> Node | None:
    """One line of `ls -l`, of accelerators only; a bare name lies in the folder that the listing is of."""
    if line[:1].strip() not in ("c", "b", "") or len(line) > 400:
        return None
    found = _NODE.match(line)
    if found is None:
        return None
    path = found["path"]
    if not path.startswith("/"):
        if not _SHORT.match(path):
            return None
        below = "/dev/dri" if re.match(r"card|renderD", path) else "/dev"
        path = f"{folder if folder.startswith('/dev/') else below}/{path}"
    return Node(path, found["mode"], found["group"], found["owner"]) if _GPU_NODE.match(path) else None


def parse_names(line: str) -> list[str]:
    """`/dev/nvidia0  /dev/nvidiactl`, as plain `ls` prints them; a line with anything else in it names none."""
    words = line.split()
    return words if 0 < len(words) <= 64 and all(_GPU_NODE.match(word) for word in words) else []


def parse_folder(line: str) -> str | None:
    """`/dev/dri:`, which `ls` prints before the names of a folder."""
    found = _FOLDER.match(line)
    return found["folder"] if found else None


def parse_absent(line: str) -> str | None:
    """The path or pattern that `ls` found nothing for."""
    found = _ABSENT.search(line) if "No such file" in line else None
    return found["path"] if found else None


def parse_denied(line: str) -> tuple[str, str] | None:
    """The device that could not be opened, and the system's word for it: EACCES, or EPERM of a control group."""
    found = _DENIED.search(line) if "/dev/" in line else None
    return (found["path"], "EACCES" if found["words"] == "Permission denied" else "EPERM") if found else None


def parse_groups(line: str) -> tuple[str, frozenset[str]] | None:
    """The user and the groups that `id` or `groups NAME` names."""
    found = _ID.match(line)
    if found:
        names = _GROUP.findall(found["groups"] or "")
        return (found["user"] or "", frozenset(names)) if names else None
    told = _GROUPS_OF.match(line)
    return (told["user"], frozenset(told["groups"].split())) if told else None


def parse_own_groups(line: str) -> tuple[str, frozenset[str]] | None:
    """What `groups` prints of the user who runs it, whose name it does not tell: `ann adm sudo video`."""
    words = line.split()
    return ("", frozenset(words)) if 0 < len(words) <= _MOST_GROUPS and all(map(_NAME.fullmatch, words)) else None


def may_open(node: Node, user: str, groups: frozenset[str]) -> bool:
    """Whether the mode lets that user read and write."""
    if user == "root" or node.mode[7:9] == "rw":
        return True
    return (user == node.owner and node.mode[1:3] == "rw") or (node.group in groups and node.mode[4:6] == "rw")
