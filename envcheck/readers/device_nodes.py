"""Device nodes out of `ls -l /dev/nvidia* /dev/kfd /dev/dri`, and the size of /dev/shm out of `df`."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence
from envcheck.parsers.expression import regex
from envcheck.parsers.linux.device_listing import (
    may_open,
    parse_absent,
    parse_denied,
    parse_folder,
    parse_groups,
    parse_names,
    parse_node,
    parse_own_groups,
)
from envcheck.parsers.text.sizes import parse_size
from envcheck.readers.interface import Text

# shm              64M     0   64M   0% /dev/shm
_DF = regex(
    r"^\s*(?:\S{1,60}\s+)?(?:tmpfs\s+)?(?P<size>\d{1,15}(?:[.,]\d{1,3})?[KMGTkmgt]?i?B?)\s+\S{1,20}\s+\S{1,20}\s+\d{1,3}%\s+/dev/shm\s*$"
)
# ann@box:~$ groups
_GROUPS_COMMAND = regex(r"[$%#>\u276f]\s{0,3}groups\s*$")
_BLOCKS = regex(r"^\s*Filesystem\s+(?:Type\s+)?(?P<block>1K|1M|1G|512|1024)-blocks")
_BLOCK_SIZES = {"1K": 1024, "1M": 2**20, "1G": 2**30, "512": 512, "1024": 1024}


class DeviceNodeReader:
    """Reads listings of device nodes and the line of shared memory."""

    name = "device nodes"

    def recognises(self, text: Text) -> bool:
        """By a node, its absence, or the mount point."""
        return any("/dev" in line or line.startswith(("crw", "brw")) for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """Nodes with mode and group, whether this user may open them where `id` says who it is, and what is known not to be there."""
        evidence = Evidence(claims=[*_nodes(text, _owner(text)), *_shared_memory(text)])
        if any(claim.fact.startswith("devices") for claim in evidence.claims):
            evidence.observed["devices"] = "partial"
        return evidence


def _owner(text: Text) -> tuple[str, frozenset[str]] | None:
    """Who looked at the nodes: the user of `id` and `groups NAME`, or the groups that `groups` alone prints below its prompt."""
    below = (index + 1 for index in text.with_words("groups") if index + 1 < len(text.lines))
    for index in sorted({*text.with_words("uid=", " : "), *below}):
        line = text.lines[index]
        groups = parse_groups(line) if "uid=" in line or " : " in line else None
        if groups is None and index and _GROUPS_COMMAND.search(text.lines[index - 1][-60:]):
            groups = parse_own_groups(line)
        if groups is not None:
            return groups
    return None


def _nodes(text: Text, owner: tuple[str, frozenset[str]] | None) -> Iterator[Claim]:
    folder = "/dev"
    for index in text.with_words("/dev", "crw", "brw", "c---"):
        line = text.lines[index]
        if "/dev" not in line and not line.lstrip().startswith(("crw", "brw", "c---")):
            continue
        folder = parse_folder(line) or folder
        node = parse_node(line, folder)
        if node is not None:
            text.taken.add(index)
            facts: dict[str, object] = {"mode": node.mode, "group": node.group}
            if owner is not None:
                facts["member"] = node.group in owner[1]
                facts["accessible"] = may_open(node, *owner)
                if not facts["accessible"]:
                    facts["error"] = "EACCES"
            yield text.claim(f"devices[{node.path}]", facts, index)
            continue
        names = parse_names(line)
        if names:
            text.taken.add(index)
            yield from (text.claim(f"devices[{name}]", {}, index) for name in names)
            continue
        absent, denied = parse_absent(line), parse_denied(line)
        if absent is not None:
            yield text.claim(f"devices[{absent}]", {"accessible": False, "error": "ENOENT"}, index)
        elif denied is not None:
            yield text.claim(f"devices[{denied[0]}]", {"accessible": False, "error": denied[1]}, index)


def _shared_memory(text: Text) -> Iterator[Claim]:
    block = 1024
    for index in text.with_words("-blocks", "/dev/shm"):  # noqa: S108 - a place that is read about, not used
        line = text.lines[index]
        if "-blocks" in line:
            header = _BLOCKS.match(line)
            block = _BLOCK_SIZES[header["block"]] if header else block
        elif line.rstrip().endswith("/dev/shm") and len(line) < 300:  # noqa: S108 - a place that is read about, not used
            found = _DF.match(line)
            if found:
                text.taken.add(index)
                yield text.claim("memory.shm_bytes", _size(found["size"], block), index)


def _size(words: str, block: int) -> int:
    """`64M` of `df -h`; a bare number counts blocks, save 0."""
    sized = parse_size(words)
    return sized if sized is not None else int(re.split(r"\D", words, maxsplit=1)[0]) * block
