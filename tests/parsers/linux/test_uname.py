import pytest

from envcheck.parsers.linux.uname import asks_release, parse_release, parse_uname


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Linux box 5.15.0-91-generic #101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 x86_64 x86_64 x86_64 GNU/Linux",
            ("Linux", "5.15.0-91-generic", "x86_64"),
        ),
        (
            "Linux tegra-ubuntu 5.10.104-tegra #1 SMP PREEMPT Sun Mar 19 07:55:28 PDT 2023 aarch64 GNU/Linux",
            ("Linux", "5.10.104-tegra", "aarch64"),
        ),
        ("Linux 6.8.0-45-generic x86_64", ("Linux", "6.8.0-45-generic", "x86_64")),
        (
            "Darwin mac.local 23.1.0 Darwin Kernel Version 23.1.0: Mon Oct  9 21:27:24 PDT 2023; root:xnu-10002.41.9~6/ARM64_T6000 arm64",
            ("Darwin", "23.1.0", "arm64"),
        ),
    ],
)
def test_whole_lines(line: str, expected: tuple[str, str, str]) -> None:
    said = parse_uname(line)
    assert said is not None
    assert (said["os"], said["kernel"], said["machine"]) == expected


@pytest.mark.parametrize(
    "line", ["Linux x86_64", "I use Linux 5.15 on x86_64", "Linux version 5.15.0 (gcc)", "Linux " + "1.2.3 " * 200, ""]
)
def test_other_lines(line: str) -> None:
    assert parse_uname(line) is None


def test_a_release_counts_where_it_was_asked_for() -> None:
    assert asks_release("user@box:~$ uname -r")
    assert asks_release("$ uname -r")
    assert not asks_release("linux-headers-$(uname -r)")
    assert parse_release("6.8.0-45-generic") == "6.8.0-45-generic"
    assert parse_release("torch 2.4.0") is None
