from envcheck.parsers.linux.mounts import mount_of, parse_mountinfo

TEXT = r"""
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
30 27 0:27 / /mnt/read\040only ro,nosuid shared:1 master:2 - tmpfs none\011x ro,size=4k
31 27 0:28 /docker/ab /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
32 27 0:30 / /data rw - nfs4 server:/export rw,vers=4.2
33 32 0:31 / /data rw - tmpfs tmpfs rw
34 27 0:32 / /mnt/gr\303\274n rw - ext4 /dev/vdb rw
not a mount
35 27 0:33 / /short rw
36 27 0:34 / /kind rw - onlykind
"""


def test_escapes_are_decoded_and_optional_fields_passed_over() -> None:
    mounts = {mount.point: mount for mount in parse_mountinfo(TEXT)}
    odd = mounts["/mnt/read only"]
    assert (odd.filesystem, odd.source, odd.options, odd.details) == ("tmpfs", "none\tx", ["ro", "nosuid"], ["ro", "size=4k"])
    assert mounts["/sys/fs/cgroup/memory"].root == "/docker/ab"
    assert "/mnt/grün" in mounts


def test_lines_that_do_not_fit_are_left_out() -> None:
    assert len(parse_mountinfo(TEXT)) == 7
    assert parse_mountinfo("\x00\n - \n" + "a b c d e f - \n") == []


def test_a_mount_is_read_only_by_its_own_or_its_file_system_s_options() -> None:
    own, below, neither = parse_mountinfo("1 2 0:1 / /a ro - ext4 x rw\n1 2 0:1 / /b rw - ext4 x ro\n1 2 0:1 / /c rw - ext4 x rw\n")
    assert (own.read_only, below.read_only, neither.read_only) == (True, True, False)


def test_the_longest_mount_point_wins_and_a_later_one_covers_an_equal_one() -> None:
    mounts = parse_mountinfo(TEXT)
    kinds = {
        path: getattr(mount_of(path, mounts), "filesystem", None) for path in ("/proc/self", "/home/a", "/data", "/data/x", "/database")
    }
    assert kinds == {"/proc/self": "proc", "/home/a": "ext4", "/data": "tmpfs", "/data/x": "tmpfs", "/database": "ext4"}


def test_without_mounts_there_is_no_answer() -> None:
    assert mount_of("/", []) is None
