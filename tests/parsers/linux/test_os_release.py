from envcheck.parsers.linux.os_release import parse_os_release

DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n'
ROCKY = 'NAME="Rocky Linux"\nID=\'rocky\'\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\n'
ARCH = 'NAME="Arch Linux"\nPRETTY_NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\n'


def test_quoted_and_plain_values_are_read() -> None:
    release = parse_os_release(DEBIAN)
    assert (release.name, release.id, release.like, release.version) == ("Debian GNU/Linux 12 (bookworm)", "debian", [], "12")


def test_relatives_are_a_list_and_a_missing_pretty_name_is_made_of_the_plain_one() -> None:
    release = parse_os_release(ROCKY)
    assert (release.name, release.id, release.like) == ("Rocky Linux 9.3", "rocky", ["rhel", "centos", "fedora"])


def test_a_rolling_release_has_no_version() -> None:
    assert parse_os_release(ARCH).version is None


def test_nothing_is_expanded_and_escapes_are_taken_back() -> None:
    assert parse_os_release('PRETTY_NAME="A \\"quoted\\" \\$HOME $(id)"').name == 'A "quoted" $HOME $(id)'
    assert parse_os_release("PRETTY_NAME='a \\\" b'").name == 'a \\" b'


def test_hostile_text_gives_nothing_or_little() -> None:
    release = parse_os_release('# ID=comment\nID\n=\nPRETTY_NAME="' + "x" * 5000)
    assert release.id is None
    assert release.name is not None
    assert len(release.name) <= 200
