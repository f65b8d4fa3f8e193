"""Rows of df."""

from envcheck.parsers.linux.disk_free import parse_disk_free


def test_rows_with_units_and_blocks() -> None:
    rows = parse_disk_free(
        ["Filesystem 1M-blocks Used Available Use% Mounted on", "/dev/sda1 100 40 60 40% /", "tmpfs 2.0G 0 2.0G 0% /tmp"]
    )
    assert [(row.mount, row.total, row.free) for row in rows] == [("/", 100 * 2**20, 60 * 2**20), ("/tmp", 2 * 2**30, 2 * 2**30)]


def test_a_long_name_breaks_a_row() -> None:
    (row,) = parse_disk_free(["10.0.0.1:/a/very/long/export", "               1.0T  900G  100G  90% /home"])
    assert (row.device, row.mount, row.free, row.line) == ("10.0.0.1:/a/very/long/export", "/home", 100 * 2**30, 1)


def test_progress_bars_are_no_rows() -> None:
    assert parse_disk_free(["model.bin 100% /home/me", "45% /tmp", "100%|####| 5/5 [00:01<00:00]"]) == []
