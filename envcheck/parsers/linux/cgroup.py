"""Control groups: which ones a process is in, where their files lie, and what the limits in them mean."""

from __future__ import annotations

from envcheck.parsers.linux.mounts import Mount

# "No limit" in version 1 is the largest signed number rounded down to a page: 9223372036854771712, and less with larger pages.
_NO_LIMIT = 2**62


class Group:
    """One hierarchy that the process is part of: `controllers` is empty for version 2; `path` is as the kernel tells it."""

    __slots__ = ("controllers", "path")

    def __init__(self, controllers: tuple[str, ...], path: str) -> None:
        self.controllers = controllers
        self.path = path


def parse_cgroup(text: str) -> list[Group]:
    """The groups of /proc/self/cgroup; lines that do not fit are left out.

    8:cpuset:/
    4:memory:/docker/b29faf21
    0::/user.slice/user-1000.slice/session-2.scope
    """
    groups = []
    for line in text.splitlines():
        number, *rest = line.split(":", 2)
        if len(rest) == 2 and number.isdigit() and rest[1].startswith("/"):
            groups.append(Group(tuple(filter(None, rest[0].split(","))), rest[1]))
    return groups


def mount_of_group(group: Group, mounts: list[Mount]) -> Mount | None:
    """Where the hierarchy of a group is mounted; the last mount is the one seen."""
    found = None
    for mount in mounts:
        if group.controllers:
            fits = mount.filesystem == "cgroup" and set(group.controllers) <= set(mount.details)
        else:
            fits = mount.filesystem == "cgroup2"
        found = mount if fits else found
    return found


def group_folders(group: Group, mount: Mount) -> list[str]:
    """The folders whose limits apply to the group, its own first and the mount point last.

    A container may see its own group as the root of the mount (`root` is then the group's path). A path that begins with `/..`
    leads out of what a cgroup namespace shows and is never followed upwards: it is looked for below the mount point instead, where
    systemd's names give the folders that are missing (`user-1000.slice` lies in `user.slice`).
    """
    path = group.path[: -len(" (deleted)")] if group.path.endswith(" (deleted)") else group.path
    root = mount.root.rstrip("/")
    inside = (path + "/").startswith(root + "/")
    steps = [step for step in (path[len(root) :] if inside else "").split("/") if step not in ("", ".")]
    if is_outside(group):
        while steps and steps[0] == "..":
            del steps[0]
        steps = [*_slices_above(steps), *steps]
    if ".." in steps:
        steps = []
    point = mount.point.rstrip("/")
    return ["/".join([point, *steps[:count]]) for count in range(len(steps), -1, -1)]


def is_outside(group: Group) -> bool:
    """Whether the group lies outside of the cgroup namespace that it is told in."""
    return group.path.startswith("/..")


def _slices_above(steps: list[str]) -> list[str]:
    """`user-1000-x.slice` → user.slice, user-1000.slice."""
    name, dot, kind = steps[0].rpartition(".") if steps else ("", "", "")
    parts = name.split("-")
    return ["-".join(parts[:count]) + dot + kind for count in range(1, len(parts))] if kind == "slice" else []


def parse_limit(text: str) -> int | None:
    """A limit in bytes, None for none: `max` in version 2, -1 or a number near 2^63 in version 1.

    Raises:
        ValueError: it is neither a number nor `max`.
    """
    word = text.strip()
    value = -1 if word == "max" else int(word)
    return value if 0 <= value < _NO_LIMIT else None


def parse_hierarchical_limit(text: str) -> int | None:
    """The tightest limit of all groups above, also of those that are not to be seen from here: a line of version 1's memory.stat.

    hierarchical_memory_limit 2147483648
    """
    for line in text.splitlines():
        name, _, value = line.partition(" ")
        if name == "hierarchical_memory_limit":
            return parse_limit(value)
    return None


def parse_cpu_max(text: str) -> float | None:
    """CPUs' worth of time: `20000 100010` is quota and period in microseconds, `max 100000` is no limit (None).

    Version 1 has the two numbers in files of their own, with -1 for no limit; joined by a space they read the same.

    Raises:
        ValueError: it is not such a pair.
    """
    words = text.split()
    if len(words) != 2:
        raise ValueError(f"not a quota and a period: {text[:40]!r}")
    quota = -1 if words[0] == "max" else int(words[0])
    period = int(words[1])
    return quota / period if quota > 0 and period > 0 else None
