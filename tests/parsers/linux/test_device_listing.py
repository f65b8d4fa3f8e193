"""`ls -l` of device nodes, and who may open them."""

import pytest

from envcheck.parsers.linux.device_listing import Node, may_open, parse_absent, parse_denied, parse_groups, parse_names, parse_node


@pytest.mark.parametrize(
    ("line", "path", "mode", "group"),
    [
        ("crw-rw-rw- 1 root root 195,   0 Nov 21 09:00 /dev/nvidia0", "/dev/nvidia0", "crw-rw-rw-", "root"),
        ("crw-rw---- 1 root render 226, 128 Nov 21 09:00 renderD128", "/dev/dri/renderD128", "crw-rw----", "render"),
        ("crw-rw----+ 1 root video 226, 0 21. Nov 09:00 /dev/dri/card0", "/dev/dri/card0", "crw-rw----", "video"),
        ("crw-rw----. 1 root render 234, 0 2026-11-21 09:00 /dev/kfd", "/dev/kfd", "crw-rw----", "render"),
        ("crw------- 1 root root 509, 1 Nov 21 09:00 nvidia-uvm-tools", "/dev/nvidia-uvm-tools", "crw-------", "root"),
    ],
)
def test_nodes(line: str, path: str, mode: str, group: str) -> None:
    node = parse_node(line)
    assert node is not None
    assert (node.path, node.mode, node.group) == (path, mode, group)


@pytest.mark.parametrize("line", ["crw-rw-rw- 1 root tty 5, 0 Nov 21 09:00 tty", "-rw-r--r-- 1 a a 12 Nov 21 09:00 nvidia0", "crw", ""])
def test_other_files_are_none(line: str) -> None:
    assert parse_node(line) is None


def test_what_is_not_there() -> None:
    assert parse_absent("ls: cannot access '/dev/nvidia*': No such file or directory") == "/dev/nvidia*"
    assert parse_absent("ls: /dev/kfd: No such file or directory") == "/dev/kfd"
    assert parse_absent("ls: cannot access '/home/x': No such file or directory") is None


def test_what_may_not_be_opened() -> None:
    assert parse_denied("cat: /dev/nvidia0: Operation not permitted") == ("/dev/nvidia0", "EPERM")
    assert parse_denied("open /dev/kfd: Permission denied") == ("/dev/kfd", "EACCES")


def test_names_alone() -> None:
    assert parse_names("/dev/nvidia0  /dev/nvidiactl") == ["/dev/nvidia0", "/dev/nvidiactl"]
    assert parse_names("/dev/nvidia0 and others") == []


@pytest.mark.parametrize(
    ("user", "groups", "mode", "allowed"),
    [
        ("ann", {"render"}, "crw-rw----", True),
        ("ann", {"video"}, "crw-rw----", False),
        ("ann", set(), "crw-rw-rw-", True),
        ("root", set(), "crw-------", True),
    ],
)
def test_who_may_open(user: str, groups: set[str], mode: str, allowed: bool) -> None:
    assert may_open(Node("/dev/kfd", mode, "render", "root"), user, frozenset(groups)) is allowed


def test_groups() -> None:
    assert parse_groups("uid=1000(ann) gid=1000(ann) groups=1000(ann),44(video),109(render)") == ("ann", {"ann", "video", "render"})
    assert parse_groups("ann : ann video") == ("ann", {"ann", "video"})
    assert parse_groups("nothing") is None


def test_reading_alone_or_a_groups_execute_bit_opens_no_device() -> None:
    node = "crw-r-x---"
    assert may_open(Node("/dev/kfd", node, "render", "root"), "ann", frozenset({"render"})) is False
    assert may_open(Node("/dev/kfd", "crw-rw----", "render", "root"), "ann", frozenset({"render"})) is True
