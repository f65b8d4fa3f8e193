import pytest

from envcheck.parsers.linux.cgroup import (
    Group,
    group_folders,
    is_outside,
    mount_of_group,
    parse_cgroup,
    parse_cpu_max,
    parse_hierarchical_limit,
    parse_limit,
)
from envcheck.parsers.linux.mounts import Mount, parse_mountinfo


def mount(root: str, point: str) -> Mount:
    return Mount(root, point, ["rw"], "cgroup2", "cgroup", ["rw"])


def test_groups_of_both_versions_and_named_ones_are_read() -> None:
    groups = parse_cgroup("5:cpu,cpuacct:/docker/b29faf21\n1:name=systemd:/a:b\n0::/user.slice/session-2.scope\n")
    assert [(group.controllers, group.path) for group in groups] == [
        (("cpu", "cpuacct"), "/docker/b29faf21"),
        (("name=systemd",), "/a:b"),
        ((), "/user.slice/session-2.scope"),
    ]


def test_lines_that_do_not_fit_are_left_out() -> None:
    groups = parse_cgroup("10:rdma:/\n/lxc/lxc_container/\nx::/\n5:cpu\n\x00\n3:pids:relative\n")
    assert [group.controllers for group in groups] == [("rdma",)]


@pytest.mark.parametrize(
    ("path", "root", "folders"),
    [
        ("/a/b", "/", ["/cg/a/b", "/cg/a", "/cg"]),
        ("/", "/", ["/cg"]),
        ("/docker/ab", "/docker/ab", ["/cg"]),  # the container sees its own group as the root
        ("/docker/ab/inner", "/docker/ab", ["/cg/inner", "/cg"]),
        ("/docker/abc", "/docker/ab", ["/cg"]),  # another group whose name begins alike
        ("/a (deleted)", "/", ["/cg/a", "/cg"]),
        ("/a/../../b", "/", ["/cg"]),
    ],
)
def test_the_group_s_folders_lead_from_its_own_up_to_the_mount_point(path: str, root: str, folders: list[str]) -> None:
    assert group_folders(Group((), path), mount(root, "/cg")) == folders


def test_a_path_out_of_the_namespace_never_leaves_the_mount_point() -> None:
    group = Group((), "/../../user-1000.slice/session-520.scope")
    assert is_outside(group)
    assert group_folders(group, mount("/", "/sys/fs/cgroup")) == [
        "/sys/fs/cgroup/user.slice/user-1000.slice/session-520.scope",
        "/sys/fs/cgroup/user.slice/user-1000.slice",
        "/sys/fs/cgroup/user.slice",
        "/sys/fs/cgroup",
    ]
    assert group_folders(Group((), "/.."), mount("/", "/cg")) == ["/cg"]
    assert all(folder.startswith("/cg") for folder in group_folders(Group((), "/../../etc/../.."), mount("/", "/cg")))


def test_a_hierarchy_is_found_by_its_controllers_and_version_2_by_its_kind() -> None:
    mounts = parse_mountinfo(
        "1 0 0:1 / /cg/cpu rw - cgroup cgroup rw,cpu,cpuacct\n2 0 0:2 / /cg/memory rw - cgroup cgroup rw,memory\n"
        "3 0 0:3 / /cg/unified rw - cgroup2 cgroup2 rw\n"
    )
    found = {
        name: mount_of_group(Group(tuple(filter(None, name.split(","))), "/"), mounts) for name in ("cpu,cpuacct", "memory", "", "pids")
    }
    assert {name: each and each.point for name, each in found.items()} == {
        "cpu,cpuacct": "/cg/cpu",
        "memory": "/cg/memory",
        "": "/cg/unified",
        "pids": None,
    }


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("2147483648\n", 2147483648),
        ("max\n", None),
        ("-1\n", None),
        ("9223372036854771712\n", None),
        ("9223372036854710272\n", None),  # with pages of 64 KiB
        ("18446744073709551615\n", None),
        ("0\n", 0),
    ],
)
def test_a_limit_is_a_number_or_none(text: str, limit: int | None) -> None:
    assert parse_limit(text) == limit


@pytest.mark.parametrize("text", ["", "maximum", "1 2", "0x10"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - int() words it
        parse_limit(text)


def test_version_1_tells_the_limits_of_groups_that_are_not_to_be_seen() -> None:
    assert parse_hierarchical_limit("cache 0\nhierarchical_memory_limit 536870912\nhierarchical_memsw_limit 1\n") == 536870912
    assert parse_hierarchical_limit("cache 0\nhierarchical_memory_limit 9223372036854771712\n") is None
    assert parse_hierarchical_limit("anon 0\nfile 0\n") is None


@pytest.mark.parametrize(
    ("text", "cpus"), [("150000 100000\n", 1.5), ("20000 100010", 0.19998), ("max 100000\n", None), ("-1\n 100000\n", None), ("5 0", None)]
)
def test_quota_over_period_is_cpus(text: str, cpus: float | None) -> None:
    assert parse_cpu_max(text) == (None if cpus is None else pytest.approx(cpus))


@pytest.mark.parametrize("text", ["", "max", "1 2 3", "a b"])
def test_what_is_no_quota_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - int() words some of these
        parse_cpu_max(text)
